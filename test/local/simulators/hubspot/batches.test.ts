import { expect, test } from 'vitest';
import { type Answer, openSession } from './simulator-session.ts';

const companies = '/crm/v3/objects/companies/batch';

function ids(answer: Answer): string[] {
  return answer.body.results.map(({ id }: { id: string }) => id);
}

test('a whole batch of creations is answered with 201 and the trace id on each result', async () => {
  const { call } = await openSession();

  const created = await call('POST', `${companies}/create`, {
    inputs: ['A', 'B', 'C'].map((name) => ({ properties: { name }, objectWriteTraceId: `trace-${name}` })),
  });

  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({ status: 'COMPLETE', startedAt: expect.any(String) });
  expect(created.body).not.toHaveProperty('numErrors');
  for (const { properties, objectWriteTraceId } of created.body.results) {
    expect(objectWriteTraceId).toBe(`trace-${properties.name}`);
  }
});

test('results do not come in the order of the inputs', async () => {
  const { call } = await openSession();

  const created = await call('POST', `${companies}/create`, {
    inputs: ['A', 'B', 'C'].map((name) => ({ properties: { name } })),
  });

  const names = created.body.results.map(({ properties }: { properties: { name: string } }) => properties.name);
  expect(names).not.toEqual(['A', 'B', 'C']);
  expect([...names].sort()).toEqual(['A', 'B', 'C']);
});

test('without trace ids one bad input fails the whole batch', async () => {
  const { call, simulator } = await openSession();

  const refused = await call('POST', `${companies}/create`, {
    inputs: [{ properties: { name: 'A' }, objectWriteTraceId: 'a' }, { properties: { name: 'B', industry: 'wrong' } }],
  });

  expect(refused.status).toBe(400);
  expect(refused.body.category).toBe('VALIDATION_ERROR');
  expect(simulator.admin.records('companies')).toEqual([]);
});

test('with a trace id on every input the good ones are written and the bad ones are told by trace id', async () => {
  const { call, simulator } = await openSession();

  const partial = await call('POST', `${companies}/create`, {
    inputs: [
      { properties: { name: 'A', tributary_id: 'T1' }, objectWriteTraceId: 'a' },
      { properties: { name: 'B', industry: 'wrong' }, objectWriteTraceId: 'b' },
      { properties: { name: 'C', tributary_id: 'T1' }, objectWriteTraceId: 'c' },
    ],
  });

  expect(partial.status).toBe(207);
  expect(partial.body.numErrors).toBe(2);
  expect(partial.body.errors).toMatchObject([
    { status: 'error', category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['b'] } },
    { status: 'error', category: 'CONFLICT', context: { objectWriteTraceId: ['c'] } },
  ]);
  expect(simulator.admin.records('companies').map(({ properties }) => properties.name)).toEqual(['A']);
});

test('more than 100 inputs are refused', async () => {
  const { call } = await openSession();
  const inputs = Array.from({ length: 101 }, (_, index) => ({ id: String(index), properties: { name: 'A' } }));

  for (const operation of ['create', 'read', 'update', 'upsert', 'archive']) {
    expect((await call('POST', `${companies}/${operation}`, { inputs })).status).toBe(400);
  }
});

test('a batch read answers what exists with 207 and names the missing ids in one error', async () => {
  const { call, simulator } = await openSession();
  simulator.admin.seed([{ type: 'companies', id: '11', properties: { name: 'A', city: 'Oslo' } }]);

  const read = await call('POST', `${companies}/read`, {
    inputs: [{ id: '11' }, { id: '12' }, { id: '13' }, { id: '11' }],
    properties: ['city', 'unknown'],
  });

  expect(read.status).toBe(207);
  expect(read.body.results).toHaveLength(1);
  expect(read.body.results[0].properties).toMatchObject({ city: 'Oslo' });
  expect(read.body.numErrors).toBe(1);
  expect(read.body.errors).toMatchObject([{ category: 'OBJECT_NOT_FOUND', context: { ids: ['12', '13'] } }]);
});

test('a batch read finds records by a unique property and gives their history', async () => {
  const { call } = await openSession();
  const created = await call('POST', '/crm/v3/objects/companies', { properties: { name: 'A', tributary_id: 'T1' } });

  const read = await call('POST', `${companies}/read`, {
    inputs: [{ id: 'T1' }],
    idProperty: 'tributary_id',
    properties: ['name'],
    propertiesWithHistory: ['name'],
  });

  expect(read.status).toBe(200);
  expect(ids(read)).toEqual([created.body.id]);
  expect(read.body.results[0].propertiesWithHistory.name).toHaveLength(1);
});

