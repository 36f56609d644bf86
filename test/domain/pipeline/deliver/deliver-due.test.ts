import { describe, expect, test } from 'vitest';
import { isFrozen } from '../../../../domain/absorb/frozen-field.ts';
import { ATTEMPTS_MAX } from '../../../../domain/deliver/retry.ts';
import { type Fault, fail } from '../../../../domain/model/fault.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { deliverDue } from '../../../../domain/pipeline/deliver/deliver-due.ts';
import {
  absorbOne,
  behind,
  deliver,
  dueFor,
  LEASE_MS,
  sourceIn,
  waitingDues,
} from '../../../support/due-deliveries.ts';
import {
  bundleOf,
  pairedHub,
  problemsOf,
  type SmallHub,
  setConnection,
  smallHub,
  withPort,
} from '../../../support/small-hub.ts';

describe('the loop guard', () => {
  /** `one` has the say on the tier; an automation in `two` sets it back every time, `everyMs`. */
  async function fight(everyMs: number, rounds: number): Promise<{ small: SmallHub; a: string; b: string }> {
    const { small, a, b } = await pairedHub();
    small.systems.one?.edit(a, { TIER: 'gold' });
    await small.notice('one', [a]);
    await small.settle();
    for (let round = 0; round < rounds; round++) {
      small.clock.now += everyMs;
      small.systems.two?.edit(b, { TIER: 'bronze' });
      await small.notice('two', [b]);
      await small.settle();
    }
    return { small, a, b };
  }

  test('freezes a field after twenty writes within an hour and asks a person', async () => {
    const { small, b } = await fight(60_000, 24);

    expect(small.systems.two?.read(b).TIER).toBe('bronze');
    expect(await problemsOf(small)).toEqual(['loop:tier']);
    const source = await sourceIn(small, 'two', b);
    expect(source.tallies.tier?.count).toBe(21);
    expect(isFrozen(source.held.tier ?? '')).toBe(true);
  });

  test('leaves the other fields of the record alone', async () => {
    const { small, a, b } = await fight(60_000, 24);
    small.systems.one?.edit(a, { NOTE: 'still in step' });
    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.two?.read(b)).toMatchObject({ NOTE: 'still in step', TIER: 'bronze' });
  });

  test('lets twenty writes pass that are spread over more than an hour', async () => {
    const { small, b } = await fight(190_000, 24);

    expect(small.systems.two?.read(b).TIER).toBe('gold');
    expect(await problemsOf(small)).toEqual([]);
  });
});

describe('a reference', () => {
  test('to a record the system does not hold yet is left out, queued again, and set in the end', async () => {
    const small = await smallHub(['one', 'two']);
    const parent = small.systems.one?.create({ NAME: 'Parent' }) ?? '';
    const child = small.systems.one?.create({ NAME: 'Child', PARENT: parent }) ?? '';
    await absorbOne(small, [parent]);
    await absorbOne(small, [child]);
    const [parentId, childId] = [(await bundleOf(small, 'one', parent)).id, (await bundleOf(small, 'one', child)).id];

    expect(await deliver(small.hub, dueFor(childId))).toEqual({ created: 1 });
    small.outbox.takeDeliveries('two');
    await deliver(small.hub, dueFor(childId, { attempts: 2 }));

    expect(small.systems.two?.all().map(({ values }) => values.PARENT ?? null)).toEqual([null]);
    expect(waitingDues(small)).toEqual([{ ...dueFor(childId, { attempts: 3 }), visibleAt: small.clock.now + 9_000 }]);
    await deliver(small.hub, dueFor(parentId));
    await small.settle();
    const inTwo = small.systems.two?.all() ?? [];
    const parentInTwo = inTwo.find(({ values }) => values.NAME === 'Parent');
    expect(inTwo.find(({ values }) => values.NAME === 'Child')?.values.PARENT).toBe(parentInTwo?.id);
  });

  test('that stays away is dropped after the last attempt: the next look at the record finds it again', async () => {
    const small = await smallHub(['one', 'two']);
    const parent = small.systems.one?.create({ NAME: 'Parent' }) ?? '';
    const child = small.systems.one?.create({ NAME: 'Child', PARENT: parent }) ?? '';
    await absorbOne(small, [parent]);
    await absorbOne(small, [child]);
    const { id } = await bundleOf(small, 'one', child);
    await deliver(small.hub, dueFor(id));
    small.outbox.takeDeliveries('two');

    await deliver(small.hub, dueFor(id, { attempts: ATTEMPTS_MAX }));

    expect(waitingDues(small)).toEqual([]);
  });
});

