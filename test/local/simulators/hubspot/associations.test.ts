import { expect, test } from 'vitest';
import { link, openSession, type SimulatorSession } from './simulator-session.ts';

async function openWithRecords(options = {}): Promise<SimulatorSession> {
  const session = await openSession(options);
  session.simulator.admin.seed([
    { type: 'companies', id: '100', properties: { name: 'Nordwind' } },
    { type: 'companies', id: '101', properties: { name: 'Südwind' } },
    { type: 'contacts', id: '200', properties: { email: 'kim@nordwind.example' } },
    { type: 'deals', id: '300', properties: { dealname: 'Project' } },
  ]);
  return session;
}

function typeIds(session: SimulatorSession, from: [string, string], to: [string, string]): readonly number[] {
  const types = { company: 'companies', contact: 'contacts', deal: 'deals', lead: 'leads' } as const;
  const typeOf = (name: string) => types[name as keyof typeof types];
  const linked = session.simulator.admin.associations(typeOf(from[0]), from[1], typeOf(to[0]));
  return [...(linked.find(({ id }) => id === to[1])?.typeIds ?? [])].sort((a, b) => a - b);
}

const spec = (associationTypeId: number) => ({ associationCategory: 'HUBSPOT_DEFINED', associationTypeId });

test('associations given at creation exist from both sides, the plain type with every labelled one', async () => {
  const session = await openWithRecords();

  const deal = await session.call('POST', '/crm/v3/objects/deals', {
    properties: { dealname: 'A' },
    associations: [link('100', 5), link('200', 3)],
  });

  expect(deal.status).toBe(201);
  expect(typeIds(session, ['deal', deal.body.id], ['company', '100'])).toEqual([5, 341]);
  expect(typeIds(session, ['company', '100'], ['deal', deal.body.id])).toEqual([6, 342]);
  expect(typeIds(session, ['deal', deal.body.id], ['contact', '200'])).toEqual([3]);
  expect(typeIds(session, ['contact', '200'], ['deal', deal.body.id])).toEqual([4]);
});

test('a lead is associated with its primary contact and with a company', async () => {
  const session = await openWithRecords();

  const lead = await session.call('POST', '/crm/v3/objects/leads', {
    properties: { hs_lead_name: 'Kim' },
    associations: [link('200', 578), link('100', 610)],
  });

  expect(typeIds(session, ['lead', lead.body.id], ['contact', '200'])).toEqual([578, 608]);
  expect(typeIds(session, ['contact', '200'], ['lead', lead.body.id])).toEqual([577, 607]);
  expect(typeIds(session, ['lead', lead.body.id], ['company', '100'])).toEqual([610]);
});

test('a new primary company takes the label from the former one, which stays associated', async () => {
  const session = await openWithRecords();
  const path = '/crm/v4/objects/deals/300/associations/companies';
  await session.call('PUT', `${path}/100`, [spec(5)]);

  const put = await session.call('PUT', `${path}/101`, [spec(5)]);

  expect(put.status).toBe(201);
  expect(put.body).toEqual({
    fromObjectTypeId: '0-3',
    fromObjectId: '300',
    toObjectTypeId: '0-2',
    toObjectId: '101',
    labels: ['Primary'],
  });
  expect(typeIds(session, ['deal', '300'], ['company', '100'])).toEqual([341]);
  expect(typeIds(session, ['deal', '300'], ['company', '101'])).toEqual([5, 341]);
});

test('a company made primary from its own side takes the label all the same', async () => {
  const session = await openWithRecords();
  await session.call('PUT', '/crm/v4/objects/contacts/200/associations/companies/100', [spec(1)]);

  await session.call('PUT', '/crm/v4/objects/companies/101/associations/contacts/200', [spec(2)]);

  expect(typeIds(session, ['contact', '200'], ['company', '100'])).toEqual([279]);
  expect(typeIds(session, ['contact', '200'], ['company', '101'])).toEqual([1, 279]);
});

test('one company can be primary for many deals', async () => {
  const session = await openWithRecords();
  session.simulator.admin.seed([{ type: 'deals', id: '301', properties: { dealname: 'Another' } }]);

  await session.call('PUT', '/crm/v4/objects/deals/300/associations/companies/100', [spec(5)]);
  await session.call('PUT', '/crm/v4/objects/deals/301/associations/companies/100', [spec(5)]);

  expect(typeIds(session, ['deal', '300'], ['company', '100'])).toEqual([5, 341]);
  expect(typeIds(session, ['deal', '301'], ['company', '100'])).toEqual([5, 341]);
});

test('the associations of one record are listed with category, type and label, page by page', async () => {
  const session = await openWithRecords();
  await session.call('PUT', '/crm/v4/objects/deals/300/associations/companies/100', [spec(5)]);
  await session.call('PUT', '/crm/v4/objects/deals/300/associations/companies/101', [spec(341)]);

  const first = await session.call('GET', '/crm/v4/objects/deals/300/associations/companies?limit=1');
  const second = await session.call('GET', '/crm/v4/objects/deals/300/associations/companies?limit=1&after=1');

  expect(first.body.results).toEqual([
    {
      toObjectId: '100',
      associationTypes: [
        { category: 'HUBSPOT_DEFINED', typeId: 341, label: null },
        { category: 'HUBSPOT_DEFINED', typeId: 5, label: 'Primary' },
      ],
    },
  ]);
  expect(first.body.paging).toEqual({ next: { after: '1' } });
  expect(second.body.results[0].toObjectId).toBe('101');
  expect(second.body).not.toHaveProperty('paging');
});