test('a batch update writes what exists and tells the missing ids, with or without trace ids', async () => {
  const { call, simulator } = await openSession();
  simulator.admin.seed([{ type: 'companies', id: '11', properties: { name: 'A' } }]);

  const untraced = await call('POST', `${companies}/update`, {
    inputs: [
      { id: '11', properties: { city: 'Oslo' } },
      { id: '12', properties: { city: 'Rome' } },
    ],
  });
  const traced = await call('POST', `${companies}/update`, {
    inputs: [
      { id: '11', properties: { city: 'Bergen' }, objectWriteTraceId: 'a' },
      { id: '12', properties: { city: 'Rome' }, objectWriteTraceId: 'b' },
    ],
  });

  expect(untraced.status).toBe(207);
  expect(untraced.body.errors).toMatchObject([{ category: 'OBJECT_NOT_FOUND', context: { ids: ['12'] } }]);
  expect(traced.status).toBe(207);
  expect(traced.body.errors).toMatchObject([{ context: { ids: ['12'], objectWriteTraceId: ['b'] } }]);
  expect(simulator.admin.record('companies', '11')?.properties.city).toBe('Bergen');
});

test('the same id twice in one batch is refused as a whole, also with trace ids', async () => {
  const { call } = await openSession();

  const refused = await call('POST', `${companies}/update`, {
    inputs: [
      { id: '11', properties: { city: 'Oslo' }, objectWriteTraceId: 'a' },
      { id: '11', properties: { city: 'Rome' }, objectWriteTraceId: 'b' },
    ],
  });

  expect(refused.status).toBe(400);
  expect(refused.body).toMatchObject({ category: 'VALIDATION_ERROR', context: { ids: ['11'] } });
});

test('an upsert creates or updates by a unique property and says which', async () => {
  const { call, simulator } = await openSession();
  await call('POST', '/crm/v3/objects/companies', { properties: { name: 'Old', tributary_id: 'T1' } });

  const upserted = await call('POST', `${companies}/upsert`, {
    inputs: [
      { idProperty: 'tributary_id', id: 'T1', properties: { name: 'Renamed' }, objectWriteTraceId: 'a' },
      { idProperty: 'tributary_id', id: 'T2', properties: { name: 'Made' }, objectWriteTraceId: 'b' },
    ],
  });

  expect(upserted.status).toBe(200);
  const told = upserted.body.results.map((result: { new: boolean; objectWriteTraceId: string }) => [
    result.objectWriteTraceId,
    result.new,
  ]);
  expect(new Map(told)).toEqual(
    new Map([
      ['a', false],
      ['b', true],
    ]),
  );
  const held = simulator.admin.records('companies').map(({ properties }) => [properties.tributary_id, properties.name]);
  expect(new Map(held as [string, string][])).toEqual(
    new Map([
      ['T1', 'Renamed'],
      ['T2', 'Made'],
    ]),
  );
});

test('an upsert by record id or by a property that is not unique is refused', async () => {
  const { call } = await openSession();

  for (const idProperty of ['hs_object_id', 'name', undefined]) {
    const refused = await call('POST', `${companies}/upsert`, { inputs: [{ id: '1', idProperty, properties: {} }] });
    expect(refused.status).toBe(400);
    expect(refused.body.message).toContain('non-unique');
  }
});

test('an upsert of contacts by e-mail has no partial mode', async () => {
  const { call, simulator } = await openSession();

  const refused = await call('POST', '/crm/v3/objects/contacts/batch/upsert', {
    inputs: [
      { idProperty: 'email', id: 'a@example.com', properties: { firstname: 'A' }, objectWriteTraceId: 'a' },
      { idProperty: 'email', id: 'b@example.com', properties: { lifecyclestage: 'no' }, objectWriteTraceId: 'b' },
    ],
  });

  expect(refused.status).toBe(400);
  expect(simulator.admin.records('contacts')).toEqual([]);
});

test('a lead cannot be created by an upsert, which carries no associations', async () => {
  const { call } = await openSession();

  const refused = await call('POST', '/crm/v3/objects/leads/batch/upsert', {
    inputs: [{ idProperty: 'tributary_id', id: 'T1', properties: { hs_lead_name: 'A' } }],
  });

  expect(refused.status).toBe(400);
});

test('a batch archive takes away what exists and is silent about the rest', async () => {
  const { call, simulator } = await openSession();
  simulator.admin.seed([{ type: 'companies', id: '11', properties: { name: 'A' } }]);

  const archived = await call('POST', `${companies}/archive`, { inputs: [{ id: '11' }, { id: '12' }] });

  expect(archived.status).toBe(204);
  expect(simulator.admin.record('companies', '11')?.isArchived).toBe(true);
});
