import { expect, test } from 'vitest';
import { ATTEMPTS_MAX } from '../../../domain/deliver/retry.ts';
import type { Fault } from '../../../domain/model/fault.ts';
import type { DeliveryDue } from '../../../domain/model/notice.ts';
import { absorbNotices } from '../../../domain/pipeline/absorb/absorb-notices.ts';
import { deliverDue } from '../../../domain/pipeline/deliver/deliver-due.ts';
import type { Hub } from '../../../domain/pipeline/ports.ts';
import { behind, dueFor, LEASE_MS } from '../../support/due-deliveries.ts';
import { problemsOf, type SmallHub, smallHub, withPort } from '../../support/small-hub.ts';

const DOWN: Fault = { kind: 'transient', code: 'UNAVAILABLE', message: 'down' };
/** More messages than one may have attempts. */
const BURST = ATTEMPTS_MAX + 50;
/** Rounds over all messages: far fewer than one may have attempts. */
const ROUNDS = 5;

/** Time passes until every message that waits can be seen. */
function passTime({ clock }: SmallHub): void {
  clock.now += 900_000;
}

test('a burst of messages about one record does not use up its patience while a system takes no writes', async () => {
  const { small, id } = await behind();
  const down = withPort(small.hub, 'two', () => ({
    write: async (_object, _hubIdField, items) => items.map(() => ({ outcome: 'failed', fault: DOWN })),
  }));
  let dues: readonly DeliveryDue[] = Array.from({ length: BURST }, () => dueFor(id));

  for (let round = 0; round < ROUNDS; round++) {
    for (const due of dues) await deliverDue(down, [{ due, isRepeated: false }], LEASE_MS);
    passTime(small);
    dues = small.outbox.takeDeliveries('two');
  }

  expect(dues).toHaveLength(BURST);
  expect(Math.max(...dues.map(({ attempts }) => attempts))).toBe(ROUNDS);
  expect(await problemsOf(small)).toEqual([]);
});

test('a burst of notices about one record does not use up its patience while its system cannot be read', async () => {
  const small = await smallHub(['one']);
  const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
  const down: Hub = withPort(small.hub, 'one', () => ({
    read: async (_object, ids) => ({ ok: true, value: ids.map(() => ({ outcome: 'failed', fault: DOWN })) }),
  }));
  for (let each = 0; each < BURST; each++) await small.notice('one', [a]);

  let notices = small.outbox.takeNotices();
  for (let round = 0; round < ROUNDS; round++) {
    for (const notice of notices) await absorbNotices(down, [{ notice, isRepeated: false }]);
    passTime(small);
    notices = small.outbox.takeNotices();
  }

  expect(Math.max(...notices.map(({ attempts }) => attempts))).toBe(ROUNDS);
  expect(await problemsOf(small)).toEqual([]);
});
