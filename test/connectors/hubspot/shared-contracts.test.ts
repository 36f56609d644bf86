import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HubspotAnswerError } from '../../../connectors/hubspot/answer-error.ts';
import { toErrorAnswer } from '../../../connectors/hubspot/answers.ts';
import { associationFields } from '../../../connectors/hubspot/association-fields.ts';
import { classify } from '../../../connectors/hubspot/classify.ts';
import { hubspot } from '../../../connectors/hubspot/connector.ts';
import { HUBSPOT_OBJECTS, objectTypes } from '../../../connectors/hubspot/object-types.ts';
import { readLimits } from '../../../connectors/hubspot/rate-limits.ts';
import { faultOfInput } from '../../../connectors/hubspot/refusal.ts';
import { checkSignature } from '../../../connectors/hubspot/signature.ts';
import { digestEvents } from '../../../connectors/hubspot/webhook-events.ts';
import type { WriteItem } from '../../../domain/model/snapshot.ts';
import { stepClock } from '../contract/contract-stage.ts';
import { drain, serveStage } from '../contract/served-connection.ts';
import { type HubspotStage, startHubspotStage } from './hubspot-stage.ts';

const folder = resolve(process.env.TRIBUTARY_SHARED ?? '../shared', 'contracts/hubspot');
const isThere = existsSync(folder);
const title = isThere ? '' : ' (skipped: the shared contract files are not there)';

function load(file: string): unknown {
  return JSON.parse(readFileSync(resolve(folder, file), 'utf8'));
}