test('ids of associated records can be numbers, as in older answers', async () => {
  const session = await openWithRecords({ hasNumericAssociationIds: true });
  await session.call('PUT', '/crm/v4/objects/deals/300/associations/default/companies/100');

  const listed = await session.call('GET', '/crm/v4/objects/deals/300/associations/companies');

  expect(listed.body.results[0].toObjectId).toBe(100);
});

test('a batch creates many associations and tells which ends do not exist', async () => {
  const session = await openWithRecords();

  const created = await session.call('POST', '/crm/v4/associations/deals/companies/batch/create', {
    inputs: [
      { from: { id: '300' }, to: { id: '100' }, types: [spec(5)] },
      { from: { id: '300' }, to: { id: '999' }, types: [spec(5)] },
      { from: { id: '300' }, to: { id: '101' }, types: [spec(3)] },
    ],
  });

  expect(created.status).toBe(207);
  expect(created.body.results).toHaveLength(1);
  expect(created.body.errors).toMatchObject([
    { category: 'OBJECT_NOT_FOUND', context: { fromObjectId: ['300'], toObjectId: ['999'] } },
    { category: 'VALIDATION_ERROR' },
  ]);
});

test('default associations are the plain ones and are told from both sides', async () => {
  const session = await openWithRecords();

  const created = await session.call('POST', '/crm/v4/associations/contacts/companies/batch/associate/default', {
    inputs: [{ from: { id: '200' }, to: { id: '100' } }],
  });

  expect(created.status).toBe(200);
  expect(created.body.results).toEqual([
    { from: { id: '200' }, to: { id: '100' }, associationSpec: spec(279) },
    { from: { id: '100' }, to: { id: '200' }, associationSpec: spec(280) },
  ]);
  expect(typeIds(session, ['contact', '200'], ['company', '100'])).toEqual([279]);
});

test('a batch read answers 207 with an error for each record that has no association', async () => {
  const session = await openWithRecords();
  await session.call('PUT', '/crm/v4/objects/deals/300/associations/default/companies/100');

  const read = await session.call('POST', '/crm/v4/associations/deals/companies/batch/read', {
    inputs: [{ id: '300' }, { id: '555' }],
  });

  expect(read.status).toBe(207);
  expect(read.body.results).toMatchObject([{ from: { id: '300' }, to: [{ toObjectId: '100' }] }]);
  expect(read.body.errors).toMatchObject([
    {
      category: 'OBJECT_NOT_FOUND',
      subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
      message: 'No company is associated with deal 555.',
      context: { fromObjectId: ['555'] },
    },
  ]);
});

test('removing a label keeps the association; removing the pair or the plain type ends it', async () => {
  const session = await openWithRecords();
  const labels = '/crm/v4/associations/deals/companies/batch/labels/archive';
  const pair = '/crm/v4/objects/deals/300/associations/companies/100';
  const remove = (typeId: number) =>
    session.call('POST', labels, { inputs: [{ from: { id: '300' }, to: { id: '100' }, types: [spec(typeId)] }] });

  await session.call('PUT', pair, [spec(5)]);
  await remove(5);
  expect(typeIds(session, ['deal', '300'], ['company', '100'])).toEqual([341]);

  await session.call('PUT', pair, [spec(5)]);
  await remove(341);
  expect(typeIds(session, ['deal', '300'], ['company', '100'])).toEqual([]);

  await session.call('PUT', pair, [spec(5)]);
  expect((await session.call('DELETE', pair)).status).toBe(204);
  expect(typeIds(session, ['company', '100'], ['deal', '300'])).toEqual([]);
});

test('a batch archive ends all pairs it names', async () => {
  const session = await openWithRecords();
  for (const id of ['100', '101']) {
    await session.call('PUT', `/crm/v4/objects/deals/300/associations/default/companies/${id}`);
  }

  const archived = await session.call('POST', '/crm/v4/associations/deals/companies/batch/archive', {
    inputs: [{ from: { id: '300' }, to: [{ id: '100' }, { id: '101' }] }],
  });

  expect(archived.status).toBe(204);
  expect(session.simulator.admin.associations('deals', '300', 'companies')).toEqual([]);
});

test('reads of an object list its associations by type name', async () => {
  const session = await openWithRecords();
  await session.call('PUT', '/crm/v4/objects/deals/300/associations/companies/100', [spec(5)]);

  const read = await session.call('GET', '/crm/v3/objects/deals/300?associations=companies,contacts');
  const listed = await session.call('GET', '/crm/v3/objects/deals?associations=0-2');

  expect(read.body.associations).toEqual({
    companies: {
      results: [
        { id: '100', type: 'deal_to_company_unlabeled' },
        { id: '100', type: 'deal_to_company' },
      ],
    },
  });
  expect(listed.body.results[0].associations.companies.results).toHaveLength(2);
});

test('associations with an archived record are hidden until it is restored', async () => {
  const session = await openWithRecords();
  const path = '/crm/v4/objects/deals/300/associations/companies';
  await session.call('PUT', `${path}/100`, [spec(5)]);
  await session.call('DELETE', '/crm/v3/objects/companies/100');
  expect((await session.call('GET', path)).body.results).toEqual([]);

  session.simulator.admin.restore('companies', '100');

  expect((await session.call('GET', path)).body.results).toHaveLength(1);
});

test('the labels between two objects are listed from either side', async () => {
  const session = await openWithRecords();

  const labels = await session.call('GET', '/crm/v4/associations/deals/companies/labels');

  expect(labels.body.results).toEqual([
    { category: 'HUBSPOT_DEFINED', typeId: 341, label: null },
    { category: 'HUBSPOT_DEFINED', typeId: 5, label: 'Primary' },
  ]);
});
