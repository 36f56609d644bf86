import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditDifference } from '../../domain/audit/difference.ts';
import { type AuditCursor, auditPage } from '../../domain/pipeline/audit/audit-page.ts';
import { jsonCall } from '../../local/cli/demo/json-call.ts';
import { type ConnectedHub, connectedHub } from '../support/connected-hub.ts';

let world: ConnectedHub;
let ids: Readonly<Record<'account' | 'other' | 'contact' | 'deal', string>>;

beforeEach(async () => {
  world = await connectedHub();
  const account = await salesforce('Account', { Name: 'Fjordlys', Website: 'fjordlys.com', Industry: 'Banking' });
  const other = await salesforce('Account', { Name: 'Harbour', Website: 'harbour-logistics.com' });
  const contact = await salesforce('Contact', { LastName: 'Berg', Email: 'ingrid@fjordlys.com', AccountId: account });
  const deal = await salesforce('Opportunity', {
    Name: 'Rollout',
    AccountId: account,
    Amount: 125_000.55,
    CurrencyIsoCode: 'EUR',
    CloseDate: '2027-03-31',
    StageName: 'Qualification',
  });
  await salesforce('OpportunityContactRole', { OpportunityId: deal, ContactId: contact });
  await salesforce('Lead', {
    LastName: 'Byrne',
    Company: 'Quay',
    Email: 'jo@quay-leads.com',
    Status: 'Open - Not Contacted',
  });
  ids = { account, other, contact, deal };
  await world.firstSync();
  await world.sync();
});

afterEach(async () => {
  await world.close();
});

/** Made by a person in Salesforce; answers the id. */
async function salesforce(object: string, values: object): Promise<string> {
  const token = world.salesforce.openSession('maya.lindqvist@tributary.example') ?? '';
  const url = `${world.salesforce.url}/services/data/v67.0/sobjects/${object}`;
  return (await jsonCall<{ id: string }>(url, 'POST', { authorization: `Bearer ${token}` }, values)).id;
}

/** Changed by a person in HubSpot. */
async function hubspot<T>(method: string, path: string, body?: unknown): Promise<T> {
  return jsonCall<T>(`${world.hubspot.url}${path}`, method, { authorization: 'Bearer simulated-hubspot-token' }, body);
}

async function hubspotId(object: string, salesforceId: string, kind: 'partner' | 'contact' | 'deal'): Promise<string> {
  const ref = { connection: 'salesforce', object, externalId: salesforceId };
  const [unifiedId = ''] = (await world.store.readRefs([ref])).values();
  const { sources } = await world.store.readBundle(kind, unifiedId);
  return sources.find(({ connection }) => connection === 'hubspot')?.externalId ?? '';
}

const PAGES_MAX = 20;

async function audit(isRepairing = false): Promise<{ looked: number; same: number; differences: AuditDifference[] }> {
  const sum = { looked: 0, same: 0, differences: [] as AuditDifference[] };
  for (const { id: connection, objects } of world.hub.connections) {
    for (const object of objects) {
      let cursor: AuditCursor | undefined;
      for (let number = 0; number < PAGES_MAX; number++) {
        const page = await auditPage(world.hub, { connection, object, cursor, scope: undefined, isRepairing });
        if (!page.ok) throw new Error(page.fault.message);
        sum.looked += page.value.looked;
        sum.same += page.value.same;
        sum.differences.push(...page.value.differences);
        if (!page.value.hasMore) break;
        cursor = page.value.cursor;
      }
    }
  }
  return sum;
}

const inShort = ({ differences }: { differences: readonly AuditDifference[] }): readonly string[] => [
  ...new Set(
    differences.map(
      ({ what, connection, object, reasons }) => `${connection} ${object} ${what} ${JSON.stringify(reasons)}`,
    ),
  ),
];

describe('an audit of Salesforce and HubSpot', () => {
  test('finds every record of every object the same after a first sync', async () => {
    const found = await audit();

    expect(inShort(found)).toEqual([]);
    // Two partners, a contact, a deal and a lead in each; and in HubSpot the person of the lead.
    expect(found).toMatchObject({ looked: 11, same: found.looked });
  });

  test('finds what no webhook and no sweep told, and a repair puts it right', async () => {
    const company = await hubspotId('Account', ids.account, 'partner');
    const contact = await hubspotId('Contact', ids.contact, 'contact');
    const deal = await hubspotId('Opportunity', ids.deal, 'deal');
    world.clock.now += 60_000;
    // HubSpot moves no stamp for an association, so that only a walk sees it.
    await hubspot('DELETE', `/crm/v4/objects/contacts/${contact}/associations/companies/${company}`);
    await hubspot('PATCH', `/crm/v3/objects/deals/${deal}`, { properties: { amount: '99000' } });
    await hubspot('PATCH', `/crm/v3/objects/companies/${company}`, { properties: { industry: 'AIRLINES_AVIATION' } });
    await hubspot('POST', '/crm/v3/objects/companies', { properties: { name: 'New', domain: 'new-thing.com' } });

    expect(inShort(await audit())).toEqual([
      'hubspot company differs {"industry":"not-absorbed"}',
      'hubspot company unknown {"*":"not-absorbed"}',
      'hubspot contact differs {"partner":"not-absorbed"}',
      'hubspot deal differs {"amount":"not-absorbed"}',
    ]);

    await audit(true);
    await world.settle();

    // What Salesforce filled in by itself in the account just made is news, until the next sweep brings it.
    expect(inShort(await audit()).filter((line) => !line.startsWith('salesforce Account'))).toEqual([]);
    await world.sync();
    expect(inShort(await audit())).toEqual([]);
    expect(world.salesforce.records('Contact')).toMatchObject([{ Id: ids.contact, AccountId: null }]);
  });

  test('finds a record that was deleted on one side, and repairs it as the sweep would have', async () => {
    const company = await hubspotId('Account', ids.other, 'partner');
    world.clock.now += 60_000;
    await hubspot('DELETE', `/crm/v3/objects/companies/${company}`);

    expect(inShort(await audit())).toEqual(['hubspot company gone {"*":"not-absorbed"}']);
    await audit(true);
    await world.settle();

    expect(inShort(await audit())).toEqual([]);
  });
});
