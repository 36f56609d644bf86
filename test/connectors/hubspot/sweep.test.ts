import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { overlapMs } from '../../../connectors/hubspot/change-cursor.ts';
import { hubspot } from '../../../connectors/hubspot/connector.ts';
import type { SweepMode } from '../../../domain/model/notice.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { drain, type ServedConnection, serveStage } from '../contract/served-connection.ts';
import { type HubspotStage, startHubspotStage } from './hubspot-stage.ts';

let clock: StepClock;
let stage: HubspotStage;
let served: ServedConnection;
let connectedAt: number;

async function start(options: Parameters<typeof startHubspotStage>[1] = {}): Promise<void> {
  clock = stepClock();
  connectedAt = clock.now();
  stage = await startHubspotStage(clock, options);
  served = serveStage(hubspot, stage, clock);
}

beforeEach(() => start());
afterEach(() => stage.simulator.close());

async function sweep(object: string, mode: SweepMode, position?: unknown) {
  const pages = await drain(served.port, object, mode, { position, connectedAt });
  return { ids: pages.flatMap(({ ids }) => ids), position: pages.at(-1)?.position, pages: pages.length };
}

const seedDeals = (count: number, firstId: number): void => {
  const records = Array.from({ length: count }, (_, index) => ({
    type: 'deals',
    id: String(firstId + index),
    properties: { dealname: 'Deal' },
  }));
  stage.simulator.admin.seed(records);
};

async function archiveDeals(firstId: number, count: number): Promise<void> {
  const inputs = Array.from({ length: count }, (_, index) => ({ id: String(firstId + index) }));
  await stage.asPerson('POST', '/crm/v3/objects/deals/batch/archive', { inputs });
}

describe('sweeping for changes', () => {
  it('finds what the index shows late, in a later pass', async () => {
    await stage.simulator.close();
    await start({ indexLagMs: 60_000 });
    await stage.asPerson('POST', '/crm/v3/objects/deals', { properties: { dealname: 'Late' } });
    const first = await sweep('deal', 'changes');
    clock.advance(61_000);

    const second = await sweep('deal', 'changes', first.position);

    expect([first.ids.length, second.ids.length]).toEqual([0, 1]);
  });

  it('gets past the wall at 10,000 results', async () => {
    seedDeals(10_400, 100_000);

    const { ids } = await sweep('deal', 'changes');

    expect(new Set(ids).size).toBe(10_400);
    expect(ids.length).toBe(10_400);
  });

  it('keeps to the five searches a second that HubSpot allows', async () => {
    seedDeals(4_000, 100_000);

    await sweep('deal', 'changes');

    expect(stage.simulator.admin.statistics().calls.byStatus['429']).toBeUndefined();
  });

  it('begins anew, and loses nothing, when its position is not of its making', async () => {
    seedDeals(3, 100_000);

    const { ids } = await sweep('deal', 'changes', { from: 'a former version' });

    expect(ids.length).toBe(3);
  });

  it('names a lead whose person changed, which leaves no trace on the lead', async () => {
    stage.simulator.admin.seed(
      [
        { type: 'contacts', id: '21', properties: { email: 'a@x.example' } },
        { type: 'contacts', id: '22', properties: { email: 'b@x.example' } },
        { type: 'leads', id: '41', properties: { hs_lead_name: 'Lead' } },
      ],
      [{ fromType: 'leads', fromId: '41', toType: 'contacts', toId: '21', typeIds: [578] }],
    );
    clock.advance(2 * overlapMs);
    let { position } = await sweep('lead', 'changes');
    clock.advance(2 * overlapMs);
    ({ position } = await sweep('lead', 'changes', position));
    clock.advance(2 * overlapMs);
    await stage.asPerson('PATCH', '/crm/v3/objects/contacts/21', { properties: { phone: '1' } });
    await stage.asPerson('PATCH', '/crm/v3/objects/contacts/22', { properties: { phone: '2' } });

    const { ids } = await sweep('lead', 'changes', position);

    expect(ids).toEqual(['41']);
  });
});

describe('sweeping for deletions', () => {
  it('names what was archived since, out of all that ever was', async () => {
    seedDeals(250, 100_000);
    await archiveDeals(100_000, 60);
    await archiveDeals(100_060, 60);
    clock.advance(3_600_000);
    const first = await sweep('deal', 'deletions');
    clock.advance(3_600_000);
    await stage.asPerson('DELETE', '/crm/v3/objects/deals/100200');

    const second = await sweep('deal', 'deletions', first.position);

    expect(first.ids.length).toBe(120);
    expect(second).toMatchObject({ ids: ['100200'], pages: 2 });
  });

  it('comes to rest', async () => {
    seedDeals(1, 100_000);
    await stage.asPerson('DELETE', '/crm/v3/objects/deals/100000');
    const first = await sweep('deal', 'deletions');
    clock.advance(3_600_000);
    const second = await sweep('deal', 'deletions', first.position);
    clock.advance(3_600_000);

    const third = await sweep('deal', 'deletions', second.position);

    expect(third.ids).toEqual([]);
  });

  it('leaves alone what was deleted long before the connection was made', async () => {
    seedDeals(1, 100_000);
    await stage.asPerson('DELETE', '/crm/v3/objects/deals/100000');
    clock.advance(86_400_000);
    connectedAt = clock.now();

    expect((await sweep('deal', 'deletions')).ids).toEqual([]);
  });
});

describe('walking', () => {
  it('names every live record, 100 a call, and begins again from the start', async () => {
    seedDeals(230, 100_000);
    await stage.asPerson('DELETE', '/crm/v3/objects/deals/100007');

    const first = await sweep('deal', 'walk');
    const second = await sweep('deal', 'walk', first.position);

    expect(first).toMatchObject({ pages: 3, position: null });
    expect(new Set(first.ids).size).toBe(229);
    expect(second.ids).toEqual(first.ids);
  });
});
