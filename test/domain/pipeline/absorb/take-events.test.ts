import { describe, expect, test } from 'vitest';
import type { EventReceipt, VendorEvent } from '../../../../domain/model/vendor-event.ts';
import { takeEvents } from '../../../../domain/pipeline/absorb/take-events.ts';
import { smallHub } from '../../../support/small-hub.ts';

const EVENT: VendorEvent = {
  id: 'e-1',
  source: 'aws.test',
  detailType: 'Thing Changed',
  account: '111122223333',
  region: 'us-east-1',
  time: '2026-03-02T10:15:00.123456789Z',
  resources: [],
  detail: { thing: { id: 't-1' } },
};
const NOTHING: EventReceipt = { hints: [], ignored: {} };

describe('an event of a vendor’s', () => {
  test('becomes a notice for every connection it names a mapped record of, traced back to the event', async () => {
    const hub = await hubWith({ a: { ...NOTHING, hints: [{ object: 'thing', externalId: 't-1' }] }, b: NOTHING });

    const { notices, outcomes } = await takeEvents(hub, [{ event: EVENT, isRepeated: true }]);

    expect(notices).toEqual([
      {
        isRepeated: true,
        notice: expect.objectContaining({
          connection: 'a',
          object: 'thing',
          ids: ['t-1'],
          reason: 'event',
          correlationId: 'e-1',
        }),
      },
    ]);
    expect(outcomes).toEqual({ 'event-hint': 1 });
  });

  test('about an object that is not mapped, of another account, or for nobody is ignored with its reason', async () => {
    const hub = await hubWith({
      a: { ...NOTHING, hints: [{ object: 'gizmo', externalId: 'g' }] },
      b: { ...NOTHING, ignored: { 'other-account': 1 } },
    });

    expect(await takeEvents(hub, [{ event: EVENT, isRepeated: false }])).toEqual({
      notices: [],
      outcomes: { 'event-ignored:not-mapped': 1, 'event-ignored:other-account': 1 },
    });
    expect((await takeEvents(await hubWith({}), [{ event: EVENT, isRepeated: false }])).outcomes).toEqual({
      'event-ignored:no-connection': 1,
    });
  });

  test('that no record stands behind is kept once, and asks a person; the next one of its type asks again', async () => {
    const kept = {
      why: 'no-record',
      message: 'A payment is held back.',
      nextStep: 'Mend it.',
      facts: { n: '1' },
    } as const;
    const hub = await hubWith({ a: { ...NOTHING, kept } });

    await takeEvents(hub, [{ event: EVENT, isRepeated: false }]);
    await takeEvents(hub, [{ event: EVENT, isRepeated: true }]);
    const { events } = await hub.store.listEvents({ limit: 10 });
    const [problem] = (await hub.store.listProblems({ limit: 10 })).problems;

    expect(events).toEqual([
      expect.objectContaining({ ...kept, connection: 'a', id: 'e-1', time: EVENT.time, detailType: 'Thing Changed' }),
    ]);
    expect(problem).toMatchObject({
      cause: 'event',
      connection: 'a',
      externalId: 'Thing Changed',
      nextStep: 'Mend it.',
    });

    await hub.store.ignoreProblem(problem?.id ?? '', { reason: 'seen to', by: 'x', at: 1 });
    await takeEvents(hub, [{ event: EVENT, isRepeated: true }]);
    expect((await hub.store.listProblems({ limit: 10 })).problems).toEqual([]);
    await takeEvents(hub, [{ event: { ...EVENT, id: 'e-2' }, isRepeated: false }]);
    expect((await hub.store.listProblems({ limit: 10 })).problems).toHaveLength(1);
  });

  test('that nobody understands is one question for its type, however many come', async () => {
    const kept = { why: 'unknown-type', message: 'What is this?', nextStep: 'Update the hub.', facts: {} } as const;
    const hub = await hubWith({ a: { ...NOTHING, kept } });

    for (const id of ['e-1', 'e-2', 'e-3']) await takeEvents(hub, [{ event: { ...EVENT, id }, isRepeated: false }]);

    expect((await hub.store.listEvents({ limit: 10 })).events).toHaveLength(3);
    expect((await hub.store.listProblems({ limit: 10 })).problems).toHaveLength(1);
  });
});

/** A hub with these connections, each of which says so of every event. */
async function hubWith(receipts: Readonly<Record<string, EventReceipt>>) {
  const { hub } = await smallHub(Object.keys(receipts));
  return { ...hub, receiveEvent: async (connection: string) => receipts[connection] };
}
