import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Answer, openSession, type SimulatorSession } from './simulator-session.ts';

const base = Date.UTC(2026, 5, 1);

function seedCompanies(session: SimulatorSession, modifiedTimes: readonly number[]): void {
  session.simulator.admin.seed(
    modifiedTimes.map((modifiedAt, index) => ({
      type: 'companies',
      id: String(1_000 + index),
      modifiedAt,
      properties: { name: `Company ${index}`, numberofemployees: String(index) },
    })),
  );
}

function search(session: SimulatorSession, body: unknown, type = 'companies'): Promise<Answer> {
  return session.call('POST', `/crm/v3/objects/${type}/search`, body);
}

function filtered(propertyName: string, operator: string, rest: object = {}): unknown {
  return { filterGroups: [{ filters: [{ propertyName, operator, ...rest }] }] };
}

function ids({ body }: Answer): string[] {
  return body.results.map(({ id }: { id: string }) => id);
}

test('a search for what changed since an instant answers in order of change, with the total and a cursor', async () => {
  const session = await openSession();
  seedCompanies(session, [base + 30, base + 10, base + 20, base]);

  const found = await search(session, {
    ...(filtered('hs_lastmodifieddate', 'GTE', { value: String(base + 10) }) as object),
    sorts: [{ propertyName: 'hs_lastmodifieddate', direction: 'ASCENDING' }],
    properties: ['name', 'unknown'],
    limit: 2,
  });

  expect(found.status).toBe(200);
  expect(found.body.total).toBe(3);
  expect(ids(found)).toEqual(['1001', '1002']);
  expect(found.body.paging).toEqual({ next: { after: '2' } });
  expect(found.body.results[0].properties).toMatchObject({ name: 'Company 1' });
  expect(found.body.results[0].properties).not.toHaveProperty('unknown');
});

test('pages together give every match exactly once, in order, whatever changed before', async () => {
  const session = await openSession();

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 }),
      fc.array(fc.nat({ max: 29 }), { maxLength: 10 }),
      fc.integer({ min: 1, max: 7 }),
      async (offsets, edited, limit) => {
        session.simulator.admin.reset();
        seedCompanies(
          session,
          offsets.map((offset) => base + offset),
        );
        for (const index of edited) {
          session.clock.now += 1;
          const path = `/crm/v3/objects/companies/${1_000 + index}`;
          await session.call('PATCH', path, { properties: { city: `City ${session.clock.now}` } });
        }

        const seen: { id: string; updatedAt: string }[] = [];
        let after: string | undefined;
        do {
          const page = await search(session, { sorts: ['hs_lastmodifieddate'], limit, after });
          expect(page.body.total).toBe(offsets.length);
          seen.push(...page.body.results);
          after = page.body.paging?.next.after;
        } while (after !== undefined);

        expect(new Set(seen.map(({ id }) => id)).size).toBe(offsets.length);
        const times = seen.map(({ updatedAt }) => updatedAt);
        expect(times).toEqual([...times].sort());
      },
    ),
    { numRuns: 25 },
  );
});

test.each([
  ['EQ', { value: 'beta ag' }, ['2']],
  ['NEQ', { value: 'Beta AG' }, ['1', '3', '4']],
  ['IN', { values: ['alpha gmbh', 'gamma'] }, ['1', '3']],
  ['NOT_IN', { values: ['alpha gmbh', 'gamma'] }, ['2', '4']],
  ['HAS_PROPERTY', {}, ['1', '2', '3']],
  ['NOT_HAS_PROPERTY', {}, ['4']],
  ['CONTAINS_TOKEN', { value: 'gmbh' }, ['1']],
  ['CONTAINS_TOKEN', { value: 'al*' }, ['1']],
  ['NOT_CONTAINS_TOKEN', { value: '*a' }, ['4']],
])('text is filtered by %s without regard to case: %j', async (operator, rest, expected) => {
  const session = await openSession();
  session.simulator.admin.seed([
    { type: 'companies', id: '1', properties: { name: 'Alpha GmbH' } },
    { type: 'companies', id: '2', properties: { name: 'Beta AG' } },
    { type: 'companies', id: '3', properties: { name: 'Gamma' } },
    { type: 'companies', id: '4', properties: {} },
  ]);

  const found = await search(session, filtered('name', operator, rest));

  expect(ids(found).sort()).toEqual(expected);
});

test.each([
  ['LT', { value: '9' }, ['1']],
  ['LTE', { value: '10' }, ['1', '2']],
  ['GT', { value: '10' }, ['3']],
  ['GTE', { value: '10.0' }, ['2', '3']],
  ['BETWEEN', { value: '6', highValue: '10' }, ['2']],
])('numbers are compared as numbers by %s: %j', async (operator, rest, expected) => {
  const session = await openSession();
  session.simulator.admin.seed([
    { type: 'deals', id: '1', properties: { amount: '5' } },
    { type: 'deals', id: '2', properties: { amount: '10' } },
    { type: 'deals', id: '3', properties: { amount: '100.5' } },
    { type: 'deals', id: '4', properties: { dealname: 'no amount' } },
  ]);

  const found = await search(session, filtered('amount', operator, rest), 'deals');

  expect(ids(found).sort()).toEqual(expected);
});

