import type { Problem } from '../../../domain/model/problem.ts';
import type { PreviewedRecord } from '../../../domain/pipeline/deliver/preview-delivery.ts';
import type { DescribedRecord } from '../../../domain/pipeline/describe-record.ts';
import { readStatus } from '../status.ts';
import type { DemoWorld } from './demo-world.ts';
import { check, type Teller, until } from './teller.ts';

/** One step of the demo: what it shows, and playing it, which answers how many things it checked. */
export interface DemoStep {
  readonly title: string;
  play(world: DemoWorld, tell: Teller): Promise<number>;
}

const OBJECTS = {
  salesforce: ['Account', 'Contact', 'Opportunity', 'Lead'],
  hubspot: ['company', 'contact', 'deal', 'lead'],
};

/** The record behind an external id, as the hub describes it. */
function describe(world: DemoWorld, kind: string, ref: string): Promise<DescribedRecord> {
  return world.call<DescribedRecord>('GET', `/api/records/${kind}?ref=${encodeURIComponent(ref)}`);
}

async function salesforceIdOf(
  world: DemoWorld,
  kind: string,
  ref: string,
  object: string,
): Promise<string | undefined> {
  const known = await describe(world, kind, ref).catch(() => undefined);
  return known?.seats[`salesforce#${object}`];
}

/** Reads both sides while writing is still locked, and previews. */
const firstLook: DemoStep = {
  title: '1. The hub reads both systems. It writes nothing yet; a preview says what it would write.',
  async play(world, tell) {
    for (const [connection, objects] of Object.entries(OBJECTS)) {
      await world.call('POST', `/api/connections/${connection}/backfill`, { objects });
    }
    const { tookMs } = await until('both systems have been read', () => isBackfilled(world), 120_000, 1_000);
    await world.quiet();
    tell(`   read in ${(tookMs / 1_000).toFixed(1)} s`);
    const before = await counts(world);
    tell(
      `   Salesforce has ${before.accounts} accounts and ${before.contacts} contacts, HubSpot ${before.companies} companies and ${before.people} contacts`,
    );
    const page = await world.call<{ records: PreviewedRecord[] }>('POST', '/api/preview', {
      target: 'hubspot',
      connection: 'salesforce',
      object: 'Account',
    });
    const creations = page.records.filter(({ operation }) => operation === 'create').length;
    const updates = page.records.filter(({ operation }) => operation === 'update').length;
    tell(
      `   of the first page of accounts, HubSpot would get ${creations} new companies and ${updates} changed ones; for example:`,
    );
    const example = page.records.find(({ operation, fields }) => operation === 'update' && fields.length > 0);
    for (const { theirs, before: old, after, from, rule } of example?.fields.slice(0, 3) ?? []) {
      tell(
        `     company ${example?.externalId}: ${theirs} ${JSON.stringify(old ?? null)} → ${JSON.stringify(after)} (${from}, ${rule})`,
      );
    }
    const after = await counts(world);
    return (
      check(creations > 0 && updates > 0, 'the preview shows new and changed companies') +
      check(JSON.stringify(before) === JSON.stringify(after), 'nothing was written before the release')
    );
  },
};

async function isBackfilled(world: DemoWorld): Promise<true | undefined> {
  const { connections } = await readStatus({ url: world.hubUrl });
  const objects = connections.flatMap((connection) => Object.values(connection.objects));
  return objects.length > 0 && objects.every(({ backfilled }) => backfilled) ? true : undefined;
}

interface Counts {
  readonly accounts: number;
  readonly contacts: number;
  readonly opportunities: number;
  readonly companies: number;
  readonly people: number;
  readonly deals: number;
}

async function counts({ salesforce, hubspot }: DemoWorld): Promise<Counts> {
  return {
    accounts: (await salesforce.query('SELECT Id FROM Account')).length,
    contacts: (await salesforce.query('SELECT Id FROM Contact')).length,
    opportunities: (await salesforce.query('SELECT Id FROM Opportunity')).length,
    companies: (await hubspot.ids('companies')).length,
    people: (await hubspot.ids('contacts')).length,
    deals: (await hubspot.ids('deals')).length,
  };
}

/** Opens both connections and compares the two sides. */
const release: DemoStep = {
  title: '2. Both connections are released: what one side lacks is created, what differs is put in step.',
  async play(world, tell) {
    for (const connection of ['salesforce', 'hubspot'])
      await world.call('POST', `/api/connections/${connection}/release`);
    const { value, tookMs } = await until('both sides have the same companies', () => inStep(world), 120_000, 1_000);
    tell(
      `   in step after ${(tookMs / 1_000).toFixed(1)} s: ${value.accounts} accounts, ${value.companies} companies, ${value.opportunities} opportunities, ${value.deals} deals`,
    );
    await world.quiet();
    const stamped = await world.salesforce.query('SELECT Tributary_Id__c FROM Account WHERE Tributary_Id__c != null');
    const ids = new Set(stamped.map(({ Tributary_Id__c }) => Tributary_Id__c));
    tell(
      `   ${value.doubts} companies look like another one without proof: they wait for a person and are created nowhere else`,
    );
    return (
      check(value.doubts > 0, 'likeness without proof is asked about') +
      check(ids.size === stamped.length, 'no record was created twice')
    );
  },
};

