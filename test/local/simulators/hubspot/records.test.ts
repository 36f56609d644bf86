import { expect, test } from 'vitest';
import { openSession, startOfTests } from './simulator-session.ts';

test('a created company is answered with 201, its values and the properties the system keeps', async () => {
  const { call } = await openSession();

  const created = await call('POST', '/crm/v3/objects/companies', {
    properties: { name: 'Nordwind GmbH', domain: 'NordWind.Example', numberofemployees: 25 },
  });

  expect(created.status).toBe(201);
  const time = new Date(startOfTests).toISOString();
  expect(created.body).toEqual({
    id: expect.stringMatching(/^\d+$/),
    properties: {
      name: 'Nordwind GmbH',
      domain: 'nordwind.example',
      numberofemployees: '25',
      createdate: time,
      hs_lastmodifieddate: time,
      hs_object_id: created.body.id,
    },
    createdAt: time,
    updatedAt: time,
    archived: false,
  });
});

test('a read answers the properties asked for, null for unset ones, and leaves out unknown names', async () => {
  const { call } = await openSession();
  const { body } = await call('POST', '/crm/v3/objects/0-2', { properties: { name: 'A', city: 'Oslo' } });

  const read = await call('GET', `/crm/v3/objects/company/${body.id}?properties=city,phone&properties=no_such_thing`);

  expect(read.status).toBe(200);
  expect(Object.keys(read.body.properties).sort()).toEqual([
    'city',
    'createdate',
    'hs_lastmodifieddate',
    'hs_object_id',
    'phone',
  ]);
  expect(read.body.properties).toMatchObject({ city: 'Oslo', phone: null });
});

test('a read that names no properties answers the defaults only', async () => {
  const { call } = await openSession();
  const { body } = await call('POST', '/crm/v3/objects/contacts', {
    properties: { email: 'Kim@Example.com', jobtitle: 'CTO' },
  });

  const read = await call('GET', `/crm/v3/objects/contacts/${body.id}`);

  expect(read.body.properties).toMatchObject({ email: 'kim@example.com', firstname: null, lastname: null });
  expect(read.body.properties).not.toHaveProperty('jobtitle');
  expect(read.body.properties).toHaveProperty('lastmodifieddate');
  expect(read.body.properties).not.toHaveProperty('hs_lastmodifieddate');
});

test('an empty text clears a property, which then reads as null', async () => {
  const { call } = await openSession();
  const { body } = await call('POST', '/crm/v3/objects/companies', { properties: { name: 'A', phone: '+47 1' } });

  await call('PATCH', `/crm/v3/objects/companies/${body.id}`, { properties: { phone: '' } });

  const read = await call('GET', `/crm/v3/objects/companies/${body.id}?properties=phone`);
  expect(read.body.properties.phone).toBeNull();
});

test('an update moves the modification time; one that changes nothing does not', async () => {
  const { call, clock } = await openSession();
  const { body } = await call('POST', '/crm/v3/objects/companies', { properties: { name: 'A' } });
  clock.now += 5_000;

  const same = await call('PATCH', `/crm/v3/objects/companies/${body.id}`, { properties: { name: 'A' } });
  const changed = await call('PATCH', `/crm/v3/objects/companies/${body.id}`, { properties: { name: 'B' } });

  expect(same.body.updatedAt).toBe(new Date(startOfTests).toISOString());
  expect(changed.body.updatedAt).toBe(new Date(startOfTests + 5_000).toISOString());
  expect(changed.body.properties.hs_lastmodifieddate).toBe(changed.body.updatedAt);
});

test('a close date written as epoch ms or as a date is answered as an ISO instant', async () => {
  const { call } = await openSession();

  const fromMs = await call('POST', '/crm/v3/objects/deals', {
    properties: { dealname: 'A', closedate: String(Date.UTC(2026, 11, 24)) },
  });
  const fromDate = await call('POST', '/crm/v3/objects/deals', {
    properties: { dealname: 'B', closedate: '2026-12-24' },
  });

  expect(fromMs.body.properties.closedate).toBe('2026-12-24T00:00:00.000Z');
  expect(fromDate.body.properties.closedate).toBe('2026-12-24T00:00:00.000Z');
});

