import { expect, test } from 'vitest';
import { servedHub } from './served-hub.ts';

test.each([
  ['GET', '/nothing'],
  ['GET', '/records/partner/x/split'],
  ['GET', '/connections/one/pause'],
])('a route that is not there is said not to be: %s %s', async (_method, path) => {
  const { get } = await servedHub();

  expect(await get(path)).toEqual({ status: 404, body: { error: `There is no GET /api${path}.` } });
});

test('a defect is logged, and its words do not go to the caller', async () => {
  const { get, defects } = await servedHub(undefined, ({ store }) => ({
    store: { ...store, listProblems: () => Promise.reject(new Error('ValidationException: key ann@example.com')) },
  }));

  const { status, body } = await get('/problems');

  expect(status).toBe(500);
  expect(body).toEqual({ error: 'The hub met a defect; its log says where.' });
  expect(defects).toEqual(['serve-api-failed']);
});
