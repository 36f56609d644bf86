import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { salesforceDefaults } from '../../../../../local/simulators/salesforce/simulator-options.ts';
import { type OrgUnderTest, startOrg, testNow } from '../org-under-test.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const { clientId, clientSecret } = salesforceDefaults;

async function requestToken(org: OrgUnderTest, form: Readonly<Record<string, string>>) {
  const answer = await fetch(`${org.simulator.url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the answer is either of two shapes, told apart by the test.
  return { status: answer.status, json: (await answer.json()) as any };
}

function assertion(claims: Readonly<Record<string, unknown>> = {}, algorithm = 'RS256'): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: algorithm })}.${part({
    iss: clientId,
    sub: 'maya.lindqvist@tributary.example',
    aud: 'https://login.salesforce.com',
    exp: Math.floor(testNow / 1000) + 180,
    ...claims,
  })}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
}

function byAssertion(org: OrgUnderTest, text: string) {
  return requestToken(org, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: text });
}

describe('signing in', () => {
  it('by client credentials answers a session without a lifetime', async () => {
    const org = await startOrg();

    const { status, json } = await requestToken(org, {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });

    expect(status).toBe(200);
    expect(json).toMatchObject({
      instance_url: org.simulator.url,
      id: `${org.simulator.url}/id/${org.simulator.organizationId}/005Tb0000000001IAA`,
      token_type: 'Bearer',
    });
    expect(json).not.toHaveProperty('expires_in');
    const headers = { authorization: `Bearer ${json.access_token}` };
    const userInfo = await fetch(`${org.simulator.url}/services/oauth2/userinfo`, { headers });
    expect(await userInfo.json()).toMatchObject({
      organization_id: org.simulator.organizationId,
      user_id: '005Tb0000000001IAA',
    });
    expect(await (await fetch(`${json.id}?format=json&oauth_token=${json.access_token}`)).json()).toMatchObject({
      username: 'integration@tributary.example',
    });
  });

  it('refuses a wrong secret, a wrong client, and other ways', async () => {
    const org = await startOrg();
    const credentials = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };

    expect(await requestToken(org, { ...credentials, client_secret: 'x' })).toMatchObject({
      status: 400,
      json: { error: 'invalid_client' },
    });
    expect(await requestToken(org, { ...credentials, client_id: 'x' })).toMatchObject({
      json: { error: 'invalid_client_id' },
    });
    expect(await requestToken(org, { ...credentials, grant_type: 'password' })).toMatchObject({
      json: { error: 'unsupported_grant_type' },
    });
  });

  it('by a signed assertion opens a session of the user it names', async () => {
    const org = await startOrg({ jwtPublicKeys: [publicPem] });

    const { status, json } = await byAssertion(org, assertion());

    expect(status).toBe(200);
    expect(json.id.endsWith('/005Tb0000000002IAA')).toBe(true);
  });

  it.each([
    ['signed by somebody else', `${assertion().slice(0, -8)}AAAAAAAA`],
    [
      'changed after signing',
      assertion().replace(/^[^.]+/, Buffer.from('{"alg":"RS256","x":1}').toString('base64url')),
    ],
    ['with another algorithm', assertion({}, 'HS256')],
    ['of another client', assertion({ iss: 'other' })],
    ['for another audience', assertion({ aud: 'https://example.com' })],
    ['that has expired', assertion({ exp: Math.floor(testNow / 1000) - 1 })],
    ['of a user who has left', assertion({ sub: 'petra.novak@tributary.example' })],
    ['that is none', 'a.b.c'],
  ])('refuses an assertion %s', async (_what, text) => {
    const org = await startOrg({ jwtPublicKeys: [publicPem] });

    const { status, json } = await byAssertion(org, text);

    expect(status).toBe(400);
    expect(json.error).toMatch(/^invalid_(grant|client_id)$/);
  });

  it('by SOAP is retired', async () => {
    const org = await startOrg();

    const answer = await fetch(`${org.simulator.url}/services/Soap/u/67.0`, {
      method: 'POST',
      body: '<se:Envelope><se:Body><login xmlns="urn:partner.soap.sforce.com"><username>a</username></login></se:Body></se:Envelope>',
    });

    expect(answer.status).toBe(500);
    expect(await answer.text()).toMatch(/<faultstring>INVALID_OPERATION: SOAP API login\(\) is disabled/);
  });
});

describe('a session', () => {
  it('that has expired, was revoked or never was is answered 401', async () => {
    const org = await startOrg();
    const token = org.simulator.openSession('maya.lindqvist@tributary.example');
    const limits = (bearer: string | undefined) =>
      fetch(`${org.simulator.url}/services/data/v67.0/limits`, { headers: { authorization: `Bearer ${bearer}` } });

    expect((await limits(token)).status).toBe(200);
    await fetch(`${org.simulator.url}/services/oauth2/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: token ?? '' }),
    });
    expect((await limits(token)).status).toBe(401);
    expect(org.simulator.expireSessions()).toBe(1);
    const answer = await org.call('GET', 'limits');
    expect(answer).toMatchObject({
      status: 401,
      json: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }],
    });
    expect(org.simulator.statistics().apiUsage.used).toBe(1);
  });

  it('of a person stamps what the person writes', async () => {
    const org = await startOrg();
    const token = org.simulator.openSession('maya.lindqvist@tributary.example');

    const { json } = await org.call('POST', 'sobjects/Account', { Name: 'x' }, { authorization: `Bearer ${token}` });

    expect((await org.call('GET', `sobjects/Account/${json.id}`)).json).toMatchObject({
      OwnerId: '005Tb0000000002IAA',
      CreatedById: '005Tb0000000002IAA',
      LastModifiedById: '005Tb0000000002IAA',
    });
  });
});
