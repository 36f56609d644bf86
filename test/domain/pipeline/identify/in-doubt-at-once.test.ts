import { describe, expect, test, vi } from 'vitest';
import { refKey } from '../../../../domain/model/external-ref.ts';
import type { Problem } from '../../../../domain/model/problem.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { keepApart } from '../../../../domain/pipeline/identify/decide-likeness.ts';
import { interruptedHub, Killed, killedHub } from '../../../support/interrupted-hub.ts';
import { meetEverywhere, type Received, received } from '../../../support/meet-at-once.ts';
import { type SmallHub, smallHub } from '../../../support/small-hub.ts';

// Hundreds of pairs of calls, each in a world of its own: some seconds, and many where others are at work.
vi.setConfig({ testTimeout: 180_000 });

const QUARRY = { NAME: 'Quarry Robotics', DOMAIN: 'quarry.com' };

/** A hub that knows a company in `one`, which others look like and share nothing with. */
async function withLookalike(connections: readonly string[]): Promise<SmallHub> {
  const small = await smallHub(connections);
  await enter(small, 'one', { NAME: 'Quarry Robotics' });
  await small.settle();
  return small;
}

async function enter(small: SmallHub, connection: string, values: Record<string, string>): Promise<string> {
  const id = small.systems[connection]?.create(values) ?? '';
  await small.notice(connection, [id]);
  return id;
}

/** As a worker receives it, what people entered in a system. */
async function entered(small: SmallHub, connection: string, values: Record<string, string>): Promise<Received> {
  await enter(small, connection, values);
  return received(small);
}

async function questions({ store }: SmallHub): Promise<readonly Problem[]> {
  return (await store.listProblems({ limit: 20 })).problems;
}

/** Each open question by its cause and how many records it is about. */
async function asked(small: SmallHub) {
  return (await questions(small)).map(({ cause, candidates = [] }) => [cause, candidates.length]);
}

function namesIn({ systems }: SmallHub, connection: string): readonly unknown[] {
  return (systems[connection]?.all() ?? []).map(({ values }) => values.NAME);
}

