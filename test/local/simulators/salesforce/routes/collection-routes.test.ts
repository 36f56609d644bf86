import { describe, expect, it } from 'vitest';
import { startOrg } from '../org-under-test.ts';

const account = (values: Readonly<Record<string, unknown>>) => ({ attributes: { type: 'Account' }, ...values });
const upsertPath = 'composite/sobjects/Account/Tributary_Id__c';

describe('collections', () => {
  it('upsert rows in order, with a result for each', async () => {
    const org = await startOrg();
    const existing = await org.create('Account', { Name: 'Old', Tributary_Id__c: 'k1' });

    const answer = await org.call('PATCH', upsertPath, {
      records: [
        account({ Tributary_Id__c: 'k2', Name: 'New' }),
        account({ Tributary_Id__c: 'k3', Name: 'Bad', Partner_Tier__c: 'Tin' }),
        account({ Tributary_Id__c: 'K1', Name: 'Changed' }),
        account({ Tributary_Id__c: 'k4', Foo: 1 }),
        account({ Name: 'No key' }),
      ],
    });

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject([
      { success: true, created: true, errors: [] },
      {
        success: false,
        errors: [{ statusCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', fields: ['Partner_Tier__c'] }],
      },
      { success: true, created: false, id: existing },
      { success: false, errors: [{ statusCode: 'INVALID_FIELD' }] },
      { success: false, errors: [{ statusCode: 'MISSING_ARGUMENT' }] },
    ]);
    expect(org.simulator.records('Account').map(({ Name }) => Name)).toEqual(['Changed', 'New']);
  });

  it('take everything back with allOrNone', async () => {
    const org = await startOrg();
    const existing = await org.create('Account', { Name: 'Old', Tributary_Id__c: 'k1' });

    const answer = await org.call('PATCH', upsertPath, {
      allOrNone: true,
      records: [account({ Tributary_Id__c: 'k1', Name: 'Changed' }), account({ Tributary_Id__c: 'k2' })],
    });

    expect(answer.json).toMatchObject([
      { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }] },
      { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING' }] },
    ]);
    expect(org.simulator.records('Account')).toMatchObject([{ Id: existing, Name: 'Old' }]);
  });

  it('refuse a key that is given twice, and ids beside the key', async () => {
    const org = await startOrg();

    const { json } = await org.call('PATCH', upsertPath, {
      records: [
        account({ Tributary_Id__c: 'k', Name: 'A' }),
        account({ Tributary_Id__c: 'K', Name: 'B' }),
        account({ Tributary_Id__c: 'l', Name: 'C', Id: '001Tb0000000001IAA' }),
      ],
    });

    expect(json.map((row: { errors: { statusCode: string }[] }) => row.errors[0]?.statusCode)).toEqual([
      'DUPLICATE_VALUE',
      'DUPLICATE_VALUE',
      'INVALID_FIELD',
    ]);
  });

  it('say so when a key fits several records', async () => {
    const org = await startOrg({
      customFields: [{ object: 'Account', name: 'Loose_Key__c', type: 'string', externalId: true }],
    });
    await org.create('Account', { Name: 'A', Loose_Key__c: 'k' });
    await org.create('Account', { Name: 'B', Loose_Key__c: 'k' });

    const { json } = await org.call('PATCH', 'composite/sobjects/Account/Loose_Key__c', {
      records: [account({ Loose_Key__c: 'k', Name: 'C' })],
    });

    expect(json).toMatchObject([{ success: false, errors: [{ statusCode: 'DUPLICATE_EXTERNAL_ID' }] }]);
  });

  it('create, update and delete records of several objects', async () => {
    const org = await startOrg();

    const created = await org.call('POST', 'composite/sobjects', {
      records: [account({ Name: 'A' }), { attributes: { type: 'Contact' }, LastName: 'B' }],
    });
    const [accountId, contactId] = created.json.map((row: { id: string }) => row.id);
    const updated = await org.call('PATCH', 'composite/sobjects', {
      records: [
        account({ id: accountId, Phone: '1' }),
        { attributes: { type: 'Contact' }, Id: contactId, Title: 'CEO' },
        account({ id: '001Tb0000000009IAA', Phone: '1' }),
        account({ id: 'abc', Phone: '1' }),
        account({ Phone: '1' }),
      ],
    });
    const deleted = await org.call('DELETE', `composite/sobjects?ids=${contactId},${contactId},abc`);

    expect(updated.json).toMatchObject([
      { id: accountId, success: true, errors: [] },
      { id: contactId, success: true },
      { success: false, errors: [{ statusCode: 'INVALID_CROSS_REFERENCE_KEY' }] },
      { success: false, errors: [{ statusCode: 'MALFORMED_ID' }] },
      { success: false, errors: [{ statusCode: 'MISSING_ARGUMENT' }] },
    ]);
    expect(updated.json[0]).not.toHaveProperty('created');
    expect(deleted.json).toMatchObject([
      { id: contactId, success: true },
      { success: false, errors: [{ statusCode: 'ENTITY_IS_DELETED' }] },
      { success: false, errors: [{ statusCode: 'MALFORMED_ID' }] },
    ]);
  });

  it('retrieve records in the order of the ids, null for what is not there', async () => {
    const org = await startOrg();
    const [first, second] = [await org.create('Account', { Name: 'A' }), await org.create('Account', { Name: 'B' })];
    const deleted = await org.create('Account', { Name: 'C' });
    await org.call('DELETE', `sobjects/Account/${deleted}`);
    const ids = [second, '001Tb0000000099IAA', deleted, first.slice(0, 15)];

    const byBody = await org.call('POST', 'composite/sobjects/Account', { ids, fields: ['Name'] });
    const byQuery = await org.call('GET', `composite/sobjects/Account?ids=${ids.join(',')}&fields=id,name`);
    const unknownField = await org.call('POST', 'composite/sobjects/Account', { ids, fields: ['Foo'] });

    expect(byBody.json).toEqual([
      { attributes: expect.anything(), Id: second, Name: 'B' },
      null,
      null,
      { attributes: expect.anything(), Id: first, Name: 'A' },
    ]);
    expect(byQuery.json).toEqual(byBody.json);
    expect(unknownField).toMatchObject({ status: 400, json: [{ errorCode: 'INVALID_FIELD' }] });
  });

  it('keep to 200 rows, and write nothing of a request that is malformed', async () => {
    const org = await startOrg();
    const rows = (count: number) => Array.from({ length: count }, (_, at) => account({ Name: `N${at}` }));

    expect((await org.call('POST', 'composite/sobjects', { records: rows(201) })).status).toBe(400);
    expect((await org.call('POST', 'composite/sobjects', { records: [] })).status).toBe(400);
    expect(
      (await org.call('POST', 'composite/sobjects', { records: [account({ Name: 'A' }), { Name: 'B' }] })).status,
    ).toBe(400);
    expect(
      (await org.call('POST', 'composite/sobjects', { records: [account({ Name: 'A' }), account({ Name: 7 })] }))
        .json[0].errorCode,
    ).toBe('JSON_PARSER_ERROR');
    const alternating = rows(12).map((row, at) =>
      at % 2 === 0 ? row : { attributes: { type: 'Contact' }, LastName: 'x' },
    );
    expect((await org.call('POST', 'composite/sobjects', { records: alternating })).status).toBe(400);
    expect(org.simulator.records('Account')).toEqual([]);
    expect((await org.call('POST', 'composite/sobjects', { records: rows(200) })).json).toHaveLength(200);
  });
});
