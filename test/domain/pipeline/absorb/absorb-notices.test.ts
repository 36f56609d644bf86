import { describe, expect, test } from 'vitest';
import { ATTEMPTS_MAX } from '../../../../domain/deliver/retry.ts';
import { type Fault, fail } from '../../../../domain/model/fault.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import { absorb, createAll, notice, reading, waitingNotices } from '../../../support/notice-batches.ts';
import {
  bundleOf,
  pairedHub,
  problemsOf,
  type SmallHub,
  setConnection,
  smallHub,
  withPort,
} from '../../../support/small-hub.ts';

const failing = (hub: Hub, fault: Fault): Hub => withPort(hub, 'one', () => ({ read: async () => fail(fault) }));
/** How many backfill pages are still out. */
async function pagesLeft({ store }: SmallHub): Promise<number> {
  await store.trackPage('one', 'thing.1', 'probe', 'add');
  return store.trackPage('one', 'thing.1', 'probe', 'remove');
}

const THROTTLED: Fault = { kind: 'throttled', code: '429', message: 'slow down', retryAfterMs: 8_000 };

describe('a batch of notices', () => {
  test('costs one read, however often each record is named', async () => {
    const small = await smallHub(['one']);
    const [a = '', b = ''] = createAll(small, 2, (index) => ({ NAME: `Company ${index}` }));
    const asked: string[][] = [];

    const notices = Array.from({ length: 100 }, (_, index) => notice(index % 2 === 0 ? [a] : [a, b]));
    const report = await absorb(
      reading(small.hub, () => undefined, asked),
      ...notices,
    );

    expect(asked).toEqual([[a, b]]);
    expect(report).toEqual({ absorbed: 2 });
  });

  test('dates an edit made while its read waited as it was made: one made before it in another system loses', async () => {
    const { small, a, b } = await pairedHub();
    const slow = withPort(small.hub, 'one', ({ read }) => ({
      read: async (...asked) => {
        small.clock.now += 10_000;
        small.systems.two?.edit(b, { NOTE: 'earlier' });
        small.clock.now += 10_000;
        small.systems.one?.edit(a, { NOTE: 'later' });
        small.clock.now += 10_000;
        return read(...asked);
      },
    }));

    await absorb(slow, notice([a]));
    await small.notice('two', [b]);
    await small.settle();

    expect([small.systems.one?.read(a).NOTE, small.systems.two?.read(b).NOTE]).toEqual(['later', 'later']);
  });

  test('is worked off in slices of two hundred records, and what there is no time for goes back as it was', async () => {
    const small = await smallHub(['one']);
    const ids = Array.from({ length: 500 }, (_, index) => `r${index}`);
    const notices = Array.from({ length: 5 }, (_, index) =>
      notice(ids.slice(index * 100, index * 100 + 100), { page: `p${index}`, attempts: index }),
    );
    const asked: string[][] = [];
    let checks = 0;

    const report = await absorbNotices(
      reading(small.hub, () => undefined, asked),
      notices.map((each) => ({ notice: each, isRepeated: false })),
      () => ++checks < 2,
    );

    expect(asked.map(({ length }) => length)).toEqual([200, 200]);
    expect(report).toMatchObject({ 'put-back': 1 });
    expect(small.outbox.takeNotices()).toEqual([notices[4]]);
  });

  test('is begun even when there is no time at all, so that it gets on', async () => {
    const small = await smallHub(['one']);
    const [id = ''] = createAll(small, 1, () => ({ NAME: 'Acme' }));

    const received = [{ notice: notice([id]), isRepeated: false }];

    expect(await absorbNotices(small.hub, received, () => false)).toEqual({ absorbed: 1 });
  });

  test('asks each connection and object on its own, and one that fails holds up no other', async () => {
    const small = await smallHub(['one', 'two']);
    const inTwo = small.systems.two?.create({ NAME: 'Acme' }) ?? '';

    const report = await absorb(
      failing(small.hub, THROTTLED),
      notice(['one-1']),
      notice([inTwo], { connection: 'two' }),
    );

    expect(report).toEqual({ 'waits:throttled': 1, absorbed: 1 });
  });

  test('whose effects were not accepted comes back whole, and then tells of the change again', async () => {
    const small = await smallHub(['one']);
    const [id = ''] = createAll(small, 1, () => ({ NAME: 'Acme' }));
    const closed: Hub = {
      ...small.hub,
      outbox: {
        ...small.outbox,
        changed: async () => {
          throw new Error('the bus did not accept everything');
        },
      },
    };
    await expect(absorb(closed, notice([id]))).rejects.toThrow('did not accept');

    const report = await absorbNotices(small.hub, [{ notice: notice([id]), isRepeated: true }]);

    expect(report).toEqual({ unchanged: 1 });
    expect(small.outbox.takeChanged()).toMatchObject([{ kind: 'partner', version: 1 }]);
  });

  test.each([
    ['of a paused connection', notice(['one-1']), 'ignored:paused'],
    ['of an object nobody mapped', notice(['one-1'], { object: 'other' }), 'ignored:not-configured'],
    ['of a connection that was removed', notice(['x'], { connection: 'gone' }), 'ignored:not-configured'],
  ])('%s is dropped without a read', async (_name, message, end) => {
    const small = await smallHub(['one']);
    await setConnection(small, 'one', (state) => ({ ...state, paused: { at: 1, reason: 'test', by: 'person' } }));

    expect(await absorb(small.hub, message)).toEqual({ [end]: 1 });
    expect(small.systems.one?.calls.reads).toBe(0);
    expect(waitingNotices(small)).toEqual([]);
  });
});

