import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, test } from 'vitest';
import { rateRefusal } from '../../../../local/simulators/hubspot/rate-limits.ts';
import { signatureV3 } from '../../../../local/simulators/hubspot/signature-v3.ts';
import { allSubscriptions } from '../../../../local/simulators/hubspot/webhook-settings.ts';
import { link, openSession, type SimulatorSession } from './simulator-session.ts';
import { openReceiver } from './webhook-receiver.ts';

const contracts = resolve(process.env.TRIBUTARY_SHARED ?? '../shared', 'contracts/hubspot');
const present = existsSync(contracts);

function readContract(name: string) {
  return JSON.parse(readFileSync(join(contracts, name), 'utf8'));
}

/** A checker for one schema of a contract file. The vendor answers `null` for a plain association's label. */
function checker(file: string, schema: string): ValidateFunction {
  const document = readContract(`${file}.openapi.json`);
  const label = document.components.schemas.AssociationSpecWithLabel?.properties.label;
  if (label !== undefined) label.nullable = true;
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat('date-time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  for (const format of ['int32', 'int64']) ajv.addFormat(format, true);
  ajv.addSchema(document, file);
  const validate = ajv.getSchema(`${file}#/components/schemas/${schema}`);
  if (validate === undefined) throw new Error(`There is no schema ${schema} in ${file}.`);
  return validate;
}

function expectValid(file: string, schema: string, body: unknown): void {
  const validate = checker(file, schema);
  validate(body);
  expect(validate.errors ?? []).toEqual([]);
}

async function openWithRecords(): Promise<SimulatorSession> {
  const session = await openSession();
  session.simulator.admin.seed(
    [
      { type: 'companies', id: '100', properties: { name: 'A', tributary_id: 'T1' } },
      { type: 'companies', id: '101', properties: { name: 'B' } },
      { type: 'contacts', id: '200', properties: { email: 'kim@example.com' } },
      { type: 'deals', id: '300', properties: { dealname: 'D' } },
    ],
    [{ fromType: 'deals', fromId: '300', toType: 'companies', toId: '100', typeIds: [5] }],
  );
  return session;
}

describe.skipIf(!present)('the vendor contracts (skipped: the shared contracts are not there)', () => {
  test('reads and writes of single records', async () => {
    const { call } = await openWithRecords();
    const object = (body: unknown) => expectValid('crm-objects', 'SimplePublicObject', body);

    object((await call('POST', '/crm/v3/objects/companies', { properties: { name: 'C' } })).body);
    object((await call('PATCH', '/crm/v3/objects/companies/100', { properties: { city: 'Oslo' } })).body);
    const read = await call('GET', '/crm/v3/objects/companies/100?propertiesWithHistory=city&associations=deals');
    expect(read.body.associations.deals.results).toHaveLength(2);
    expectValid('crm-objects', 'SimplePublicObjectWithAssociations', read.body);
    const listed = await call('GET', '/crm/v3/objects/companies?limit=1&associations=deals');
    expectValid('crm-objects', 'CollectionResponseSimplePublicObjectWithAssociationsForwardPaging', listed.body);
    const found = await call('POST', '/crm/v3/objects/companies/search', { limit: 1 });
    expectValid('crm-objects', 'CollectionResponseWithTotalSimplePublicObject', found.body);
    const lead = { properties: { hs_lead_name: 'L' }, associations: [link('200', 578)] };
    expectValid('crm-leads', 'SimplePublicObject', (await call('POST', '/crm/v3/objects/leads', lead)).body);
    const merge = { primaryObjectId: '100', objectIdToMerge: '101' };
    expectValid(
      'crm-companies',
      'SimplePublicObject',
      (await call('POST', '/crm/v3/objects/companies/merge', merge)).body,
    );
  });

  test('batches, whole and in part', async () => {
    const { call } = await openWithRecords();
    const batch = '/crm/v3/objects/companies/batch';

    const created = await call('POST', `${batch}/create`, { inputs: [{ properties: { name: 'C' } }] });
    expectValid('crm-objects', 'BatchResponseSimplePublicObject', created.body);
    const partial = await call('POST', `${batch}/create`, {
      inputs: [
        { properties: { name: 'D' }, objectWriteTraceId: 'a' },
        { properties: { industry: 'no' }, objectWriteTraceId: 'b' },
      ],
    });
    expect(partial.status).toBe(207);
    expectValid('crm-objects', 'BatchResponseSimplePublicObjectWithErrors', partial.body);
    const read = await call('POST', `${batch}/read`, { inputs: [{ id: '100' }, { id: '999' }], properties: ['name'] });
    expect(read.status).toBe(207);
    expectValid('crm-objects', 'BatchResponseSimplePublicObjectWithErrors', read.body);
    const upserted = await call('POST', `${batch}/upsert`, {
      inputs: [{ id: 'T1', idProperty: 'tributary_id', properties: { name: 'E' } }],
    });
    expectValid('crm-objects', 'BatchResponseSimplePublicUpsertObject', upserted.body);
  });

  test('associations', async () => {
    const { call } = await openWithRecords();
    const file = 'crm-associations-v4';
    const batch = '/crm/v4/associations/deals/companies/batch';
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }];

    const listed = await call('GET', '/crm/v4/objects/deals/300/associations/companies?limit=1');
    expectValid(file, 'CollectionResponseMultiAssociatedObjectWithLabelForwardPaging', listed.body);
    const put = await call('PUT', '/crm/v4/objects/deals/300/associations/companies/101', types);
    expectValid(file, 'LabelsBetweenObjectPair', put.body);
    const usual = await call('PUT', '/crm/v4/objects/deals/300/associations/default/companies/101');
    expectValid(file, 'BatchResponsePublicDefaultAssociation', usual.body);
    const created = await call('POST', `${batch}/create`, {
      inputs: [{ from: { id: '300' }, to: { id: '101' }, types }],
    });
    expectValid(file, 'BatchResponseLabelsBetweenObjectPair', created.body);
    const read = await call('POST', `${batch}/read`, { inputs: [{ id: '300' }, { id: '301' }] });
    expect(read.status).toBe(207);
    expectValid(file, 'BatchResponsePublicAssociationMultiWithLabelWithErrors', read.body);
  });

  test('properties, pipelines, owners and tokens', async () => {
    const session = await openSession({ oauth: { clientId: 'c', refreshToken: 'r' }, clientSecret: 's' });
    const { call } = session;

    expectValid(
      'crm-properties',
      'CollectionResponsePropertyNoPaging',
      (await call('GET', '/crm/v3/properties/deals')).body,
    );
    expectValid('crm-properties', 'Property', (await call('GET', '/crm/v3/properties/companies/industry')).body);
    expectValid(
      'crm-pipelines',
      'CollectionResponsePipelineNoPaging',
      (await call('GET', '/crm/v3/pipelines/leads')).body,
    );
    expectValid(
      'crm-owners',
      'CollectionResponsePublicOwnerForwardPaging',
      (await call('GET', '/crm/v3/owners/')).body,
    );
    const form = { grant_type: 'refresh_token', client_id: 'c', client_secret: 's', refresh_token: 'r' };
    const issued = await fetch(`${session.simulator.url}/oauth/v1/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    const token = (await issued.json()) as { access_token: string };
    expectValid('oauth-v1', 'AccessTokenResponse', token);
    const described = await call('GET', `/oauth/v1/access-tokens/${token.access_token}`);
    expectValid('oauth-v1', 'AccessTokenInfoResponse', described.body);
  });

  test('errors have the parts every error has', async () => {
    const { call } = await openWithRecords();

    const errors = [
      await call('GET', '/crm/v3/objects/companies/9'),
      await call('POST', '/crm/v3/objects/companies', { properties: { nonsense: '1' } }),
      await call('POST', '/crm/v3/objects/companies', { properties: { tributary_id: 'T1' } }),
      await call('GET', '/crm/v3/objects/companies', undefined, 'unknown'),
      await call('POST', '/crm/v3/objects/companies/search', { limit: 201 }),
    ];

    expect(errors.map(({ status }) => status)).toEqual([404, 400, 409, 401, 400]);
    for (const { body } of errors) expectValid('crm-objects', 'ModelError', body);
  });

  test('429 answers say what the recorded ones say', () => {
    const fixtures = readContract('fixtures/errors.synthetic.json');
    const recorded = {
      '429-ten-secondly': 'TEN_SECONDLY_ROLLING',
      '429-daily': 'DAILY',
      '429-search': 'SECONDLY',
    } as const;

    for (const [name, policy] of Object.entries(recorded)) {
      const { correlationId: _c, requestId: _r, ...expected } = fixtures[name].body;
      expect(rateRefusal(policy)).toMatchObject({ status: 429, body: expected });
    }
  });

  test('association type ids mean what the vendor says', async () => {
    const { call } = await openSession();
    const { HUBSPOT_DEFINED: named } = readContract('fixtures/association-type-ids.json') as {
      HUBSPOT_DEFINED: Record<string, string>;
    };

    for (const [from, to] of [
      ['contacts', 'companies'],
      ['deals', 'companies'],
      ['deals', 'contacts'],
    ] as const) {
      for (const [near, far] of [
        [from, to],
        [to, from],
      ] as const) {
        const { body } = await call('GET', `/crm/v4/associations/${near}/${far}/labels`);
        for (const { typeId, label } of body.results) {
          expect(named[typeId]).toBeDefined();
          expect(named[typeId]?.includes('primary')).toBe(label === 'Primary');
        }
      }
    }
  });

  test('signatures agree with the vectors of the vendor SDKs', () => {
    const { vectors } = readContract('fixtures/signature-v3.vectors.json');

    for (const { clientSecret, method, url, body, timestamp, signatureV3: expected } of vectors) {
      expect(signatureV3(clientSecret, method, url, body, timestamp)).toBe(expected);
    }
  });

  test('webhook events have the keys of the documented ones', async () => {
    const documented: Record<string, unknown>[] = readContract('fixtures/webhook-batch.synthetic.json');
    const receiver = await openReceiver();
    const { call, simulator } = await openSession({
      webhooks: {
        targetUrl: receiver.url,
        subscriptions: [...allSubscriptions('named'), { eventType: 'object.associationChange', objectTypeId: '0-3' }],
      },
      webhookDelivery: { lingerMs: 1 },
    });
    const make = async (type: string, properties: object, associations: unknown[] = []) =>
      (await call('POST', `/crm/v3/objects/${type}`, { properties, associations })).body.id as string;
    const companies = [await make('companies', { name: 'A' }), await make('companies', { name: 'B' })];
    const contact = await make('contacts', { email: 'kim@example.com' });
    const deal = await make('deals', { dealname: 'D', closedate: '2026-12-24' }, [link(companies[0] ?? '', 5)]);
    await make('leads', { hs_lead_name: 'L' }, [link(contact, 578)]);
    await call('POST', '/crm/v3/objects/companies/merge', {
      primaryObjectId: companies[0],
      objectIdToMerge: companies[1],
    });
    await call('DELETE', `/crm/v3/objects/deals/${deal}`);
    simulator.admin.restore('deals', deal);
    await call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: contact });
    await simulator.admin.webhooksIdle();

    for (const example of documented) {
      const sent = receiver.events().find(({ subscriptionType }) => subscriptionType === example.subscriptionType);
      expect(Object.keys(sent ?? {}).sort(), String(example.subscriptionType)).toEqual(Object.keys(example).sort());
    }
  });
});
