import { Client } from '@hubspot/api-client';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/companies/index.js';
import { expect, test } from 'vitest';
import { link, openSession } from './simulator-session.ts';

test('the vendor’s own client works against the simulator', async () => {
  const { simulator } = await openSession();
  const client = new Client({
    accessToken: 'simulated-hubspot-token',
    basePath: simulator.url,
    numberOfApiCallRetries: 0,
  });
  const { companies, contacts, objects, associations, owners, pipelines, properties } = client.crm;

  const created = await companies.batchApi.create({
    inputs: [{ properties: { name: 'Nordwind', tributary_id: 'T1' }, objectWriteTraceId: 'a' }],
  });
  const companyId = created.results[0]?.id ?? '';
  const contact = await contacts.basicApi.create({ properties: { email: 'kim@nordwind.example' }, associations: [] });
  const lead = await objects.basicApi.create('leads', {
    properties: { hs_lead_name: 'Kim' },
    associations: [link(contact.id, 578)] as never,
  });
  await associations.v4.basicApi.createDefault('contacts', contact.id, 'companies', companyId);
  const found = await companies.searchApi.doSearch({
    filterGroups: [{ filters: [{ propertyName: 'tributary_id', operator: FilterOperatorEnum.Eq, value: 't1' }] }],
    properties: ['name'],
    limit: 10,
    sorts: ['hs_lastmodifieddate'],
  });
  const read = await companies.batchApi.read({
    inputs: [{ id: companyId }, { id: '999' }],
    properties: ['name'],
    propertiesWithHistory: [],
  });
  const linked = await associations.v4.batchApi.getPage('contacts', 'companies', { inputs: [{ id: contact.id }] });

  expect(lead.properties.hs_pipeline_stage).toBe('new-stage-id');
  expect(found.results.map(({ id }) => id)).toEqual([companyId]);
  expect(read.results[0]?.properties.name).toBe('Nordwind');
  expect(linked.results[0]?.to[0]?.toObjectId).toBe(companyId);
  expect((await owners.ownersApi.getPage()).results.length).toBeGreaterThan(0);
  expect((await pipelines.pipelinesApi.getAll('deals')).results).toHaveLength(2);
  expect((await properties.coreApi.getAll('0-136')).results.length).toBeGreaterThan(0);
});
