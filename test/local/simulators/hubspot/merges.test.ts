import { expect, test } from 'vitest';
import type { HubspotSimulatorOptions } from '../../../../local/simulators/hubspot/start-hubspot-simulator.ts';
import { openSession, type SimulatorSession } from './simulator-session.ts';

async function openWithTwins(options: HubspotSimulatorOptions = {}): Promise<SimulatorSession> {
  const session = await openSession(options);
  session.simulator.admin.seed(
    [
      { type: 'companies', id: '100', properties: { name: 'Nordwind', tributary_id: 'T1' } },
      { type: 'companies', id: '101', properties: { name: 'Nordwind GmbH', city: 'Kiel', tributary_id: 'T2' } },
      { type: 'deals', id: '300', properties: { dealname: 'Project' } },
      { type: 'contacts', id: '200', properties: { email: 'kim@nordwind.example' } },
      { type: 'contacts', id: '201', properties: { email: 'k.larsen@nordwind.example', jobtitle: 'CTO' } },
    ],
    [{ fromType: 'deals', fromId: '300', toType: 'companies', toId: '101', typeIds: [5] }],
  );
  return session;
}

const mergeTwins = { primaryObjectId: '100', objectIdToMerge: '101' };

test('the survivor keeps its id and values, takes what it lacks, and lists whom it stands for', async () => {
  const session = await openWithTwins();

  const merged = await session.call('POST', '/crm/v3/objects/companies/merge', mergeTwins);

  expect(merged.status).toBe(200);
  expect(merged.body.id).toBe('100');
  expect(session.simulator.admin.record('companies', '100')?.properties).toEqual({
    name: 'Nordwind',
    city: 'Kiel',
    tributary_id: 'T1',
    hs_merged_object_ids: '101',
  });
});

test('a merged id reads as the survivor under its own id, one by one and in batches', async () => {
  const session = await openWithTwins();
  await session.call('POST', '/crm/v3/objects/companies/merge', mergeTwins);

  const single = await session.call('GET', '/crm/v3/objects/companies/101');
  const batch = await session.call('POST', '/crm/v3/objects/companies/batch/read', {
    inputs: [{ id: '101' }, { id: '100' }],
    properties: ['hs_merged_object_ids'],
  });

  expect(single.body.id).toBe('100');
  expect(batch.status).toBe(200);
  expect(batch.body.results).toHaveLength(1);
  expect(batch.body.results[0]).toMatchObject({ id: '100', properties: { hs_merged_object_ids: '101' } });
});

test('the loser is neither listed nor found, its unique values are free, and its associations have moved', async () => {
  const session = await openWithTwins();
  await session.call('POST', '/crm/v3/objects/companies/merge', mergeTwins);

  const listed = await session.call('GET', '/crm/v3/objects/companies');
  const archived = await session.call('GET', '/crm/v3/objects/companies?archived=true');
  const found = await session.call('POST', '/crm/v3/objects/companies/search', {});
  const reused = await session.call('POST', '/crm/v3/objects/companies', { properties: { tributary_id: 'T2' } });

  expect(listed.body.results.map(({ id }: { id: string }) => id)).toEqual(['100']);
  expect(archived.body.results).toEqual([]);
  expect(found.body.total).toBe(1);
  expect(reused.status).toBe(201);
  expect(session.simulator.admin.associations('deals', '300', 'companies')).toEqual([{ id: '100', typeIds: [341, 5] }]);
});

test('the survivor of a merge of deals keeps its own primary company', async () => {
  const session = await openWithTwins();
  session.simulator.admin.seed(
    [{ type: 'deals', id: '301', properties: { dealname: 'Same project' } }],
    [{ fromType: 'deals', fromId: '301', toType: 'companies', toId: '100', typeIds: [5] }],
  );

  await session.call('POST', '/crm/v3/objects/deals/merge', { primaryObjectId: '300', objectIdToMerge: '301' });

  expect(session.simulator.admin.associations('deals', '300', 'companies')).toEqual([
    { id: '101', typeIds: [341, 5] },
    { id: '100', typeIds: [341] },
  ]);
});

