import { expect, test } from 'vitest';
import { customProperty, optionsOf } from '../../../../local/simulators/hubspot/property-definition.ts';
import { openSession } from './simulator-session.ts';

test('the properties of an object are listed with type, options and whether their value is unique', async () => {
  const { call } = await openSession();

  const { body } = await call('GET', '/crm/v3/properties/companies');

  const byName = new Map<string, Record<string, unknown>>(
    body.results.map((property: { name: string }) => [property.name, property]),
  );
  expect(byName.get('industry')).toMatchObject({ type: 'enumeration', fieldType: 'select', hubspotDefined: true });
  expect(byName.get('industry')?.options).toContainEqual(
    expect.objectContaining({ value: 'COMPUTER_SOFTWARE', label: 'Computer Software', hidden: false }),
  );
  expect(byName.get('tributary_id')).toMatchObject({ hasUniqueValue: true, hubspotDefined: false });
  expect(byName.get('specializations')).toMatchObject({ type: 'enumeration', fieldType: 'checkbox' });
  expect(byName.get('hs_object_id')).toMatchObject({ modificationMetadata: { readOnlyValue: true } });
});

test('a property is read by name, and an unknown one is not found', async () => {
  const { call } = await openSession();

  expect((await call('GET', '/crm/v3/properties/0-136/hs_lead_label')).body).toMatchObject({
    options: [{ value: 'HOT' }, { value: 'WARM' }, { value: 'COLD' }],
  });
  expect((await call('GET', '/crm/v3/properties/leads/nonsense')).status).toBe(404);
});

test('a property can be created, once, and then be written', async () => {
  const { call } = await openSession();
  const definition = {
    name: 'region',
    label: 'Region',
    type: 'enumeration',
    fieldType: 'select',
    groupName: 'information',
    options: [{ value: 'emea', label: 'EMEA', hidden: false }],
  };

  const created = await call('POST', '/crm/properties/2026-03/companies', definition);
  const again = await call('POST', '/crm/v3/properties/companies', definition);
  const good = await call('POST', '/crm/v3/objects/companies', { properties: { region: 'emea' } });
  const bad = await call('POST', '/crm/v3/objects/companies', { properties: { region: 'moon' } });

  expect([created.status, again.status, good.status, bad.status]).toEqual([201, 409, 201, 400]);
});

test('the account can be given properties and pipelines of its own', async () => {
  const { call } = await openSession({
    properties: { deals: [customProperty('enumeration', 'region', 'Region', { options: optionsOf('emea', 'apac') })] },
    pipelines: {
      deals: [
        {
          id: '7',
          label: 'Only',
          displayOrder: 0,
          stages: [{ id: '71', label: 'Open', displayOrder: 0, metadata: {} }],
        },
      ],
    },
  });

  const created = await call('POST', '/crm/v3/objects/deals', { properties: { dealname: 'A', region: 'apac' } });

  expect(created.body.properties).toMatchObject({ region: 'apac', pipeline: '7', dealstage: '71' });
});

test('pipelines are listed with their stages, and stages are the options of the stage property', async () => {
  const { call } = await openSession();

  const deals = await call('GET', '/crm/v3/pipelines/deals');
  const lead = await call('GET', '/crm/v3/pipelines/leads/lead-pipeline-id');
  const stages = await call('GET', '/crm/v3/pipelines/deals/default/stages');
  const property = await call('GET', '/crm/v3/properties/deals/dealstage');

  expect(deals.body.results.map(({ label }: { label: string }) => label)).toEqual([
    'Sales Pipeline',
    'Partner Pipeline',
  ]);
  expect(lead.body.stages[0]).toMatchObject({ id: 'new-stage-id', metadata: { leadState: 'NEW' } });
  expect(stages.body.results).toContainEqual(
    expect.objectContaining({ id: 'closedwon', metadata: { isClosed: 'true', probability: '1.0' } }),
  );
  expect(property.body.options.map(({ value }: { value: string }) => value)).toContain('95310403');
  expect((await call('GET', '/crm/v3/pipelines/deals/nonsense')).status).toBe(404);
});

test('owners are listed page by page, by e-mail, and archived ones apart', async () => {
  const { call } = await openSession();

  const page = await call('GET', '/crm/v3/owners/?limit=2');
  const byEmail = await call('GET', '/crm/v3/owners?email=mei.tanaka@tributary.example');
  const archived = await call('GET', '/crm/v3/owners?archived=true');
  const single = await call('GET', '/crm/v3/owners/71200401');

  expect(page.body.results).toHaveLength(2);
  expect(page.body.paging.next.after).toBe('2');
  expect(byEmail.body.results).toMatchObject([{ id: '71200403', userId: 9_300_103, type: 'PERSON' }]);
  expect(archived.body.results).toMatchObject([{ id: '71200405', archived: true }]);
  expect(archived.body.results[0]).not.toHaveProperty('userId');
  expect(single.body.email).toBe('ana.ferreira@tributary.example');
  expect((await call('GET', '/crm/v3/owners/1')).status).toBe(404);
});

test('the account tells its id, currencies and time zone with the offset of the season', async () => {
  const { call, clock } = await openSession({ account: { portalId: 77, companyCurrency: 'EUR' } });

  const winter = await call('GET', '/account-info/v3/details');
  clock.now = Date.UTC(2026, 6, 1);
  const summer = await call('GET', '/account-info/2026-03/details');

  expect(winter.body).toMatchObject({
    portalId: 77,
    companyCurrency: 'EUR',
    timeZone: 'Europe/Berlin',
    utcOffset: '+01:00',
    utcOffsetMilliseconds: 3_600_000,
  });
  expect(summer.body.utcOffset).toBe('+02:00');
});
