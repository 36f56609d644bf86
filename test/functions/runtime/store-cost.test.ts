import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../../domain/model/journal.ts';
import type { Problem } from '../../../domain/model/problem.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { dynamoStore } from '../../../functions/runtime/dynamo-store.ts';
import { type ReplayGuard, replayItems } from '../../../functions/runtime/items/replay-items.ts';
import { startTestTable, type TestTable } from '../../support/hub-table.ts';
import { SAMPLE_NOW, sampleClaimedSource, sampleSource, sampleUnified } from '../../support/sample-records.ts';
import { SAMPLE_VOCABULARIES } from '../../support/sample-vocabulary.ts';

/**
 * What each call costs in capacity units of the table. The embedded DynamoDB does not count indexes; what an entry adds to one is
 * said in the docstrings of `items/`, and whether it is in one is checked here by its index keys.
 */
let table: TestTable;
let store: HubStore;
let replays: ReplayGuard;
let last = 0;

beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());
beforeEach(() => {
  // A new store remembers no long values.
  store = dynamoStore(table.table, SAMPLE_VOCABULARIES, 90, table.table);
  replays = replayItems(table.table);
});

describe('an ordinary change with one target', () => {
  test('costs 5 write units of the table, one for each of its writes, and 1 read unit for each bundle', async () => {
    const [id, ref] = [freshId(), { connection: 'salesforce', object: 'Account', externalId: '001Ws00003abCDeIAM' }];
    const source = sampleSource({ unifiedId: id });
    const target = sampleSource({ unifiedId: id, connection: 'hubspot', object: 'company', externalId: '18273645546' });
    const unified = sampleUnified({ id });
    const claimed = { ...sampleClaimedSource(), ...keyOf(target), counter: 8 };
    await store.putRef(ref, 'partner', id, null);
    for (const each of [source, target]) await store.putSource(each, null);
    await store.putUnified(unified, null);

    expect(await cost(() => store.readRefs([ref]))).toEqual({ read: 1, write: 0 });
    expect(await cost(() => store.readBundle('partner', id))).toEqual({ read: 1, write: 0 });
    expect(await cost(() => store.putSource({ ...source, counter: 8 }, 7))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.putUnified({ ...unified, counter: 32 }, 31))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.appendJournal([journalEntry(id)]))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.putSource(claimed, 7))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.putSource({ ...target, counter: 9 }, 8))).toEqual({ read: 0, write: 1 });
  });
});