describe('a record that looks like another one is made nowhere until somebody says, and is asked about once,', () => {
  /*
   * two:  looks like one's ─ read ──────────────── key is A's, nothing written there ─ record A ─┐
   * two:                     crosswalk: A ─ key: A ───────────────────────────────────────────── record A is there
   */
  test('when two workers meet it for the first time', async () => {
    const moments = await meetEverywhere(async (meet, moment) => {
      const small = await withLookalike(['one', 'two']);
      const both = await entered(small, 'two', QUARRY);
      if (!(await meet(small.hub, [both, both]))) return false;
      await small.settle();

      expect.soft(namesIn(small, 'one'), moment).toHaveLength(1);
      expect.soft(await asked(small), moment).toEqual([['doubtful-match', 2]]);
      return true;
    });
    expect(moments).toBeGreaterThan(50);
  });

  test('when two systems bring it in the same moment', async () => {
    const moments = await meetEverywhere(async (meet, moment) => {
      const small = await withLookalike(['one', 'two', 'three']);
      const inTwo = await entered(small, 'two', QUARRY);
      const inThree = await entered(small, 'three', QUARRY);
      if (!(await meet(small.hub, [inTwo, inThree]))) return false;
      await small.settle();

      expect.soft(namesIn(small, 'one'), moment).toHaveLength(1);
      expect.soft(await asked(small), moment).toEqual([['doubtful-match', 2]]);
      return true;
    });
    expect(moments).toBeGreaterThan(50);
  });

  test('when three systems bring it, two of them in the same moment and the third between', async () => {
    let moments = 0;
    for (let between = 4; between < 30; between += 9) {
      moments += await meetEverywhere(async (meet, moment) => {
        const small = await withLookalike(['one', 'two', 'three', 'four']);
        const inTwo = await entered(small, 'two', QUARRY);
        const inThree = await entered(small, 'three', QUARRY);
        const inFour = await entered(small, 'four', QUARRY);
        // Counted over both workers: wherever they are by then, the third one meets it from beginning to end.
        const hub = interruptedHub(small.hub, async (call) => {
          if (call === between) await absorbNotices(small.hub, inFour);
        });
        if (!(await meet(hub, [inTwo, inThree]))) return false;
        await small.settle();

        const when = `${moment}, the third at ${between}`;
        expect.soft(namesIn(small, 'one'), when).toHaveLength(1);
        expect.soft(await asked(small), when).toEqual([['doubtful-match', 2]]);
        return true;
      });
    }
    expect(moments).toBeGreaterThan(300);
  });

  test('when one of the two that bring it is the only one to look like the other', async () => {
    const moments = await meetEverywhere(async (meet, moment) => {
      const small = await withLookalike(['one', 'two', 'three']);
      const inTwo = await entered(small, 'two', { ...QUARRY, NAME: 'Nordlicht' });
      const inThree = await entered(small, 'three', QUARRY);
      if (!(await meet(small.hub, [inTwo, inThree]))) return false;
      await small.settle();

      expect.soft(await asked(small), moment).toEqual([['doubtful-match', 2]]);
      return true;
    });
    expect(moments).toBeGreaterThan(50);
  });

  test('wherever the taking in of it is cut short', async () => {
    let moments = 0;
    for (let at = 1; at < 100; at++) {
      const small = await withLookalike(['one', 'two']);
      const message = await entered(small, 'two', QUARRY);
      const end = await absorbNotices(killedHub(small.hub, at), message).catch(() => 'killed');
      if (end !== 'killed') break;
      moments += 1;

      await absorbNotices(
        small.hub,
        message.map(({ notice }) => ({ notice, isRepeated: true })),
      );
      await small.settle();

      expect.soft(namesIn(small, 'one'), `call ${at}`).toHaveLength(1);
      expect.soft(await asked(small), `call ${at}`).toEqual([['doubtful-match', 2]]);
    }
    expect(moments).toBeGreaterThan(15);
  });
});

describe('of records that look alike and are met in the same moment, each but the first is asked about once and made nowhere,', () => {
  test('when two systems bring one each', async () => {
    const moments = await meetEverywhere(async (meet, moment) => {
      const small = await smallHub(['one', 'two']);
      const inOne = await entered(small, 'one', { NAME: 'Quarry Robotics' });
      const inTwo = await entered(small, 'two', { NAME: 'Quarry Robotics' });
      if (!(await meet(small.hub, [inOne, inTwo]))) return false;
      await small.settle();

      expect.soft(await asked(small), moment).toEqual([['doubtful-match', 2]]);
      // The first one is made in the other system, the second one is not.
      expect.soft([...namesIn(small, 'one'), ...namesIn(small, 'two')], moment).toHaveLength(3);
      return true;
    });
    expect(moments).toBeGreaterThan(50);
  });

  test('when three systems bring one each', async () => {
    let moments = 0;
    for (let between = 5; between < 40; between += 8) {
      moments += await meetEverywhere(async (meet, moment) => {
        const small = await smallHub(['one', 'two', 'three']);
        const inOne = await entered(small, 'one', { NAME: 'Quarry Robotics' });
        const inTwo = await entered(small, 'two', { NAME: 'Quarry Robotics' });
        const inThree = await entered(small, 'three', { NAME: 'Quarry Robotics' });
        const hub = interruptedHub(small.hub, async (call) => {
          if (call === between) await absorbNotices(small.hub, inThree);
        });
        if (!(await meet(hub, [inOne, inTwo]))) return false;
        await small.settle();

        const when = `${moment}, the third at ${between}`;
        const pairs = (await questions(small)).flatMap(({ candidates: [id = '', ...others] = [] }) =>
          others.map((other) => [id, other].sort().join()),
        );
        expect.soft([new Set(pairs).size, pairs.length], when).toEqual([3, 3]);
        return true;
      });
    }
    expect(moments).toBeGreaterThan(300);
  });
});