describe('a paused connection', () => {
  const pause = (small: SmallHub): Promise<void> =>
    setConnection(small, 'one', (state) => ({ ...state, paused: { at: 1, reason: 'test', by: 'person' } }));

  test.each(['sweep', 'backfill'] as const)(
    'keeps waiting what a %s brought: its cursor has moved past',
    async (reason) => {
      const small = await smallHub(['one']);
      await small.store.trackPage('one', 'thing.1', '1.0.0', 'add');
      await pause(small);
      const brought = notice(['one-1'], { reason, page: '1.0.0', attempts: 3 });

      await absorb(small.hub, brought);

      expect(waitingNotices(small)).toEqual([{ ...brought, visibleAt: small.clock.now + 900_000 }]);
      expect(await pagesLeft(small)).toBe(1);
    },
  );

  test.each(['webhook', 'walk', 'delivery'] as const)(
    'drops what a %s brought: resuming finds it again',
    async (reason) => {
      const small = await smallHub(['one']);
      await pause(small);

      expect(await absorb(small.hub, notice(['one-1'], { reason }))).toEqual({ 'ignored:paused': 1 });
      expect(waitingNotices(small)).toEqual([]);
    },
  );
});

describe('when the system does not answer', () => {
  test('a person hears of it, and the problem closes when the system answers again', async () => {
    const small = await smallHub(['one']);
    const [id = ''] = createAll(small, 1, () => ({ NAME: 'Acme' }));
    const down: Fault = { kind: 'transient', code: '503', message: 'It is down.' };

    await absorb(failing(small.hub, down), notice([id]));
    expect(await problemsOf(small)).toEqual(['unreachable']);
    expect((await small.store.readConnection('one'))?.problems).toHaveLength(1);
    await absorb(small.hub, notice([id]));

    expect(await problemsOf(small)).toEqual([]);
    expect((await small.store.readConnection('one'))?.problems).toEqual([]);
  });

  test('because it is asked too often or refuses access, this is no such problem', async () => {
    const small = await smallHub(['one']);
    await absorb(failing(small.hub, THROTTLED), notice(['a']));
    await absorb(failing(small.hub, { ...THROTTLED, kind: 'credential' }), notice(['a']));

    expect(await problemsOf(small)).toEqual([]);
  });

  test('everything comes back after the wait it asked for, one message for one message', async () => {
    const small = await smallHub(['one']);

    const report = await absorb(failing(small.hub, THROTTLED), notice(['a', 'b']), notice(['c'], { attempts: 3 }));

    expect(report).toEqual({ 'waits:throttled': 3 });
    expect(waitingNotices(small)).toMatchObject([
      { ids: ['a', 'b'], attempts: 1, visibleAt: small.clock.now + 9_000 },
      { ids: ['c'], attempts: 4, visibleAt: small.clock.now + 9_000 },
    ]);
  });

  test('a backfill page stays to be ticked off by the message that comes back', async () => {
    const small = await smallHub(['one']);
    const [id = ''] = createAll(small, 1, () => ({ NAME: 'Acme' }));
    await small.store.trackPage('one', 'thing.1', '1.0.0', 'add');

    await absorb(failing(small.hub, THROTTLED), notice([id], { page: '1.0.0', reason: 'backfill' }));
    const [back] = waitingNotices(small);

    expect(back).toMatchObject({ page: '1.0.0', attempts: 1 });
    expect(await pagesLeft(small)).toBe(1);
    small.clock.now = back?.visibleAt ?? 0;
    await absorb(small.hub, ...small.outbox.takeNotices());
    expect(await pagesLeft(small)).toBe(0);
  });

  test('a record of a page that alone must come back stands for the page until it is in', async () => {
    const small = await smallHub(['one']);
    const [a = '', b = ''] = createAll(small, 2, (index) => ({ NAME: `Company ${index}` }));
    await small.store.trackPage('one', 'thing.1', '1.0.0', 'add');
    const hub = reading(small.hub, (id) => (id === b ? { outcome: 'failed', fault: THROTTLED } : undefined));

    expect(await absorb(hub, notice([a, b], { page: '1.0.0' }))).toEqual({ absorbed: 1, 'waits:throttled': 1 });
    expect(await pagesLeft(small)).toBe(1);
    small.clock.now += 60_000;
    await absorb(hub, ...small.outbox.takeNotices());
    expect(await pagesLeft(small)).toBe(1);
    small.clock.now += 60_000;
    const [back] = small.outbox.takeNotices();
    expect(back).toMatchObject({ ids: [b], attempts: 2 });
    if (back !== undefined) await absorb(small.hub, back);

    expect(await pagesLeft(small)).toBe(0);
  });

  test('for want of access waits as long as a queue can, and keeps the page', async () => {
    const small = await smallHub(['one']);
    await small.store.trackPage('one', 'thing.1', '1.0.0', 'add');
    const fault: Fault = { kind: 'credential', code: 'INVALID_GRANT', message: 'the grant was revoked' };
    const closed: Hub = { ...small.hub, system: async () => fail(fault) };

    expect(await absorb(closed, notice(['a'], { page: '1.0.0' }))).toEqual({ 'waits:credential': 1 });

    expect(waitingNotices(small)).toMatchObject([{ page: '1.0.0', visibleAt: small.clock.now + 900_000 }]);
    expect(await pagesLeft(small)).toBe(1);
  });

  test('a record that keeps failing is a problem in the end, not a message for ever', async () => {
    const small = await smallHub(['one']);
    const fault: Fault = { kind: 'transient', code: 'UNAVAILABLE', message: 'down' };
    const hub = reading(small.hub, () => ({ outcome: 'failed', fault }));

    await absorb(hub, notice(['a'], { attempts: ATTEMPTS_MAX - 1 }));
    expect(waitingNotices(small)).toHaveLength(1);
    await absorb(hub, ...[notice(['a'], { attempts: ATTEMPTS_MAX })]);

    expect(waitingNotices(small)).toHaveLength(1);
    expect(await problemsOf(small)).toEqual(['gave-up']);
  });

  test('a record that only waits for a limit waits on, and asks nobody', async () => {
    const small = await smallHub(['one']);
    const hub = reading(small.hub, () => ({ outcome: 'failed', fault: THROTTLED }));

    await absorb(hub, notice(['a'], { attempts: ATTEMPTS_MAX * 2 }));

    expect(waitingNotices(small)).toHaveLength(1);
    expect(await problemsOf(small)).toEqual([]);
  });

  test.each([
    ['rejected', 'refused-record'],
    ['defect', 'defect'],
  ] as const)('a record it answers with the fault %s is a problem at once', async (kind, cause) => {
    const small = await smallHub(['one']);
    const fault: Fault = { kind, code: 'X', message: 'it will not do' };

    const report = await absorb(
      reading(small.hub, () => ({ outcome: 'failed', fault })),
      notice(['a']),
    );

    expect(report).toEqual({ 'ignored:problem': 1 });
    expect(await problemsOf(small)).toEqual([cause]);
    expect(waitingNotices(small)).toEqual([]);
  });
});