describe('reading', () => {
  test('costs 1 unit for each reference, match key and unified record, found or not', async () => {
    const refs = Array.from({ length: 120 }, (_, index) => ({ connection: 'c', object: 'o', externalId: `${index}` }));
    const keys = [1, 2, 3].map((index) => ({ kind: 'partner', type: 'domain', value: `${index}.example` }) as const);
    const ids = [freshId(), freshId()];
    await store.putUnified(sampleUnified({ id: ids[0] ?? '' }), null);

    expect(await cost(() => store.readRefs(refs))).toEqual({ read: 120, write: 0 });
    expect(await cost(() => store.readKeys(keys))).toEqual({ read: 3, write: 0 });
    expect(await cost(() => store.readUnified('partner', ids))).toEqual({ read: 2, write: 0 });
  });

  test('a bundle costs 1 unit up to 4 KB and no more for a long journal beside it', async () => {
    const id = freshId();
    await store.putUnified(sampleUnified({ id }), null);
    for (const connection of ['a', 'b', 'c']) await store.putSource(sampleSource({ unifiedId: id, connection }), null);
    await store.appendJournal(Array.from({ length: 100 }, () => journalEntry(id)));

    expect(await cost(() => store.readBundle('partner', id))).toEqual({ read: 1, write: 0 });
  });

  test('exchange rates cost 1 unit, however many days lie before, and 1 for each day kept', async () => {
    const rates = Object.fromEntries(Array.from({ length: 41 }, (_, place) => [`C${place}`, '12345.67']));
    const days = Array.from({ length: 30 }, (_, place) => ({
      day: `2026-05-${String(place + 1).padStart(2, '0')}`,
      base: 'EUR',
      rates,
    }));

    expect(await cost(() => store.putRates(days))).toEqual({ read: 0, write: 30 });
    expect(await cost(() => store.readRates('2026-05-31', 7))).toEqual({ read: 1, write: 0 });
  });

  test('the journal costs half a unit per 4 KB read', async () => {
    const id = freshId();
    await store.appendJournal(Array.from({ length: 20 }, () => journalEntry(id)));

    expect(await cost(() => store.readJournal('partner', id, 10))).toEqual({ read: 0.5, write: 0 });
  });

  test('the borrowers of a record cost 1 unit to read up to 50, and 1 unit each to note', async () => {
    const id = freshId();
    const borrowers = Array.from({ length: 50 }, () => ({ kind: 'deal', id: freshId() }) as const);

    for (const each of borrowers) {
      expect(await cost(() => store.noteBorrower('partner', id, each))).toEqual({ read: 0, write: 1 });
    }

    expect(await cost(() => store.readBorrowers('partner', id, 1_000))).toEqual({ read: 1, write: 0 });
  });

  test('a problem, a merge item, a pin, a connection, a cursor and a budget cost 1 unit each', async () => {
    expect(await cost(() => store.readProblem('p'))).toEqual({ read: 1, write: 0 });
    expect(await cost(() => store.readMerge('m'))).toEqual({ read: 1, write: 0 });
    expect(await cost(() => store.readPin('partner', 'a', 'b'))).toEqual({ read: 1, write: 0 });
    expect(await cost(() => store.readConnection('c'))).toEqual({ read: 1, write: 0 });
    expect(await cost(() => store.readCursor('c', 'o', 'walk'))).toEqual({ read: 1, write: 0 });
    expect(await cost(() => store.readBudget('b'))).toEqual({ read: 1, write: 0 });
  });

  test('a page of problems costs half a unit for each of 8 shards', async () => {
    await Promise.all(Array.from({ length: 60 }, () => store.openProblem(problem())));

    expect(await cost(() => store.listProblems({ limit: 20 }))).toEqual({ read: 4, write: 0 });
  });
});

describe('writing', () => {
  test('a reference, a key, a pin, a cursor, a count and a budget cost 1 unit each', async () => {
    const id = freshId();
    const ref = { connection: 'c', object: 'o', externalId: id };
    const key = { kind: 'partner', type: 'domain', value: id } as const;
    const cursor = {
      connection: id,
      object: 'o',
      mode: 'walk',
      counter: 1,
      position: {},
      seen: 0,
      startedAt: 0,
    } as const;

    expect(await cost(() => store.putRef(ref, 'partner', id, null))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.deleteRef(ref, id))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.putKey(key, id, null))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.deleteKey(key, id))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.putPin('partner', id, 'b'))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.putCursor(cursor, null))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.count(id, 60_000, 0, 1))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.swapBudget(id, 1, undefined))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.trackPage(id, 'o', 'p', 'add'))).toEqual({ read: 1, write: 1 });
  });

  test('a problem costs 1 unit to open, to open again and to close', async () => {
    const opened = problem();

    expect(await cost(() => store.openProblem(opened))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.openProblem(opened))).toEqual({ read: 0, write: 1 });
    expect(await cost(() => store.closeProblem(opened.id, SAMPLE_NOW))).toEqual({ read: 0, write: 1 });
  });

  test('a merge item of two records with two sources each costs at most 3 units', async () => {
    const merge = {
      id: freshId(),
      kind: 'partner',
      survivor: sampleUnified(),
      loser: sampleUnified({ id: freshId() }),
      survivorSources: [sampleSource(), sampleSource({ connection: 'hubspot' })],
      loserSources: [sampleSource(), sampleClaimedSource()],
      at: SAMPLE_NOW,
      reason: 'same domain',
      state: 'merging',
    } as const;

    // 2 of them for its name in the partitions of the two.
    expect((await cost(() => store.putMerge(merge, 'absent'))).write).toBeLessThanOrEqual(5);
  });

  test('a connection with 10,000 owners costs at most 200 units', async () => {
    const owners = Array.from({ length: 10_000 }, (_, index) => [
      String(70_000_000 + index * 7),
      `${(index * 2_654_435_761).toString(36)}.${(index * 40_503).toString(36)}@hub.example`,
    ]);
    const state = {
      connection: freshId(),
      counter: 1,
      connectedAt: 0,
      owners: Object.fromEntries(owners),
      ownersReadAt: 0,
      problems: [],
      backfilledAt: {},
    };

    expect((await cost(() => store.putConnection(state, null))).write).toBeLessThanOrEqual(200);
  });

  test('a long value costs its own size once, and not again with every write of its record', async () => {
    const fields = { description: { value: 'x'.repeat(3_000), at: 1, origin: 'system' as const } };
    const source = sampleSource({ unifiedId: freshId(), fields });

    expect(await cost(() => store.putSource(source, null))).toEqual({ read: 0, write: 1 + 3 });
    expect(await cost(() => store.putSource({ ...source, counter: 8 }, 7))).toEqual({ read: 0, write: 1 });
    const another = dynamoStore(table.table, SAMPLE_VOCABULARIES, 90, table.table);
    expect(await cost(() => another.readBundle('partner', source.unifiedId))).toEqual({ read: 1 + 1, write: 0 });
    expect(await cost(() => another.putSource({ ...source, counter: 9 }, 8))).toEqual({ read: 0, write: 1 });
  });

  test('only an entry that tells of changed content is in the index of recent changes', async () => {
    const id = freshId();
    const [changed, held] = [journalEntry(id), { ...journalEntry(id), step: 'held', changes: {} } as const];
    await store.appendJournal([changed, held]);

    const recent = await Promise.all(
      Array.from({ length: 16 }, (_, shard) =>
        table.table.query({
          index: 'recent',
          key: { text: 'recentPk = :pk', values: { ':pk': { S: `recent#${shard}` } } },
          isConsistent: false,
        }),
      ),
    );

    const ofRecord = recent.flatMap(({ items }) => items).filter((item) => item.pk?.S === `partner#${id}`);
    expect(ofRecord.map((item) => item.recentSk?.S)).toEqual([changed.id]);
  });
});

