import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerSecurityToken } from '../../../../local/simulators/aws/security-token-service.ts';
import { startHttpServer } from '../../../../local/simulators/shared/http-server.ts';

const accountId = '111122223333';

async function start() {
  const options = { accountId, now: () => Date.UTC(2026, 2, 2, 10) };
  const server = await startHttpServer({
    handle: (request) => answerSecurityToken(request, options) ?? { status: 404 },
  });
  const client = new STSClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return { client, url: server.url };
}

describe('the simulated Security Token Service', () => {
  it('says whose account it is', async () => {
    const { client } = await start();

    expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: accountId });
  });

  it('gives sessions of the account’s roles for an hour, and of no others', async () => {
    const { client } = await start();
    const assume = (owner: string) =>
      client.send(
        new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${owner}:role/tributary`, RoleSessionName: 'tributary-aws' }),
      );

    expect((await assume(accountId)).Credentials).toMatchObject({
      AccessKeyId: expect.stringMatching(/^ASIA[0-9A-F]{16}$/),
      Expiration: new Date(Date.UTC(2026, 2, 2, 11)),
    });
    await expect(assume('999988887777')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('leaves requests of other services alone, and refuses unsigned ones', async () => {
    const { url } = await start();

    const other = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: '{}',
    });
    const unsigned = await fetch(url, { method: 'POST', body: new URLSearchParams({ Action: 'GetCallerIdentity' }) });

    expect(other.status).toBe(404);
    expect(unsigned.status).toBe(403);
  });
});
