import { describe, expect, test } from 'vitest';
import { type Fault, fail, succeed } from '../../../../domain/model/fault.ts';
import type { SweepMode, SweepRequest } from '../../../../domain/model/notice.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { sweepConnection } from '../../../../domain/pipeline/connections/sweep-connection.ts';
import type { ChangesPage, Hub, SystemPort } from '../../../../domain/pipeline/ports.ts';
import { type SmallHub, setConnection, smallHub, withPort } from '../../../support/small-hub.ts';

const always = (): boolean => true;

function request(mode: SweepMode, change: Partial<SweepRequest> = {}): SweepRequest {
  return { schema: 1, connection: 'one', object: 'thing', mode, attempts: 0, ...change };
}

function idsOf(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => `r${from + index}`);
}

/** A hub whose `one` answers these pages, by the place that was asked for: its position is the page's number. */
function sweepingOver(small: SmallHub, pages: readonly (readonly string[] | Fault)[], asked: unknown[] = []): Hub {
  const changes: SystemPort['changes'] = async (_object, _mode, position) => {
    asked.push(position);
    const number = typeof position === 'number' ? position : 0;
    const page = pages[number] ?? [];
    if ('kind' in page) return fail(page);
    const answer: ChangesPage = { ids: page, position: number + 1, hasMore: number + 1 < pages.length };
    return succeed(answer);
  };
  return withPort(small.hub, 'one', () => ({ changes }));
}

const rejecting = (hub: Hub): Hub => ({
  ...hub,
  outbox: {
    ...hub.outbox,
    notice: async () => {
      throw new Error('the queue did not accept everything');
    },
  },
});

const cursorOf = ({ store }: SmallHub, mode: SweepMode) => store.readCursor('one', 'thing', mode);
const waitingIds = ({ outbox }: SmallHub): string[] =>
  outbox.waiting.notices.flatMap(({ message }) => [...message.ids]);