describe('a deletion', () => {
  test('travels when the mapping says so, and is not made good again', async () => {
    const { small, a, b } = await pairedHub({ onDelete: 'delete' });
    small.systems.one?.remove(a);
    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.two?.all()).toEqual([]);
    expect((await sourceIn(small, 'two', b)).state).toBe('deleted');
    expect((await bundleOf(small, 'one', a)).unified?.state).toBe('deleted');
    await small.notice('two', [b]);
    await small.settle();
    expect([small.systems.one?.all(), small.systems.two?.all()]).toEqual([[], []]);
  });

  test('stays where it happened when the mapping says keep', async () => {
    const { small, a, b } = await pairedHub({ onDelete: 'keep' });
    small.systems.one?.remove(a);
    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.two?.all().map(({ id }) => id)).toEqual([b]);
  });
});

describe('what holds deliveries back', () => {
  test.each([
    ['not released', 'not-released', ({ releasedAt: _gone, ...state }) => state],
    ['paused', 'paused', (state) => ({ ...state, paused: { at: 1, reason: 'test', by: 'person' } })],
  ] as const satisfies readonly (readonly [string, string, Parameters<typeof setConnection>[2]])[])(
    'a connection that is %s gets nothing, and its messages are dropped',
    async (_name, end, change) => {
      const { small, b, id } = await behind();
      await setConnection(small, 'two', change);

      expect(await deliver(small.hub, dueFor(id))).toEqual({ [end]: 1 });

      expect(small.systems.two?.read(b).NAME).toBe('Acme');
      expect(waitingDues(small)).toEqual([]);
    },
  );

  test('a connection that is not backfilled is kept in step, but gets nothing new', async () => {
    const { small, b, id } = await behind();
    const a = small.systems.one?.create({ NAME: 'New one' }) ?? '';
    await setConnection(small, 'two', (state) => ({ ...state, backfilledAt: {} }));
    await absorbOne(small, [a]);

    await deliver(small.hub, dueFor(id), dueFor((await bundleOf(small, 'one', a)).id));

    expect(small.systems.two?.all().map(({ id: each }) => each)).toEqual([b]);
    expect(small.systems.two?.read(b).NAME).toBe('Renamed');
  });

  test('an object or connection that is not configured any more', async () => {
    const { small, id } = await behind();

    const gone = dueFor(id, { connection: 'gone' });

    expect(await deliver(small.hub, gone, dueFor(id, { object: 'other' }))).toEqual({ 'not-configured': 2 });
  });

  test('a connection without access waits as long as a queue can', async () => {
    const { small, id } = await behind();
    const fault: Fault = { kind: 'credential', code: 'NO_SECRET', message: 'there is no secret' };

    const report = await deliver({ ...small.hub, system: async () => fail(fault) }, dueFor(id));

    expect(report).toEqual({ 'waits:credential': 1 });
    expect(waitingDues(small)).toEqual([{ ...dueFor(id, { attempts: 1 }), visibleAt: small.clock.now + 900_000 }]);
  });
});

describe('a connection in one direction', () => {
  test('that is only written to is filled, and an edit there is put back and goes nowhere', async () => {
    const { small, a, b } = await pairedHub({ directions: { two: 'out' } });
    small.systems.one?.edit(a, { NOTE: 'ours' });
    await small.notice('one', [a]);
    await small.settle();
    small.clock.now += 60_000;

    small.systems.two?.edit(b, { NAME: 'Edited there', NOTE: 'edited there' });
    await small.notice('two', [b]);
    await small.settle();

    expect(small.systems.two?.read(b)).toMatchObject({ NAME: 'Acme', NOTE: 'ours' });
    expect(small.systems.one?.read(a)).toMatchObject({ NAME: 'Acme', NOTE: 'ours' });
  });

  test('that is only read from is never written to', async () => {
    const small = await smallHub(['one', 'two'], { directions: { two: 'in' } });
    const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
    const b = small.systems.two?.create({ NAME: 'Globex' }) ?? '';
    await small.notice('one', [a]);
    await small.notice('two', [b]);
    await small.settle();

    expect(small.systems.two?.calls.writes).toBe(0);
    expect(small.systems.one?.all().map(({ values }) => values.NAME)).toEqual(['Acme', 'Globex']);
    const { id } = await bundleOf(small, 'one', a);
    expect(await deliver(small.hub, dueFor(id))).toEqual({ 'not-configured': 1 });
  });
});