test('two ids of one record in a batch update are both written', async () => {
  const session = await openWithTwins();
  await session.call('POST', '/crm/v3/objects/companies/merge', mergeTwins);

  await session.call('POST', '/crm/v3/objects/companies/batch/update', {
    inputs: [
      { id: '100', properties: { city: 'Oslo' } },
      { id: '101', properties: { phone: '+47 1' } },
    ],
  });

  expect(session.simulator.admin.record('companies', '100')?.properties).toMatchObject({
    city: 'Oslo',
    phone: '+47 1',
  });
});

test('a contact keeps the address of the one merged into it, and nobody else can take it', async () => {
  const session = await openWithTwins();

  await session.call('POST', '/crm/v3/objects/contacts/merge', { primaryObjectId: '200', objectIdToMerge: '201' });

  const read = await session.call('GET', '/crm/v3/objects/contacts/k.larsen@nordwind.example?idProperty=email');
  expect(read.body).toMatchObject({ id: '200', properties: { email: 'kim@nordwind.example' } });
  const refused = await session.call('POST', '/crm/v3/objects/contacts', {
    properties: { email: 'K.Larsen@nordwind.example' },
  });
  expect(refused.status).toBe(409);
  expect(refused.body.message).toContain('200');
});

test('a merge can end in a record with a third id, to which both former ids lead', async () => {
  const session = await openWithTwins({ mergeMakesNewId: true });

  const merged = await session.call('POST', '/crm/v3/objects/companies/merge', mergeTwins);

  expect(['100', '101']).not.toContain(merged.body.id);
  for (const id of ['100', '101']) {
    const read = await session.call('GET', `/crm/v3/objects/companies/${id}?properties=name,hs_merged_object_ids`);
    expect(read.body).toMatchObject({
      id: merged.body.id,
      properties: { name: 'Nordwind', hs_merged_object_ids: '101;100' },
    });
  }
  expect(session.simulator.admin.associations('deals', '300', 'companies')).toEqual([
    { id: merged.body.id, typeIds: [341, 5] },
  ]);
});

test('ids lead to the last survivor over several merges', async () => {
  const session = await openWithTwins();
  session.simulator.admin.seed([{ type: 'companies', id: '102', properties: { name: 'Nord Wind' } }]);
  await session.call('POST', '/crm/v3/objects/companies/merge', mergeTwins);

  await session.call('POST', '/crm/v3/objects/companies/merge', { primaryObjectId: '102', objectIdToMerge: '100' });

  expect((await session.call('GET', '/crm/v3/objects/companies/101')).body.id).toBe('102');
  expect(session.simulator.admin.record('companies', '102')?.properties.hs_merged_object_ids).toBe('101;100');
});

test('a record cannot be merged with itself, with its own loser, or with one that is not there', async () => {
  const session = await openWithTwins();
  const merge = (primaryObjectId: string, objectIdToMerge: string) =>
    session.call('POST', '/crm/v3/objects/companies/merge', { primaryObjectId, objectIdToMerge });

  expect((await merge('100', '100')).status).toBe(400);
  expect((await merge('100', '999')).status).toBe(400);
  expect((await merge('100', '101')).status).toBe(200);
  expect((await merge('100', '101')).status).toBe(400);
});

test('seeded merges redirect like real ones', async () => {
  const session = await openSession();
  session.simulator.admin.seed([{ type: 'companies', id: '100', properties: { name: 'A' }, mergedIds: ['90', '91'] }]);

  const read = await session.call('GET', '/crm/v3/objects/companies/91?properties=hs_merged_object_ids');

  expect(read.body).toMatchObject({ id: '100', properties: { hs_merged_object_ids: '90;91' } });
});

test('an erased contact is gone from everywhere, the archive included', async () => {
  const session = await openWithTwins();
  session.simulator.admin.seed([], [{ fromType: 'deals', fromId: '300', toType: 'contacts', toId: '200' }]);

  const erased = await session.call('POST', '/crm/v3/objects/contacts/gdpr-delete', {
    objectId: 'kim@nordwind.example',
    idProperty: 'email',
  });

  expect(erased.status).toBe(204);
  expect(session.simulator.admin.record('contacts', '200')).toBeUndefined();
  expect((await session.call('GET', '/crm/v3/objects/contacts/200?archived=true')).status).toBe(404);
  expect(session.simulator.admin.associations('deals', '300', 'contacts')).toEqual([]);
});
