import { expect, test } from 'vitest';
import { ATTEMPTS_MAX } from '../../../../domain/deliver/retry.ts';
import type { Fault } from '../../../../domain/model/fault.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { deliverDue } from '../../../../domain/pipeline/deliver/deliver-due.ts';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import { reviewProblems } from '../../../../domain/pipeline/problems/review-problems.ts';
import { behind, dueFor, LEASE_MS } from '../../../support/due-deliveries.ts';
import { problemsOf, type SmallHub, smallHub, withPort } from '../../../support/small-hub.ts';

const DOWN: Fault = { kind: 'transient', code: 'UNAVAILABLE', message: 'down' };
const MINUTE = 60_000;

/** What one day's messages and reviews come to, and how many calls of the system that fails they cost. */
async function dayOf(small: SmallHub, hub: Hub): Promise<void> {
  for (let minute = 0; minute < 24 * 60; minute += 5) {
    small.clock.now += 5 * MINUTE;
    await reviewProblems(hub);
    const notices = small.outbox.takeNotices().map((notice) => ({ notice, isRepeated: false }));
    if (notices.length > 0) await absorbNotices(hub, notices);
    const dues = small.outbox.takeDeliveries('two').map((due) => ({ due, isRepeated: false }));
    if (dues.length > 0) await deliverDue(hub, dues, LEASE_MS);
  }
}

test('a delivery that was given up is tried once an hour, and not by more and more messages', async () => {
  const { small, id } = await behind();
  let writes = 0;
  const down = withPort(small.hub, 'two', () => ({
    write: async (_object, _hubIdField, items) => {
      writes += 1;
      return items.map(() => ({ outcome: 'failed', fault: DOWN }));
    },
  }));
  await deliverDue(down, [{ due: dueFor(id, { attempts: ATTEMPTS_MAX }), isRepeated: false }], LEASE_MS);

  await dayOf(small, down);

  expect(writes).toBeLessThanOrEqual(26);
  expect(writes).toBeGreaterThan(20);
  expect(await problemsOf(small)).toEqual(['gave-up']);
  await dayOf(small, small.hub);
  expect(await problemsOf(small)).toEqual([]);
});

test('a record whose reading was given up is read once an hour, and not by more and more messages', async () => {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
  let reads = 0;
  const down = withPort(small.hub, 'one', () => ({
    read: async (_object, ids) => {
      reads += 1;
      return { ok: true, value: ids.map(() => ({ outcome: 'failed', fault: DOWN })) };
    },
  }));
  await small.notice('one', [a]);
  const [notice] = small.outbox.takeNotices();
  if (notice === undefined) throw new Error('no notice');
  await absorbNotices(down, [{ notice: { ...notice, attempts: ATTEMPTS_MAX }, isRepeated: false }]);

  await dayOf(small, down);

  expect(reads).toBeLessThanOrEqual(26);
  expect(reads).toBeGreaterThan(20);
  expect(await problemsOf(small)).toEqual(['gave-up']);
  await dayOf(small, small.hub);
  expect(await problemsOf(small)).toEqual([]);
});