test('filters of one group must all hold, and one group of several is enough', async () => {
  const session = await openSession();
  session.simulator.admin.seed([
    { type: 'companies', id: '1', modifiedAt: base, properties: { city: 'Oslo', country: 'Norway' } },
    { type: 'companies', id: '2', modifiedAt: base + 5, properties: { city: 'Oslo', country: 'USA' } },
    { type: 'companies', id: '3', modifiedAt: base + 9, properties: { city: 'Rome', country: 'Italy' } },
  ]);
  const equal = (propertyName: string, value: string) => ({ propertyName, operator: 'EQ', value });

  const found = await search(session, {
    filterGroups: [
      { filters: [equal('city', 'Oslo'), equal('country', 'Norway')] },
      { filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GT', value: String(base + 5) }] },
    ],
  });

  expect(ids(found).sort()).toEqual(['1', '3']);
});

test('contacts are filtered by their own name of the modification time, and the other name is refused', async () => {
  const session = await openSession();
  session.simulator.admin.seed([{ type: 'contacts', id: '1', modifiedAt: base, properties: { email: 'a@b.example' } }]);

  const found = await search(session, filtered('lastmodifieddate', 'GTE', { value: String(base) }), 'contacts');
  const refused = await search(session, filtered('hs_lastmodifieddate', 'GTE', { value: String(base) }), 'contacts');

  expect(ids(found)).toEqual(['1']);
  expect(refused.status).toBe(400);
});

test('results can be sorted by any property, downwards too, records without it last when upwards', async () => {
  const session = await openSession();
  session.simulator.admin.seed([
    { type: 'companies', id: '1', createdAt: base + 1, properties: { name: 'b', numberofemployees: '9' } },
    { type: 'companies', id: '2', createdAt: base, properties: { name: 'a', numberofemployees: '10' } },
    { type: 'companies', id: '3', createdAt: base + 2, properties: { name: 'c' } },
  ]);

  expect(ids(await search(session, {}))).toEqual(['2', '1', '3']);
  expect(ids(await search(session, { sorts: ['numberofemployees'] }))).toEqual(['1', '2', '3']);
  expect(ids(await search(session, { sorts: ['-name'] }))).toEqual(['3', '1', '2']);
  expect((await search(session, { sorts: ['name', 'city'] })).status).toBe(400);
});

test('a query finds text in the main properties', async () => {
  const session = await openSession();
  session.simulator.admin.seed([
    { type: 'companies', id: '1', properties: { name: 'Nordwind', description: 'Solar' } },
    { type: 'companies', id: '2', properties: { name: 'Solaris' } },
  ]);

  expect(ids(await search(session, { query: 'SOLAR' }))).toEqual(['2']);
});

test('no page reaches beyond result 10,000, nor is larger than 200', async () => {
  const session = await openSession();
  const byChange = { sorts: ['hs_lastmodifieddate'] };

  expect((await search(session, { ...byChange, limit: 200, after: '9800' })).status).toBe(200);
  const beyond = await search(session, { ...byChange, limit: 200, after: '9801' });
  expect(beyond.status).toBe(400);
  expect(beyond.body.category).toBe('VALIDATION_ERROR');
  expect((await search(session, { ...byChange, limit: 201 })).status).toBe(400);
});

test('too many groups, too many filters, an unknown property and a body over 3,000 characters are refused', async () => {
  const session = await openSession();
  const filter = { propertyName: 'name', operator: 'EQ', value: 'x' };
  const groups = (...sizes: number[]) => ({
    filterGroups: sizes.map((size) => ({ filters: Array(size).fill(filter) })),
  });

  expect((await search(session, groups(6, 6, 6))).status).toBe(200);
  expect((await search(session, groups(1, 1, 1, 1, 1, 1))).status).toBe(400);
  expect((await search(session, groups(7))).status).toBe(400);
  expect((await search(session, groups(6, 6, 6, 1))).status).toBe(400);
  expect((await search(session, filtered('nonsense', 'EQ', { value: 'x' }))).status).toBe(400);
  expect((await search(session, filtered('name', 'EQ'))).status).toBe(400);
  expect((await search(session, filtered('name', 'EQ', { value: 'x'.repeat(3_000) }))).status).toBe(400);
});

test('with an index lag a new record appears late, and a changed one is found in its former state until then', async () => {
  const session = await openSession({ indexLagMs: 2_000 });
  const { body } = await session.call('POST', '/crm/v3/objects/companies', { properties: { name: 'First' } });
  expect((await search(session, {})).body.total).toBe(0);
  session.clock.now += 2_000;
  expect((await search(session, {})).body.total).toBe(1);

  await session.call('PATCH', `/crm/v3/objects/companies/${body.id}`, { properties: { name: 'Second' } });
  session.clock.now += 1_999;
  expect((await search(session, {})).body.results[0].properties.name).toBe('First');
  session.clock.now += 1;
  expect((await search(session, {})).body.results[0].properties.name).toBe('Second');
});

test('archived records never appear, not even within the index lag', async () => {
  const session = await openSession({ indexLagMs: 2_000 });
  const { body } = await session.call('POST', '/crm/v3/objects/companies', { properties: { name: 'A' } });
  await session.call('DELETE', `/crm/v3/objects/companies/${body.id}`);
  session.clock.now += 10_000;

  expect((await search(session, {})).body.total).toBe(0);
});
