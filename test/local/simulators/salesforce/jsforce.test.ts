import { Connection, OAuth2 } from 'jsforce';
import { describe, expect, it } from 'vitest';
import { salesforceDefaults } from '../../../../local/simulators/salesforce/simulator-options.ts';
import { startOrg } from './org-under-test.ts';

async function signedIn(url: string): Promise<Connection> {
  const { clientId, clientSecret, apiVersion } = salesforceDefaults;
  const connection = new Connection({
    instanceUrl: url,
    version: apiVersion,
    oauth2: new OAuth2({ loginUrl: url, clientId, clientSecret }),
    refreshFn: async (self, callback) => {
      await self.authorize({ grant_type: 'client_credentials' });
      callback(null, self.accessToken ?? undefined);
    },
  });
  await connection.authorize({ grant_type: 'client_credentials' });
  return connection;
}

describe('jsforce', () => {
  it('signs in by client credentials and knows the org', async () => {
    const org = await startOrg();

    const connection = await signedIn(org.simulator.url);
    const identity = await connection.identity();

    expect(connection.userInfo?.organizationId).toBe(org.simulator.organizationId);
    expect(identity.username).toBe('integration@tributary.example');
    expect((await connection.limits()).DailyApiRequests).toEqual({ Max: 100_000, Remaining: 99_999 });
    expect(connection.limitInfo.apiUsage).toEqual({ used: 1, limit: 100_000 });
  });

  it('signs in again after its session has expired', async () => {
    const org = await startOrg();
    const connection = await signedIn(org.simulator.url);
    org.simulator.expireSessions();

    expect((await connection.query('SELECT Id FROM Account')).totalSize).toBe(0);
  });

  it('reads all pages of a query, deleted records included', async () => {
    const org = await startOrg();
    org.simulator.seed(
      Array.from({ length: 4_500 }, (_, at) => ({
        object: 'Account',
        values: { Name: `N${at}`, IsDeleted: at % 10 === 0 },
      })),
    );
    const connection = await signedIn(org.simulator.url);

    const records = await connection
      .query('SELECT Id, IsDeleted FROM Account ORDER BY SystemModstamp, Id')
      .execute({ autoFetch: true, maxFetch: 10_000, scanAll: true, responseTarget: 'Records' });

    expect(records).toHaveLength(4_500);
    expect(org.simulator.statistics().calls.byRoute['GET query/:locator']?.calls).toBe(2);
  });

  it('upserts a collection in which one row is bad', async () => {
    const org = await startOrg();
    const connection = await signedIn(org.simulator.url);

    const results = await connection.sobject('Account').upsert(
      [
        { Tributary_Id__c: 'k1', Name: 'A' },
        { Tributary_Id__c: 'k2', Name: 'B', Partner_Tier__c: 'Tin' },
        { Tributary_Id__c: 'k3', Name: 'C' },
      ],
      'Tributary_Id__c',
    );

    expect(results.map(({ success }) => success)).toEqual([true, false, true]);
    expect(results[1]?.errors).toMatchObject([{ statusCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST' }]);
  });

  it('creates, retrieves, updates, destroys and describes', async () => {
    const org = await startOrg();
    const connection = await signedIn(org.simulator.url);

    const created = await connection.create('Account', [{ Name: 'A' }, { Name: 'B' }], { allOrNone: true });
    const ids = created.map((row) => row.id ?? '');
    await connection.update('Account', { Id: ids[0] ?? '', Phone: '1' });
    const retrieved = await connection.retrieve('Account', ids, { fields: ['Name', 'Phone'] });
    const destroyed = await connection.destroy('Account', ids);
    const described = await connection.describe('Account');

    expect(retrieved.map(({ Name, Phone }) => [Name, Phone])).toEqual([
      ['A', '1'],
      ['B', null],
    ]);
    expect(destroyed.every(({ success }) => success)).toBe(true);
    expect(described.fields.find(({ name }) => name === 'Partner_Tier__c')?.picklistValues).toHaveLength(4);
    expect((await connection.describeGlobal()).sobjects.map(({ name }) => name)).toContain('Lead');
  });

  it('meets the errors of the service as its own', async () => {
    const org = await startOrg();
    const connection = await signedIn(org.simulator.url);
    org.simulator.faults.add({ kind: 'throttle', match: { method: 'POST' } });

    await expect(connection.create('Account', { Name: 'x' })).rejects.toMatchObject({
      errorCode: 'REQUEST_LIMIT_EXCEEDED',
    });
    await expect(connection.query('SELECT Foo FROM Account')).rejects.toMatchObject({ errorCode: 'INVALID_FIELD' });
    await expect(connection.retrieve('Account', '001Tb0000000099IAA')).rejects.toMatchObject({
      errorCode: 'NOT_FOUND',
    });
  });

  it('cannot sign in by SOAP', async () => {
    const org = await startOrg();
    const connection = new Connection({ loginUrl: org.simulator.url });

    await expect(connection.loginBySoap('a', 'b')).rejects.toThrow('SOAP API login() is disabled');
  });
});
