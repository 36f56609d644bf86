import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BudgetKeeper, type BudgetStore, DAY_SPENT } from '../../../connectors/kit/budget-keeper.ts';
import { stepClock } from '../contract/contract-stage.ts';
import { memoryBudgets } from '../contract/served-connection.ts';
import { budgetBench, calls, daily, search } from './budget-bench.ts';

describe('the budget keeper', () => {
  it('keeps every limit over several processes, whatever the interleaving, units taken ahead included', async () => {
    const steps = fc.array(
      fc.record({ process: fc.nat({ max: 2 }), afterMs: fc.integer({ min: 0, max: 400 }), search: fc.boolean() }),
      { minLength: 100, maxLength: 250 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const clock = stepClock(0);
        const store = memoryBudgets();
        const keepers = [0, 1, 2].map(() => budgetBench({ budgets: [calls, search], clock, store }).keeper);
        const times: { readonly at: number; readonly search: boolean }[] = [];

        for (const step of plan) {
          clock.advance(step.afterMs);
          const taken = await keepers[step.process]?.take(step.search ? ['calls', 'search'] : ['calls'], 'live', 0);
          if (taken?.ok) times.push({ at: clock.now(), search: step.search });
        }

        const within = (from: number, windowMs: number, only: boolean): number =>
          times.filter(({ at, search: isSearch }) => at >= from && at <= from + windowMs && (isSearch || !only)).length;
        for (const { at } of times) {
          expect(within(at, 10_000, false)).toBeLessThanOrEqual(50);
          expect(within(at, 1_000, true)).toBeLessThanOrEqual(5);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('lets units taken ahead lapse before they could break a window', async () => {
    const limit = 120;
    const clock = stepClock(0);
    const store = memoryBudgets();
    const keepers = Array.from(
      { length: 12 },
      () => budgetBench({ budgets: [{ ...calls, limit }], clock, store }).keeper,
    );
    // Busy for a moment, each process holds a unit or two that it did not spend; then all is quiet until the burst is whole.
    for (const keeper of keepers) {
      for (let turn = 0; turn < 4; turn += 1) await keeper.take(['calls'], 'live', 0);
      clock.advance(1_000);
    }
    clock.advance(20_000);
    const times: number[] = [];

    for (let step = 0; step < 100; step += 1) {
      for (const keeper of keepers) {
        while ((await keeper.take(['calls'], 'live', 0)).ok) times.push(clock.now());
      }
      clock.advance(100);
    }

    // Moments of contention move the clock as well, so the time that passed is more than the steps.
    for (const from of times) {
      expect(times.filter((at) => at >= from && at <= from + 10_000).length).toBeLessThanOrEqual(limit);
    }
  });

  it('goes on from where another process left the budget', async () => {
    const clock = stepClock(0);
    const store = memoryBudgets();
    const one = budgetBench({ clock, store }).keeper;
    const two = budgetBench({ clock, store }).keeper;

    const answers = [];
    for (const keeper of [one, two, one, two, one]) answers.push(await keeper.take(['calls'], 'live', 0));

    expect(answers.map((answer) => answer.ok)).toEqual([true, true, true, true, true]);
    expect((await two.take(['calls'], 'live', 0)).ok).toBe(false);
  });

  it('serves calls at the same time in turn, without losing to itself', async () => {
    const inner = memoryBudgets();
    let lost = 0;
    const store: BudgetStore = {
      readBudget: inner.readBudget,
      async swapBudget(name, next, expected) {
        const isSwapped = await inner.swapBudget(name, next, expected);
        if (!isSwapped) lost += 1;
        return isSwapped;
      },
    };
    const { keeper } = budgetBench({ budgets: [{ ...calls, limit: 1_000 }], store });

    const answers = await Promise.all(Array.from({ length: 50 }, () => keeper.take(['calls'], 'live', 0)));

    expect(answers.every((answer) => answer.ok)).toBe(true);
    expect(lost).toBe(0);
  });

  it('waits inside the call only as long as it may, and says how long otherwise', async () => {
    const { keeper, clock } = budgetBench({ budgets: [{ ...calls, limit: 2, windowMs: 1_000 }] });
    await keeper.take(['calls'], 'live', 0);
    const before = clock.now();

    const refused = await keeper.take(['calls'], 'live', 500);
    const waited = await keeper.take(['calls'], 'live', 2_000);

    expect(refused).toMatchObject({ ok: false, fault: { kind: 'throttled', code: 'BUDGET_SPENT' } });
    expect(waited.ok).toBe(true);
    expect(clock.now() - before).toBeLessThanOrEqual(2_000);
    expect(waited).toMatchObject({ value: { waitedMs: clock.now() - before } });
  });

  it('leaves a share of the burst to live work', async () => {
    const { keeper } = budgetBench({ budgets: [{ ...calls, limit: 200 }] });
    let bulk = 0;
    while ((await keeper.take(['calls'], 'backfill', 0)).ok) bulk += 1;
    let live = 0;
    while ((await keeper.take(['calls'], 'live', 0)).ok) live += 1;

    expect(bulk).toBe(14);
    expect(live).toBe(6);
  });

  it('takes the administrator’s ceiling below the vendor’s limit, and as a budget of all calls where the vendor has none', async () => {
    const capped = budgetBench({ budgets: [{ ...calls, limit: 1_000 }], ceilings: { per10Seconds: 20 } });
    const alone = budgetBench({ budgets: [daily], ceilings: { per10Seconds: 20 } });
    const above = budgetBench({ budgets: [{ ...calls, limit: 20 }], ceilings: { per10Seconds: 1_000 } });

    const burstOf = async (keeper: BudgetKeeper, name: string): Promise<number> => {
      let granted = 0;
      while ((await keeper.take([name], 'live', 0)).ok) granted += 1;
      return granted;
    };

    expect(await burstOf(capped.keeper, 'calls')).toBe(2);
    expect(await burstOf(alone.keeper, 'daily')).toBe(2);
    expect(await burstOf(above.keeper, 'calls')).toBe(2);
  });

  it('gives the units of one budget back when another one refuses', async () => {
    const { keeper, clock } = budgetBench({ budgets: [calls, { ...search, limit: 1, windowMs: 60_000 }] });
    await keeper.take(['search'], 'live', 0);
    for (let turn = 0; turn < 5; turn += 1) {
      expect((await keeper.take(['calls', 'search'], 'live', 0)).ok).toBe(false);
    }

    // The burst of `calls` is 5; all of it is still there.
    let granted = 0;
    while ((await keeper.take(['calls'], 'live', 0)).ok) granted += 1;
    expect(granted).toBe(5);
    expect(clock.now()).toBe(1_000_000);
  });

  it('spends less of the store when it is busy', async () => {
    const inner = memoryBudgets();
    let writes = 0;
    const store: BudgetStore = {
      readBudget: inner.readBudget,
      swapBudget(name, next, expected) {
        writes += 1;
        return inner.swapBudget(name, next, expected);
      },
    };
    const { keeper } = budgetBench({ budgets: [{ ...daily, limit: 100_000 }], store });

    for (let turn = 0; turn < 200; turn += 1) await keeper.take(['daily'], 'live', 0);

    expect(writes).toBeLessThan(25);
  });

  it('believes the vendor’s figures: less at once, much more of a long window too', async () => {
    const { keeper, clock } = budgetBench({ budgets: [{ ...daily, limit: 100_000 }] });

    await keeper.correct([{ budget: 'daily', used: 100_000, limit: 100_000 }]);
    const used = await keeper.take(['daily'], 'live', 2_000);
    clock.advance(60_000);
    const probe = await keeper.take(['daily'], 'live', 0);
    const second = await keeper.take(['daily'], 'live', 0);
    await keeper.correct([{ budget: 'daily', used: 20_000, limit: 100_000 }]);
    const after = await keeper.take(['daily'], 'live', 0);

    expect(used).toMatchObject({ ok: false, fault: { kind: 'throttled', code: DAY_SPENT } });
    expect(probe.ok).toBe(true);
    expect(second.ok).toBe(false);
    expect(after.ok).toBe(true);
  });

  it('does not wait on what it knew when another process has learnt better', async () => {
    const clock = stepClock(1_000_000);
    const store = memoryBudgets();
    const budgets = [{ ...daily, limit: 100_000 }];
    const one = budgetBench({ budgets, clock, store }).keeper;
    const two = budgetBench({ budgets, clock, store }).keeper;
    await one.correct([{ budget: 'daily', used: 100_000, limit: 100_000 }]);
    const before = await one.take(['daily'], 'live', 0);

    await two.correct([{ budget: 'daily', used: 20_000, limit: 100_000 }]);
    await two.take(['daily'], 'live', 0);
    await two.correct([{ budget: 'daily', used: 20_000, limit: 100_000 }]);
    const after = await one.take(['daily'], 'live', 0);

    expect([before.ok, after.ok]).toEqual([false, true]);
  });

  it('learns the account’s own limit from the figures', async () => {
    const { keeper } = budgetBench({ budgets: [{ ...calls, limit: 10 }] });

    await keeper.correct([{ budget: 'calls', used: 0, limit: 1_000 }]);

    let granted = 0;
    while ((await keeper.take(['calls'], 'live', 0)).ok) granted += 1;
    expect(granted).toBe(100);
  });

  it('does not believe figures above the administrator’s ceiling', async () => {
    const { keeper } = budgetBench({ budgets: [daily], ceilings: { perDay: 10 } });

    await keeper.correct([{ budget: 'daily', used: 0, limit: 1_000_000 }]);
    let granted = 0;
    while (granted < 100 && (await keeper.take(['daily'], 'live', 0)).ok) granted += 1;
    await keeper.correct([{ budget: 'daily', used: 0, limit: 1_000_000 }]);

    expect(granted).toBe(5);
    expect((await keeper.take(['daily'], 'live', 0)).ok).toBe(false);
  });

  it('calls nobody for as long as the vendor asked, in other processes too where a short budget can say so', async () => {
    const clock = stepClock(1_000_000);
    const store = memoryBudgets();
    const refused = budgetBench({ clock, store });
    const other = budgetBench({ clock, store });
    await refused.keeper.take(['calls'], 'live', 0);

    await refused.keeper.hold(['calls'], 5_000);
    const during = [await refused.keeper.take(['calls'], 'live', 0), await other.keeper.take(['calls'], 'live', 0)];
    clock.advance(5_000);
    const after = await other.keeper.take(['calls'], 'live', 0);

    expect(during.map((each) => each.ok)).toEqual([false, false]);
    expect(after.ok).toBe(true);
  });

  it('lets nobody spend a unit while the vendor holds that was taken before and given back since', async () => {
    const clock = stepClock(1_000_000);
    const inner = memoryBudgets();
    const { keeper } = budgetBench({
      budgets: [calls, search],
      clock,
      store: {
        ...inner,
        // The call has its unit of `calls`; while it asks for one of `search`, which is used up, the vendor refuses another one.
        readBudget: async (name) => {
          if (name === 'c#search') {
            await keeper.hold(['calls'], 5_000);
            return clock.now() + 60_000;
          }
          return inner.readBudget(name);
        },
      },
    });

    const refused = await keeper.take(['calls', 'search'], 'live', 0);
    const during = await keeper.take(['calls'], 'live', 0);
    clock.advance(5_000);
    const after = await keeper.take(['calls'], 'live', 0);

    expect([refused.ok, during.ok, after.ok]).toEqual([false, false, true]);
  });

  it('does not empty a day’s budget because of one refusal', async () => {
    const { keeper, clock } = budgetBench({ budgets: [daily] });

    await keeper.hold(['daily'], 5_000);
    const during = await keeper.take(['daily'], 'live', 0);
    clock.advance(5_000);
    const first = await keeper.take(['daily'], 'live', 0);
    const second = await keeper.take(['daily'], 'live', 0);

    expect(during).toMatchObject({ ok: false, fault: { code: 'HELD', retryAfterMs: 5_000 } });
    expect([first.ok, second.ok]).toEqual([true, true]);
  });

  it('gives up with a wait when others always come first', async () => {
    const inner = memoryBudgets();
    const { keeper } = budgetBench({ store: { readBudget: inner.readBudget, swapBudget: async () => false } });

    const answer = await keeper.take(['calls'], 'live', 0);

    expect(answer).toMatchObject({ ok: false, fault: { kind: 'throttled', code: 'BUDGET_CONTENDED' } });
  });

  it('makes no call while the store is down, and loses nothing', async () => {
    let isDown = true;
    const inner = memoryBudgets();
    const { keeper } = budgetBench({
      store: {
        readBudget: (name) => (isDown ? Promise.reject(new Error('down')) : inner.readBudget(name)),
        swapBudget: inner.swapBudget,
      },
    });

    const during = await keeper.take(['calls'], 'live', 0);
    await keeper.correct([{ budget: 'calls', used: 50, limit: 50 }]);
    isDown = false;
    const after = await keeper.take(['calls'], 'live', 0);

    expect(during).toMatchObject({ ok: false, fault: { kind: 'transient', code: 'BUDGET_STORE' } });
    expect(after.ok).toBe(true);
  });

  it('finds a budget that no connector declared to be a mistake in code', async () => {
    await expect(budgetBench().keeper.take(['nonsense'], 'live', 0)).rejects.toThrow('nonsense');
  });
});