/** The numbers once every company and deal is on both sides, but for the companies that wait for a person's word. */
async function inStep(world: DemoWorld): Promise<(Counts & { readonly doubts: number }) | undefined> {
  const now = await counts(world);
  const [ofAccounts, ofCompanies] = [await doubtful(world, 'Account'), await doubtful(world, 'company')];
  const isSame = now.accounts + ofCompanies === now.companies + ofAccounts && now.opportunities === now.deals;
  return isSame ? { ...now, doubts: ofAccounts + ofCompanies } : undefined;
}

/** How many records of an object look like another one without proof, and so are created nowhere else. */
async function doubtful(world: DemoWorld, object: string): Promise<number> {
  const { problems } = await world.call<{ problems: Problem[] }>('GET', '/api/problems?limit=200');
  return problems.filter((problem) => problem.cause === 'doubtful-match' && problem.object === object).length;
}

/** The main job, both ways. */
const bothWays: DemoStep = {
  title: '3. An edit in HubSpot appears in Salesforce, and the other way round.',
  async play(world, tell) {
    const { hubspot, salesforce } = world;
    const company = await anyCompany(world);
    const account = (await salesforceIdOf(world, 'partner', `hubspot:company:${company}`, 'Account')) ?? '';
    await hubspot.edit('companies', company, { city: 'Lisbon', country: 'Portugal' });
    const there = await until('the new address is in Salesforce', () =>
      accountWhere(world, account, 'BillingCity', 'Lisbon'),
    );
    tell(`   HubSpot company ${company} moved to Lisbon: in Salesforce after ${there.tookMs} ms`);
    await salesforce.edit('Account', account, { NumberOfEmployees: 4242 });
    const back = await until('the new headcount is in HubSpot', async () =>
      (await hubspot.read('companies', company, ['numberofemployees'])).numberofemployees === '4242' ? true : undefined,
    );
    tell(`   Salesforce account ${account} has 4242 employees: in HubSpot after ${back.tookMs} ms`);
    const { BillingCountry } = there.value;
    return check(BillingCountry === 'Portugal', 'the whole address came along') + 2;
  },
};

async function anyCompany(world: DemoWorld): Promise<string> {
  const [id = ''] = await world.hubspot.ids('companies');
  return id;
}

async function accountWhere(
  { salesforce }: DemoWorld,
  id: string,
  field: string,
  value: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const [row] = await salesforce.query(`SELECT Name, ${field}, BillingCountry FROM Account WHERE Id = '${id}'`);
  return row?.[field] === value ? row : undefined;
}

/** A conflict, and the provenance that explains it. */
const conflict: DemoStep = {
  title: '4. The same field is edited on both sides. The later edit wins everywhere, and the record says why.',
  async play(world, tell) {
    const { hubspot, salesforce } = world;
    const company = await anyCompany(world);
    const account = (await salesforceIdOf(world, 'partner', `hubspot:company:${company}`, 'Account')) ?? '';
    await hubspot.edit('companies', company, { phone: '+351210000001' });
    // Salesforce stamps whole seconds; two edits within one would be a tie, which the order of the connections decides.
    await until('a second has passed', async () => undefined, 1_200).catch(() => undefined);
    await salesforce.edit('Account', account, { Phone: '+351210000002' });
    await until('both sides have the later number', async () => {
      const { phone } = await hubspot.read('companies', company, ['phone']);
      return phone === '+351210000002' ? true : undefined;
    });
    const record = await describe(world, 'partner', `hubspot:company:${company}`);
    const { phone } = record.fields;
    tell(`   phone ${JSON.stringify(phone?.value)} came from ${phone?.from} at ${phone?.at}: ${phone?.why}`);
    return (
      check(phone?.from === `salesforce#Account#${account}`, 'the provenance names Salesforce') +
      check(record.journal.length > 0, 'the record has a journal')
    );
  },
};

