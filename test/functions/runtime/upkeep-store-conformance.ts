import { describe, expect, test } from 'vitest';
import type { MergeItem } from '../../../domain/model/journal.ts';
import type { StoredEvent } from '../../../domain/model/vendor-event.ts';
import { dayBefore, dayOf } from '../../../domain/money/published-rates.ts';
import type { ConnectionState, HubStore, SweepCursor } from '../../../domain/pipeline/ports.ts';
import { SAMPLE_NOW, sampleClaimedSource, sampleSource, sampleUnified } from '../../support/sample-records.ts';
import { CONTENDERS, contend, freshId, winners } from './store-contenders.ts';

/** What every store must do with events, rates, merges, connections, sweeps, counters and budgets. */
export function describeUpkeepStore(title: string, store: () => HubStore): void {
  describe(`${title}: kept events`, () => {
    const event = (change: Partial<StoredEvent> = {}): StoredEvent => ({
      connection: 'aws',
      id: freshId(),
      source: 'aws.marketplace',
      detailType: 'Disbursement Paused',
      time: '2026-03-02T10:15:00Z',
      receivedAt: SAMPLE_NOW,
      why: 'no-record',
      message: 'AWS holds back a payment.',
      facts: { catalog: 'AWSMarketplace' },
      ...change,
    });

    test('are kept once, whoever comes first, and never changed', async () => {
      const one = event();
      const ends = await contend(async (n) => store().keepEvent({ ...one, message: `Told by ${n}.` }));

      expect(winners(ends)).toBe(1);
      expect(await store().keepEvent(one)).toBe(false);
      const kept = (await allEvents(store())).filter(({ id }) => id === one.id);
      expect(kept).toHaveLength(1);
      expect(kept[0]?.message).toMatch(/^Told by /);
    });

    test('of two connections are two', async () => {
      const one = event();

      expect(await store().keepEvent(one)).toBe(true);
      expect(await store().keepEvent({ ...one, connection: 'other' })).toBe(true);
    });

    test('are listed newest first, page by page, each once', async () => {
      // Many enough that a page is less than what one shard of the table holds.
      const some = Array.from({ length: 30 }, (_, n) => event({ receivedAt: SAMPLE_NOW + n }));
      for (const each of some) await store().keepEvent(each);
      const seen: StoredEvent[] = [];
      let before: string | undefined;
      do {
        const page = await store().listEvents({ limit: 3, ...(before === undefined ? {} : { before }) });
        expect(page.events.length).toBeLessThanOrEqual(3);
        seen.push(...page.events);
        before = page.next;
      } while (before !== undefined);

      const mine = seen.filter(({ id }) => some.some((each) => each.id === id));
      expect(mine).toEqual(some.toReversed());
    });
  });

  describe(`${title}: exchange rates`, () => {
    // Days are shared by all tests of one table, so each test takes some that nobody else does.
    const freshDay = (): string => dayOf(Date.UTC(2100, 0, 1) + Math.floor(Math.random() * 2_000_000) * 86_400_000);
    const rates = { USD: '1.1711', IDR: '20020.25' };

    test('of a day are those last published on it or before it, within the days asked for', async () => {
      const day = freshDay();
      const older = { day: dayBefore(day, 9), base: 'EUR', rates: { USD: '2' } };
      await store().putRates([{ day: dayBefore(day, 3), base: 'EUR', rates }, older]);

      expect(await store().readRates(dayBefore(day, 3), 7)).toEqual({ day: dayBefore(day, 3), base: 'EUR', rates });
      expect((await store().readRates(day, 7))?.day).toBe(dayBefore(day, 3));
      expect((await store().readRates(day, 3))?.day).toBe(dayBefore(day, 3));
      expect(await store().readRates(day, 2)).toBeUndefined();
      expect(await store().readRates(dayBefore(day, 4), 7)).toEqual(older);
      expect(await store().readRates(dayBefore(day, 10), 7)).toBeUndefined();
    });

    test('brought again replace those kept; a day may have none', async () => {
      const day = freshDay();
      await store().putRates([{ day, base: 'EUR', rates }]);
      await store().putRates([{ day, base: 'USD', rates: {} }]);

      expect(await store().readRates(day, 0)).toEqual({ day, base: 'USD', rates: {} });
    });

    test('of hundreds of days are kept in one call', async () => {
      const day = freshDay();
      await store().putRates(
        Array.from({ length: 300 }, (_, back) => ({ day: dayBefore(day, back), base: 'EUR', rates })),
      );

      expect((await store().readRates(dayBefore(day, 299), 0))?.day).toBe(dayBefore(day, 299));
    });
  });

  describe(`${title}: merges and pins`, () => {
    const merge = (): MergeItem => ({
      id: freshId(),
      kind: 'partner',
      survivor: sampleUnified(),
      loser: sampleUnified({ id: freshId() }),
      survivorSources: [sampleSource()],
      loserSources: [sampleClaimedSource()],
      at: SAMPLE_NOW,
      reason: 'same domain',
      state: 'merging',
    });

    test('a merge item is written first once, and then changed', async () => {
      const item = merge();

      expect(await store().putMerge(item, 'present')).toBe(false);
      expect(winners(await contend(() => store().putMerge(item, 'absent')))).toBe(1);
      expect(await store().putMerge({ ...item, state: 'merged' }, 'present')).toBe(true);
      expect(await store().readMerge(item.id)).toEqual({ ...item, state: 'merged' });
      expect(await store().readMerge(freshId())).toBeUndefined();
    });

    test('a pin holds in both directions and for its kind', async () => {
      const [a, b] = [freshId(), freshId()];
      await store().putPin('partner', b, a);

      expect(await store().readPin('partner', a, b)).toBe(true);
      expect(await store().readPin('partner', b, a)).toBe(true);
      expect(await store().readPin('contact', a, b)).toBe(false);
      expect(await store().readPin('partner', a, freshId())).toBe(false);
    });
  });

  describe(`${title}: connections, cursors and backfill pages`, () => {
    const state = (): ConnectionState => ({
      connection: freshId(),
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
      expect(winners(await contend(() => store().putConnection(given, null)))).toBe(1);
      expect(await store().readConnection(given.connection)).toEqual(given);
      const { paused: _, ...resumed } = { ...given, counter: 2 };
      expect(winners(await contend(() => store().putConnection(resumed, 1)))).toBe(1);
      expect(await store().readConnection(given.connection)).toEqual(resumed);
    });

    test('a cursor is moved only from where it was read', async () => {
      const cursor: SweepCursor = {
        connection: freshId(),
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
      const connection = freshId();
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
      const connection = freshId();
      await contend((page) => store().trackPage(connection, 'company', `p${page}`, 'add'));

      const left = await contend((page) => store().trackPage(connection, 'company', `p${page}`, 'remove'));

      expect(left).toContain(0);
    });
  });

  describe(`${title}: counters and budgets`, () => {
    test('a window counts everything added in it, also at the same time, and the next one begins anew', async () => {
      const name = freshId();

      const sums = await contend(() => store().count(name, 60_000, 120_001, 2));

      expect(sums.toSorted((a, b) => a - b)).toEqual(Array.from({ length: CONTENDERS }, (_, index) => 2 * (index + 1)));
      expect(await store().count(name, 60_000, 179_999, 1)).toBe(101);
      expect(await store().count(name, 60_000, 180_000, 1)).toBe(1);
      expect(await store().count(`${name}-2`, 60_000, 120_001, 1)).toBe(1);
    });

    test('what a vendor told of a budget is the last writer’s word', async () => {
      const name = freshId();
      expect(await store().readFigure(name)).toBeUndefined();
      await store().putFigure(name, { used: 1, limit: 10, at: SAMPLE_NOW, spentThen: 0 });
      await store().putFigure(name, { used: 7, limit: 20, at: SAMPLE_NOW + 5, spentThen: 3 });

      expect(await store().readFigure(name)).toEqual({ used: 7, limit: 20, at: SAMPLE_NOW + 5, spentThen: 3 });
    });

    test('a budget is swapped only from the value that was read', async () => {
      const name = freshId();
      const at = SAMPLE_NOW + 1 / 3;

      expect(await store().readBudget(name)).toBeUndefined();
      expect(await store().swapBudget(name, at, 1)).toBe(false);
      expect(winners(await contend(() => store().swapBudget(name, at, undefined)))).toBe(1);
      expect(await store().readBudget(name)).toBe(at);
      expect(winners(await contend((contender) => store().swapBudget(name, at + contender + 1, at)))).toBe(1);
    });
  });
}

async function allEvents(store: HubStore): Promise<readonly StoredEvent[]> {
  const all: StoredEvent[] = [];
  let before: string | undefined;
  do {
    const page = await store.listEvents({ limit: 200, ...(before === undefined ? {} : { before }) });
    all.push(...page.events);
    before = page.next;
  } while (before !== undefined);
  return all;
}