describe('a batch of deliveries', () => {
  test('writes a record once, however often it is due', async () => {
    const { small, b, id } = await behind();
    const writes = small.systems.two?.calls.writes ?? 0;

    expect(await deliver(small.hub, dueFor(id), dueFor(id), dueFor(id, { correlationId: 'd' }))).toEqual({
      updated: 1,
    });

    expect(small.systems.two?.calls.writes).toBe(writes + 1);
    expect(small.systems.two?.read(b).NAME).toBe('Renamed');
  });

  test('finds nothing to do for a record that is in step', async () => {
    const { small, id } = await behind();
    await deliver(small.hub, dueFor(id));
    const calls = { ...small.systems.two?.calls };

    expect(await deliver(small.hub, dueFor(id))).toEqual({ 'nothing-to-do-or-waits': 1 });

    expect(small.systems.two?.calls).toEqual(calls);
  });

  test('puts the next connection back when its time is over', async () => {
    const { small, id } = await behind();
    const both = [dueFor(id), dueFor(id, { connection: 'one' })].map((due) => ({ due, isRepeated: false }));

    const report = await deliverDue(small.hub, both, LEASE_MS, () => false);

    expect(report).toEqual({ updated: 1, 'put-back': 1 });
    expect(waitingDues(small)).toEqual([{ ...dueFor(id, { connection: 'one' }), visibleAt: small.clock.now }]);
  });

  test('claims a hundred records at a time, and puts the others back when its time is over', async () => {
    const { small, id } = await behind();
    const many = Array.from({ length: 149 }, (_, index) => dueFor(`GHOST${index}`));
    const received = [dueFor(id), ...many].map((due) => ({ due, isRepeated: false }));

    const report = await deliverDue(small.hub, received, LEASE_MS, () => false);

    expect(report).toEqual({ updated: 1, 'nothing-to-do-or-waits': 99, 'put-back': 50 });
    expect(waitingDues(small)).toHaveLength(50);
  });

  test('looks at a record again that is gone when it is to be written', async () => {
    const { small, b, id } = await behind();
    small.systems.two?.remove(b);

    await deliver(small.hub, dueFor(id));
    await small.settle();

    expect((await sourceIn(small, 'two', b)).state).toBe('deleted');
    expect(small.systems.two?.all()).toEqual([]);
  });

  test('is a defect when the connector answers too few outcomes', async () => {
    const { small, id } = await behind();
    const silent = withPort(small.hub, 'two', () => ({ write: async () => [] }));

    await expect(deliver(silent, dueFor(id))).rejects.toThrow('too few outcomes');
  });
});

describe('a creation that meets a record with the same unique value', () => {
  /** `two` refuses to make what was entered there by hand, and names that record; it does not tell of newcomers, as HubSpot does not. */
  async function refused() {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
    await absorbOne(small, [a]);
    const { id } = await bundleOf(small, 'one', a);
    small.outbox.takeDeliveries('two');
    // Entered by hand, and its webhook was lost.
    const b = small.systems.two?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
    const fault: Fault = { kind: 'conflict', code: 'TAKEN', message: 'taken', heldBy: b };
    const refusing = withPort(small.hub, 'two', () => ({
      newcomers: async () => ({ ok: true, value: [] }),
      write: async () => [{ outcome: 'failed', fault }],
    }));
    return { small, refusing, id, b };
  }

  test('has that record taken in at once, and finds its seat taken when it is tried again', async () => {
    const { small, refusing, id, b } = await refused();

    await deliver(refusing, dueFor(id));
    const report = await absorbNotices(
      small.hub,
      small.outbox.takeNotices().map((notice) => ({ notice, isRepeated: false })),
    );
    await small.settle();

    expect(Object.keys(report)).not.toEqual([]);
    expect((await bundleOf(small, 'two', b)).id).toBe(id);
    expect(small.systems.two?.all()).toHaveLength(1);
    expect(small.systems.two?.calls.writes).toBe(0);
  });

  test('does not have one looked at again that the hub knows', async () => {
    const { small, refusing, id, b } = await refused();
    await small.store.putRef({ connection: 'two', object: 'thing', externalId: b }, 'partner', 'another', null);

    await deliver(refusing, dueFor(id));

    expect(small.outbox.takeNotices()).toEqual([]);
    expect(waitingDues(small)).toEqual([expect.objectContaining({ id, attempts: 1 })]);
  });
});