describe('a sweep', () => {
  test('puts every id on the queue, a hundred a notice, and the cursor where the last page ended', async () => {
    const small = await smallHub(['one']);
    const hub = sweepingOver(small, [idsOf(250), idsOf(3, 250)]);

    expect(await sweepConnection(hub, request('changes'), always)).toEqual({ end: 'finished', ids: 253 });

    const sizes = small.outbox.waiting.notices.map(({ message }) => message.ids.length);
    expect(sizes).toEqual([100, 100, 50, 3]);
    expect(waitingIds(small)).toEqual(idsOf(253));
    expect(small.outbox.waiting.notices[0]?.message).toMatchObject({ reason: 'sweep', attempts: 0 });
    expect(await cursorOf(small, 'changes')).toMatchObject({ position: 2, seen: 253, finishedAt: small.clock.now });
  });

  test('goes on where it stood', async () => {
    const small = await smallHub(['one']);
    const asked: unknown[] = [];
    await sweepConnection(sweepingOver(small, [['r0']], asked), request('changes'), always);

    await sweepConnection(sweepingOver(small, [['r0'], ['r1']], asked), request('changes'), always);

    expect(asked).toEqual([undefined, 1]);
    expect(waitingIds(small)).toEqual(['r0', 'r1']);
  });

  test('does not move the cursor over ids that the queue did not accept', async () => {
    const small = await smallHub(['one']);
    const asked: unknown[] = [];
    const hub = sweepingOver(small, [['r0'], ['r1']], asked);
    await sweepConnection(hub, request('changes'), () => asked.length === 0);

    await expect(sweepConnection(rejecting(hub), request('changes'), always)).rejects.toThrow('did not accept');

    expect(await cursorOf(small, 'changes')).toMatchObject({ position: 1, seen: 1 });
    await sweepConnection(hub, request('changes'), always);
    expect(waitingIds(small)).toEqual(['r0', 'r1']);
  });

  test('that another sweep of the same object has overtaken stops and leaves the cursor to it', async () => {
    const small = await smallHub(['one']);
    const plain = sweepingOver(small, [['r0'], ['r1'], ['r2']]);
    let isFirst = true;
    const slow = withPort(plain, 'one', (port) => ({
      changes: async (...asked) => {
        const answer = await port.changes(...asked);
        if (isFirst) {
          isFirst = false;
          expect(await sweepConnection(plain, request('walk'), always)).toMatchObject({ end: 'finished' });
        }
        return answer;
      },
    }));

    expect(await sweepConnection(slow, request('walk'), always)).toEqual({ end: 'overtaken', ids: 0 });

    expect(await cursorOf(small, 'walk')).toMatchObject({ position: 3, seen: 3 });
  });

  test('hands on to a new request when its time is over, and that one brings the rest', async () => {
    const small = await smallHub(['one']);
    let steps = 0;
    const hub = sweepingOver(small, [['r0'], ['r1'], ['r2']]);

    expect(await sweepConnection(hub, request('walk', { attempts: 4 }), () => ++steps <= 2)).toEqual({
      end: 'goes-on',
      ids: 2,
    });

    const [next] = small.outbox.takeSweeps();
    expect(next).toEqual(request('walk'));
    expect(await sweepConnection(hub, request('walk'), always)).toEqual({ end: 'finished', ids: 1 });
    expect(waitingIds(small)).toEqual(['r0', 'r1', 'r2']);
  });

  test('hands on after two hundred pages, however much time there is', async () => {
    const small = await smallHub(['one']);
    const hub = sweepingOver(
      small,
      Array.from({ length: 201 }, (_, page) => [`r${page}`]),
    );

    expect(await sweepConnection(hub, request('walk'), always)).toEqual({ end: 'goes-on', ids: 200 });
    expect(small.outbox.takeSweeps()).toHaveLength(1);
  });

  test('that finds nothing and stands where it stood writes nothing', async () => {
    const small = await smallHub(['one']);
    const standing = withPort(small.hub, 'one', () => ({
      changes: async () => succeed({ ids: [], position: { since: 7 }, hasMore: false }),
    }));
    await sweepConnection(standing, request('changes'), always);
    const before = await cursorOf(small, 'changes');

    await sweepConnection(standing, request('changes'), always);

    expect(await cursorOf(small, 'changes')).toBe(before);
  });

  test.each(['walk', 'backfill'] as const)('that is a %s begins anew once it has ended', async (mode) => {
    const small = await smallHub(['one']);
    const asked: unknown[] = [];
    const hub = sweepingOver(small, [['r0'], ['r1']], asked);
    await sweepConnection(hub, request(mode), always);
    small.clock.now += 1_000;

    await sweepConnection(hub, request(mode), always);

    expect(asked).toEqual([undefined, 1, undefined, 1]);
    expect(await cursorOf(small, mode)).toMatchObject({ seen: 2, startedAt: small.clock.now });
  });
});

