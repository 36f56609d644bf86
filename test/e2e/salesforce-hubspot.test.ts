import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jsonCall } from '../../local/cli/demo/json-call.ts';
import { type ConnectedHub, connectedHub } from '../support/connected-hub.ts';

let world: ConnectedHub;

beforeEach(async () => {
  world = await connectedHub();
});

afterEach(async () => {
  await world.close();
});

/** A person's own calls to the simulated HubSpot. */
async function hubspot<T>(method: string, path: string, body?: unknown): Promise<T> {
  return jsonCall<T>(`${world.hubspot.url}${path}`, method, { authorization: 'Bearer simulated-hubspot-token' }, body);
}

/** A person's own calls to the simulated Salesforce. */
async function salesforce<T>(method: string, path: string, body?: unknown): Promise<T> {
  const token = world.salesforce.openSession('maya.lindqvist@tributary.example') ?? '';
  return jsonCall<T>(
    `${world.salesforce.url}/services/data/v67.0${path}`,
    method,
    { authorization: `Bearer ${token}` },
    body,
  );
}

const account = (name: string): Readonly<Record<string, unknown>> | undefined =>
  world.salesforce.records('Account').find(({ Name, IsDeleted }) => Name === name && IsDeleted !== true);
const company = (name: string) =>
  world.hubspot.admin.records('companies').find(({ properties }) => properties.name === name);

async function causes(): Promise<readonly string[]> {
  const { problems } = await world.store.listProblems({ limit: 100 });
  return problems.map(({ cause, field }) => (field === undefined ? cause : `${cause}:${field}`));
}

