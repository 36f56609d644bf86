import { describe, expect, test } from 'vitest';
import type { JournalEntry, MergeItem } from '../../../domain/model/journal.ts';
import type { Problem } from '../../../domain/model/problem.ts';
import type { ConnectionState, HubStore, SweepCursor } from '../../../domain/pipeline/ports.ts';
import { SAMPLE_NOW, sampleClaimedSource, sampleSource, sampleUnified } from '../../support/sample-records.ts';

/**
 * What every store must do. `store` answers the store under test; it may be one for all tests, because each test uses ids of its
 * own.
 */
export function describeStore(title: string, store: () => HubStore): void {
  const WRITERS = 50;
  let last = 0;
  const fresh = (): string => {
    last += 1;
    return `01J9Z3Q2W8V7T6R5P4N3M${String(last).padStart(5, '0')}`;
  };
  const parallel = <T>(write: (writer: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  const winners = (answers: readonly boolean[]): number => answers.filter(Boolean).length;

  describe(`${title}: crosswalk and match keys`, () => {
    test('a reference points to what it was put to, and unknown ones are left out', async () => {
      const known = { connection: 'hubspot', object: 'company', externalId: fresh() };
      const unknown = { connection: 'hubspot', object: 'company', externalId: fresh() };

      const isPut = await store().putRef(known, 'partner', 'U1', null);

      expect(isPut).toBe(true);
      expect(await store().readRefs([known, unknown, known])).toEqual(
        new Map([[`hubspot#company#${known.externalId}`, 'U1']]),
      );
    });

    test('a reference is moved and deleted only from where it is expected', async () => {
      const ref = { connection: 'hubspot', object: 'company', externalId: fresh() };
      await store().putRef(ref, 'partner', 'U1', null);

      expect(await store().putRef(ref, 'partner', 'U2', null)).toBe(false);
      expect(await store().putRef(ref, 'partner', 'U2', 'U3')).toBe(false);
      expect(await store().putRef(ref, 'partner', 'U2', 'U1')).toBe(true);
      expect(await store().deleteRef(ref, 'U1')).toBe(false);
      expect(await store().deleteRef(ref, 'U2')).toBe(true);
      expect(await store().readRefs([ref])).toEqual(new Map());
    });

    test('of 50 writers that put one reference at the same time exactly one wins', async () => {
      const ref = { connection: 'hubspot', object: 'company', externalId: fresh() };

      const answers = await parallel((writer) => store().putRef(ref, 'partner', `U${writer}`, null));

      expect(winners(answers)).toBe(1);
      const holder = (await store().readRefs([ref])).get(`hubspot#company#${ref.externalId}`);
      expect(holder).toBe(`U${answers.indexOf(true)}`);
    });

    test('250 references are read at once', async () => {
      const refs = Array.from({ length: 250 }, () => ({ connection: 'hubspot', object: 'deal', externalId: fresh() }));
      await Promise.all(refs.map((ref) => store().putRef(ref, 'deal', `U-${ref.externalId}`, null)));

      const found = await store().readRefs(refs);

      expect(found.size).toBe(250);
      expect(found.get(`hubspot#deal#${refs[249]?.externalId}`)).toBe(`U-${refs[249]?.externalId}`);
    });

    test('nothing asked is nothing answered', async () => {
      expect(await store().readRefs([])).toEqual(new Map());
      expect(await store().readKeys([])).toEqual(new Map());
      expect(await store().readUnified('partner', [])).toEqual(new Map());
    });

    test('a match key is held by one record of its kind', async () => {
      const key = { kind: 'partner', type: 'domain', value: `${fresh()}.example` } as const;
      const ofAnotherKind = { ...key, kind: 'contact' } as const;

      const answers = await parallel((writer) => store().putKey(key, `U${writer}`, null));
      await store().putKey(ofAnotherKind, 'C1', null);

      expect(winners(answers)).toBe(1);
      expect(await store().readKeys([key, ofAnotherKind])).toEqual(
        new Map([
          [`partner#domain#${key.value}`, `U${answers.indexOf(true)}`],
          [`contact#domain#${key.value}`, 'C1'],
        ]),
      );
      expect(await store().deleteKey(key, 'somebody else')).toBe(false);
      expect(await store().deleteKey(key, `U${answers.indexOf(true)}`)).toBe(true);
    });

    test('match keys of any length and script are told apart', async () => {
      const long = 'ß'.repeat(3_000);
      const keys = [long, `${long}!`].map((value) => ({ kind: 'partner', type: 'name', value }) as const);
      await Promise.all(keys.map((key, index) => store().putKey(key, `U${index}`, null)));

      const found = await store().readKeys(keys);

      expect([...found.values()]).toEqual(['U0', 'U1']);
    });
  });

  describe(`${title}: records`, () => {
    test('a bundle is the unified record and all its sources, and nothing of other records', async () => {
      const id = fresh();
      const unified = sampleUnified({ id });
      const sources = [
        sampleSource({ unifiedId: id, connection: 'hubspot', object: 'company', externalId: '1' }),
        sampleClaimedSource(),
      ].map((source) => ({ ...source, unifiedId: id }));
      for (const source of sources) expect(await store().putSource(source, null)).toBe(true);
      expect(await store().putUnified(unified, null)).toBe(true);
      await store().putUnified(sampleUnified({ id: fresh() }), null);

      expect(await store().readBundle('partner', id)).toEqual({ kind: 'partner', id, unified, sources });
    });

    test('a bundle of nothing has no record and no sources', async () => {
      const id = fresh();

      expect(await store().readBundle('deal', id)).toEqual({ kind: 'deal', id, sources: [] });
    });

    test('a bundle whose unified record is not yet written has its sources', async () => {
      const source = sampleSource({ unifiedId: fresh() });
      await store().putSource(source, null);

      const bundle = await store().readBundle('partner', source.unifiedId);

      expect(bundle.unified).toBeUndefined();
      expect(bundle.sources).toEqual([source]);
    });

    test('long values come back, changed or not', async () => {
      const id = fresh();
      const field = (value: string) => ({ value, at: SAMPLE_NOW, origin: 'system' as const });
      const first = sampleSource({ unifiedId: id, fields: { description: field('a'.repeat(5_000)) } });
      const second = {
        ...first,
        counter: 8,
        fields: { description: field('b'.repeat(5_000)), name: field('c'.repeat(900)) },
      };

      await store().putSource(first, null);
      expect((await store().readBundle('partner', id)).sources).toEqual([first]);
      await store().putSource(second, 7);
      expect((await store().readBundle('partner', id)).sources).toEqual([second]);
    });

    test('unified records are read by id, those that are not there left out', async () => {
      const records = [sampleUnified({ id: fresh() }), sampleUnified({ id: fresh(), version: 2 })];
      for (const record of records) await store().putUnified(record, null);

      const found = await store().readUnified('partner', [...records.map(({ id }) => id), fresh()]);

      expect(found).toEqual(new Map(records.map((record) => [record.id, record])));
    });

    test('a record is written only over the counter that was read', async () => {
      const record = sampleUnified({ id: fresh(), counter: 1 });

      expect(await store().putUnified(record, 1)).toBe(false);
      expect(await store().putUnified(record, null)).toBe(true);
      expect(await store().putUnified({ ...record, counter: 2 }, null)).toBe(false);
      expect(await store().putUnified({ ...record, counter: 2 }, 1)).toBe(true);
      expect(await store().putUnified({ ...record, counter: 3, version: 99 }, 1)).toBe(false);
      expect((await store().readUnified('partner', [record.id])).get(record.id)?.counter).toBe(2);
    });

    test('of 50 writers over one counter exactly one wins, and its content is stored', async () => {
      const source = sampleSource({ unifiedId: fresh(), counter: 1 });
      await store().putSource(source, null);

      const answers = await parallel((writer) => store().putSource({ ...source, counter: 2, revision: writer }, 1));

      expect(winners(answers)).toBe(1);
      const [stored] = (await store().readBundle('partner', source.unifiedId)).sources;
      expect(stored?.revision).toBe(answers.indexOf(true));
    });

    test('a source record is deleted only at the counter that was read', async () => {
      const source = sampleSource({ unifiedId: fresh(), counter: 4 });
      await store().putSource(source, null);

      expect(await store().deleteSource({ ...source, counter: 3 })).toBe(false);
      expect(await store().deleteSource(source)).toBe(true);
      expect(await store().deleteSource(source)).toBe(false);
      expect((await store().readBundle('partner', source.unifiedId)).sources).toEqual([]);
    });

    test('external ids of any form lie inside their bundle', async () => {
      const unifiedId = fresh();
      const ids = ['a#b', '~', '\u{1f642}', 'ÿ'].sort();
      for (const externalId of ids) await store().putSource(sampleSource({ unifiedId, externalId }), null);

      const { sources } = await store().readBundle('partner', unifiedId);

      expect(sources.map(({ externalId }) => externalId).sort()).toEqual(ids);
    });
  });

  describe(`${title}: journal`, () => {
    const entry = (unifiedId: string, change: Partial<JournalEntry> = {}): JournalEntry => ({
      id: fresh(),
      kind: 'partner',
      unifiedId,
      at: SAMPLE_NOW,
      step: 'changed',
      version: 1,
      changes: { name: [undefined, 'Nordlicht'], tier: ['gold', null], specializations: [null, ['a', 'b']] },
      ...change,
    });

    test('is read newest first, up to the limit', async () => {
      const unifiedId = fresh();
      const entries = Array.from({ length: 60 }, () =>
        entry(unifiedId, { from: 'hubspot#company#1', correlationId: 'c-1' }),
      );
      await store().appendJournal(entries);

      expect(await store().readJournal('partner', unifiedId, 200)).toEqual(entries.toReversed());
      expect(await store().readJournal('partner', unifiedId, 2)).toEqual(entries.slice(-2).reverse());
    });

    test('keeps an entry once that is appended twice, and entries of other records apart', async () => {
      const [one, other] = [entry(fresh()), entry(fresh(), { step: 'held', changes: {} })];
      await store().appendJournal([one, other]);
      await store().appendJournal([one]);

      expect(await store().readJournal('partner', one.unifiedId, 10)).toEqual([one]);
      expect(await store().readJournal('partner', other.unifiedId, 10)).toEqual([other]);
    });

    test('is not part of a bundle', async () => {
      const record = sampleUnified({ id: fresh() });
      await store().putUnified(record, null);
      await store().appendJournal([entry(record.id)]);

      expect(await store().readBundle('partner', record.id)).toMatchObject({ unified: record, sources: [] });
    });
  });

  describe(`${title}: problems`, () => {
    const problem = (change: Partial<Problem> = {}): Problem => ({
      id: fresh(),
      cause: 'refused-value',
      connection: 'hubspot',
      object: 'company',
      externalId: '1',
      field: 'tier',
      message: 'HubSpot does not take this tier.',
      nextStep: 'Add the tier to the property or change the mapping.',
      candidates: ['salesforce#Account#1'],
      state: 'open',
      openedAt: SAMPLE_NOW,
      ...change,
    });

    test('opened again stays open since its first opening and tells the newest', async () => {
      const first = problem();
      await store().openProblem(first);
      await store().openProblem({ ...first, openedAt: SAMPLE_NOW + 1, message: 'Still not.' });

      expect(await store().readProblem(first.id)).toEqual({ ...first, message: 'Still not.' });
    });

    test('closed stays closed at its first closing and leaves the list; opened again it is a new one', async () => {
      const one = problem({ openedAt: SAMPLE_NOW - 999 });
      await store().openProblem(one);
      await store().closeProblem(one.id, SAMPLE_NOW);
      await store().closeProblem(one.id, SAMPLE_NOW + 5);

      expect(await store().readProblem(one.id)).toEqual({ ...one, state: 'closed', closedAt: SAMPLE_NOW });
      expect((await listAll(store())).map(({ id }) => id)).not.toContain(one.id);

      await store().openProblem({ ...one, openedAt: SAMPLE_NOW + 9 });
      expect(await store().readProblem(one.id)).toEqual({ ...one, openedAt: SAMPLE_NOW + 9 });
      expect((await listAll(store())).map(({ id }) => id)).toContain(one.id);
    });

    test('that was never opened is neither there nor closed into being', async () => {
      const id = fresh();
      await store().closeProblem(id, SAMPLE_NOW);

      expect(await store().readProblem(id)).toBeUndefined();
    });

    test('are listed oldest first, each once, over any pages', async () => {
      const opened = Array.from({ length: 45 }, (_, index) => problem({ openedAt: 1_000 + ((index * 7) % 45) }));
      await Promise.all(opened.map((each) => store().openProblem(each)));

      for (const limit of [1, 7, 200]) {
        const listed = (await listAll(store(), limit)).filter(({ openedAt }) => openedAt < 2_000);
        expect(listed).toEqual(opened.toSorted((a, b) => a.openedAt - b.openedAt));
      }
      await Promise.all(opened.map(({ id }) => store().closeProblem(id, SAMPLE_NOW)));
    });
  });

  describe(`${title}: merges and pins`, () => {
    const merge = (): MergeItem => ({
      id: fresh(),
      kind: 'partner',
      survivor: sampleUnified(),
      loser: sampleUnified({ id: fresh() }),
      survivorSources: [sampleSource()],
      loserSources: [sampleClaimedSource()],
      at: SAMPLE_NOW,
      reason: 'same domain',
      state: 'merging',
    });

    test('a merge item is written first once, and then changed', async () => {
      const item = merge();

      expect(await store().putMerge(item, 'present')).toBe(false);
      expect(winners(await parallel(() => store().putMerge(item, 'absent')))).toBe(1);
      expect(await store().putMerge({ ...item, state: 'merged' }, 'present')).toBe(true);
      expect(await store().readMerge(item.id)).toEqual({ ...item, state: 'merged' });
      expect(await store().readMerge(fresh())).toBeUndefined();
    });

    test('a pin holds in both directions and for its kind', async () => {
      const [a, b] = [fresh(), fresh()];
      await store().putPin('partner', b, a);

      expect(await store().readPin('partner', a, b)).toBe(true);
      expect(await store().readPin('partner', b, a)).toBe(true);
      expect(await store().readPin('contact', a, b)).toBe(false);
      expect(await store().readPin('partner', a, fresh())).toBe(false);
    });
  });

  describe(`${title}: connections, cursors and backfill pages`, () => {
    const state = (): ConnectionState => ({
      connection: fresh(),
      counter: 1,
      connectedAt: SAMPLE_NOW,
      accountId: '12345',
      paused: { at: SAMPLE_NOW, reason: 'a test', by: 'person' },
      owners: { '7': 'a.petersen@hub.example', '8': 'b.olsen@hub.example' },
      ownersReadAt: SAMPLE_NOW - 1,
      problems: ['p-1'],
      releasedAt: SAMPLE_NOW + 1,
      backfilledAt: { company: SAMPLE_NOW },
    });

    test('a connection is remembered as it was put, over the counter that was read', async () => {
      const given = state();

      expect(await store().readConnection(given.connection)).toBeUndefined();
      expect(winners(await parallel(() => store().putConnection(given, null)))).toBe(1);
      expect(await store().readConnection(given.connection)).toEqual(given);
      const { paused: _, ...resumed } = { ...given, counter: 2 };
      expect(winners(await parallel(() => store().putConnection(resumed, 1)))).toBe(1);
      expect(await store().readConnection(given.connection)).toEqual(resumed);
    });

    test('a cursor is moved only from where it was read', async () => {
      const cursor: SweepCursor = {
        connection: fresh(),
        object: 'company',
        mode: 'changes',
        counter: 1,
        position: { since: '2026-08-20T09:30:00Z', after: ['1', null] },
        seen: 100,
        startedAt: SAMPLE_NOW,
      };
      const moved = { ...cursor, counter: 2, position: undefined, finishedAt: SAMPLE_NOW + 1 };

      expect(await store().readCursor(cursor.connection, 'company', 'changes')).toBeUndefined();
      expect(await store().putCursor(cursor, null)).toBe(true);
      expect(await store().putCursor({ ...moved, counter: 9 }, 8)).toBe(false);
      expect(await store().readCursor(cursor.connection, 'company', 'changes')).toEqual(cursor);
      expect(await store().readCursor(cursor.connection, 'company', 'deletions')).toBeUndefined();
      expect(await store().putCursor(moved, 1)).toBe(true);
      expect(await store().readCursor(cursor.connection, 'company', 'changes')).toEqual(moved);
    });

    test('a page is counted once however often it is added or removed', async () => {
      const connection = fresh();
      const track = (page: string, change: 'add' | 'remove') => store().trackPage(connection, 'company', page, change);

      expect(await track('p1', 'add')).toBe(1);
      expect(await track('p1', 'add')).toBe(1);
      expect(await track('p2', 'add')).toBe(2);
      expect(await store().trackPage(connection, 'deal', 'p1', 'add')).toBe(1);
      expect(await track('p1', 'remove')).toBe(1);
      expect(await track('p1', 'remove')).toBe(1);
      expect(await track('p2', 'remove')).toBe(0);
    });

    test('of workers that remove the last pages at the same time one at least sees that none is left', async () => {
      const connection = fresh();
      await parallel((page) => store().trackPage(connection, 'company', `p${page}`, 'add'));

      const left = await parallel((page) => store().trackPage(connection, 'company', `p${page}`, 'remove'));

      expect(left).toContain(0);
    });
  });

  describe(`${title}: counters and budgets`, () => {
    test('a window counts everything added in it, also at the same time, and the next one begins anew', async () => {
      const name = fresh();

      const sums = await parallel(() => store().count(name, 60_000, 120_001, 2));

      expect(sums.toSorted((a, b) => a - b)).toEqual(Array.from({ length: WRITERS }, (_, index) => 2 * (index + 1)));
      expect(await store().count(name, 60_000, 179_999, 1)).toBe(101);
      expect(await store().count(name, 60_000, 180_000, 1)).toBe(1);
      expect(await store().count(`${name}-2`, 60_000, 120_001, 1)).toBe(1);
    });

    test('a budget is swapped only from the value that was read', async () => {
      const name = fresh();
      const at = SAMPLE_NOW + 1 / 3;

      expect(await store().readBudget(name)).toBeUndefined();
      expect(await store().swapBudget(name, at, 1)).toBe(false);
      expect(winners(await parallel(() => store().swapBudget(name, at, undefined)))).toBe(1);
      expect(await store().readBudget(name)).toBe(at);
      expect(winners(await parallel((writer) => store().swapBudget(name, at + writer + 1, at)))).toBe(1);
    });
  });
}

/** Every open problem, page by page; at most 100 pages. */
async function listAll(store: HubStore, limit = 50): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  let after: string | undefined;
  for (let page = 0; page < 100; page += 1) {
    const answer = await store.listProblems({ limit, ...(after === undefined ? {} : { after }) });
    problems.push(...answer.problems);
    after = answer.next;
    if (after === undefined) return problems;
  }
  throw new Error('The list of problems does not end.');
}
