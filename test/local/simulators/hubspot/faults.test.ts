import { expect, test } from 'vitest';
import { openSession } from './simulator-session.ts';

const company = { properties: { name: 'A' } };

test('a lost answer cuts the connection after the write was done', async () => {
  const { call, simulator } = await openSession();
  simulator.admin.addFault({ kind: 'lose-answer' });

  await call('GET', '/crm/v3/objects/companies');
  await expect(call('POST', '/crm/v3/objects/companies', company)).rejects.toThrow();

  expect(simulator.admin.records('companies')).toHaveLength(1);
  expect((await call('POST', '/crm/v3/objects/companies', company)).status).toBe(201);
});

test('a cut request does nothing', async () => {
  const { call, simulator } = await openSession();
  simulator.admin.addFault({ kind: 'cut-request' });

  await expect(call('POST', '/crm/v3/objects/companies', company)).rejects.toThrow();

  expect(simulator.admin.records('companies')).toEqual([]);
});

test('throttling and the daily limit come as the vendor words them, each as often as asked', async () => {
  const { call, simulator } = await openSession();
  simulator.admin.addFault({ kind: 'throttle', count: 2 });
  simulator.admin.addFault({ kind: 'daily-limit' });

  const policies: (string | undefined)[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    policies.push((await call('GET', '/crm/v3/objects/companies')).body.policyName);
  }

  expect(policies).toEqual(['TEN_SECONDLY_ROLLING', 'TEN_SECONDLY_ROLLING', 'DAILY', undefined]);
  simulator.admin.addFault({ kind: 'throttle' });
  expect((await call('POST', '/crm/v3/objects/companies/search', {})).body.policyName).toBe('SECONDLY');
});

test('being down for a time answers 503 until the clock has passed it', async () => {
  const { call, simulator, clock } = await openSession();
  simulator.admin.addFault({ kind: 'unavailable', forMs: 5_000 });

  expect((await call('POST', '/crm/v3/objects/companies', company)).status).toBe(503);
  clock.now += 5_000;
  expect((await call('POST', '/crm/v3/objects/companies', company)).status).toBe(201);
  expect(simulator.admin.records('companies')).toHaveLength(1);
});

test('a fault can be kept to some calls and begin late', async () => {
  const { call, simulator } = await openSession();
  simulator.admin.addFault({
    kind: 'unavailable',
    status: 502,
    skip: 1,
    match: { method: 'POST', pathIncludes: '/deals' },
  });

  expect((await call('POST', '/crm/v3/objects/companies', company)).status).toBe(201);
  expect((await call('POST', '/crm/v3/objects/deals', { properties: {} })).status).toBe(201);
  expect((await call('POST', '/crm/v3/objects/deals', { properties: {} })).status).toBe(502);
  expect((await call('POST', '/crm/v3/objects/deals', { properties: {} })).status).toBe(201);
});

test('rows can be made to fail by value, the others of the batch being written', async () => {
  const { call, simulator } = await openSession();
  simulator.admin.addFault({ kind: 'fail-rows', object: 'companies', field: 'city', value: 'Oslo', count: 5 });

  const partial = await call('POST', '/crm/v3/objects/companies/batch/create', {
    inputs: ['Oslo', 'Rome'].map((city) => ({ properties: { city }, objectWriteTraceId: city })),
  });

  expect(partial.status).toBe(207);
  expect(partial.body.errors).toMatchObject([{ context: { objectWriteTraceId: ['Oslo'] } }]);
  expect(simulator.admin.records('companies').map(({ properties }) => properties.city)).toEqual(['Rome']);
});

test('a slow answer comes late but comes', async () => {
  const { call, simulator } = await openSession();
  simulator.admin.addFault({ kind: 'slow', delayMs: 30 });

  const before = performance.now();
  const answer = await call('GET', '/crm/v3/objects/companies');

  expect(answer.status).toBe(200);
  expect(performance.now() - before).toBeGreaterThanOrEqual(29);
});

test('refused connections end when they are accepted again, on the same port', async () => {
  const { call, simulator } = await openSession();

  simulator.admin.addFault({ kind: 'refuse-connections', forMs: 60_000 });
  await expect(call('GET', '/crm/v3/objects/companies')).rejects.toThrow();
  await simulator.admin.acceptConnections();

  expect((await call('GET', '/crm/v3/objects/companies')).status).toBe(200);
});

test('faults are asked for, shown and cleared over HTTP; a wrong one is refused', async () => {
  const { call } = await openSession();

  const added = await call('POST', '/_simulator/faults', { kind: 'throttle', count: 3 });
  expect(added.status).toBe(201);
  expect((await call('GET', '/_simulator/faults')).body.faults).toMatchObject([
    { fault: { kind: 'throttle' }, remaining: 3 },
  ]);
  expect((await call('DELETE', '/_simulator/faults')).status).toBe(204);
  expect((await call('GET', '/crm/v3/objects/companies')).status).toBe(200);
  expect((await call('POST', '/_simulator/faults', { kind: 'earthquake' })).status).toBe(400);
});
