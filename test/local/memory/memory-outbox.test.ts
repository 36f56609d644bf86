import { expect, test } from 'vitest';
import type { DeliveryDue, Notice } from '../../../domain/model/notice.ts';
import { memoryOutbox } from '../../../local/memory/memory-outbox.ts';
import { describeOutbox, type Ends } from '../../functions/runtime/outbox-conformance.ts';

const clock = { now: 0 };
const shared = memoryOutbox(() => clock.now);
const ends: Ends = {
  notices: async () => shared.takeNotices(),
  deliveries: async (connection) => shared.takeDeliveries(connection),
  sweeps: async () => shared.takeSweeps(),
  changed: async () => shared.takeChanged(),
};

// Time passes only where nothing is visible yet.
describeOutbox('the outbox in memory', () => ({ outbox: shared, now: ends, within: () => endsThatWait(ends) }));

/** The far ends, moving the clock by a second when nothing is there. */
function endsThatWait(ends: Ends): Ends {
  const waiting =
    <T>(take: () => Promise<readonly T[]>) =>
    async () => {
      const visible = await take();
      if (visible.length > 0) return visible;
      clock.now += 1_000;
      return take();
    };
  return {
    notices: waiting(ends.notices),
    deliveries: (connection) => waiting(() => ends.deliveries(connection))(),
    sweeps: waiting(ends.sweeps),
    changed: waiting(ends.changed),
  };
}

test('what was sent is taken once, in the order it was sent', async () => {
  const outbox = memoryOutbox(() => 0);
  await outbox.notice([notice('1'), notice('2')], 0);
  await outbox.changed([{ schema: 1, kind: 'partner', id: 'U1', version: 1, fields: [] }]);

  expect(outbox.takeNotices()).toEqual([notice('1'), notice('2')]);
  expect(outbox.takeNotices()).toEqual([]);
  expect(outbox.takeChanged()).toHaveLength(1);
  expect(outbox.takeChanged()).toEqual([]);
});

test('what is delayed is seen when its time has come, and not before', async () => {
  let now = 1_000;
  const outbox = memoryOutbox(() => now);
  await outbox.notice([notice('1')], 500);
  await outbox.sweep([{ schema: 1, connection: 'hubspot', object: 'company', mode: 'walk', attempts: 0 }], 200);

  expect([outbox.takeNotices(), outbox.takeSweeps()]).toEqual([[], []]);
  expect(outbox.nextVisibleAt()).toBe(1_200);
  now = 1_500;
  expect(outbox.takeSweeps()).toHaveLength(1);
  expect(outbox.takeNotices()).toEqual([notice('1')]);
  expect(outbox.nextVisibleAt()).toBeUndefined();
});

test('deliveries are taken by connection', async () => {
  const outbox = memoryOutbox(() => 0);
  await outbox.deliver([due('hubspot'), due('salesforce')]);
  await outbox.deliverLater([due('hubspot')], 0);

  expect(outbox.takeDeliveries('hubspot')).toEqual([due('hubspot'), due('hubspot')]);
  expect(outbox.waiting.deliveries.map(({ message }) => message)).toEqual([due('salesforce')]);
});

test('a delay that a queue would refuse is refused', async () => {
  const outbox = memoryOutbox(() => 0);

  await expect(outbox.notice([notice('1')], 900_001)).rejects.toThrow('A delay is 0 to 900000 ms');
  await expect(outbox.notice([notice('1')], Number.NaN)).rejects.toThrow('A delay');
});

function notice(id: string): Notice {
  return {
    schema: 1,
    connection: 'hubspot',
    object: 'company',
    ids: [id],
    reason: 'sweep',
    attempts: 0,
    correlationId: 'c',
  };
}

function due(connection: string): DeliveryDue {
  return { schema: 1, connection, object: 'company', kind: 'partner', id: 'U1', attempts: 0, correlationId: 'c' };
}