test('the question about what came in the same moment is asked wherever the worker that finds the other one is cut short', async () => {
  let moments = 0;
  for (let met = 1; met < 60; met++) {
    for (let at = met + 1; at < 100; at++) {
      const small = await smallHub(['one', 'two']);
      const inOne = await entered(small, 'one', { NAME: 'Quarry Robotics' });
      const inTwo = await entered(small, 'two', { NAME: 'Quarry Robotics' });
      const hub = interruptedHub(small.hub, async (call) => {
        if (call === met) await absorbNotices(small.hub, inTwo);
        if (call === at) throw new Killed(`call ${call}`);
      });
      const end = await absorbNotices(hub, inOne).catch(() => 'killed');
      if (end !== 'killed') break;
      moments += 1;

      await absorbNotices(
        small.hub,
        inOne.map(({ notice }) => ({ notice, isRepeated: true })),
      );
      await small.settle();

      expect.soft(await asked(small), `met at ${met}, killed at ${at}`).toEqual([['doubtful-match', 2]]);
    }
  }
  expect(moments).toBeGreaterThan(150);
});

/*
 * c1:  key ──────────────────────────────────────────────────────────── record, and all the words left for it
 * c2:        key ────────────────────────────────────────────── record
 * c3:              key ... and so on: each finds the others unwritten
 */
test('however many come in the same moment, none is in doubt about more than its question names, and answers end all of it', async () => {
  const connections = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'];
  const small = await smallHub(connections);
  const messages: Received[] = [];
  for (const connection of connections) messages.push(await entered(small, connection, { NAME: 'Quarry Robotics' }));
  const meet = async (index: number): Promise<void> => {
    const message = messages[index];
    if (message === undefined) return;
    let isStopped = false;
    const putSource: typeof small.store.putSource = async (...given) => {
      if (!isStopped) {
        isStopped = true;
        await meet(index + 1);
      }
      return small.store.putSource(...given);
    };
    await absorbNotices({ ...small.hub, store: { ...small.store, putSource } }, message);
  };
  await meet(0);
  await small.settle();
  const open = await questions(small);
  expect(open).toHaveLength(connections.length - 1);

  for (const { id } of open) await keepApart(small.hub, id);
  await small.settle();

  expect(await asked(small)).toEqual([]);
  const ids = [...new Set(open.flatMap(({ candidates = [] }) => candidates))];
  const records = await small.store.readUnified('partner', ids);
  expect([...records.values()].map(({ doubts }) => doubts)).toEqual(connections.map(() => undefined));
});

test('an answer given while another worker still takes the record in is not forgotten', async () => {
  let moments = 0;
  for (let at = 1; at < 100; at++) {
    const small = await withLookalike(['one', 'two', 'three']);
    const inTwo = await entered(small, 'two', QUARRY);
    const inThree = await enter(small, 'three', QUARRY);
    const message = received(small);
    let isMet = false;
    let answers = 0;
    const hub = interruptedHub(small.hub, async (call) => {
      if (call !== at) return;
      isMet = true;
      await absorbNotices(small.hub, inTwo);
      for (const { id } of await questions(small)) {
        await keepApart(small.hub, id);
        answers += 1;
      }
    });
    await absorbNotices(hub, message);
    if (!isMet) break;
    if (answers === 0) continue;
    moments += 1;
    await small.settle();

    const ref = { connection: 'three', object: 'thing', externalId: inThree };
    const id = (await small.store.readRefs([ref])).get(refKey(ref)) ?? '';
    expect.soft((await small.store.readUnified('partner', [id])).get(id)?.doubts, `call ${at}`).toBeUndefined();
    expect.soft(namesIn(small, 'one'), `call ${at}`).toHaveLength(2);
    expect.soft(await asked(small), `call ${at}`).toEqual([]);
  }
  expect(moments).toBeGreaterThan(15);
});
