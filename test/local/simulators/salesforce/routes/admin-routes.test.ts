import { describe, expect, it } from 'vitest';
import { startOrg, testNow } from '../org-under-test.ts';

describe('seeding', () => {
  it('puts records in as they are, with their ids and times', async () => {
    const org = await startOrg();

    const answer = await org.admin('POST', 'seed', {
      records: [
        {
          object: 'Account',
          values: {
            Id: '001Tb0000000777',
            Name: 'Old Friend',
            Industry: 'Not on the list',
            OwnerId: '005Tb0000000004',
            CreatedDate: '2019-05-06T07:08:09.999+0000',
            LastModifiedDate: '2020-01-01T00:00:00.000+0000',
            SystemModstamp: '2021-01-01T00:00:00.000+0000',
          },
        },
        {
          object: 'opportunity',
          values: { name: 'Deal', stagename: 'Closed Won', closedate: '2020-01-01', AccountId: '001Tb0000000777' },
        },
      ],
    });
    const [accountId, dealId] = answer.json.ids;
    const next = await org.create('Account', { Name: 'Next' });

    expect(accountId).toMatch(/^001Tb0000000777\w{3}$/);
    expect((await org.call('GET', `sobjects/Account/${accountId}`)).json).toMatchObject({
      Industry: 'Not on the list',
      OwnerId: expect.stringMatching(/^005Tb0000000004/),
      CreatedDate: '2019-05-06T07:08:09.000+0000',
      LastModifiedDate: '2020-01-01T00:00:00.000+0000',
      SystemModstamp: '2021-01-01T00:00:00.000+0000',
    });
    expect((await org.call('GET', `sobjects/Opportunity/${dealId}`)).json).toMatchObject({
      IsWon: true,
      AccountId: accountId,
    });
    expect(next > accountId).toBe(true);
  });

  it('changes what is there when it names its id', async () => {
    const org = await startOrg();

    org.simulator.seed([{ object: 'User', values: { Id: '005Tb0000000002IAA', IsActive: false } }]);

    const { json } = await org.query("SELECT Name, IsActive FROM User WHERE Id = '005Tb0000000002IAA'");
    expect(json.records).toMatchObject([{ Name: 'Maya Lindqvist', IsActive: false }]);
  });

  it('names what cannot be seeded and seeds nothing then', async () => {
    const org = await startOrg();

    const answer = await org.admin('POST', 'seed', {
      records: [
        { object: 'Account', values: { Name: 'Good' } },
        { object: 'Account', values: { Foo: 1 } },
        { object: 'Nothing', values: {} },
        { object: 'Account', values: { Id: '003Tb0000000777' } },
      ],
    });

    expect(answer.status).toBe(400);
    expect(answer.json.message).toBe(
      'Record 1: Account has no field Foo. Record 2: the org has no object Nothing. Record 3: 003Tb0000000777 is no id of Account.',
    );
    expect(org.simulator.records('Account')).toEqual([]);
    expect(() => org.simulator.seed([{ object: 'Account', values: { Foo: 1 } }])).toThrow('Account has no field Foo');
  });
});

