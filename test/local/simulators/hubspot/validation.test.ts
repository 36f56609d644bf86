import { expect, test } from 'vitest';
import { link, openSession } from './simulator-session.ts';

test.each([
  ['an unknown property', { no_such_property: 'x' }, 'PROPERTY_DOESNT_EXIST'],
  ['a value that is no option', { industry: 'Banking' }, 'INVALID_OPTION'],
  ['one wrong value in a multi-select', { specializations: 'security;juggling' }, 'INVALID_OPTION'],
  ['text in a number', { numberofemployees: 'about ten' }, 'INVALID_INTEGER'],
  ['a property the system keeps', { hs_object_id: '1' }, 'READ_ONLY_VALUE'],
  ['an owner who does not exist', { hubspot_owner_id: '1' }, 'INVALID_OWNER_ID'],
  ['an owner who has left', { hubspot_owner_id: '71200405' }, 'INVALID_OWNER_ID'],
])('%s is refused with 400 and the reason, and nothing is written', async (_what, properties, code) => {
  const { call, simulator } = await openSession();

  const refused = await call('POST', '/crm/v3/objects/companies', { properties: { name: 'A', ...properties } });

  expect(refused.status).toBe(400);
  const [name] = Object.keys(properties);
  expect(refused.body).toMatchObject({
    status: 'error',
    category: 'VALIDATION_ERROR',
    correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    errors: [{ code, context: { propertyName: [name] } }],
  });
  expect(simulator.admin.records('companies')).toEqual([]);
});

test('all reasons are told together', async () => {
  const { call } = await openSession();

  const refused = await call('POST', '/crm/v3/objects/deals', {
    properties: { nonsense: '1', amount: 'much', closedate: 'soon', dealtype: 'other' },
  });

  expect(refused.body.errors.map(({ code }: { code: string }) => code)).toEqual([
    'PROPERTY_DOESNT_EXIST',
    'INVALID_INTEGER',
    'INVALID_LONG',
    'INVALID_OPTION',
  ]);
});

test('a refusal does not repeat the value, which may be personal', async () => {
  const { call } = await openSession();

  const refused = await call('POST', '/crm/v3/objects/contacts', { properties: { email: 'not-an-address-of-Kim' } });

  expect(refused.status).toBe(400);
  expect(refused.body.errors[0].code).toBe('INVALID_EMAIL');
  expect(JSON.stringify(refused.body)).not.toContain('Kim');
});

test('a contact with an address that is taken is a conflict that names the holder, whatever the case', async () => {
  const { call } = await openSession();
  const { body } = await call('POST', '/crm/v3/objects/contacts', { properties: { email: 'kim@example.com' } });

  const refused = await call('POST', '/crm/v3/objects/contacts', { properties: { email: 'KIM@Example.com' } });

  expect(refused.status).toBe(409);
  expect(refused.body).toMatchObject({
    category: 'CONFLICT',
    message: `Contact already exists. Existing ID: ${body.id}`,
  });
});

test('a value of a unique property can be held by one record only, and is free again when it is given up', async () => {
  const { call } = await openSession();
  const first = await call('POST', '/crm/v3/objects/companies', { properties: { name: 'A', tributary_id: 'T1' } });

  const refused = await call('POST', '/crm/v3/objects/companies', { properties: { name: 'B', tributary_id: 'T1' } });
  await call('PATCH', `/crm/v3/objects/companies/${first.body.id}`, { properties: { tributary_id: '' } });
  const accepted = await call('POST', '/crm/v3/objects/companies', { properties: { name: 'B', tributary_id: 'T1' } });

  expect(refused.status).toBe(409);
  expect(refused.body.errors[0].code).toBe('CONFLICTING_UNIQUE_VALUE');
  expect(accepted.status).toBe(201);
});

test('a stage must belong to the pipeline of the deal', async () => {
  const { call } = await openSession();
  const inPartnerPipeline = { dealname: 'A', pipeline: '48201733' };

  const wrong = await call('POST', '/crm/v3/objects/deals', {
    properties: { ...inPartnerPipeline, dealstage: 'closedwon' },
  });
  const right = await call('POST', '/crm/v3/objects/deals', {
    properties: { ...inPartnerPipeline, dealstage: '95310403' },
  });
  const moved = await call('PATCH', `/crm/v3/objects/deals/${right.body.id}`, { properties: { pipeline: 'default' } });

  expect(wrong.body.errors[0].code).toBe('INVALID_OPTION');
  expect(right.status).toBe(201);
  expect(moved.status).toBe(400);
});

test('a lead needs a name and an existing contact', async () => {
  const { call } = await openSession();
  const contact = await call('POST', '/crm/v3/objects/contacts', { properties: { email: 'kim@example.com' } });
  const properties = { hs_lead_name: 'Kim of Nordwind', hs_lead_label: 'WARM' };

  const alone = await call('POST', '/crm/v3/objects/leads', { properties });
  const toNobody = await call('POST', '/crm/v3/objects/leads', { properties, associations: [link('404', 578)] });
  const nameless = await call('POST', '/crm/v3/objects/leads', {
    properties: {},
    associations: [link(contact.body.id, 578)],
  });
  const whole = await call('POST', '/crm/v3/objects/leads', { properties, associations: [link(contact.body.id, 578)] });

  expect([alone.status, toNobody.status, nameless.status]).toEqual([400, 400, 400]);
  expect(whole.status).toBe(201);
  expect(whole.body.properties).toMatchObject({ hs_pipeline: 'lead-pipeline-id', hs_pipeline_stage: 'new-stage-id' });
});

test('seeded records may hold values that are no option any more', async () => {
  const { call, simulator } = await openSession();

  const report = simulator.admin.seed([
    { type: 'companies', id: '501', properties: { name: 'Old', industry: 'Fintech', hubspot_owner_id: '71200405' } },
    { type: 'companies', id: '502', properties: { name: 'Odd', no_such_property: 'x' } },
    { type: 'spaceships', id: '503', properties: {} },
  ]);

  expect(report).toMatchObject({
    records: 1,
    rejected: [expect.stringContaining('502'), expect.stringContaining('503')],
  });
  const read = await call('GET', '/crm/v3/objects/companies/501?properties=industry,hubspot_owner_id');
  expect(read.body.properties).toMatchObject({ industry: 'Fintech', hubspot_owner_id: '71200405' });
});
