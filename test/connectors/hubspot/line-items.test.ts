import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubspot } from '../../../connectors/hubspot/connector.ts';
import type { WriteItem } from '../../../domain/model/snapshot.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import type { SystemPort } from '../../../domain/pipeline/ports.ts';
import { jsonResponse, startHttpServer } from '../../../local/simulators/shared/http-server.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { drain, serveStage } from '../contract/served-connection.ts';
import { type HubspotStage, startHubspotStage } from './hubspot-stage.ts';

let clock: StepClock;
let stage: HubspotStage;
let port: SystemPort;

beforeEach(async () => {
  clock = stepClock();
  stage = await startHubspotStage(clock);
  port = serveStage(hubspot, stage, clock).port;
});
afterEach(() => stage.simulator.close());

const create = (values: SystemValues): WriteItem => ({
  operation: 'create',
  unifiedId: '01HUBDEALWITHLINES00000001',
  values: { dealname: 'Deal', ...values },
  base: {},
});
const update = (externalId: string, values: SystemValues, base: SystemValues): WriteItem => ({
  operation: 'update',
  unifiedId: '01HUBDEALWITHLINES00000001',
  externalId,
  values,
  base,
});
const write = (...items: readonly WriteItem[]) => port.write('deal', 'tributary_id', items);

async function linesOf(id: string): Promise<unknown> {
  const answer = await port.read('deal', [id], ['dealname', 'line_items']);
  const [outcome] = answer.ok ? answer.value : [];
  return outcome?.outcome === 'found' ? outcome.snapshot.values.line_items : outcome;
}

/** A deal with line items that a person made. */
function seedDeal(...items: readonly Readonly<Record<string, string>>[]): readonly string[] {
  stage.simulator.admin.seed(
    [
      { type: 'deals', id: '31', properties: { dealname: 'Deal' } },
      ...items.map((properties, place) => ({ type: 'line_items', id: String(50 + place), properties })),
    ],
    items.map((_, place) => ({ fromType: 'deals', fromId: '31', toType: 'line_items', toId: String(50 + place) })),
  );
  return items.map((_, place) => String(50 + place));
}

const itemsThere = () =>
  stage.simulator.admin
    .records('line_items')
    .filter(({ isArchived }) => !isArchived)
    .map(({ id, properties }) => ({ id, ...properties }));

