import { expect, test } from 'vitest';
import { openSession, type SimulatorSession } from './simulator-session.ts';

const read = ({ call }: SimulatorSession, token?: string) => call('GET', '/crm/v3/objects/companies', undefined, token);
const search = ({ call }: SimulatorSession) => call('POST', '/crm/v3/objects/companies/search', {});

test('the calls of any ten seconds are limited, and every answer says how many are left', async () => {
  const session = await openSession({ limits: { per10Seconds: 3 } });

  const remaining: (string | null)[] = [];
  for (let call = 0; call < 3; call += 1) {
    remaining.push((await read(session)).headers.get('x-hubspot-ratelimit-remaining'));
    session.clock.now += 1_000;
  }
  const refused = await read(session);

  expect(remaining).toEqual(['2', '1', '0']);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('x-hubspot-ratelimit-max')).toBe('3');
  expect(refused.headers.get('x-hubspot-ratelimit-interval-milliseconds')).toBe('10000');
  expect(refused.headers.get('retry-after')).toBeNull();
  expect(refused.body).toMatchObject({
    status: 'error',
    message: 'You have reached your ten_secondly_rolling limit.',
    errorType: 'RATE_LIMIT',
    policyName: 'TEN_SECONDLY_ROLLING',
    correlationId: expect.any(String),
  });
});

test('every limit tells how often it was passed', async () => {
  const session = await openSession({ limits: { per10Seconds: 2, searchesPerSecond: 1, perDay: 3 } });
  const passed = async () => (await session.call('GET', '/_simulator/stats')).body.limitsPassed;
  await read(session);
  await read(session);
  await search(session);
  expect(await passed()).toEqual({ burst: 0, search: 0, daily: 0 });

  await read(session);
  await read(session);
  await search(session);

  expect(await passed()).toEqual({ burst: 0, search: 0, daily: 3 });
});

test('the window rolls: each call is free again ten seconds after it was made', async () => {
  const session = await openSession({ limits: { per10Seconds: 2 } });
  await read(session);
  session.clock.now += 6_000;
  await read(session);

  session.clock.now += 3_999;
  expect((await read(session)).status).toBe(429);
  session.clock.now += 1;
  expect((await read(session)).status).toBe(200);
  expect((await read(session)).status).toBe(429);
});

test('searches have a limit of their own per second, and their answers carry no headers', async () => {
  const session = await openSession({ limits: { per10Seconds: 2, searchesPerSecond: 2 } });

  const first = await search(session);
  await search(session);
  const refused = await search(session);

  expect(first.headers.get('x-hubspot-ratelimit-max')).toBeNull();
  expect(refused.status).toBe(429);
  expect(refused.body).toMatchObject({ policyName: 'SECONDLY', message: 'You have reached your secondly limit.' });
  expect((await read(session)).status).toBe(200);
  session.clock.now += 1_000;
  expect((await search(session)).status).toBe(200);
});

test('the daily limit ends at midnight in the time zone of the account, not in UTC', async () => {
  const session = await openSession({ limits: { perDay: 2 }, account: { timeZone: 'America/New_York' } });
  session.clock.now = Date.UTC(2026, 10, 2, 23, 0);
  const first = await read(session);
  await search(session);

  const refused = await read(session);
  session.clock.now = Date.UTC(2026, 10, 3, 4, 59);
  const stillRefused = await read(session);
  session.clock.now = Date.UTC(2026, 10, 3, 5, 0);
  const nextDay = await read(session);

  expect(first.headers.get('x-hubspot-ratelimit-daily-remaining')).toBe('1');
  expect(refused.body).toMatchObject({ policyName: 'DAILY' });
  expect([refused.status, stillRefused.status, nextDay.status]).toEqual([429, 429, 200]);
});

test('a missing, malformed or unknown token is refused with 401', async () => {
  const session = await openSession();

  const unknown = await read(session, 'someone-else');
  const missing = await fetch(`${session.simulator.url}/crm/v3/objects/companies`);

  expect(unknown.status).toBe(401);
  expect(unknown.body).toMatchObject({ status: 'error', category: 'INVALID_AUTHENTICATION' });
  expect(missing.status).toBe(401);
});

function refresh(session: SimulatorSession, changes: Record<string, string> = {}, path = '/oauth/v1/token') {
  return fetch(session.simulator.url + path, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'client',
      client_secret: 'secret',
      refresh_token: 'refresh',
      ...changes,
    }),
  });
}

const withOAuth = { clientSecret: 'secret', oauth: { clientId: 'client', refreshToken: 'refresh' } };

test('a refreshed token lives 1,800 seconds and has no daily limit', async () => {
  const session = await openSession({ ...withOAuth, limits: { perDay: 0 } });

  const issued = (await (await refresh(session)).json()) as { access_token: string; expires_in: number };

  expect(issued).toMatchObject({ token_type: 'bearer', expires_in: 1_800, refresh_token: 'refresh' });
  const answer = await read(session, issued.access_token);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-hubspot-ratelimit-daily')).toBeNull();
  session.clock.now += 1_799_999;
  expect((await read(session, issued.access_token)).status).toBe(200);
  session.clock.now += 1;
  expect((await read(session, issued.access_token)).status).toBe(401);
});

test('issued tokens can be revoked; a refresh then gives a good one', async () => {
  const session = await openSession(withOAuth);
  const first = (await (await refresh(session)).json()) as { access_token: string };

  session.simulator.admin.revokeIssuedTokens();
  expect((await read(session, first.access_token)).status).toBe(401);
  const second = (await (await refresh(session, {}, '/oauth/2026-03/token')).json()) as { access_token: string };

  expect((await read(session, second.access_token)).status).toBe(200);
});

test.each([
  [{ client_id: 'other' }, 'BAD_CLIENT_ID'],
  [{ client_secret: 'other' }, 'BAD_CLIENT_SECRET'],
  [{ refresh_token: 'other' }, 'BAD_REFRESH_TOKEN'],
  [{ grant_type: 'password' }, 'BAD_GRANT_TYPE'],
])('a refresh with %j is refused with its reason', async (changes, status) => {
  const session = await openSession(withOAuth);

  const refused = await refresh(session, changes);

  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ status });
});
