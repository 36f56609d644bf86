import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BudgetKeeper, type BudgetStore, keepBudgets } from '../../../connectors/kit/budget-keeper.ts';
import type { Budget } from '../../../connectors/kit/connector.ts';
import { passGate } from '../../simulation/engine/process.ts';
import { Scheduler } from '../../simulation/engine/scheduler.ts';
import { memoryBudgets } from '../contract/served-connection.ts';
import { calls, daily, search } from './budget-bench.ts';

const OWNER = { name: 'hub', isDead: false };

/** Keepers of several processes over a store of which every answer takes its time, on simulated time. */
function slowBench(processes: number, budgets: readonly Budget[], latencyMs: (call: number) => number) {
  const scheduler = new Scheduler({ now: 1_000_000, stepsMax: 100_000, keepsLines: false });
  const inner = memoryBudgets();
  let storeCalls = 0;
  const gate = <T>(act: () => Promise<T>): Promise<T> =>
    passGate(scheduler, OWNER, 'store', latencyMs(storeCalls++), act);
  const store: BudgetStore = {
    readBudget: (name) => gate(() => inner.readBudget(name)),
    swapBudget: (name, next, expected) => gate(() => inner.swapBudget(name, next, expected)),
  };
  const keepers: readonly BudgetKeeper[] = Array.from({ length: processes }, () =>
    keepBudgets({
      connection: 'c',
      budgets,
      ceilings: {},
      store,
      now: () => scheduler.now,
      sleep: (ms) => passGate(scheduler, OWNER, 'sleep', ms, async () => undefined),
      random: () => 0.5,
    }),
  );
  return { scheduler, keepers, storeCalls: () => storeCalls };
}

const most = (times: readonly number[], windowMs: number): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at <= from + windowMs).length));

describe('the budget keeper over a slow store', () => {
  it('lets nothing through that was granted too long ago, whoever else is calling', async () => {
    const latency = fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) },
      fc.integer({ min: 20, max: 2_000 }),
    );
    const call = fc.record({
      process: fc.nat({ max: 3 }),
      at: fc.integer({ min: 0, max: 8_000 }),
      isSearch: fc.boolean(),
      isLive: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(latency, { minLength: 20, maxLength: 60 }),
        fc.array(call, { minLength: 30, maxLength: 80 }),
        async (latencies, plan) => {
          const bench = slowBench(4, [calls, search, daily], (each) => latencies[each % latencies.length] ?? 1);
          const { scheduler, keepers } = bench;
          const sent: { readonly at: number; readonly isSearch: boolean }[] = [];
          const send = async ({ process, isSearch, isLive }: (typeof plan)[number]): Promise<void> => {
            const names = isSearch ? ['search', 'daily', 'calls'] : ['calls', 'daily'];
            const taken = await keepers[process]?.take(names, isLive ? 'live' : 'backfill', 2_000);
            if (taken?.ok) sent.push({ at: scheduler.now, isSearch });
          };

          for (const each of plan) scheduler.at(scheduler.now + each.at, 'call', () => void send(each), OWNER);
          await scheduler.runUntil(scheduler.now + 120_000);

          expect(
            most(
              sent.map(({ at }) => at),
              10_000,
            ),
          ).toBeLessThanOrEqual(calls.limit);
          expect(
            most(
              sent.filter(({ isSearch }) => isSearch).map(({ at }) => at),
              1_000,
            ),
          ).toBeLessThanOrEqual(search.limit);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([150, 400, 900])('calls go on when every answer takes %d ms', async (latencyMs) => {
    const { scheduler, keepers, storeCalls } = slowBench(1, [search, daily], () => latencyMs);
    let granted = 0;
    const work = async (): Promise<void> => {
      for (let call = 0; call < 10; call++)
        if ((await keepers[0]?.take(['search', 'daily'], 'live', 2_000))?.ok) granted += 1;
    };

    scheduler.at(scheduler.now, 'work', () => void work(), OWNER);
    await scheduler.runUntil(scheduler.now + 600_000);

    expect(granted).toBe(10);
    expect(storeCalls()).toBeLessThan(80);
  });

  it('a unit that lapsed is taken once more, and what is not used is left to the next call only while it is good', async () => {
    // The day's unit is there at once; the first search unit comes after a second.
    const latencies = [1, 1, 1, 1_000];
    const { scheduler, keepers, storeCalls } = slowBench(1, [search, daily], (call) => latencies[call] ?? 1);
    const answers: unknown[] = [];

    const take = async (): Promise<void> => void answers.push(await keepers[0]?.take(['search', 'daily'], 'live', 0));
    scheduler.at(scheduler.now, 'take', () => void take(), OWNER);
    await scheduler.runUntil(scheduler.now + 10_000);

    expect(answers).toEqual([{ ok: true, value: { waitedMs: expect.any(Number) } }]);
    // Two budgets read and moved; the lapsed one moved once more, and the day's not.
    expect(storeCalls()).toBe(5);
  });
});
