import { describe, expect, test } from 'vitest';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import type { DeliveryReport } from '../../../../domain/pipeline/deliver/deliver-due.ts';
import {
  absorbOne,
  behind,
  behindByNote,
  deliver,
  dueFor,
  LEASE_MS,
  sourceIn,
  UNANSWERED,
} from '../../../support/due-deliveries.ts';
import { bundleOf, smallHub, withPort } from '../../../support/small-hub.ts';

/** How long after its lease a frozen worker writes, ms. */
const LATE_MS = 1_000;

function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

describe.each([
  ['when another has written a newer one', false],
  ['when another has written a newer one and not noted it yet', true],
])('the former value, written by a worker that has outlived its lease %s', (_when, isUnderClaim) => {
  test.each([
    ['with its answer', false],
    ['without one', true],
  ])('%s, is no edit', async (_answer, isUnanswered) => {
    const { small, a, b, id } = await behind();
    const written = gate();
    const done = gate();
    const second = withPort(small.hub, 'two', ({ write }) => ({
      write: async (...asked) => {
        const outcomes = await write(...asked);
        written.open();
        await done.opened;
        return outcomes;
      },
    }));
    let other: Promise<DeliveryReport> | undefined;
    const frozen = withPort(small.hub, 'two', ({ write }) => ({
      write: async (...asked) => {
        small.clock.now += LEASE_MS;
        small.systems.one?.edit(a, { NAME: 'Renamed again' });
        await absorbOne(small, [a]);
        other = deliver(second, dueFor(id));
        await written.opened;
        if (!isUnderClaim) done.open();
        if (!isUnderClaim) await other;
        small.clock.now += LATE_MS;
        const outcomes = await write(...asked);
        const fault = { kind: 'uncertain', code: 'X', message: 'no answer' } as const;
        return isUnanswered ? outcomes.map(() => ({ outcome: 'failed', fault })) : outcomes;
      },
    }));

    expect(await deliver(frozen, dueFor(id))).toEqual(isUnanswered ? { uncertain: 1 } : { 'lost-claim': 1 });
    expect(small.systems.two?.read(b).NAME).toBe('Renamed');
    // Taken in before the other's end, it would be forgotten by that.
    const waits = small.outbox.waiting.notices.map(({ visibleAt }) => visibleAt - small.clock.now);
    if (!isUnanswered) expect(waits).toEqual([isUnderClaim ? LEASE_MS - LATE_MS : 0]);
    done.open();
    expect(await other).toEqual({ updated: 1 });
    await small.notice('two', [b]);
    await small.settle();

    expect(small.systems.one?.read(a).NAME).toBe('Renamed again');
    expect(small.systems.two?.read(b).NAME).toBe('Renamed again');
    expect(await sourceIn(small, 'two', b)).toMatchObject({
      fields: { name: { value: 'Renamed again', origin: 'hub' } },
      intents: {},
    });
  });
});

test('a write that came before a newer one leaves nothing open when its answer comes late: who enters its value later is heard', async () => {
  const { small, a, b, id } = await behind();
  const slow = withPort(small.hub, 'two', ({ write }) => ({
    write: async (...asked) => {
      const outcomes = await write(...asked);
      small.clock.now += LEASE_MS;
      small.systems.one?.edit(a, { NAME: 'Renamed again' });
      await absorbOne(small, [a]);
      expect(await deliver(small.hub, dueFor(id))).toEqual({ updated: 1 });
      return outcomes;
    },
  }));

  expect(await deliver(slow, dueFor(id))).toEqual({ 'lost-claim': 1 });
  small.clock.now += LATE_MS;
  small.systems.two?.edit(b, { NAME: 'Renamed' });
  await small.notice('two', [b]);
  await small.settle();

  expect(small.systems.one?.read(a).NAME).toBe('Renamed');
});

test('what a creation writes after its lease to the record that another has made meanwhile is no edit', async () => {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
  await absorbOne(small, [a]);
  const { id } = await bundleOf(small, 'one', a);
  const frozen = withPort(small.hub, 'two', ({ write }) => ({
    write: async (...asked) => {
      small.clock.now += LEASE_MS;
      small.systems.one?.edit(a, { NAME: 'Renamed' });
      await absorbOne(small, [a]);
      expect(await deliver(small.hub, dueFor(id))).toEqual({ created: 1 });
      small.clock.now += LATE_MS;
      return write(...asked);
    },
  }));

  expect(await deliver(frozen, dueFor(id))).toEqual({ 'found-and-written': 1 });
  expect(small.systems.two?.all()).toMatchObject([{ values: { NAME: 'Acme' } }]);
  await small.settle();

  expect(small.systems.one?.read(a).NAME).toBe('Renamed');
  expect(small.systems.two?.all()).toMatchObject([{ values: { NAME: 'Renamed' } }]);
});

test.each([
  ['deleted there before the hub could note it', undefined],
  ['deleted there, without an answer', UNANSWERED],
])('what a write left in a record that was %s is no edit when somebody restores it', async (_when, fault) => {
  const { small, a, b, id } = await behindByNote();
  const slow = withPort(small.hub, 'two', ({ write }) => ({
    write: async (...asked) => {
      const outcomes = await write(...asked);
      small.systems.two?.remove(b);
      await small.notice('two', [b]);
      await absorbNotices(
        small.hub,
        small.outbox.takeNotices().map((notice) => ({ notice, isRepeated: false })),
      );
      return fault === undefined ? outcomes : outcomes.map(() => ({ outcome: 'failed', fault }));
    },
  }));
  await deliver(slow, dueFor(id));
  expect(await sourceIn(small, 'two', b)).toMatchObject({ state: 'deleted' });
  small.clock.now += LEASE_MS;
  small.systems.one?.edit(a, { NOTE: 'newer' });
  await small.notice('one', [a]);
  await small.settle();

  small.clock.now += LEASE_MS;
  small.systems.two?.restore(b);
  await small.notice('two', [b]);
  await small.settle();

  expect(small.systems.one?.read(a).NOTE).toBe('newer');
  expect(small.systems.two?.read(b).NOTE).toBe('newer');
  expect(await sourceIn(small, 'two', b)).toMatchObject({ fields: { note: { origin: 'hub' } }, intents: {} });
});
