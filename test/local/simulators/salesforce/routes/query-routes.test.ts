import { describe, expect, it } from 'vitest';
import { startOrg, testNow } from '../org-under-test.ts';

function accounts(count: number) {
  return Array.from({ length: count }, (_, at) => ({ object: 'Account', values: { Name: `Company ${at}` } }));
}

describe('query', () => {
  it('answers parents and children inside the row', async () => {
    const org = await startOrg();
    const accountId = await org.create('Account', { Name: 'Acme', BillingCity: 'Lyon' });
    const contactId = await org.create('Contact', { LastName: 'Petit', AccountId: accountId });
    const dealId = await org.create('Opportunity', {
      Name: 'Deal',
      AccountId: accountId,
      StageName: 'Prospecting',
      CloseDate: '2026-06-30',
    });
    await org.create('OpportunityContactRole', { OpportunityId: dealId, ContactId: contactId, IsPrimary: true });

    const { json } = await org.query(
      'SELECT Id, Account.Name, Account.BillingAddress, Owner.Email, (SELECT ContactId, Role, IsPrimary FROM OpportunityContactRoles) FROM Opportunity',
    );

    expect(json).toEqual({
      totalSize: 1,
      done: true,
      records: [
        {
          attributes: { type: 'Opportunity', url: `/services/data/v67.0/sobjects/Opportunity/${dealId}` },
          Id: dealId,
          Account: {
            attributes: { type: 'Account', url: `/services/data/v67.0/sobjects/Account/${accountId}` },
            Name: 'Acme',
            BillingAddress: expect.objectContaining({ city: 'Lyon', street: null }),
          },
          Owner: expect.objectContaining({ Email: 'integration@tributary.example' }),
          OpportunityContactRoles: {
            totalSize: 1,
            done: true,
            records: [expect.objectContaining({ ContactId: contactId, Role: null, IsPrimary: true })],
          },
        },
      ],
    });
  });

  it('answers null for a parent that is not set and for no children', async () => {
    const org = await startOrg();
    await org.create('Contact', { LastName: 'Petit' });

    const { json } = await org.query('SELECT Account.Name, (SELECT Id FROM OpportunityContactRoles) FROM Contact');

    expect(json.records[0]).toMatchObject({ Account: null, OpportunityContactRoles: null });
  });

  it('pages through a result that stays as it was when the query ran', async () => {
    const org = await startOrg();
    org.simulator.seed(accounts(450));
    const options = { 'sforce-query-options': 'batchSize=200' };
    const soql = encodeURIComponent('SELECT Id FROM Account ORDER BY Id');

    const first = await org.call('GET', `query?q=${soql}`, undefined, options);
    await org.call('DELETE', `sobjects/Account/${first.json.records[0].Id}`);
    const nextPath = (url: string) => url.replace('/services/data/v67.0/', '');
    const second = await org.call('GET', nextPath(first.json.nextRecordsUrl));
    const third = await org.call('GET', nextPath(second.json.nextRecordsUrl));

    expect([first, second, third].map(({ json }) => [json.totalSize, json.done, json.records.length])).toEqual([
      [450, false, 200],
      [450, false, 200],
      [450, true, 50],
    ]);
    expect(third.json.nextRecordsUrl).toBeUndefined();
    const ids = [first, second, third].flatMap(({ json }) => json.records.map((record: { Id: string }) => record.Id));
    expect(new Set(ids).size).toBe(450);
  });

  it('refuses a locator it does not know or that has grown two days old', async () => {
    let now = testNow;
    const org = await startOrg({ now: () => now });
    org.simulator.seed(accounts(2_001));
    const { json } = await org.query('SELECT Id FROM Account');
    now += 2 * 24 * 60 * 60 * 1000 + 1;

    const tooOld = await org.call('GET', json.nextRecordsUrl.replace('/services/data/v67.0/', ''));
    const unknown = await org.call('GET', 'query/0r8Tb0000000001AAA-2000');

    expect(tooOld.json).toEqual([{ errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' }]);
    expect(unknown.status).toBe(400);
  });

  it('counts without answering rows', async () => {
    const org = await startOrg();
    org.simulator.seed(accounts(3));

    expect((await org.query("SELECT COUNT() FROM Account WHERE Name LIKE 'company%'")).json).toEqual({
      totalSize: 3,
      done: true,
      records: [],
    });
  });

  it('finds deleted records by queryAll only', async () => {
    const org = await startOrg();
    const id = await org.create('Account', { Name: 'Acme' });
    await org.call('DELETE', `sobjects/Account/${id}`);

    const live = await org.query('SELECT Id FROM Account');
    const all = await org.query('SELECT Id, IsDeleted FROM Account WHERE IsDeleted = true', 'queryAll');

    expect(live.json.totalSize).toBe(0);
    expect(all.json.records).toEqual([expect.objectContaining({ Id: id, IsDeleted: true })]);
  });

  it('refuses an address of more than 16 KiB', async () => {
    const org = await startOrg();

    const answer = await org.query(`SELECT Id FROM Account WHERE Name = '${'x'.repeat(17_000)}'`);

    expect(answer.status).toBe(414);
  });
});