describe.skipIf(!isThere)(`the vendor’s messages${title}`, () => {
  interface Vector {
    readonly name: string;
    readonly clientSecret: string;
    readonly method: string;
    readonly url: string;
    readonly body: string;
    readonly timestamp: string;
    readonly signatureV3: string;
  }

  it('carry signatures the connector takes, and takes in no other form', () => {
    const { vectors } = load('fixtures/signature-v3.vectors.json') as { vectors: readonly Vector[] };

    expect(vectors.length).toBeGreaterThan(0);
    for (const { name, clientSecret, method, url, body, timestamp, signatureV3 } of vectors) {
      const request = {
        method,
        url,
        headers: { 'x-hubspot-signature-v3': signatureV3, 'x-hubspot-request-timestamp': timestamp },
        body: new TextEncoder().encode(body),
      };
      const now = Number(timestamp) + 1_000;
      expect(checkSignature(request, clientSecret, now).isGenuine, name).toBe(true);
      expect(checkSignature({ ...request, url: `${url}x` }, clientSecret, now).isGenuine, name).toBe(false);
    }
  });

  it('of a webhook name every record concerned', () => {
    const events = load('fixtures/webhook-batch.synthetic.json') as readonly unknown[];

    const digest = digestEvents(events, HUBSPOT_OBJECTS, '891472211');

    expect(digest.hints.map(({ object, externalId }) => `${object} ${externalId}`).toSorted()).toEqual([
      'company 4001',
      'company 4002',
      'company 4003',
      'contact 5001',
      'deal 3001',
      'deal 3002',
      'lead 6001',
    ]);
    expect(digest.ignored).toEqual({});
  });

  interface ErrorFixture {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: { readonly errors?: readonly unknown[] };
  }

  it('of failure are faults by who must act', () => {
    const fixtures = load('fixtures/errors.synthetic.json') as Readonly<Record<string, ErrorFixture>>;
    const faultOf = (name: string) => {
      const { status, body, headers } = fixtures[name] ?? { status: 0, body: {} };
      return classify(new HubspotAnswerError(status, body, headers?.['Retry-After']), { isRepeatable: true });
    };

    expect(faultOf('429-ten-secondly')).toMatchObject({ kind: 'throttled', code: 'TEN_SECONDLY_ROLLING' });
    expect(faultOf('429-daily')).toMatchObject({ kind: 'throttled', code: 'DAILY' });
    expect(faultOf('429-search')).toMatchObject({ kind: 'throttled', code: 'SECONDLY', retryAfterMs: 1_000 });
    expect(faultOf('400-validation')).toMatchObject({
      kind: 'rejected',
      code: 'INVALID_INTEGER',
      fields: ['discount'],
    });
    expect(faultOf('409-conflict')).toMatchObject({ kind: 'conflict' });
    expect(faultOf('404')).toMatchObject({ kind: 'missing' });
    expect(faultOf('403-scopes')).toMatchObject({ kind: 'credential', code: 'MISSING_SCOPES' });
    expect(faultOf('403-scopes').message).toContain('crm.objects.deals.write');
    expect(faultOf('423-locked')).toMatchObject({ kind: 'throttled', retryAfterMs: 2_000 });
    expect(faultOf('477-migration')).toMatchObject({ kind: 'throttled', retryAfterMs: 3_600_000 });
    const [rowError] = fixtures['207-batch-upsert']?.body.errors ?? [];
    expect(faultOfInput(toErrorAnswer(rowError), 'create')).toMatchObject({ kind: 'rejected', fields: ['amount'] });
    const limits = new Map(
      Object.entries(fixtures['429-ten-secondly']?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    expect(readLimits((name) => limits.get(name) ?? null)).toEqual([{ budget: 'calls', used: 110, limit: 110 }]);
  });

  it('number types and associations as the connector does', () => {
    const ids = load('fixtures/association-type-ids.json') as {
      readonly HUBSPOT_DEFINED: Readonly<Record<string, string>>;
      readonly objectTypeIds: Readonly<Record<string, string>>;
    };

    for (const { path, typeId } of Object.values(objectTypes)) expect(ids.objectTypeIds[path]).toBe(typeId);
    for (const object of ['deal', 'contact'] as const) {
      for (const { typeId, to } of associationFields[object]) {
        expect(ids.HUBSPOT_DEFINED[typeId]).toBe(`${object}->${to === 'company' ? 'primary company' : to}`);
      }
    }
  });
});

describe.skipIf(!isThere)(`the requests the connector sends${title}`, () => {
  interface SentRequest {
    readonly method: string;
    readonly url: URL;
    readonly body: string | undefined;
  }
  interface OpenApi {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  }
  interface Operation {
    readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
    readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  }

  let stage: HubspotStage;
  const sent: SentRequest[] = [];

  beforeEach(async () => {
    sent.length = 0;
    const send = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
      const body = init?.body === undefined || init.body === null ? undefined : String(init.body);
      sent.push({ method: init?.method ?? 'GET', url: new URL(String(input)), body });
      return send(input, init);
    });
    const clock = stepClock();
    stage = await startHubspotStage(clock);
    await useEverything(serveStage(hubspot, stage, clock).port);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await stage.simulator.close();
  });

  it('are those of the vendor’s own OpenAPI documents, to the field', () => {
    const documents = ['crm-objects', 'crm-associations-v4', 'crm-owners', 'oauth-v1'].map((name) => ({
      name,
      document: load(`${name}.openapi.json`) as OpenApi,
    }));
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    for (const { name, document } of documents) ajv.addSchema({ $id: name, ...document });
    const covered = new Set<string>();

    for (const { method, url, body } of sent) {
      if (url.pathname.startsWith('/account-info/')) continue;
      const found = documents
        .flatMap(({ name, document }) =>
          Object.entries(document.paths).map(([path, operations]) => ({
            name,
            path,
            operation: operations[method.toLowerCase()],
          })),
        )
        .find(({ path, operation }) => operation !== undefined && matches(path, url.pathname));
      expect(found, `${method} ${url.pathname}`).toBeDefined();
      if (found?.operation === undefined) continue;
      covered.add(`${method} ${found.path}`);
      const known = found.operation.parameters?.filter((each) => each.in === 'query').map((each) => each.name) ?? [];
      expect(
        [...url.searchParams.keys()].filter((name) => !known.includes(name)),
        url.href,
      ).toEqual([]);
      const schema = found.operation.requestBody?.content['application/json']?.schema;
      if (schema === undefined) continue;
      const check = ajv.compile(absolute(schema, found.name) as object);
      expect(check(JSON.parse(body ?? 'null')), `${url.pathname}: ${JSON.stringify(check.errors)}`).toBe(true);
    }

    expect(covered.size).toBeGreaterThanOrEqual(11);
  });

  it('stay within the vendor’s batch sizes, and name no record twice', () => {
    const batches = sent.filter(({ url, body }) => url.pathname.includes('/batch/') && body !== undefined);

    expect(batches.length).toBeGreaterThan(10);
    for (const { url, body } of batches) {
      const { inputs } = JSON.parse(body ?? '') as { inputs: readonly { id?: string }[] };
      expect(inputs.length, url.pathname).toBeLessThanOrEqual(100);
      const ids = inputs.map(({ id }) => id).filter((id) => id !== undefined);
      expect(new Set(ids).size, url.pathname).toBe(ids.length);
    }
  });

  it('carry a trace id with every input that is created or updated', () => {
    const writes = sent.filter(({ url }) => /\/objects\/.*\/batch\/(create|update)$/.test(url.pathname));

    expect(writes.length).toBeGreaterThan(3);
    for (const { body } of writes) {
      const { inputs } = JSON.parse(body ?? '') as { inputs: readonly { objectWriteTraceId?: string }[] };
      const traceIds = inputs.map(({ objectWriteTraceId }) => objectWriteTraceId);
      expect(traceIds.every((id) => typeof id === 'string' && id !== '')).toBe(true);
      expect(new Set(traceIds).size).toBe(traceIds.length);
    }
  });

  it('keep searches short', () => {
    const searches = sent.filter(({ url }) => url.pathname.endsWith('/search'));

    expect(searches.length).toBeGreaterThan(0);
    for (const { body } of searches) expect((body ?? '').length).toBeLessThan(3_000);
  });
});