/** A new deal with its company and contact. */
const newDeal: DemoStep = {
  title:
    '5. A new account, contact and opportunity in Salesforce become a company, contact and deal in HubSpot, tied together.',
  async play(world, tell) {
    const { hubspot, salesforce } = world;
    const account = await salesforce.create('Account', {
      Name: 'Fjordlys Systems AS',
      Website: 'https://www.fjordlys.example',
      CurrencyIsoCode: 'EUR',
    });
    const contact = await salesforce.create('Contact', {
      FirstName: 'Ingrid',
      LastName: 'Berg',
      Email: 'ingrid.berg@fjordlys.example',
      AccountId: account,
    });
    const opportunity = await salesforce.create('Opportunity', {
      Name: 'Fjordlys – Rollout 2027',
      AccountId: account,
      Amount: 125_000.5,
      CurrencyIsoCode: 'EUR',
      CloseDate: '2027-03-31',
      StageName: 'Qualification',
    });
    await salesforce.create('OpportunityContactRole', {
      OpportunityId: opportunity,
      ContactId: contact,
      IsPrimary: true,
    });
    const { value: deal, tookMs } = await until('the deal is in HubSpot', () =>
      seatOf(world, 'deal', `salesforce:Opportunity:${opportunity}`, 'hubspot#deal'),
    );
    const { value: company } = await until('the company is in HubSpot', () =>
      seatOf(world, 'partner', `salesforce:Account:${account}`, 'hubspot#company'),
    );
    await until(
      'the deal belongs to the company',
      async () => ((await hubspot.associated('deals', deal, 'companies')).includes(company) ? true : undefined),
      60_000,
    );
    const values = await hubspot.read('deals', deal, ['amount', 'deal_currency_code', 'dealstage', 'closedate']);
    tell(
      `   deal ${deal} after ${tookMs} ms: ${values.amount} ${values.deal_currency_code}, stage ${values.dealstage}, company ${company}`,
    );
    return (
      check(values.amount === '125000.5' || values.amount === '125000.50', 'the amount is exact') +
      check(values.deal_currency_code === 'EUR', 'the currency came along') +
      check(values.dealstage === 'qualifiedtobuy', 'the stage is the one HubSpot knows') +
      1
    );
  },
};

async function seatOf(world: DemoWorld, kind: string, ref: string, seat: string): Promise<string | undefined> {
  const known = await describe(world, kind, ref).catch(() => undefined);
  const id = known?.seats[seat];
  return id === undefined || id === 'being created' ? undefined : id;
}

/** A value nobody listed. */
const unlisted: DemoStep = {
  title: '6. A picklist value that no lookup lists holds that one field and asks a person; the rest goes on.',
  async play(world, tell) {
    const { hubspot, salesforce } = world;
    const company = await anyCompany(world);
    const account = (await salesforceIdOf(world, 'partner', `hubspot:company:${company}`, 'Account')) ?? '';
    await salesforce.edit('Account', account, { Industry: 'Deep Sea Hospitality', Description: 'Edited together' });
    await until('the description arrives', async () =>
      (await hubspot.read('companies', company, ['description'])).description === 'Edited together' ? true : undefined,
    );
    const { value: problem } = await until('the problem is open', () => problemOf(world, account));
    tell(`   "${problem.message}" Next: ${problem.nextStep}`);
    await salesforce.edit('Account', account, { Industry: 'Insurance' });
    await until('the problem closes by itself', async () =>
      (await problemOf(world, account)) === undefined ? true : undefined,
    );
    await until('the industry arrives', async () =>
      (await hubspot.read('companies', company, ['industry'])).industry === 'INSURANCE' ? true : undefined,
    );
    tell('   corrected in Salesforce: the problem closed by itself and the value is in HubSpot');
    return 4;
  },
};

async function problemOf(world: DemoWorld, externalId: string): Promise<Problem | undefined> {
  const { problems } = await world.call<{ problems: Problem[] }>('GET', '/api/problems?limit=200');
  return problems.find((problem) => problem.externalId === externalId && problem.field === 'industry');
}

/** Trouble. */
const trouble: DemoStep = {
  title: '7. HubSpot throttles, and then loses the answer to a creation. Nothing is lost and nothing is there twice.',
  async play(world, tell) {
    const { hubspot, salesforce } = world;
    await hubspot.fault({ kind: 'throttle', count: 2 });
    await hubspot.fault({ kind: 'lose-answer', count: 1, match: { pathIncludes: 'companies/batch/' } });
    const account = await salesforce.create('Account', {
      Name: 'Karst Hydrology Ltd',
      Website: 'https://karst-hydrology.example',
    });
    const { tookMs } = await until(
      'the company is in HubSpot',
      () => seatOf(world, 'partner', `salesforce:Account:${account}`, 'hubspot#company'),
      300_000,
    );
    const record = await describe(world, 'partner', `salesforce:Account:${account}`);
    const twins = await count(world, 'karst-hydrology.example');
    tell(
      `   company ${record.seats['hubspot#company']} after ${(tookMs / 1_000).toFixed(1)} s; HubSpot has ${twins} of it`,
    );
    return check(twins === 1, 'there is exactly one company of that domain');
  },
};

async function count(world: DemoWorld, domain: string): Promise<number> {
  let found = 0;
  for (const id of await world.hubspot.ids('companies')) {
    const { domain: theirs } = await world.hubspot.read('companies', id, ['domain']);
    if (theirs === domain) found++;
  }
  return found;
}

/** At rest. */
const rest: DemoStep = {
  title: '8. Nobody edits any more: the hub comes to rest.',
  async play(world, tell) {
    await world.quiet(90_000);
    const { openProblems } = await readStatus({ url: world.hubUrl });
    const now = await counts(world);
    tell(
      `   queues are empty; ${openProblems} problems wait for a person (unlisted values and likenesses of the sample data)`,
    );
    return check((await inStep(world)) !== undefined && now.deals > 0, 'both sides have the same companies and deals');
  },
};

/** The steps in order. */
export const DEMO_STEPS: readonly DemoStep[] = [
  firstLook,
  release,
  bothWays,
  conflict,
  newDeal,
  unlisted,
  trouble,
  rest,
];