test('a deal gets the default pipeline, its first stage, and the currency of the account with its amount', async () => {
  const { call } = await openSession();

  const plain = await call('POST', '/crm/v3/objects/deals', { properties: { dealname: 'A' } });
  const priced = await call('POST', '/crm/v3/objects/deals', { properties: { dealname: 'B', amount: '12500.50' } });

  expect(plain.body.properties).toMatchObject({ pipeline: 'default', dealstage: 'appointmentscheduled' });
  expect(plain.body.properties).not.toHaveProperty('deal_currency_code');
  expect(priced.body.properties).toMatchObject({ amount: '12500.50', deal_currency_code: 'USD' });
});

test('a multi-select that begins with a semicolon adds to the values that are there', async () => {
  const { call } = await openSession();
  const { body } = await call('POST', '/crm/v3/objects/deals', {
    properties: { dealname: 'A', products: 'analytics;security' },
  });

  const added = await call('PATCH', `/crm/v3/objects/deals/${body.id}`, { properties: { products: ';support' } });

  expect(added.body.properties.products).toBe('analytics;security;support');
});

test('a record can be read and updated by a unique property, and by no other', async () => {
  const { call } = await openSession();
  await call('POST', '/crm/v3/objects/companies', { properties: { name: 'A', tributary_id: '01J0A' } });

  const read = await call('GET', '/crm/v3/objects/companies/01J0A?idProperty=tributary_id&properties=name');
  const updated = await call('PATCH', '/crm/v3/objects/companies/01J0A?idProperty=tributary_id', {
    properties: { name: 'B' },
  });
  const byName = await call('GET', '/crm/v3/objects/companies/B?idProperty=name');

  expect(read.body.properties.name).toBe('A');
  expect(updated.status).toBe(200);
  expect(byName.status).toBe(400);
  expect(byName.body.message).toContain('non-unique 0-2 property name');
});

test('an archived record is gone from reads, is found with archived=true, and deleting it again succeeds', async () => {
  const { call } = await openSession();
  const { body } = await call('POST', '/crm/v3/objects/companies', { properties: { name: 'A', tributary_id: 'x' } });
  const path = `/crm/v3/objects/companies/${body.id}`;

  expect((await call('DELETE', path)).status).toBe(204);
  expect((await call('DELETE', path)).status).toBe(204);

  const gone = await call('GET', path);
  expect(gone.status).toBe(404);
  expect(gone.body).toMatchObject({ status: 'error', category: 'OBJECT_NOT_FOUND', message: 'resource not found' });
  expect((await call('PATCH', path, { properties: { name: 'B' } })).status).toBe(404);
  const archived = await call('GET', `${path}?archived=true`);
  expect(archived.body).toMatchObject({ id: body.id, archived: true });
  expect(archived.body.archivedAt).toBe(new Date(startOfTests).toISOString());
  const again = await call('POST', '/crm/v3/objects/companies', { properties: { name: 'C', tributary_id: 'x' } });
  expect(again.status).toBe(201);
});

test('a list goes through all records once in order of id, and archived ones have a list of their own', async () => {
  const { call, simulator } = await openSession();
  simulator.admin.seed(
    ['907', '12', '450', '88', '301'].map((id) => ({ type: 'companies', id, properties: { name: `Company ${id}` } })),
  );
  await call('DELETE', '/crm/v3/objects/companies/88');

  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await call('GET', `/crm/v3/objects/companies?limit=2${after === undefined ? '' : `&after=${after}`}`);
    seen.push(...page.body.results.map(({ id }: { id: string }) => id));
    after = page.body.paging?.next.after;
  } while (after !== undefined);
  const archived = await call('GET', '/crm/v3/objects/companies?archived=true');

  expect(seen).toEqual(['12', '301', '450', '907']);
  expect(archived.body.results.map(({ id }: { id: string }) => id)).toEqual(['88']);
  expect((await call('GET', '/crm/v3/objects/companies?limit=101')).status).toBe(400);
});