describe('remembering webhook requests', () => {
  test('costs 1 read unit a key to ask and 1 write unit a key to note', async () => {
    const keys = [freshId(), freshId()];

    expect(await cost(() => replays.isReplay('hubspot', keys))).toEqual({ read: 2, write: 0 });
    expect(await cost(() => replays.note('hubspot', keys, SAMPLE_NOW))).toEqual({ read: 0, write: 2 });
    expect(await replays.isReplay('hubspot', keys)).toBe(true);
  });

  test('a request is a replay only when all it says was noted, for its own connection', async () => {
    const [known, unknown] = [freshId(), freshId()];
    await replays.note('hubspot', [known], SAMPLE_NOW);

    expect(await replays.isReplay('hubspot', [known, unknown])).toBe(false);
    expect(await replays.isReplay('another', [known])).toBe(false);
    expect(await replays.isReplay('hubspot', [])).toBe(false);
  });
});

async function cost(act: () => Promise<unknown>): Promise<{ readonly read: number; readonly write: number }> {
  const { readUnits, writeUnits } = { ...table.meter };
  await act();
  return { read: table.meter.readUnits - readUnits, write: table.meter.writeUnits - writeUnits };
}

function freshId(): string {
  last += 1;
  return `01J9Z3Q2W8V7T6R5P4N3M${String(last).padStart(5, '0')}`;
}

function keyOf<T extends { unifiedId: string; connection: string; object: string; externalId: string }>(source: T) {
  const { unifiedId, connection, object, externalId } = source;
  return { unifiedId, connection, object, externalId };
}

function problem(): Problem {
  return {
    id: freshId(),
    cause: 'refused-value',
    connection: 'hubspot',
    message: 'HubSpot does not take this tier.',
    nextStep: 'Change the mapping.',
    state: 'open',
    openedAt: SAMPLE_NOW,
  };
}

function journalEntry(unifiedId: string): JournalEntry {
  return {
    id: freshId(),
    kind: 'partner',
    unifiedId,
    at: SAMPLE_NOW,
    step: 'changed',
    from: 'salesforce#Account#001Ws00003abCDeIAM',
    version: 13,
    changes: { tier: ['silver', 'gold'], phone: ['+494012345678', '+494012345679'] },
    correlationId: '01J9Z3Q2W8V7T6R5P4N3M2K1ZZ',
  };
}
