import {
  type BudgetKeeper,
  type BudgetStore,
  type Ceilings,
  keepBudgets,
} from '../../../connectors/kit/budget-keeper.ts';
import type { Budget } from '../../../connectors/kit/connector.ts';
import { stepClock } from '../contract/contract-stage.ts';
import { memoryBudgets } from '../contract/served-connection.ts';

/** Budgets as vendors have them: for calls in a window, for searches in a second, for a day. */
export const calls: Budget = { name: 'calls', limit: 50, windowMs: 10_000, source: 'test' };
export const search: Budget = { name: 'search', limit: 5, windowMs: 1_000, source: 'test' };
export const daily: Budget = { name: 'daily', limit: 1_000, windowMs: 86_400_000, source: 'test' };

/** A keeper of budgets on a clock that the test moves. */
export interface BudgetBench {
  readonly keeper: BudgetKeeper;
  readonly clock: ReturnType<typeof stepClock>;
  readonly store: BudgetStore;
}

/** Builds a {@link BudgetBench}; keepers share budgets by sharing a store. */
export function budgetBench(
  options: { budgets?: readonly Budget[]; ceilings?: Ceilings; store?: BudgetStore; clock?: BudgetBench['clock'] } = {},
): BudgetBench {
  const clock = options.clock ?? stepClock(1_000_000);
  const store = options.store ?? memoryBudgets();
  const keeper = keepBudgets({
    connection: 'c',
    budgets: options.budgets ?? [calls],
    ceilings: options.ceilings ?? {},
    store,
    now: clock.now,
    sleep: clock.sleep,
    random: () => 0.5,
  });
  return { keeper, clock, store };
}