describe('the line items of a deal', () => {
  it('are read by SKU, else by name, with their discounts taken off', async () => {
    seedDeal(
      { hs_sku: 'A-1', name: 'Analytics', quantity: '2', price: '150.50' },
      { name: 'Setup', quantity: '1', price: '200', discount: '50' },
      { hs_sku: 'B-1', quantity: '3', price: '100', hs_discount_percentage: '12.5' },
    );

    expect(await linesOf('31')).toEqual(['A-1 | 2 × 150.5', 'B-1 | 3 × 87.5', 'Setup | 1 × 150']);
  });

  it('that cannot be read are told, not left out', async () => {
    seedDeal({ name: 'No price', quantity: '1' });

    expect(await linesOf('31')).toEqual(['a line the hub cannot read']);
  });

  it('are made with the deal, each with its currency', async () => {
    const lines = ['A-1 | 2 × 150.5', 'Setup | 1 × 99'];

    const [made] = await write(create({ deal_currency_code: 'EUR', line_items: lines }));

    expect(made).toMatchObject({ outcome: 'written', created: true });
    expect(await linesOf(made?.outcome === 'written' ? made.externalId : '')).toEqual(lines);
    expect(itemsThere()).toMatchObject([
      { hs_sku: 'A-1', name: 'A-1', hs_line_item_currency_code: 'EUR' },
      { hs_sku: 'Setup' },
    ]);
  });

  it('are changed as differences: a row that is right stays as it is', async () => {
    const [kept, changed] = seedDeal(
      { hs_sku: 'A', quantity: '1', price: '10', description: 'as agreed' },
      { hs_sku: 'B', quantity: '1', price: '20', hs_discount_percentage: '50' },
      { hs_sku: 'C', quantity: '1', price: '30' },
    );
    const base = { line_items: ['A | 1 × 10', 'B | 1 × 10', 'C | 1 × 30'] };

    const wanted = ['A | 1 × 10', 'B | 2 × 15', 'D | 1 × 40'];
    await write(update('31', { line_items: wanted }, base));

    expect(await linesOf('31')).toEqual(wanted);
    expect(itemsThere().map(({ id }) => id)).toEqual(expect.arrayContaining([kept, changed]));
    expect(itemsThere().find(({ id }) => id === kept)).toMatchObject({ description: 'as agreed' });
  });

  it('that a person changed since the last read are left as they are', async () => {
    seedDeal({ hs_sku: 'A', quantity: '7', price: '10' });

    await write(update('31', { line_items: ['A | 2 × 10'] }, { line_items: ['A | 1 × 10'] }));

    expect(await linesOf('31')).toEqual(['A | 7 × 10']);
  });

  it('are not made twice by a repetition whose first answer was lost', async () => {
    seedDeal();
    stage.simulator.admin.addFault({ kind: 'lose-answer', match: { pathIncludes: '/line_items/batch/create' } });
    const item = update('31', { line_items: ['A | 1 × 10'] }, { line_items: [] });

    const [first] = await write(item);
    const [second] = await write(item);

    expect(first).toMatchObject({ outcome: 'failed', fault: { kind: 'uncertain' } });
    expect(second).toMatchObject({ outcome: 'written' });
    expect(itemsThere()).toHaveLength(1);
  });

  it('that are refused fail their own deal, by that field', async () => {
    seedDeal();
    stage.simulator.admin.addFault({ kind: 'fail-rows', object: 'line_items', field: 'hs_sku', value: 'BAD' });

    const outcomes = await write(
      update('31', { line_items: ['BAD | 1 × 10'] }, { line_items: [] }),
      create({ line_items: ['A | 1 × 10'] }),
    );

    expect(outcomes[0]).toMatchObject({ outcome: 'failed', fault: { kind: 'rejected', fields: ['line_items'] } });
    expect(outcomes[1]).toMatchObject({ outcome: 'written' });
  });

  it('lead a sweep to their deal when only they changed', async () => {
    seedDeal({ hs_sku: 'A', quantity: '1', price: '10' });
    const connectedAt = clock.now();
    clock.advance(3_600_000);
    const before = await drain(port, 'deal', 'changes', { position: undefined, connectedAt });
    clock.advance(3_600_000);
    stage.simulator.admin.seed(
      [{ type: 'line_items', id: '50', properties: { quantity: '2' }, modifiedAt: clock.now() }],
      [],
    );
    clock.advance(60_000);

    const after = await drain(port, 'deal', 'changes', { position: before.at(-1)?.position, connectedAt });

    expect(after.flatMap(({ ids }) => ids)).toEqual(['31']);
  });
});

describe('an app that may not see line items', () => {
  it('reads and sweeps deals without them, says so, and asks for them once a session', async () => {
    const asked: string[] = [];
    const server = await startHttpServer({
      async handle({ path, target }) {
        if (path.includes('0-8') || path.includes('line_items')) {
          asked.push(target);
          return jsonResponse(403, { status: 'error', category: 'MISSING_SCOPES', message: 'no', correlationId: 'x' });
        }
        if (path.includes('/oauth/')) return jsonResponse(200, { access_token: 'token', expires_in: 1_800 });
        const deal = { id: '31', properties: { dealname: 'Deal', hs_lastmodifieddate: '2026-05-01T00:00:00.000Z' } };
        const results = path.endsWith('/search') ? [] : [deal];
        return jsonResponse(200, { status: 'COMPLETE', total: results.length, results });
      },
    });
    const settings = { ...stage.settings, baseUrl: server.url };
    const blind = serveStage(hubspot, { ...stage, settings }, clock).port;

    const first = await blind.read('deal', ['31'], ['dealname', 'line_items']);
    await blind.read('deal', ['31'], ['dealname', 'line_items']);
    const pages = await drain(blind, 'deal', 'changes', { position: undefined, connectedAt: clock.now() });
    await server.close();

    expect(first).toMatchObject({
      value: [{ snapshot: { values: { dealname: 'Deal' }, unseen: ['line_items'] } }],
    });
    expect(pages.at(-1)?.hasMore).toBe(false);
    expect(asked).toHaveLength(1);
  });
});
