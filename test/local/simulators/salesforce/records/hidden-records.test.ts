import { expect, test } from 'vitest';
import { startOrg } from '../org-under-test.ts';

test('what sharing hides is in no answer and takes no write by the API, and nothing says that it was deleted', async () => {
  const org = await startOrg();
  const hidden = await org.create('Account', { Name: 'Hidden', Tributary_Id__c: '01HIDDEN' });
  const shown = await org.create('Account', { Name: 'Shown' });
  const child = await org.create('Contact', { LastName: 'Child', AccountId: hidden });
  await org.admin('PUT', 'hidden', { ids: [hidden] });

  const listed = (await org.query('SELECT Id FROM Account', 'queryAll')).json.records;
  expect(listed.map(({ Id }: { Id: string }) => Id)).toEqual([shown]);
  const [contact] = (await org.query('SELECT AccountId, Account.Name FROM Contact')).json.records;
  expect(contact).toMatchObject({ AccountId: hidden, Account: null });
  const both = `composite/sobjects/Account?ids=${hidden},${shown}&fields=Name`;
  expect((await org.call('GET', both)).json).toMatchObject([null, { Name: 'Shown' }]);
  expect((await org.call('GET', `sobjects/Account/${hidden}`)).status).toBe(404);

  const rows = (values: object) => ({
    records: [{ attributes: { type: 'Account' }, Id: hidden, ...values }],
  });
  const update = await org.call('PATCH', 'composite/sobjects', rows({ Name: 'New' }));
  expect(codesOf(update.json)).toEqual(['INVALID_CROSS_REFERENCE_KEY']);
  const deletion = await org.call('DELETE', `composite/sobjects?ids=${hidden}`);
  expect(codesOf(deletion.json)).toEqual(['INVALID_CROSS_REFERENCE_KEY']);
  const creation = await org.call('POST', 'sobjects/Contact', { LastName: 'Second', AccountId: hidden });
  expect(creation.json).toMatchObject([{ errorCode: 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY' }]);
  const upsert = await org.call('PATCH', 'sobjects/Account/Tributary_Id__c/01HIDDEN', { Name: 'New' });
  expect(upsert.json).toMatchObject([{ errorCode: 'DUPLICATE_VALUE', message: expect.stringContaining('<unknown>') }]);

  // Who belongs to it already stays with it.
  expect((await org.call('PATCH', `sobjects/Contact/${child}`, { AccountId: hidden })).status).toBe(204);
  expect(org.simulator.records('Account').map(({ Name }) => Name)).toEqual(['Hidden', 'Shown']);
  await org.admin('PUT', 'hidden', { ids: [] });
  expect((await org.call('GET', `sobjects/Account/${hidden}`)).json).toMatchObject({ Name: 'Hidden' });
});

function codesOf(rows: readonly { readonly errors: readonly { readonly statusCode: string }[] }[]): readonly string[] {
  return rows.flatMap(({ errors }) => errors.map(({ statusCode }) => statusCode));
}