/** Makes the connector send every kind of request it knows. */
async function useEverything(port: ReturnType<typeof serveStage>['port']): Promise<void> {
  const create = (index: number, values: WriteItem['values']): WriteItem => ({
    operation: 'create',
    unifiedId: `01J${String(index).padStart(23, '0')}`,
    values,
    base: {},
  });
  const idsOf = async (object: string, items: readonly WriteItem[]): Promise<readonly string[]> => {
    const outcomes = await port.write(object, 'tributary_id', items);
    return outcomes.map((each) => {
      if (each.outcome !== 'written') throw new Error(`${object}: ${each.fault.code} ${each.fault.message}`);
      return each.externalId;
    });
  };
  const update = (externalId: string, values: WriteItem['values'], base: WriteItem['base'] = {}): WriteItem => ({
    ...create(0, values),
    operation: 'update',
    externalId,
    base,
  });
  const company = 'association.company.primary';

  await port.account();
  const many = Array.from({ length: 130 }, (_, index) => create(index, { name: `Company ${index}` }));
  const [first = '', second = ''] = await idsOf('company', many);
  const [ann = '', bob = ''] = await idsOf('contact', [
    create(1, { email: 'ann@x.example', [company]: first }),
    create(2, { email: 'bob@x.example' }),
  ]);
  await port.find('contact', 'tributary_id', [create(2, {}).unifiedId]);
  const [deal = ''] = await idsOf('deal', [
    create(1, { dealname: 'Deal', amount: '12.50', [company]: first, 'association.contact': [ann] }),
  ]);
  await idsOf('deal', [
    update(
      deal,
      { amount: null, [company]: second, 'association.contact': [bob] },
      { [company]: first, 'association.contact': [ann] },
    ),
  ]);
  const [lead = ''] = await idsOf('lead', [
    create(1, { hs_lead_name: 'A', 'contact.email': 'new@x.example', 'association.company': first }),
    create(2, { hs_lead_name: 'B', 'contact.lastname': 'Nobody' }),
  ]);
  await idsOf('lead', [update(lead, { hs_lead_name: 'C', 'contact.phone': '1' })]);
  await idsOf('company', [{ ...update(second, {}), operation: 'delete' }]);
  await port.read('deal', [deal, '999'], ['dealname', company, 'association.contact']);
  await port.read('lead', [lead], ['hs_lead_name', 'contact.id', 'contact.email', 'association.company']);
  for (const mode of ['changes', 'deletions', 'backfill'] as const) {
    await drain(port, 'lead', mode, { position: undefined, connectedAt: Date.UTC(2026, 4, 4) });
  }
}

function matches(template: string, path: string): boolean {
  const pattern = template.replace(/\{[^}]+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(path);
}

/** The schema with its references turned from "in this document" to "in the document of that name". */
function absolute(schema: unknown, document: string): unknown {
  if (Array.isArray(schema)) return schema.map((each) => absolute(each, document));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? `${document}${value}` : absolute(value, document),
    ]),
  );
}
