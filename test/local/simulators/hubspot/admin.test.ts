import { expect, test } from 'vitest';
import { openSession } from './simulator-session.ts';

test('statistics count calls and records by route, without ids in the routes', async () => {
  const { call } = await openSession();
  const { body } = await call('POST', '/crm/v3/objects/companies', { properties: { name: 'A' } });
  await call('GET', `/crm/v3/objects/companies/${body.id}`);
  await call('POST', '/crm/v3/objects/0-2/batch/read', { inputs: [{ id: body.id }, { id: '9' }] });
  await call('GET', '/crm/v3/objects/companies/9');

  const { body: statistics } = await call('GET', '/_simulator/stats');

  expect(statistics.calls).toMatchObject({ calls: 4, records: 4, byStatus: { 201: 1, 200: 1, 207: 1, 404: 1 } });
  expect(statistics.calls.byRoute['POST /crm/v3/objects/companies/batch/read']).toEqual({
    calls: 1,
    records: 2,
    byStatus: { 207: 1 },
  });
  expect(statistics.calls.byRoute['GET /crm/v3/objects/companies/{id}']).toMatchObject({ calls: 2 });
  expect(statistics.records.companies).toEqual({ live: 1, archived: 0 });
  await call('DELETE', '/_simulator/stats');
  expect((await call('GET', '/_simulator/stats')).body.calls.calls).toBe(0);
});

test('records are seeded and dumped over HTTP, with times, associations and the archive', async () => {
  const { call } = await openSession();

  const seeded = await call('POST', '/_simulator/seed', {
    records: [
      { type: 'company', id: '100', properties: { name: 'A' }, createdAt: 1_000, modifiedAt: 2_000 },
      { type: 'companies', id: '101', properties: { name: 'B' }, archivedAt: 3_000 },
      { type: '0-3', id: '300', properties: { dealname: 'D' } },
    ],
    associations: [{ fromType: 'deal', fromId: '300', toType: 'company', toId: '100', typeIds: [5] }],
  });

  expect(seeded.status).toBe(200);
  expect(seeded.body).toEqual({ records: 3, associations: 1, rejected: [] });
  const live = await call('GET', '/_simulator/records/companies');
  expect(live.body.records).toEqual([
    {
      id: '100',
      properties: { name: 'A' },
      createdAt: 1_000,
      modifiedAt: 2_000,
      archivedAt: null,
      associations: {
        contacts: [],
        companies: [],
        deals: [{ id: '300', typeIds: [342, 6] }],
        leads: [],
        line_items: [],
      },
    },
  ]);
  expect((await call('GET', '/_simulator/records/companies?archived=true')).body.records).toMatchObject([
    { id: '101' },
  ]);
});

test('new records get ids that no seeded record has', async () => {
  const { call, simulator } = await openSession();
  simulator.admin.seed([{ type: 'companies', id: '987654321', properties: {} }]);

  const { body } = await call('POST', '/crm/v3/objects/deals', { properties: {} });

  expect(Number(body.id)).toBeGreaterThan(987_654_321);
});

test('a reset forgets records, faults and counts, and gives no id twice', async () => {
  const { call, simulator } = await openSession();
  const first = await call('POST', '/crm/v3/objects/companies', { properties: { tributary_id: 'T1' } });
  simulator.admin.addFault({ kind: 'unavailable', count: 9 });

  expect((await call('POST', '/_simulator/reset')).status).toBe(204);

  expect(simulator.admin.statistics().calls.calls).toBe(0);
  const second = await call('POST', '/crm/v3/objects/companies', { properties: { tributary_id: 'T1' } });
  expect(second.status).toBe(201);
  expect(Number(second.body.id)).toBeGreaterThan(Number(first.body.id));
});

test('a malformed seed and an unknown admin address are refused', async () => {
  const { call } = await openSession();

  expect(
    (await call('POST', '/_simulator/seed', { records: [{ type: 'companies', id: 'abc', properties: {} }] })).status,
  ).toBe(400);
  expect(
    (
      await call('POST', '/_simulator/seed', {
        associations: [{ fromType: 'deals', fromId: '1', toType: 'moons', toId: '2' }],
      })
    ).status,
  ).toBe(400);
  expect((await call('GET', '/_simulator/nothing')).status).toBe(404);
});