describe('a sweep that cannot go on', () => {
  const throttled: Fault = { kind: 'throttled', code: '429', message: 'slow down', retryAfterMs: 40_000 };

  test.each(['walk', 'backfill'] as const)('asks for itself again when it is a %s, after the wait', async (mode) => {
    const small = await smallHub(['one']);
    const hub = sweepingOver(small, [['r0'], throttled]);

    expect(await sweepConnection(hub, request(mode), always)).toEqual({ end: 'waits', reason: 'throttled' });

    expect(small.outbox.waiting.sweeps).toEqual([
      { message: request(mode, { attempts: 1 }), visibleAt: small.clock.now + 45_000 },
    ]);
    expect(await cursorOf(small, mode)).toMatchObject({ position: 1, seen: 1 });
  });

  test.each(['changes', 'deletions'] as const)('leaves %s to the schedule', async (mode) => {
    const small = await smallHub(['one']);

    expect(await sweepConnection(sweepingOver(small, [throttled]), request(mode), always)).toMatchObject({
      end: 'waits',
    });
    expect(small.outbox.waiting.sweeps).toEqual([]);
  });

  test('because the connection cannot be opened waits as well', async () => {
    const small = await smallHub(['one']);
    const fault: Fault = { kind: 'credential', code: 'NO_SECRET', message: 'there is no secret' };
    const closed: Hub = { ...small.hub, system: async () => fail(fault) };

    expect(await sweepConnection(closed, request('walk'), always)).toEqual({ end: 'waits', reason: 'credential' });
    expect(small.outbox.waiting.sweeps[0]?.visibleAt).toBe(small.clock.now + 900_000);
  });

  test('because the connection is paused waits for its resumption if it is a walk, which nobody else asks for again', async () => {
    const small = await smallHub(['one']);
    await setConnection(small, 'one', (state) => ({ ...state, paused: { at: 1, reason: 'test', by: 'person' } }));

    const waits = { end: 'waits', reason: 'paused' };
    expect(await sweepConnection(small.hub, request('changes'), always)).toEqual(waits);
    expect(small.outbox.waiting.sweeps).toEqual([]);
    expect(await sweepConnection(small.hub, request('walk'), always)).toEqual(waits);
    expect(small.outbox.waiting.sweeps).toMatchObject([
      { message: { mode: 'walk' }, visibleAt: small.clock.now + 900_000 },
    ]);
  });

  test.each([
    ['connection', { connection: 'gone' }],
    ['object', { object: 'nothing' }],
  ])('because its %s is not configured any more is dropped', async (_name, change) => {
    const small = await smallHub(['one']);

    expect(await sweepConnection(small.hub, request('walk', change), always)).toEqual({
      end: 'ignored',
      reason: 'not-configured',
    });
  });
});

