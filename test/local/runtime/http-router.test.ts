import { describe, expect, it } from 'vitest';
import { createRouter } from '../../../local/runtime/http-router.ts';

const route = (key: string) => ({ key, functionName: key, needsIam: false, timeoutMs: 1 });
const KEYS = [
  'POST /webhooks/{connection}',
  'GET /api/{proxy+}',
  'ANY /api/{proxy+}',
  'GET /api/status',
  'GET /api/records/{kind}/{id}',
  'ANY /any',
];

describe('the router of the HTTP API', () => {
  const find = createRouter(KEYS.map(route));

  it.each([
    ['POST', '/webhooks/hubspot', 'POST /webhooks/{connection}', { connection: 'hubspot' }],
    ['POST', '/webhooks/a%20b', 'POST /webhooks/{connection}', { connection: 'a b' }],
    ['GET', '/api/status', 'GET /api/status', {}],
    ['GET', '/api/records/deal/1', 'GET /api/records/{kind}/{id}', { kind: 'deal', id: '1' }],
    ['GET', '/api/records/deal/1/more', 'GET /api/{proxy+}', { proxy: 'records/deal/1/more' }],
    ['DELETE', '/api/status', 'ANY /api/{proxy+}', { proxy: 'status' }],
    ['PATCH', '/any', 'ANY /any', {}],
  ])('%s %s goes to %s', (method, path, key, pathParameters) => {
    expect(find(method, path)).toEqual({ route: route(key), pathParameters });
  });

  it.each([
    ['GET', '/webhooks/hubspot'],
    ['POST', '/webhooks'],
    ['POST', '/webhooks/a/b'],
    ['GET', '/api'],
    ['GET', '/'],
  ])('%s %s goes nowhere', (method, path) => {
    expect(find(method, path)).toBeUndefined();
  });

  it('takes what goes nowhere else by $default', () => {
    const find = createRouter([...KEYS, '$default'].map(route));
    expect(find('GET', '/')?.route.key).toBe('$default');
    expect(find('GET', '/api/status')?.route.key).toBe('GET /api/status');
  });
});
