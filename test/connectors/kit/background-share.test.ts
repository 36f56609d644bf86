import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Budget } from '../../../connectors/kit/connector.ts';
import { stepClock } from '../contract/contract-stage.ts';
import { memoryBudgets } from '../contract/served-connection.ts';
import { budgetBench, calls, daily, search } from './budget-bench.ts';

describe('with backfills at full speed in three processes', () => {
  const vendor: readonly Budget[] = [
    { name: 'calls', limit: 100, windowMs: 10_000, source: 'test' },
    search,
    { name: 'daily', limit: 4_000, windowMs: 86_400_000, source: 'test' },
  ];
  const names = { call: ['calls', 'daily'], search: ['search', 'daily'] };

  /**
   * Live calls come at the moments given; whoever is refused asks again with the next tick of 10 ms, or more when processes got in
   * each other's way and waited for it.
   */
  async function run(
    arrivals: readonly { readonly afterMs: number; readonly isSearch: boolean }[],
    order: readonly number[],
  ): Promise<{ readonly waits: readonly number[]; readonly spent: readonly Spent[]; readonly longestTickMs: number }> {
    const clock = stepClock(0);
    const store = memoryBudgets();
    const workers = [0, 1, 2].map(() => budgetBench({ budgets: vendor, clock, store }).keeper);
    const live = budgetBench({ budgets: vendor, clock, store }).keeper;
    const due: { readonly at: number; readonly isSearch: boolean }[] = [];
    let at = 0;
    for (const { afterMs, isSearch } of arrivals) {
      at += afterMs;
      due.push({ at, isSearch });
    }
    const waits: number[] = [];
    const spent: Spent[] = [];
    let longestTickMs = 0;
    let tickedAt = clock.now();
    for (let tick = 0; due.length > 0 && tick < 20_000; tick++) {
      longestTickMs = Math.max(longestTickMs, clock.now() + 10 - tickedAt);
      clock.advance(10);
      tickedAt = clock.now();
      const turn = order[tick % order.length] ?? 0;
      for (const [index, worker] of workers.entries()) {
        const isSearch = (index + turn) % 3 === 0;
        const taken = await worker.take(isSearch ? names.search : names.call, 'backfill', 0);
        if (taken.ok) spent.push({ at: clock.now(), isSearch, isLive: false });
      }
      const next = due[0];
      if (next === undefined || next.at > clock.now()) continue;
      const taken = await live.take(next.isSearch ? names.search : names.call, 'live', 0);
      if (!taken.ok) continue;
      spent.push({ at: clock.now(), isSearch: next.isSearch, isLive: true });
      waits.push(clock.now() - next.at);
      due.shift();
    }
    expect(due).toEqual([]);
    return { waits, spent, longestTickMs };
  }

  interface Spent {
    readonly at: number;
    readonly isSearch: boolean;
    readonly isLive: boolean;
  }

  const most = (times: readonly number[], windowMs: number): number =>
    Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at <= from + windowMs).length));

  // Live work within its own 30 %: a call every 400 ms, a search every 900.
  const arrival = fc
    .record({ afterMs: fc.integer({ min: 400, max: 1_500 }), isSearch: fc.boolean() })
    .map((each) => (each.isSearch ? { ...each, afterMs: Math.max(900, each.afterMs) } : each));

  it('live work waits a third of a second at most, and neither limit nor the backfills’ share is passed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arrival, { minLength: 20, maxLength: 40 }),
        fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 20 }),
        async (arrivals, order) => {
          const { waits, spent, longestTickMs } = await run(arrivals, order);

          const times = (isMeant: (each: Spent) => boolean): number[] => spent.filter(isMeant).map(({ at }) => at);
          expect(Math.max(...waits)).toBeLessThanOrEqual(310 + longestTickMs);
          expect(
            most(
              times(({ isSearch }) => !isSearch),
              10_000,
            ),
          ).toBeLessThanOrEqual(100);
          expect(
            most(
              times(({ isSearch, isLive }) => !isSearch && !isLive),
              10_000,
            ),
          ).toBeLessThanOrEqual(70);
          expect(
            most(
              times(({ isSearch }) => isSearch),
              1_000,
            ),
          ).toBeLessThanOrEqual(5);
          expect(
            most(
              times(({ isSearch, isLive }) => isSearch && !isLive),
              1_000,
            ),
          ).toBeLessThanOrEqual(3);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('a third of the day’s calls is left to live work when they have had their share', async () => {
    const { keeper, clock } = budgetBench({ budgets: [{ ...daily, limit: 1_000 }] });
    let background = 0;
    for (let minute = 0; minute < 24 * 60; minute++) {
      while ((await keeper.take(['daily'], 'backfill', 0)).ok) background += 1;
      clock.advance(60_000);
    }
    let live = 0;
    while ((await keeper.take(['daily'], 'live', 0)).ok) live += 1;

    expect(background).toBeGreaterThan(500);
    expect(background).toBeLessThanOrEqual(700);
    expect(live).toBeGreaterThanOrEqual(300);
  });

  it('what others leave of the day is for live work when it is less than a third', async () => {
    const { keeper } = budgetBench({ budgets: [{ ...daily, limit: 1_000 }] });
    await keeper.correct([{ budget: 'daily', used: 720, limit: 1_000 }]);

    expect((await keeper.take(['daily'], 'backfill', 0)).ok).toBe(false);
    expect((await keeper.take(['daily'], 'live', 0)).ok).toBe(true);
  });

  it('background work goes on as soon as the vendor’s day begins anew', async () => {
    const { keeper, clock } = budgetBench({ budgets: [{ ...daily, limit: 1_000 }] });
    for (let call = 0; call < 350; call++) await keeper.take(['daily'], 'live', 0);
    await keeper.correct([{ budget: 'daily', used: 850, limit: 1_000 }]);
    expect((await keeper.take(['daily'], 'backfill', 0)).ok).toBe(false);

    clock.advance(600_000);
    await keeper.correct([{ budget: 'daily', used: 1, limit: 1_000 }]);

    expect((await keeper.take(['daily'], 'backfill', 0)).ok).toBe(true);
  });

  it('what background work took of one limit and could not use because of another is there for live work', async () => {
    const { keeper } = budgetBench({ budgets: [{ ...search, limit: 2 }, daily] });
    await keeper.correct([{ budget: 'daily', used: 720, limit: 1_000 }]);
    expect((await keeper.take(['search', 'daily'], 'backfill', 0)).ok).toBe(false);

    expect((await keeper.take(['search', 'daily'], 'live', 0)).ok).toBe(true);
    expect((await keeper.take(['search', 'daily'], 'live', 0)).ok).toBe(false);
  });

  it('the administrator says how much their share is', async () => {
    const { keeper } = budgetBench({ budgets: [{ ...calls, limit: 200 }], ceilings: { backgroundPercent: 20 } });
    let background = 0;
    while ((await keeper.take(['calls'], 'backfill', 0)).ok) background += 1;

    expect(background).toBe(4);
  });
});
