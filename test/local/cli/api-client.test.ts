import { createHash, createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { callHub } from '../../../local/cli/api-client.ts';
import { CliFault } from '../../../local/cli/cli-fault.ts';
import { type HubDouble, hubDouble, Raw } from './hub-double.ts';

let hub: HubDouble | undefined;
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  await hub?.close();
  hub = undefined;
});

describe('a hub on this machine', () => {
  test('is called plainly, with a body as JSON, and answers what it answers', async () => {
    hub = await hubDouble({ 'POST /api/preview': [{ records: [] }] });

    expect(await callHub({ url: hub.url }, 'POST', '/api/preview', { connection: 'one' })).toEqual({ records: [] });

    const [call] = hub.calls;
    expect(call).toMatchObject({ body: { connection: 'one' }, headers: { 'content-type': 'application/json' } });
    expect(call?.headers.authorization).toBeUndefined();
  });

  test('may be named with a slash at the end', async () => {
    hub = await hubDouble({ 'GET /api/status': [{ stage: 'local' }] });

    expect(await callHub({ url: `${hub.url}/` }, 'GET', '/api/status')).toEqual({ stage: 'local' });
  });

  test.each([
    ['its own words', new Raw(404, '{"error":"There is no partner x."}'), 'There is no partner x.'],
    ['the words of the gateway before it', new Raw(403, '{"message":"Forbidden"}'), 'Forbidden'],
    [
      'the status, when there are no words',
      new Raw(502, '<html>'),
      /^The hub at http:\/\/127\.0\.0\.1:\d+ answered 502\.$/,
    ],
    ['the status, when the words are none', new Raw(500, '{"error":7}'), /answered 500\.$/],
  ])('that refuses is told in %s', async (_name, answer, message) => {
    hub = await hubDouble({ 'GET /api/status': [answer] });
    const refused = callHub({ url: hub.url }, 'GET', '/api/status');

    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toBeInstanceOf(CliFault);
  });

  test.each(['ftp://hub.example', 'hub.example', 'localhost:8787', ''])(
    'is at an address of the web, which %j is none',
    async (url) => {
      const refused = callHub({ url }, 'GET', '/api/status');

      await expect(refused).rejects.toThrow(/^--url .*it begins with http:\/\/ or https:\/\//);
      await expect(refused).rejects.toBeInstanceOf(CliFault);
    },
  );

  test.each([
    ['a page', new Raw(200, '<html>')],
    ['a list', new Raw(404, '[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]')],
    ['an error of another form', new Raw(401, '{"status":"error","message":"Authentication credentials not found."}')],
    ['no JSON', new Raw(404, 'Not found')],
  ])('is not what answers %s', async (_name, answer) => {
    hub = await hubDouble({ 'GET /api/status': [answer] });
    const call = callHub({ url: hub.url }, 'GET', '/api/status');

    await expect(call).rejects.toThrow(
      `${new URL(hub.url).host} answers, but is no hub. Say where the hub is with --url.`,
    );
    await expect(call).rejects.toBeInstanceOf(CliFault);
  });

  test('that does not answer is told with what to do', async () => {
    const gone = await hubDouble({});
    await gone.close();
    const call = callHub({ url: gone.url }, 'GET', '/api/status');

    await expect(call).rejects.toThrow(
      `No hub answers at ${gone.url}. Start one with \`npm start\`, or say where it is with --url.`,
    );
    await expect(call).rejects.toBeInstanceOf(CliFault);
  });
});

describe('a hub on AWS', () => {
  const URL_ON_AWS = 'https://abc123.execute-api.eu-west-1.amazonaws.com';
  const SECRET = 'invented-secret';
  let sent: { url: URL; init: RequestInit & { headers: Record<string, string> } }[];

  beforeEach(() => {
    sent = [];
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'invented-key');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET);
    vi.stubEnv('AWS_SESSION_TOKEN', 'invented-token');
    vi.stubGlobal('fetch', async (url: URL, init: RequestInit & { headers: Record<string, string> }) => {
      sent.push({ url, init });
      return new Response('{"ok":true}');
    });
  });

  test.each([
    ['GET', '/api/problems?limit=7&after=a%23b', undefined],
    ['POST', '/api/problems/p%231/retry', undefined],
    ['POST', '/api/preview', { connection: 'one', note: 'ü' }],
  ] as const)('gets %s %s signed with the caller’s credentials', async (method, path, body) => {
    expect(await callHub({ url: URL_ON_AWS }, method, path, body)).toEqual({ ok: true });

    const [{ url, init } = { url: new URL(URL_ON_AWS), init: { headers: {} as Record<string, string> } }] = sent;
    const { authorization = '' } = init.headers;
    expect(authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=invented-key\/\d{8}\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=[a-z0-9;-]*host;[a-z0-9;-]*, Signature=[0-9a-f]{64}$/,
    );
    expect(init.headers['x-amz-security-token']).toBe('invented-token');
    expect(authorization.split('Signature=')[1]).toBe(signature(url, { ...init, method }));
  });

  test.each([
    'http://127.0.0.1:8787',
    'https://hub.example.com',
    'https://abc123.execute-api.eu-west-1.amazonaws.com.example.com',
  ])('is not one at %s, which gets no signature', async (url) => {
    await callHub({ url }, 'GET', '/api/status');

    expect(sent[0]?.init.headers.authorization).toBeUndefined();
  });

  test('gets no token along when the credentials have none', async () => {
    vi.stubEnv('AWS_SESSION_TOKEN', undefined);
    await callHub({ url: URL_ON_AWS }, 'GET', '/api/status');

    expect(sent[0]?.init.headers['x-amz-security-token']).toBeUndefined();
    expect(sent[0]?.init.headers.authorization).toContain('Signature=');
  });

  /** Signature Version 4 by AWS's own description, written a second time: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
  function signature(url: URL, init: { method: string; headers: Record<string, string>; body?: unknown }): string {
    const signedNames = /SignedHeaders=([^,]*)/.exec(init.headers.authorization ?? '')?.[1] ?? '';
    const date = init.headers['x-amz-date'] ?? '';
    const encode = (text: string): string => encodeURIComponent(text);
    const canonical = [
      init.method,
      url.pathname.split('/').map(encode).join('/'),
      [...url.searchParams]
        .map(([name, value]) => `${encode(name)}=${encode(value)}`)
        .sort()
        .join('&'),
      ...signedNames.split(';').map((name) => `${name}:${init.headers[name]}`),
      '',
      signedNames,
      createHash('sha256')
        .update(String(init.body ?? ''))
        .digest('hex'),
    ].join('\n');
    const scope = `${date.slice(0, 8)}/eu-west-1/execute-api/aws4_request`;
    const hashed = createHash('sha256').update(canonical).digest('hex');
    const key = scope
      .split('/')
      .reduce<string | Buffer>((above, part) => createHmac('sha256', above).update(part).digest(), `AWS4${SECRET}`);
    return createHmac('sha256', key).update(`AWS4-HMAC-SHA256\n${date}\n${scope}\n${hashed}`).digest('hex');
  }
});
