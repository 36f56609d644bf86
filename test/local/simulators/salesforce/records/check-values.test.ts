import { describe, expect, it } from 'vitest';
import { type OrgUnderTest, startOrg } from '../org-under-test.ts';

const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-06-30' };
const lead = { LastName: 'L', Company: 'C' };

async function errorsOf(org: OrgUnderTest, object: string, values: Readonly<Record<string, unknown>>) {
  const answer = await org.call('POST', `sobjects/${object}`, values);
  return answer.status === 400 ? answer.json : answer.status;
}

describe('values', () => {
  it.each([
    ['a required field left out', 'Opportunity', { Name: 'x' }, 'REQUIRED_FIELD_MISSING', ['StageName', 'CloseDate']],
    ['a required field that is blank', 'Account', { Name: '  ' }, 'REQUIRED_FIELD_MISSING', ['Name']],
    [
      'text that is too long',
      'Account',
      { Name: 'x', BillingCity: 'y'.repeat(41) },
      'STRING_TOO_LONG',
      ['BillingCity'],
    ],
    [
      'a value outside a restricted picklist',
      'Account',
      { Name: 'x', Partner_Tier__c: 'Tin' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      ['Partner_Tier__c'],
    ],
    [
      'a currency that is not active',
      'Account',
      { Name: 'x', CurrencyIsoCode: 'JPY' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      ['CurrencyIsoCode'],
    ],
    ['an e-mail that is none', 'Contact', { LastName: 'x', Email: 'x@y' }, 'INVALID_EMAIL_ADDRESS', ['Email']],
    ['a number that is too large', 'Opportunity', { ...deal, Amount: 1e16 }, 'NUMBER_OUTSIDE_VALID_RANGE', ['Amount']],
    [
      'a read-only field',
      'Account',
      { Name: 'x', CreatedDate: '2026-01-01T00:00:00Z' },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      ['CreatedDate'],
    ],
    [
      'a reference to nothing',
      'Contact',
      { LastName: 'x', AccountId: '001Tb0000000009IAA' },
      'INVALID_CROSS_REFERENCE_KEY',
      ['AccountId'],
    ],
    [
      'a reference to another object',
      'Contact',
      { LastName: 'x', AccountId: '005Tb0000000001IAA' },
      'FIELD_INTEGRITY_EXCEPTION',
      ['AccountId'],
    ],
    ['a reference that is no id', 'Contact', { LastName: 'x', AccountId: 'acme' }, 'MALFORMED_ID', ['AccountId']],
    ['an owner who has left', 'Lead', { ...lead, OwnerId: '005Tb0000000004IAA' }, 'INACTIVE_OWNER_OR_USER', []],
    [
      'clearing a checkbox',
      'Contact',
      { LastName: 'x', HasOptedOutOfEmail: null },
      'INVALID_TYPE_ON_FIELD_IN_RECORD',
      ['HasOptedOutOfEmail'],
    ],
    ['a user', 'User', { LastName: 'x' }, 'INSUFFICIENT_ACCESS_OR_READONLY', []],
  ])('refuse %s', async (_what, object, values, errorCode, fields) => {
    const org = await startOrg();

    expect(await errorsOf(org, object, values)).toEqual([{ errorCode, fields, message: expect.any(String) }]);
    expect(org.simulator.records(object).filter(({ LastName }) => LastName === 'x')).toEqual([]);
  });

  it('name every field that is wrong', async () => {
    const org = await startOrg();

    const errors = await errorsOf(org, 'Contact', { LastName: 'x'.repeat(81), Email: 'nobody' });

    expect(errors.map((error: { errorCode: string }) => error.errorCode)).toEqual([
      'STRING_TOO_LONG',
      'INVALID_EMAIL_ADDRESS',
    ]);
  });

  it('refuse a value that another live record holds in a unique field', async () => {
    const org = await startOrg();
    const first = await org.create('Account', { Name: 'A', Tributary_Id__c: 'K' });

    const [error] = await errorsOf(org, 'Account', { Name: 'B', Tributary_Id__c: 'k' });
    await org.call('DELETE', `sobjects/Account/${first}`);
    const afterwards = await org.call('POST', 'sobjects/Account', { Name: 'B', Tributary_Id__c: 'k' });

    expect(error).toMatchObject({ errorCode: 'DUPLICATE_VALUE', message: expect.stringContaining(first) });
    expect(afterwards.status).toBe(201);
  });

  it('are kept as the org keeps them', async () => {
    const org = await startOrg();

    const id = await org.create('Opportunity', {
      ...deal,
      Amount: '1234.565',
      CloseDate: '2026-06-30T23:59:59Z',
      Products__c: 'Support; Platform;Support;Own Idea',
      Type: 'new customer',
      LeadSource: 'Trade Fair',
      NextStep: '',
      CurrencyIsoCode: 'eur',
    });

    expect((await org.call('GET', `sobjects/Opportunity/${id}`)).json).toMatchObject({
      Amount: 1234.57,
      CloseDate: '2026-06-30',
      Products__c: 'Platform;Support;Own Idea',
      Type: 'New Customer',
      LeadSource: 'Trade Fair',
      NextStep: null,
      CurrencyIsoCode: 'EUR',
      OwnerId: '005Tb0000000001IAA',
    });
  });

  it('leave a record with the owner who has left, but refuse to give it to one', async () => {
    const org = await startOrg();
    const [id = ''] = org.simulator.seed([{ object: 'Lead', values: { ...lead, OwnerId: '005Tb0000000004IAA' } }]);

    const kept = await org.call('PATCH', `sobjects/Lead/${id}`, { Title: 'CTO', OwnerId: '005Tb0000000004IAA' });
    await org.call('PATCH', `sobjects/Lead/${id}`, { OwnerId: '005Tb0000000002IAA' });
    const given = await org.call('PATCH', `sobjects/Lead/${id}`, { OwnerId: '005Tb0000000004IAA' });

    expect(kept.status).toBe(204);
    expect(given.json[0].errorCode).toBe('INACTIVE_OWNER_OR_USER');
  });

  it('have no currency in an org with a single one', async () => {
    const org = await startOrg({ currencies: ['EUR'] });

    expect(await errorsOf(org, 'Account', { Name: 'x', CurrencyIsoCode: 'EUR' })).toMatchObject([
      { errorCode: 'INVALID_FIELD' },
    ]);
  });
});

describe('derived values', () => {
  it('follow the stage, the amount and the close date of an opportunity', async () => {
    const org = await startOrg();
    const id = await org.create('Opportunity', { ...deal, Amount: 1000 });
    const read = async () => (await org.call('GET', `sobjects/Opportunity/${id}`)).json;

    const open = await read();
    await org.call('PATCH', `sobjects/Opportunity/${id}`, { Probability: 35 });
    const adjusted = await read();
    await org.call('PATCH', `sobjects/Opportunity/${id}`, { StageName: 'Closed Won' });
    const won = await read();
    await org.call('PATCH', `sobjects/Opportunity/${id}`, { StageName: 'Our Own Stage', Probability: 5 });
    const own = await read();

    expect(open).toMatchObject({
      Probability: 10,
      ExpectedRevenue: 100,
      IsClosed: false,
      FiscalYear: 2026,
      FiscalQuarter: 2,
    });
    expect(adjusted).toMatchObject({ Probability: 35, ExpectedRevenue: 350 });
    expect(won).toMatchObject({ Probability: 100, IsClosed: true, IsWon: true, ForecastCategory: 'Closed' });
    expect(own).toMatchObject({ StageName: 'Our Own Stage', Probability: 5, IsClosed: false, IsWon: false });
  });

  it('put the names of a person together', async () => {
    const org = await startOrg();
    const id = await org.create('Contact', { FirstName: 'Ana', LastName: 'Sousa', Salutation: 'Dr.' });

    expect((await org.call('GET', `sobjects/Contact/${id}?fields=Name`)).json.Name).toBe('Ana Sousa');
  });

  it('leave one primary contact role per opportunity', async () => {
    const org = await startOrg();
    const dealId = await org.create('Opportunity', deal);
    const [first, second] = [
      await org.create('Contact', { LastName: 'A' }),
      await org.create('Contact', { LastName: 'B' }),
    ];
    await org.create('OpportunityContactRole', { OpportunityId: dealId, ContactId: first, IsPrimary: true });
    await org.create('OpportunityContactRole', { OpportunityId: dealId, ContactId: second, IsPrimary: true });

    const { json } = await org.query('SELECT ContactId FROM OpportunityContactRole WHERE IsPrimary = true');

    expect(json.records).toMatchObject([{ ContactId: second }]);
  });
});