describe('a record that somebody else writes meanwhile', () => {
  /** A hub in which another worker touches the source record during each of the first `times` reads. */
  function contended(small: SmallHub, id: string, times: number, asked: string[][]): Hub {
    let left = times;
    return withPort(small.hub, 'one', ({ read }) => ({
      read: async (object, ids, fields) => {
        asked.push([...ids]);
        const [source] = (await bundleOf(small, 'one', id)).sources;
        if (source !== undefined && left-- > 0) {
          await small.store.putSource({ ...source, counter: source.counter + 1 }, source.counter);
        }
        return read(object, ids, fields);
      },
    }));
  }

  async function knownAndEdited(): Promise<{ small: SmallHub; id: string }> {
    const small = await smallHub(['one']);
    const [id = ''] = createAll(small, 1, () => ({ NAME: 'Old' }));
    await absorb(small.hub, notice([id]));
    small.clock.now += 60_000;
    small.systems.one?.edit(id, { NAME: 'New' });
    return { small, id };
  }

  test('is read again, alone, and then taken in', async () => {
    const { small, id } = await knownAndEdited();
    const [other = ''] = createAll(small, 1, () => ({ NAME: 'Other' }));
    const asked: string[][] = [];

    expect(await absorb(contended(small, id, 1, asked), notice([id, other]))).toEqual({ absorbed: 2 });

    expect(asked).toEqual([[id, other], [id]]);
    expect((await bundleOf(small, 'one', id)).unified?.fields.name?.value).toBe('New');
  });

  test('again and again comes back on the queue', async () => {
    const { small, id } = await knownAndEdited();
    const asked: string[][] = [];

    expect(await absorb(contended(small, id, 9, asked), notice([id]))).toEqual({ overtaken: 1 });

    expect(asked).toHaveLength(3);
    expect(waitingNotices(small)).toMatchObject([{ ids: [id], attempts: 1 }]);
  });
});
