import { describe, expect, test } from 'vitest';
import type { MergeItem } from '../../../domain/model/journal.ts';
import type { ConnectionState, HubStore, SweepCursor } from '../../../domain/pipeline/ports.ts';
import { SAMPLE_NOW, sampleSource, sampleUnified } from '../../support/sample-records.ts';
import { CONTENDERS, contend, freshId, winners } from './store-contenders.ts';

const ROUNDS = 5;

/**
 * What must hold when many workers write one thing at the same time. `stores` answers ways to one store, such as clients of one
 * table with connections of their own; contenders are spread over them.
 */
export function describeRaces(title: string, stores: () => readonly HubStore[]): void {
  const by = (contender: number): HubStore => {
    const store = stores()[contender % stores().length];
    if (store === undefined) throw new Error('There is no store to contend for.');
    return store;
  };
  const connection = freshId();
  const ref = { connection, object: 'company', externalId: freshId() };
  const key = { kind: 'partner', type: 'domain', value: `${freshId()}.example` } as const;
  const source = sampleSource({ unifiedId: freshId() });
  const unified = sampleUnified({ id: freshId() });
  const state: ConnectionState = {
    connection,
    counter: 0,
    connectedAt: SAMPLE_NOW,
    owners: {},
    ownersReadAt: 0,
    problems: [],
    backfilledAt: {},
  };
  const cursor: SweepCursor = {
    connection,
    object: 'company',
    mode: 'changes',
    counter: 0,
    position: '',
    seen: 0,
    startedAt: SAMPLE_NOW,
  };

  /** How each kind of item is written over what was read, and how to tell who wrote it. `token` is a contender's own number. */
  const SWAPS: readonly {
    readonly name: string;
    put(store: HubStore, round: number, token: number, winnerBefore: number | undefined): Promise<boolean>;
    read(store: HubStore): Promise<number | undefined>;
  }[] = [
    {
      name: 'putRef',
      put: (store, _round, token, before) =>
        store.putRef(ref, 'partner', String(token), before === undefined ? null : String(before)),
      read: async (store) => numberOf([...(await store.readRefs([ref])).values()][0]),
    },
    {
      name: 'putKey',
      put: (store, _round, token, before) =>
        store.putKey(key, String(token), before === undefined ? null : String(before)),
      read: async (store) => numberOf([...(await store.readKeys([key])).values()][0]),
    },
    {
      name: 'swapBudget',
      put: (store, _round, token, before) => store.swapBudget(connection, token, before),
      read: (store) => store.readBudget(connection),
    },
    {
      name: 'putSource',
      put: (store, round, token) =>
        store.putSource({ ...source, counter: round, revision: token }, round === 0 ? null : round - 1),
      read: async (store) => (await store.readBundle('partner', source.unifiedId)).sources[0]?.revision,
    },
    {
      name: 'putUnified',
      put: (store, round, token) =>
        store.putUnified({ ...unified, counter: round, version: token }, round === 0 ? null : round - 1),
      read: async (store) => (await store.readUnified('partner', [unified.id])).get(unified.id)?.version,
    },
    {
      name: 'putConnection',
      put: (store, round, token) =>
        store.putConnection({ ...state, counter: round, ownersReadAt: token }, round === 0 ? null : round - 1),
      read: async (store) => (await store.readConnection(connection))?.ownersReadAt,
    },
    {
      name: 'putCursor',
      put: (store, round, token) =>
        store.putCursor({ ...cursor, counter: round, seen: token }, round === 0 ? null : round - 1),
      read: async (store) => (await store.readCursor(connection, 'company', 'changes'))?.seen,
    },
  ];

  describe(`${title}: races`, () => {
    test.each(SWAPS)(
      '$name: exactly one of all contenders wins each round, and what it wrote is there',
      async (swap) => {
        let before: number | undefined;
        for (let round = 0; round < ROUNDS; round += 1) {
          const known = before;
          const answers = await contend((contender) =>
            swap.put(by(contender), round, 1 + round * CONTENDERS + contender, known),
          );

          expect(winners(answers)).toBe(1);
          before = 1 + round * CONTENDERS + answers.indexOf(true);
          expect(await swap.read(by(round))).toBe(before);
          expect(await swap.read(by(round + 1))).toBe(before);
        }
      },
    );

    test('putSource: nobody’s update is lost when all of them read, add and write until they succeed', async () => {
      const shared = sampleSource({ unifiedId: freshId(), counter: 0, revision: 0 });
      await by(0).putSource(shared, null);
      await contend(async (contender) => {
        for (let attempt = 0; attempt < 50 * CONTENDERS; attempt += 1) {
          const [read] = (await by(contender).readBundle('partner', shared.unifiedId)).sources;
          if (read === undefined) throw new Error('The source record has gone.');
          const next = { ...read, counter: read.counter + 1, revision: read.revision + contender };
          if (await by(contender).putSource(next, read.counter)) return;
        }
        throw new Error('A contender never got its turn.');
      });

      const [last] = (await by(1).readBundle('partner', shared.unifiedId)).sources;
      expect(last?.counter).toBe(CONTENDERS);
      expect(last?.revision).toBe((CONTENDERS * (CONTENDERS - 1)) / 2);
    });

    test('deleteRef, deleteKey and deleteSource: one deletes, and one of a deletion and a change happens', async () => {
      const own = { ...ref, externalId: freshId() };
      const ownKey = { ...key, value: freshId() };
      const ownSource = sampleSource({ unifiedId: freshId(), counter: 1 });
      await by(0).putRef(own, 'partner', 'U1', null);
      await by(0).putKey(ownKey, 'U1', null);
      await by(0).putSource(ownSource, null);

      const refs = await contend((n) =>
        n % 2 === 0 ? by(n).deleteRef(own, 'U1') : by(n).putRef(own, 'partner', `V${n}`, 'U1'),
      );
      const keys = await contend((n) =>
        n % 2 === 0 ? by(n).deleteKey(ownKey, 'U1') : by(n).putKey(ownKey, `V${n}`, 'U1'),
      );
      const sources = await contend((n) =>
        n % 2 === 0 ? by(n).deleteSource(ownSource) : by(n).putSource({ ...ownSource, counter: 2 }, 1),
      );

      expect([refs, keys, sources].map(winners)).toEqual([1, 1, 1]);
      const held = [...(await by(1).readKeys([ownKey])).values()];
      expect(held).toEqual(keys.indexOf(true) % 2 === 0 ? [] : [`V${keys.indexOf(true)}`]);
    });

    test('putMerge: one begins a merge, and whoever changes it finds it begun', async () => {
      const item: MergeItem = {
        id: freshId(),
        kind: 'partner',
        survivor: unified,
        loser: unified,
        survivorSources: [],
        loserSources: [],
        at: SAMPLE_NOW,
        reason: 'same domain',
        state: 'merging',
      };

      const begun = await contend((n) => by(n).putMerge({ ...item, at: n }, 'absent'));
      const first = await by(0).readMerge(item.id);
      const changed = await contend((n) => by(n).putMerge({ ...item, at: n, state: 'merged' }, 'present'));

      expect(winners(begun)).toBe(1);
      expect(first?.at).toBe(begun.indexOf(true));
      expect(winners(changed)).toBe(CONTENDERS);
      expect((await by(1).readMerge(item.id))?.state).toBe('merged');
    });

    test('count: every addition is in one sum, each sum is answered once, none is lost', async () => {
      const name = freshId();

      const sums = await contend((n) => by(n).count(name, 60_000, 120_000, n + 1));

      expect(new Set(sums).size).toBe(CONTENDERS);
      expect(Math.max(...sums)).toBe((CONTENDERS * (CONTENDERS + 1)) / 2);
      expect(await by(0).count(name, 60_000, 120_000, 0)).toBe((CONTENDERS * (CONTENDERS + 1)) / 2);
    });

    test('trackPage: pages added and removed at the same time are exact at the end, and the last sees that it is', async () => {
      const place = freshId();
      const track = (n: number, page: number, change: 'add' | 'remove') =>
        by(n).trackPage(place, 'company', `p${page}`, change);
      await contend((n) => track(n, n, 'add'));
      // The even ones are removed twice while others are added.
      await contend((n) => (n % 2 === 0 ? track(n, n, 'remove') : track(n, CONTENDERS + n, 'add')));
      await contend((n) => (n % 2 === 0 ? track(n + 1, n, 'remove') : Promise.resolve(0)));

      expect(await track(0, 1, 'add')).toBe(CONTENDERS);
      const left = await contend(async (n) =>
        n % 2 === 0 ? 1 : Math.min(await track(n, n, 'remove'), await track(n + 1, CONTENDERS + n, 'remove')),
      );
      expect(left).toContain(0);
    });

    test('openProblem: opened by all at once it is one problem, listed once; closed by all it is closed', async () => {
      const id = freshId();
      const problem = { id, cause: 'defect', connection, message: 'm', nextStep: 'n', state: 'open' } as const;
      await contend((n) => by(n).openProblem({ ...problem, openedAt: SAMPLE_NOW + n }));

      const opened = await by(0).readProblem(id);
      const listed = (await by(1).listProblems({ limit: 200 })).problems.filter((each) => each.id === id);
      expect(listed).toEqual([opened]);
      await contend((n) => by(n).closeProblem(id, SAMPLE_NOW + 100 + n));
      const closed = await by(1).readProblem(id);
      expect(closed).toMatchObject({ state: 'closed', openedAt: opened?.openedAt });
      expect((await by(1).listProblems({ limit: 200 })).problems.filter((each) => each.id === id)).toEqual([]);
    });

    test('putPin and appendJournal: repeated by everybody they are there once', async () => {
      const entry = { id: freshId(), kind: 'partner', unifiedId: freshId(), at: 1, step: 'held', version: 1 } as const;
      await contend((n) => by(n).appendJournal([{ ...entry, changes: {} }]));
      await contend((n) => (n % 2 === 0 ? by(n).putPin('partner', 'A', 'B') : by(n).putPin('partner', 'B', 'A')));

      expect(await by(1).readJournal('partner', entry.unifiedId, 10)).toHaveLength(1);
      expect(await by(1).readPin('partner', 'A', 'B')).toBe(true);
    });
  });
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