describe('a person', () => {
  it('merges accounts: the losers point to the winner, and what was theirs is the winner’s', async () => {
    let now = testNow;
    const org = await startOrg({ now: () => now });
    const master = await org.create('Account', { Name: 'Master' });
    const loser = await org.create('Account', { Name: 'Loser', Tributary_Id__c: 'k', ParentId: master });
    await org.call('PATCH', `sobjects/Account/${master}`, { ParentId: loser });
    const contact = await org.create('Contact', { LastName: 'P', AccountId: loser });
    const lead = await org.create('Lead', { LastName: 'L', Company: 'C', Partner__c: loser });
    now += 5_000;

    const answer = await org.admin('POST', 'merge', {
      masterId: master,
      loserIds: [loser.slice(0, 15)],
      values: { Tributary_Id__c: 'k' },
      username: 'maya.lindqvist@tributary.example',
    });

    expect(answer).toMatchObject({ status: 200, json: { ok: true, id: master } });
    const all = await org.query(
      'SELECT Id, IsDeleted, MasterRecordId, Tributary_Id__c, ParentId, LastModifiedById FROM Account',
      'queryAll',
    );
    expect(all.json.records).toMatchObject([
      { Id: master, IsDeleted: false, Tributary_Id__c: 'k', ParentId: null, LastModifiedById: '005Tb0000000002IAA' },
      { Id: loser, IsDeleted: true, MasterRecordId: master },
    ]);
    expect((await org.call('GET', `sobjects/Lead/${lead}`)).json.Partner__c).toBe(master);
    const moved = (await org.call('GET', `sobjects/Contact/${contact}`)).json;
    expect(moved).toMatchObject({
      AccountId: master,
      SystemModstamp: '2026-03-04T05:06:12.000+0000',
      LastModifiedDate: '2026-03-04T05:06:07.000+0000',
    });
  });

  it('cannot merge what is no pair of live records, and then nothing changes', async () => {
    const org = await startOrg();
    const master = await org.create('Account', { Name: 'Master' });
    const other = await org.create('Account', { Name: 'Other' });
    const contact = await org.create('Contact', { LastName: 'P' });

    for (const request of [
      { masterId: master, loserIds: [master] },
      { masterId: master, loserIds: [contact] },
      { masterId: master, loserIds: ['001Tb0000000099IAA'] },
      { masterId: master, loserIds: [other], values: { Partner_Tier__c: 'Tin' } },
      { masterId: master, loserIds: [other], values: { Foo: 1 } },
    ]) {
      expect((await org.admin('POST', 'merge', request)).status).toBe(400);
    }
    expect(org.simulator.records('Account').map(({ IsDeleted }) => IsDeleted)).toEqual([false, false]);
  });

  it('converts a lead into an account, a contact and an opportunity, and then it is read-only', async () => {
    const org = await startOrg();
    const lead = await org.create('Lead', {
      FirstName: 'Ana',
      LastName: 'Sousa',
      Company: 'Acme',
      Email: 'ana@acme.example',
      City: 'Porto',
    });

    const { json } = await org.admin('POST', 'convert', { leadId: lead });
    const again = await org.admin('POST', 'convert', { leadId: lead });
    const changed = await org.call('PATCH', `sobjects/Lead/${lead}`, { Title: 'CEO' });

    expect((await org.call('GET', `sobjects/Lead/${lead}`)).json).toMatchObject({
      IsConverted: true,
      Status: 'Closed - Converted',
      ConvertedDate: '2026-03-04',
      ConvertedAccountId: json.accountId,
      ConvertedContactId: json.contactId,
      ConvertedOpportunityId: json.opportunityId,
    });
    expect((await org.call('GET', `sobjects/Account/${json.accountId}`)).json).toMatchObject({
      Name: 'Acme',
      BillingCity: 'Porto',
    });
    expect((await org.call('GET', `sobjects/Contact/${json.contactId}`)).json).toMatchObject({
      Name: 'Ana Sousa',
      AccountId: json.accountId,
    });
    expect((await org.call('GET', `sobjects/Opportunity/${json.opportunityId}`)).json).toMatchObject({
      CloseDate: '2026-03-31',
    });
    expect(changed).toMatchObject({ status: 400, json: [{ errorCode: 'CANNOT_UPDATE_CONVERTED_LEAD' }] });
    expect(again.status).toBe(400);
  });

  it('converts into existing records and without an opportunity', async () => {
    const org = await startOrg();
    const lead = await org.create('Lead', { LastName: 'Sousa', Company: 'Acme' });
    const accountId = await org.create('Account', { Name: 'Acme' });

    const { json } = await org.admin('POST', 'convert', { leadId: lead, accountId, createsOpportunity: false });

    expect(json).toMatchObject({ ok: true, accountId, opportunityId: null });
    expect(org.simulator.records('Account')).toHaveLength(1);
  });

  it('deletes an account with its contacts and deals, clears lookups, and undeletes them together', async () => {
    let now = testNow;
    const org = await startOrg({ now: () => now });
    const account = await org.create('Account', { Name: 'A', Tributary_Id__c: 'k' });
    const contact = await org.create('Contact', { LastName: 'P', AccountId: account });
    const earlier = await org.create('Contact', { LastName: 'Q', AccountId: account });
    const lead = await org.create('Lead', { LastName: 'L', Company: 'C', Partner__c: account });
    await org.call('DELETE', `sobjects/Contact/${earlier}`);
    now += 5_000;
    await org.call('DELETE', `sobjects/Account/${account}`);
    const whileDeleted = (await org.call('GET', `sobjects/Contact/${contact}`)).status;
    now += 5_000;

    const { json } = await org.admin('POST', 'undelete', { ids: [account, lead] });

    expect(whileDeleted).toBe(404);
    expect(json.outcomes).toMatchObject([{ ok: true, id: account }, { ok: false }]);
    expect((await org.call('GET', `sobjects/Contact/${contact}`)).json.AccountId).toBe(account);
    expect((await org.call('GET', `sobjects/Contact/${earlier}`)).status).toBe(404);
    expect((await org.call('GET', `sobjects/Lead/${lead}`)).json.Partner__c).toBeNull();
  });

  it('cannot undelete a record whose unique value is taken by now', async () => {
    const org = await startOrg();
    const id = await org.create('Account', { Name: 'A', Tributary_Id__c: 'k' });
    await org.call('DELETE', `sobjects/Account/${id}`);
    await org.create('Account', { Name: 'B', Tributary_Id__c: 'k' });

    expect(org.simulator.undelete([id])).toMatchObject([{ ok: false, errors: [{ statusCode: 'DUPLICATE_VALUE' }] }]);
  });
});