describe('partners, deals and leads between Salesforce and HubSpot', () => {
  test('a company made in HubSpot becomes an account, every field in Salesforce’s own words', async () => {
    await world.firstSync();
    await hubspot('POST', '/crm/v3/objects/companies', {
      properties: {
        name: 'Nordlicht Systeme GmbH',
        domain: 'nordlicht-systeme.com',
        website: 'https://www.nordlicht-systeme.com',
        phone: '+49 30 2312 5012',
        industry: 'COMPUTER_SOFTWARE',
        type: 'RESELLER',
        city: 'Berlin',
        country: 'Germany',
        numberofemployees: '85',
        partner_tier: 'gold',
        specializations: 'cloud-migration;security',
      },
    });
    await world.sync();

    expect(account('Nordlicht Systeme GmbH')).toMatchObject({
      Industry: 'Technology',
      Type: 'Channel Partner / Reseller',
      BillingCity: 'Berlin',
      BillingCountry: 'Germany',
      NumberOfEmployees: 85,
      Partner_Tier__c: 'Gold',
      Specializations__c: 'Cloud Migration;Security',
    });
    expect(await causes()).toEqual([]);
  });

  test('an edit travels each way, and at rest nothing is written', async () => {
    await salesforce('POST', '/sobjects/Account', { Name: 'Harbour Ltd', Website: 'https://harbour-logistics.com' });
    await world.firstSync();
    const id = company('Harbour Ltd')?.id ?? '';

    await hubspot('PATCH', `/crm/v3/objects/companies/${id}`, { properties: { city: 'Lisbon', country: 'Portugal' } });
    await world.sync();
    expect(account('Harbour Ltd')).toMatchObject({ BillingCity: 'Lisbon', BillingCountry: 'Portugal' });

    await salesforce('PATCH', `/sobjects/Account/${account('Harbour Ltd')?.Id}`, { NumberOfEmployees: 4242 });
    await world.sync();
    expect(company('Harbour Ltd')?.properties.numberofemployees).toBe('4242');

    await world.sync();
    const stampBefore = [account('Harbour Ltd')?.SystemModstamp, company('Harbour Ltd')?.modifiedAt];
    await world.sync();
    await world.sync();
    expect([account('Harbour Ltd')?.SystemModstamp, company('Harbour Ltd')?.modifiedAt]).toEqual(stampBefore);
  });

  test('the same company on both sides is matched by its domain, not made twice', async () => {
    await salesforce('POST', '/sobjects/Account', { Name: 'ACME CORP.', Website: 'http://www.acme-tools.com/' });
    await hubspot('POST', '/crm/v3/objects/companies', { properties: { name: 'Acme', domain: 'acme-tools.com' } });
    await world.firstSync();

    expect(world.salesforce.records('Account')).toHaveLength(1);
    expect(world.hubspot.admin.records('companies')).toHaveLength(1);
    expect(company('ACME CORP.')).toBeDefined();
  });

  test('an opportunity brings its account, its contact and exact money', async () => {
    await world.firstSync();
    const { id: accountId } = await salesforce<{ id: string }>('POST', '/sobjects/Account', {
      Name: 'Fjordlys',
      Website: 'fjordlys.com',
    });
    const { id: contactId } = await salesforce<{ id: string }>('POST', '/sobjects/Contact', {
      FirstName: 'Ingrid',
      LastName: 'Berg',
      Email: 'ingrid@fjordlys.com',
      AccountId: accountId,
    });
    const { id: dealId } = await salesforce<{ id: string }>('POST', '/sobjects/Opportunity', {
      Name: 'Fjordlys – Rollout',
      AccountId: accountId,
      Amount: 125_000.55,
      CurrencyIsoCode: 'EUR',
      CloseDate: '2027-03-31',
      StageName: 'Qualification',
    });
    await salesforce('POST', '/sobjects/OpportunityContactRole', {
      OpportunityId: dealId,
      ContactId: contactId,
      IsPrimary: true,
    });
    await world.sync();
    await world.sync();

    const [deal] = world.hubspot.admin.records('deals');
    expect(deal?.properties).toMatchObject({
      amount: '125000.55',
      deal_currency_code: 'EUR',
      dealstage: 'qualifiedtobuy',
    });
    expect(deal?.properties.closedate).toContain('2027-03-31');
    const companies = world.hubspot.admin.associations('deals', deal?.id ?? '', 'companies');
    expect(companies.map(({ id }) => id)).toEqual([company('Fjordlys')?.id]);
    expect(companies[0]?.typeIds).toContain(5);
    expect(world.hubspot.admin.associations('deals', deal?.id ?? '', 'contacts')).toHaveLength(1);
  });

  test('a lead of Salesforce becomes a HubSpot lead with its person as a contact', async () => {
    await world.firstSync();
    await salesforce('POST', '/sobjects/Lead', {
      FirstName: 'Jo',
      LastName: 'Byrne',
      Company: 'Harbour',
      Email: 'jo.byrne@harbour-leads.com',
      Status: 'Open - Not Contacted',
      Rating: 'Hot',
    });
    await world.sync();

    const [lead] = world.hubspot.admin.records('leads');
    expect(lead?.properties).toMatchObject({ hs_lead_label: 'HOT', lead_company: 'Harbour' });
    const [contact] = world.hubspot.admin.associations('leads', lead?.id ?? '', 'contacts');
    expect(world.hubspot.admin.record('contacts', contact?.id ?? '')?.properties).toMatchObject({
      email: 'jo.byrne@harbour-leads.com',
      firstname: 'Jo',
      lastname: 'Byrne',
    });
  });

  test('a value no lookup lists holds its field, and the rest of the batch goes on', async () => {
    await world.firstSync();
    await salesforce('POST', '/sobjects/Account', { Name: 'Odd', Website: 'odd-one.com', Industry: 'Space Mining' });
    await salesforce('POST', '/sobjects/Account', { Name: 'Even', Website: 'even-one.com', Industry: 'Banking' });
    await world.sync();

    expect(company('Odd')?.properties.industry).toBeUndefined();
    expect(company('Even')?.properties.industry).toBe('BANKING');
    expect(await causes()).toEqual(['unmapped-value:industry']);
  });

  test('companies merged in HubSpot are one record afterwards', async () => {
    const a = await hubspot<{ id: string }>('POST', '/crm/v3/objects/companies', {
      properties: { name: 'One', domain: 'one-thing.com' },
    });
    const b = await hubspot<{ id: string }>('POST', '/crm/v3/objects/companies', {
      properties: { name: 'Two', domain: 'two-thing.com' },
    });
    await world.firstSync();
    expect(world.salesforce.records('Account')).toHaveLength(2);

    await hubspot('POST', '/crm/v3/objects/companies/merge', { primaryObjectId: a.id, objectIdToMerge: b.id });
    await world.sync();
    await world.outbox.notice(
      [
        {
          schema: 1,
          connection: 'hubspot',
          object: 'company',
          ids: [b.id],
          reason: 'webhook',
          attempts: 0,
          correlationId: 'test',
        },
      ],
      0,
    );
    await world.sync();

    const refs = await world.store.readRefs(
      [a.id, b.id].map((externalId) => ({ connection: 'hubspot', object: 'company', externalId })),
    );
    expect(new Set(refs.values()).size).toBe(1);
    expect(await causes()).toEqual(['duplicate']);
  });

  test('a record deleted in one system stays in the other, with its values', async () => {
    await salesforce('POST', '/sobjects/Account', { Name: 'Gone', Website: 'gone-soon.com' });
    await world.firstSync();
    await salesforce('DELETE', `/sobjects/Account/${account('Gone')?.Id}`);
    await world.sync();

    expect(company('Gone')).toBeDefined();
    expect(account('Gone')).toBeUndefined();
  });
});
