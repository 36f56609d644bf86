import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { callerOf } from '../../../functions/serve-api/caller.ts';

async function callerWith(env: object | undefined): Promise<string> {
  const api = new Hono().get('/', (http) => http.text(callerOf(http)));
  return (await api.request('/', {}, env)).text();
}

test('a signed call is by whom it was signed', async () => {
  const userArn = 'arn:aws:sts::123456789012:assumed-role/RevOps/ada';
  const event = { requestContext: { authorizer: { iam: { userArn } } } };

  expect(await callerWith({ event })).toBe(userArn);
});

test.each([undefined, {}, { event: {} }, { event: { requestContext: { authorizer: null } } }])(
  'a call that nobody signed is local',
  async (env) => {
    expect(await callerWith(env)).toBe('local');
  },
);