describe('a backfill', () => {
  async function closedHub(): Promise<{ small: SmallHub; hub: Hub }> {
    const small = await smallHub(['one'], { isOpen: false });
    const ids = ['A', 'B', 'C'].map((name) => small.systems.one?.create({ NAME: name }) ?? '');
    const hub = sweepingOver(
      small,
      ids.map((id) => [id]),
    );
    return { small, hub };
  }

  async function absorb(small: SmallHub, hub: Hub): Promise<void> {
    const notices = small.outbox.takeNotices();
    for (const notice of notices) await absorbNotices(hub, [{ notice, isRepeated: false }]);
  }

  const backfilledAt = async ({ store }: SmallHub): Promise<number | undefined> =>
    (await store.readConnection('one'))?.backfilledAt.thing;

  test('is complete when the walk has ended and its last page was absorbed, and not before', async () => {
    const { small, hub } = await closedHub();
    await sweepConnection(hub, request('backfill'), always);
    const notices = small.outbox.takeNotices();

    for (const notice of notices) {
      expect(await backfilledAt(small)).toBeUndefined();
      await absorbNotices(hub, [{ notice, isRepeated: false }]);
    }

    expect(await backfilledAt(small)).toBe(small.clock.now);
  });

  test('is complete at its end when every page was absorbed before', async () => {
    const { small, hub } = await closedHub();
    for (let page = 1; page <= 3; page++) {
      let steps = 0;
      await sweepConnection(hub, request('backfill'), () => ++steps <= 1);
      if (page < 3) await absorb(small, hub);
    }
    expect(await backfilledAt(small)).toBeUndefined();
    await absorb(small, hub);
    expect(await backfilledAt(small)).toBe(small.clock.now);
  });

  test('whose pages are all absorbed is not complete while the walk goes on', async () => {
    const { small, hub } = await closedHub();
    let steps = 0;
    await sweepConnection(hub, request('backfill'), () => ++steps <= 2);

    await absorb(small, hub);

    expect((await small.store.readConnection('one'))?.backfilledAt).toStrictEqual({});
  });

  test('of nothing at all is complete at once', async () => {
    const { small } = await closedHub();

    await sweepConnection(sweepingOver(small, [[]]), request('backfill'), always);

    expect(await backfilledAt(small)).toBe(small.clock.now);
  });

  test('counts a page once that was put on the queue twice, because the cursor could not be moved', async () => {
    const { small, hub } = await closedHub();
    let steps = 0;
    await sweepConnection(hub, request('backfill'), () => ++steps <= 1);
    const crashing: Hub = {
      ...hub,
      store: {
        ...hub.store,
        putCursor: async () => {
          throw new Error('the table does not answer');
        },
      },
    };
    await expect(sweepConnection(crashing, request('backfill'), always)).rejects.toThrow('does not answer');
    await sweepConnection(hub, request('backfill'), always);
    const [first, second, repeated, third] = small.outbox.takeNotices();
    expect(repeated?.page).toBe(second?.page);

    for (const notice of [first, second, repeated]) {
      if (notice !== undefined) await absorbNotices(hub, [{ notice, isRepeated: false }]);
    }
    expect(await backfilledAt(small)).toBeUndefined();
    if (third !== undefined) await absorbNotices(hub, [{ notice: third, isRepeated: false }]);
    expect(await backfilledAt(small)).toBe(small.clock.now);
  });

  test('whose first page the queue did not accept ends all the same', async () => {
    const { small, hub } = await closedHub();
    await expect(sweepConnection(rejecting(hub), request('backfill'), always)).rejects.toThrow('did not accept');
    small.clock.now += 30_000;

    await sweepConnection(hub, request('backfill'), always);
    await absorb(small, hub);

    expect(await backfilledAt(small)).not.toBeUndefined();
  });

  test('that is cut short ends also when its last page has become shorter meanwhile', async () => {
    const { small } = await closedHub();
    await expect(
      sweepConnection(rejecting(sweepingOver(small, [idsOf(101)])), request('backfill'), always),
    ).rejects.toThrow('did not accept');

    const shorter = sweepingOver(small, [idsOf(100)]);
    await sweepConnection(shorter, request('backfill'), always);
    await absorb(small, shorter);

    expect(await backfilledAt(small)).not.toBeUndefined();
  });

  test('ends also when pages of an earlier one never came back', async () => {
    const { small, hub } = await closedHub();
    await sweepConnection(hub, request('backfill'), always);
    expect(small.outbox.takeNotices().length).toBeGreaterThan(0);
    small.clock.now += 60_000;

    await sweepConnection(hub, request('backfill'), always);
    await absorb(small, hub);

    expect(await backfilledAt(small)).toBe(small.clock.now);
  });

  test('repeated by the queue after its end does not end the next one early', async () => {
    const { small, hub } = await closedHub();
    await sweepConnection(hub, request('backfill'), always);
    const old = small.outbox.takeNotices();
    for (const notice of old) await absorbNotices(hub, [{ notice, isRepeated: false }]);
    const first = await backfilledAt(small);
    small.clock.now += 60_000;
    await sweepConnection(hub, request('backfill'), always);

    for (const notice of old) await absorbNotices(hub, [{ notice, isRepeated: true }]);
    expect(await backfilledAt(small)).toBe(first);
    await absorb(small, hub);

    expect(await backfilledAt(small)).toBe(small.clock.now);
  });
});

describe('the first complete backfill of a released connection', () => {
  async function backfill(small: SmallHub, connection: string): Promise<readonly string[]> {
    await sweepConnection(small.hub, request('backfill', { connection }), always);
    for (const notice of small.outbox.takeNotices()) await absorbNotices(small.hub, [{ notice, isRepeated: false }]);
    return small.outbox.waiting.sweeps.map(({ message }) => `${message.mode} ${message.connection}`);
  }

  test('asks for a walk over it and over every side that was read before', async () => {
    const small = await smallHub(['one', 'two', 'three'], { isOpen: false });
    await setConnection(small, 'one', (state) => ({ ...state, releasedAt: 1 }));
    await setConnection(small, 'two', (state) => ({ ...state, backfilledAt: { thing: 1 } }));

    expect(await backfill(small, 'one')).toEqual(['walk one', 'walk two']);
    expect(small.outbox.nextVisibleAt()).toBe(small.clock.now + 10_000);
  });

  test('is the only one that does', async () => {
    const small = await smallHub(['one', 'two']);
    small.clock.now += 60_000;

    expect(await backfill(small, 'one')).toEqual([]);
  });

  test('waits for the release when the connection is closed', async () => {
    const small = await smallHub(['one', 'two'], { isOpen: false });

    expect(await backfill(small, 'one')).toEqual([]);
  });
});
