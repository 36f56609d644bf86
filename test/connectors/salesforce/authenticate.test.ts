import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectionSettings, Credentials } from '../../../connectors/kit/connector.ts';
import { authenticate } from '../../../connectors/salesforce/authenticate.ts';
import { assertionFor } from '../../../connectors/salesforce/jwt-assertion.ts';
import { salesforceDefaults } from '../../../local/simulators/salesforce/simulator-options.ts';
import {
  type SalesforceSimulator,
  startSalesforceSimulator,
} from '../../../local/simulators/salesforce/start-salesforce-simulator.ts';
import { type HttpResponse, jsonResponse, startHttpServer } from '../../../local/simulators/shared/http-server.ts';

const now = Date.UTC(2026, 4, 4, 9, 0, 0);
const noSignal = new AbortController().signal;
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const { clientId, clientSecret } = salesforceDefaults;
const bearer: Credentials = { clientId, username: 'maya.lindqvist@tributary.example', privateKey };

let simulator: SalesforceSimulator | undefined;
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

async function signIn(auth: string, credentials: Credentials, at = now) {
  simulator = await startSalesforceSimulator({ now: () => now, jwtPublicKeys: [publicKey] });
  return authenticate(settingsOf(auth, simulator.url), credentials, at, noSignal);
}

function settingsOf(auth: string, baseUrl?: string): ConnectionSettings {
  return { id: 's', system: 'salesforce', auth, objects: ['Account'], ...(baseUrl === undefined ? {} : { baseUrl }) };
}

describe('client credentials', () => {
  it('give a session at the instance the answer names', async () => {
    const answer = await signIn('client-credentials', { clientId, clientSecret });

    expect(answer).toMatchObject({ ok: true, value: { instanceUrl: simulator?.url } });
    expect(answer.ok && answer.value.accessToken).toMatch(/^00D/);
    expect(answer.ok && answer.value).not.toHaveProperty('expiresAt');
  });

  it('that are wrong or missing are an administrator’s matter', async () => {
    const wrong = await signIn('client-credentials', { clientId, clientSecret: 'wrong' });
    const missing = await authenticate(settingsOf('client-credentials', simulator?.url), { clientId }, now, noSignal);

    expect(wrong).toMatchObject({ ok: false, fault: { kind: 'credential', code: 'invalid_client' } });
    expect(missing).toMatchObject({ ok: false, fault: { kind: 'credential', code: 'CREDENTIAL_MISSING' } });
    expect(!missing.ok && missing.fault.message).toContain('clientSecret');
  });
});

describe('a JWT bearer', () => {
  it('is signed by the key of the connected app, for a few minutes', async () => {
    expect((await signIn('jwt-bearer', bearer)).ok).toBe(true);
  });

  it('takes a key whose line breaks were written out', async () => {
    expect((await signIn('jwt-bearer', { ...bearer, privateKey: privateKey.replaceAll('\n', '\\n') })).ok).toBe(true);
  });

  it('is refused when it is signed by another key, for another user, or too early by our clock', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });

    const answers = [
      await signIn('jwt-bearer', { ...bearer, privateKey: String(other) }),
      await authenticate(
        settingsOf('jwt-bearer', simulator?.url),
        { ...bearer, username: 'nobody@x.example' },
        now,
        noSignal,
      ),
      await authenticate(settingsOf('jwt-bearer', simulator?.url), bearer, now - 600_000, noSignal),
    ];

    for (const answer of answers)
      expect(answer).toMatchObject({ ok: false, fault: { kind: 'credential', code: 'invalid_grant' } });
    expect(JSON.stringify(answers)).not.toContain('nobody@');
  });

  it('needs a private key that can be read', async () => {
    const answer = await signIn('jwt-bearer', { ...bearer, privateKey: 'no key' });

    expect(answer).toMatchObject({ ok: false, fault: { kind: 'credential', code: 'PRIVATE_KEY_UNREADABLE' } });
  });

  it.each([
    ['https://acme.my.salesforce.com', 'https://login.salesforce.com'],
    ['https://login.salesforce.com', 'https://login.salesforce.com'],
    ['https://acme--uat.sandbox.my.salesforce.com', 'https://test.salesforce.com'],
    ['https://test.salesforce.com', 'https://test.salesforce.com'],
    ['https://salesforce.com.evil.example', 'https://salesforce.com.evil.example'],
  ])('sent to %s is meant for %s', (baseUrl, audience) => {
    const assertion = assertionFor(bearer, baseUrl, now) ?? '';

    const claims = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8')) as unknown;

    expect(claims).toEqual({ iss: clientId, sub: bearer.username, aud: audience, exp: now / 1_000 + 180 });
  });
});

describe('the token address', () => {
  const answers = async (response: HttpResponse) => {
    const server = await startHttpServer({ handle: async () => response });
    const answer = await authenticate(
      settingsOf('client-credentials', server.url),
      { clientId, clientSecret },
      now,
      noSignal,
    );
    await server.close();
    return answer;
  };

  it('that is down, unreachable or busy is tried again, without an administrator', async () => {
    const server = await startHttpServer({ handle: async () => ({ status: 200 }) });
    await server.close();
    const unreachable = await authenticate(
      settingsOf('client-credentials', server.url),
      { clientId, clientSecret },
      now,
      noSignal,
    );

    expect(unreachable).toMatchObject({ fault: { kind: 'transient', code: 'ECONNREFUSED' } });
    expect(await answers({ status: 503, body: '<html>' })).toMatchObject({ fault: { kind: 'transient' } });
    expect(await answers(jsonResponse(400, { error: 'server_error' }))).toMatchObject({ fault: { kind: 'transient' } });
    expect(await answers(jsonResponse(400, { error: 'login_rate_exceeded' }))).toMatchObject({
      fault: { kind: 'throttled' },
    });
  });

  it('that answers something else is an administrator’s matter: the base URL is wrong', async () => {
    expect(await answers({ status: 404, body: 'nothing here' })).toMatchObject({ fault: { kind: 'credential' } });
    expect(await answers(jsonResponse(200, { hello: 'world' }))).toMatchObject({ fault: { kind: 'credential' } });
    expect(await answers({ status: 302, headers: { location: 'https://x.example' } })).toMatchObject({
      fault: { kind: 'credential' },
    });
  });

  it('tells a life time where it has one', async () => {
    const answer = await answers(
      jsonResponse(200, { access_token: 't', instance_url: 'https://i.example', expires_in: 60 }),
    );

    expect(answer).toMatchObject({ ok: true, value: { expiresAt: now + 60_000 } });
  });

  it('is not called for a scheme that is not known', async () => {
    const answer = await authenticate(settingsOf('soap-login'), {}, now, noSignal);

    expect(answer).toMatchObject({ ok: false, fault: { kind: 'credential', code: 'UNKNOWN_AUTH' } });
  });
});