describe('duplicate rules', () => {
  const rule = { object: 'Lead', name: 'Standard_Lead_Duplicate_Rule', fields: ['Email'], allowSave: true };
  const lead = { LastName: 'L', Company: 'C', Email: 'A@x.example' };

  it('name the records a new one looks like, and let it pass by header where they may', async () => {
    const org = await startOrg();
    await org.admin('PUT', 'duplicate-rules', { rules: [rule] });
    const first = await org.create('Lead', lead);
    const twin = { ...lead, Email: 'a@X.example' };

    const refused = await org.call('POST', 'sobjects/Lead', twin);
    const row = await org.call('POST', 'composite/sobjects', { records: [{ attributes: { type: 'Lead' }, ...twin }] });
    const allowed = await org.call('POST', 'sobjects/Lead', twin, { 'sforce-duplicate-rule-header': 'allowSave=true' });
    await org.call('DELETE', `sobjects/Lead/${allowed.json.id}`);
    const itself = await org.call('PATCH', `sobjects/Lead/${first}`, { Title: 'CEO' });

    expect(refused.json).toMatchObject([
      {
        errorCode: 'DUPLICATES_DETECTED',
        duplicateResult: { allowSave: true, matchResults: [{ matchRecords: [{ record: { Id: first } }] }] },
      },
    ]);
    expect(row.json).toMatchObject([
      { success: false, errors: [{ statusCode: 'DUPLICATES_DETECTED', duplicateResult: {} }] },
    ]);
    expect(allowed.status).toBe(201);
    expect(itself.status).toBe(204);
  });

  it('cannot be overridden where they do not allow it', async () => {
    const org = await startOrg({ duplicateRules: [{ ...rule, allowSave: false }] });
    await org.create('Lead', lead);

    const answer = await org.call('POST', 'sobjects/Lead', lead, { 'sforce-duplicate-rule-header': 'allowSave=true' });

    expect(answer.json[0].errorCode).toBe('DUPLICATES_DETECTED');
  });
});

describe('the admin address', () => {
  it('sets faults, messages and sessions, and shows what is there', async () => {
    const org = await startOrg();
    await org.admin('POST', 'faults', [
      { kind: 'throttle', count: 5 },
      { kind: 'slow', delayMs: 5 },
    ]);
    await org.admin('PUT', 'outbound-messages', { targets: [{ object: 'Account', url: 'http://127.0.0.1:9/hook' }] });
    await org.admin('PUT', 'outbound-messages/misbehaviour', { drop: { every: 1 } });

    expect((await org.admin('GET', 'faults')).json.faults).toHaveLength(2);
    expect((await org.admin('DELETE', 'faults')).status).toBe(204);
    expect((await org.admin('GET', 'outbound-messages')).json.targets).toEqual([
      { object: 'Account', url: 'http://127.0.0.1:9/hook' },
    ]);
    expect(
      (await org.admin('POST', 'sessions', { username: 'maya.lindqvist@tributary.example' })).json.accessToken,
    ).toContain('!');
    expect((await org.admin('POST', 'sessions', { username: 'petra.novak@tributary.example' })).status).toBe(404);
    await org.create('Account', { Name: 'x' });
    await org.simulator.outboundMessages.idle();
    expect((await org.admin('GET', 'statistics')).json).toMatchObject({
      calls: { calls: 1 },
      records: { Account: 1, User: 4 },
      outboundMessages: { dropped: 1 },
    });
    expect((await org.admin('GET', 'records/account')).json.records).toMatchObject([{ Name: 'x' }]);
    expect((await org.admin('DELETE', 'sessions')).json).toEqual({ expired: 2 });
  });

  it('resets the org to its users', async () => {
    const org = await startOrg();
    const before = await org.create('Account', { Name: 'x' });
    org.simulator.faults.add({ kind: 'throttle', count: 100 });

    expect((await org.admin('POST', 'reset')).status).toBe(204);

    expect(org.simulator.statistics()).toMatchObject({
      records: { Account: 0, User: 4 },
      openFaults: [],
      apiUsage: { used: 0 },
    });
    expect((await org.call('GET', 'limits')).status).toBe(401);
    expect(org.simulator.seed([{ object: 'Account', values: { Name: 'y' } }])).toEqual([before]);
  });

  it('refuses what it does not understand', async () => {
    const org = await startOrg();

    expect((await org.admin('GET', 'nothing')).status).toBe(404);
    expect((await org.admin('POST', 'faults', { kind: 'earthquake' })).status).toBe(400);
    expect((await org.admin('POST', 'seed', '{')).status).toBe(400);
  });
});
