import { expect, test } from 'vitest';
import type { Notice } from '../../../../domain/model/notice.ts';
import type { Vocabulary } from '../../../../domain/model/vocabulary.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { mergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import { readFollowing } from '../../../../domain/pipeline/problems/problem-scene.ts';
import { reviewProblems } from '../../../../domain/pipeline/problems/review-problems.ts';
import { interruptedHub, Killed } from '../../../support/interrupted-hub.ts';
import { bundleOf, problemsOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';
import { tinyVocabulary } from '../../../support/tiny-mapping.ts';

/** More calls than one step takes. */
const CALLS_MAX = 100;

function noticeOf(connection: string, id: string): Notice {
  return {
    schema: 1,
    connection,
    object: 'thing',
    ids: [id],
    reason: 'webhook',
    attempts: 0,
    correlationId: 'c',
  };
}

async function takeIn(hub: Hub, connection: string, id: string): Promise<void> {
  await absorbNotices(hub, [{ notice: noticeOf(connection, id), isRepeated: false }]);
}

/** Killed where its source record would be written: the crosswalk and the keys lead to an id that nothing is written under. */
async function begin(small: SmallHub, connection: string, id: string): Promise<string> {
  const store = {
    ...small.store,
    putSource: async () => {
      throw new Killed('putSource');
    },
  };
  await expect(takeIn({ ...small.hub, store }, connection, id)).rejects.toThrow();
  return (await bundleOf(small, connection, id)).id;
}

/** The records that hold a system's record, and where an id leads. */
async function whereIs(small: SmallHub, connection: string, id: string): Promise<string> {
  const { id: unifiedId } = await bundleOf(small, connection, id);
  const { unified, id: last } = await readFollowing(small.hub, 'partner', unifiedId);
  return `${last} ${unified?.state}`;
}

/** Companies are the same also when the domain of one is the street of the other: a record may have two keys. */
const TWO_KEYS: Vocabulary = {
  ...tinyVocabulary(),
  identity: {
    keys: [
      { recipe: 'domain', fields: ['domain'] },
      { recipe: 'domain', fields: ['street'] },
    ],
  },
};

/** A company met in both systems, by another of its keys each; each was cut short, and has both keys by now. */
async function begunTwice() {
  const small = await smallHub(['one', 'two'], { vocabulary: TWO_KEYS });
  const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
  const b = small.systems.two?.create({ NAME: 'Acme', DOMAIN: 'acme.net' }) ?? '';
  const older = await begin(small, 'one', a);
  const younger = await begin(small, 'two', b);
  expect(older < younger).toBe(true);
  small.clock.now += 2_000;
  small.systems.one?.edit(a, { STREET: 'acme.net' });
  small.systems.two?.edit(b, { STREET: 'acme.com' });
  return { small, a, b, older, younger };
}

/*
 * one:  has key y of B: A leads to B ?
 * two:  has key x of A: B leads to A ?, and is stopped somewhere
 */
test.each([
  ['the older one', true],
  ['the younger one', false],
])('two begun records that have each other’s keys become one, whoever comes first: %s', async (_who, isOlderFirst) => {
  let moments = 0;
  for (let at = 1; at < CALLS_MAX; at++) {
    for (let until = 1; until < CALLS_MAX; until++) {
      const { small, a, b } = await begunTwice();
      let isMet = false;
      let isKilled = false;
      const both: [string, string][] = [
        ['one', a],
        ['two', b],
      ];
      const [first, second] = isOlderFirst ? both : both.toReversed();
      if (first === undefined || second === undefined) throw new Error('two are met');
      const stopped = interruptedHub(small.hub, async (call) => {
        if (call !== until) return;
        isKilled = true;
        throw new Killed(`call ${call}`);
      });
      const hub = interruptedHub(small.hub, async (call) => {
        if (call !== at) return;
        isMet = true;
        await takeIn(stopped, second[0], second[1]).catch(() => undefined);
      });
      await takeIn(hub, first[0], first[1]);
      if (!isMet || !isKilled) break;
      moments += 1;
      await small.notice(second[0], [second[1]]);
      await small.settle();

      const end = await whereIs(small, 'one', a);
      const moment = `calls ${at} and ${until}`;
      expect.soft(end, moment).toMatch(/ present$/);
      expect.soft(await whereIs(small, 'two', b), moment).toBe(end);
      expect.soft(small.systems.one?.all(), moment).toHaveLength(1);
      expect.soft(small.systems.two?.all(), moment).toHaveLength(1);
    }
  }
  expect(moments).toBeGreaterThan(50);
});

test('two begun records that meet lead to the older one', async () => {
  const { small, a, older, younger } = await begunTwice();

  await takeIn(small.hub, 'one', a);

  expect((await small.store.readUnified('partner', [younger])).get(younger)?.mergedInto).toBe(older);
  expect((await bundleOf(small, 'one', a)).unified?.state).toBe('present');
  expect(await problemsOf(small)).toEqual([]);
});

/*
 * ada:  A takes B ─ read ─────────────────────────────────────────────────── B leads to A ?
 * bob:               B takes A ─ read ─ A leads to B, and is stopped there
 */
test('of two merges of the same two records in the same moment, the other way round, one is carried out', async () => {
  let moments = 0;
  for (let at = 1; at < CALLS_MAX; at++) {
    for (let until = 1; until < CALLS_MAX; until++) {
      const small = await smallHub(['one', 'two'], { isOpen: false });
      const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
      const b = small.systems.two?.create({ NAME: 'Globex', DOMAIN: 'acme.net' }) ?? '';
      await takeIn(small.hub, 'one', a);
      await takeIn(small.hub, 'two', b);
      const [idA, idB] = [(await bundleOf(small, 'one', a)).id, (await bundleOf(small, 'two', b)).id];
      let isMet = false;
      let isKilled = false;
      const bob = interruptedHub(small.hub, async (call) => {
        if (call !== until) return;
        isKilled = true;
        throw new Killed(`call ${call}`);
      });
      const ada = interruptedHub(small.hub, async (call) => {
        if (call !== at) return;
        isMet = true;
        await mergeByPerson(bob, 'partner', idB, idA, 'bob').catch(() => undefined);
      });
      await mergeByPerson(ada, 'partner', idA, idB, 'ada');
      if (!isMet || !isKilled) break;
      moments += 1;
      for (let review = 0; review < 3; review++) {
        small.clock.now += 300_000;
        await reviewProblems(small.hub);
        await small.settle();
      }

      const end = await whereIs(small, 'one', a);
      expect.soft(end, `call ${at}, ${until}`).toMatch(/ present$/);
      expect.soft(await whereIs(small, 'two', b), `call ${at}, ${until}`).toBe(end);
    }
  }
  expect(moments).toBeGreaterThan(50);
});