test('a record that was archived and restored is listed once, in its place', async () => {
  const { call, simulator } = await openSession();
  simulator.admin.seed(['1', '2', '3'].map((id) => ({ type: 'companies', id, properties: { name: 'A' } })));

  await call('DELETE', '/crm/v3/objects/companies/2');
  simulator.admin.restore('companies', '2');

  const listed = await call('GET', '/crm/v3/objects/companies');
  expect(listed.body.results.map(({ id }: { id: string }) => id)).toEqual(['1', '2', '3']);
});

test('a contact is found by its e-mail address in any case', async () => {
  const { call } = await openSession();
  const { body } = await call('POST', '/crm/v3/objects/contacts', { properties: { email: 'kim@example.com' } });

  const read = await call('GET', '/crm/v3/objects/contacts/Kim@EXAMPLE.com?idProperty=email');

  expect(read.body.id).toBe(body.id);
});

test('the history of a property tells every value with its time and who wrote it, newest first', async () => {
  const { call, clock } = await openSession({
    accessTokens: [{ token: 'app' }, { token: 'person', by: { changeSource: 'CRM_UI', sourceId: 'userId:7' } }],
  });
  const { body } = await call('POST', '/crm/v3/objects/companies', { properties: { name: 'A' } }, 'app');
  clock.now += 1_000;
  await call('PATCH', `/crm/v3/objects/companies/${body.id}`, { properties: { name: 'B' } }, 'person');

  const path = `/crm/v3/objects/companies/${body.id}?propertiesWithHistory=name`;
  const read = await call('GET', path, undefined, 'app');

  expect(read.body.properties.name).toBe('B');
  expect(read.body.propertiesWithHistory.name).toEqual([
    {
      value: 'B',
      timestamp: new Date(startOfTests + 1_000).toISOString(),
      sourceType: 'CRM_UI',
      sourceId: 'userId:7',
    },
    { value: 'A', timestamp: new Date(startOfTests).toISOString(), sourceType: 'INTEGRATION', sourceId: '7414209' },
  ]);
});

test('date-named paths are the same addresses as the numbered ones', async () => {
  const { call } = await openSession();

  const created = await call('POST', '/crm/objects/2026-03/companies', { properties: { name: 'A' } });
  const read = await call('GET', `/crm/objects/2026-09-beta/companies/${created.body.id}`);
  const batch = await call('POST', '/crm/objects/2026-03/0-2/batch/read', { inputs: [{ id: created.body.id }] });
  const deal = await call('POST', '/crm/objects/2026-03/deals', { properties: { dealname: 'D' } });
  const path = `/crm/objects/2026-03/deals/${deal.body.id}/associations`;
  const associated = await call('PUT', `${path}/default/companies/${created.body.id}`);
  const listed = await call('GET', `${path}/companies`);
  const linked = await call('POST', '/crm/associations/2026-03/deals/companies/batch/read', {
    inputs: [{ id: deal.body.id }],
  });

  expect(created.status).toBe(201);
  expect(read.body.id).toBe(created.body.id);
  expect(batch.body.results).toHaveLength(1);
  expect([associated.status, listed.status, linked.status]).toEqual([200, 200, 200]);
  expect(listed.body.results[0].toObjectId).toBe(created.body.id);
});

test('an unknown object, an unknown address, a wrong method and a body that is not JSON are refused', async () => {
  const { call, simulator } = await openSession();

  expect((await call('GET', '/crm/v3/objects/spaceships')).body.message).toContain('Unable to infer object type');
  expect((await call('GET', '/crm/v3/nothing')).status).toBe(404);
  expect((await call('PUT', '/crm/v3/objects/companies')).status).toBe(405);
  const malformed = await fetch(`${simulator.url}/crm/v3/objects/companies`, {
    method: 'POST',
    headers: { authorization: 'Bearer simulated-hubspot-token', 'content-type': 'application/json' },
    body: '{"properties": ',
  });
  expect(malformed.status).toBe(400);
  expect(await malformed.json()).toMatchObject({ category: 'VALIDATION_ERROR', correlationId: expect.any(String) });
});
