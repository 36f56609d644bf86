import type { BudgetFigure, HubStore } from '../../domain/pipeline/ports.ts';
import type { Budget } from './connector.ts';

/** Where the spending of long budgets is noted, for people to read. */
export type SpendingStore = Pick<HubStore, 'count' | 'putFigure' | 'readFigure'>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** How often a busy process writes down what it spent. */
const noteEveryMs = 30_000;

/** Notes what one process spends of one long budget. */
export interface SpendingNote {
  /** Another unit was spent. */
  spent(): void;
  /** Writes down what was spent, once in half a minute. Never fails, since it decides nothing. */
  write(): Promise<void>;
  /** What the vendor told, to be written with the next note. */
  told(used: number, limit: number): void;
}

/**
 * Makes the note of a budget. Units are summed up in memory and added to the counters of the hour and the day (UTC) after
 * the first call in half a minute; what a process has not written when it ends (some seconds' worth) is missing from the sum. A vendor's
 * figures have it all.
 */
export function noteSpending(name: string, store: SpendingStore, now: () => number): SpendingNote {
  let units = 0;
  let notedAt = Number.NEGATIVE_INFINITY;
  let figure: { readonly used: number; readonly limit: number } | undefined;
  return {
    spent() {
      units += 1;
    },
    async write() {
      const at = now();
      if (units === 0 || at - notedAt < noteEveryMs) return;
      const by = units;
      notedAt = at;
      units = 0;
      // The store fails by throwing; what is for reading only must not stop a call.
      try {
        await store.count(`spent#${name}`, hourMs, at, by);
        const spentThen = await store.count(`spent#${name}`, dayMs, at, by);
        if (figure !== undefined) await store.putFigure(name, { ...figure, at, spentThen });
        figure = undefined;
      } catch {
        units += by;
      }
    },
    told(used, limit) {
      figure = { used, limit };
    },
  };
}

/** How a long budget of a connection stands. Counts are calls. */
export interface BudgetStatus {
  readonly budget: string;
  readonly limit: number;
  /** `rolling`: any 24 hours; `day`: since midnight. */
  readonly window: 'day' | 'rolling';
  readonly used: number;
  readonly left: number;
  /** Of those used, the hub's own since midnight UTC. */
  readonly ownToday: number;
  /** At the pace of the last hour: used at midnight UTC, or in 24 hours. */
  readonly forecast: number;
  /** At that pace, when nothing is left, ms; absent when that is not before the day is over. */
  readonly spentAt?: number;
  /** What backfills, walks and audits keep to, percent of every limit. */
  readonly backgroundPercent: number;
  /** Whether the vendor's own figures are in this, or only what the hub counted. */
  readonly isTold: boolean;
}

/**
 * Reads how a long budget stands and where it is going. *Bounds*: costs 3 write units (counters are read by adding nothing) and a
 * read unit.
 */
export async function readSpending(
  connection: string,
  budget: Budget,
  options: { readonly cap: number | undefined; readonly backgroundPercent: number },
  store: SpendingStore,
  now: number,
): Promise<BudgetStatus> {
  const name = `${connection}#${budget.name}`;
  const [ownToday, thisHour, hourBefore, figure] = await Promise.all([
    store.count(`spent#${name}`, dayMs, now, 0),
    store.count(`spent#${name}`, hourMs, now, 0),
    store.count(`spent#${name}`, hourMs, now - hourMs, 0),
    store.readFigure(name),
  ]);
  return forecastSpending(budget, { ...options, ownToday, thisHour, hourBefore, figure, now });
}

/** The arithmetic of {@link readSpending}. Pure. */
export function forecastSpending(
  budget: Budget,
  known: {
    readonly cap: number | undefined;
    readonly backgroundPercent: number;
    readonly ownToday: number;
    readonly thisHour: number;
    readonly hourBefore: number;
    readonly figure: BudgetFigure | undefined;
    readonly now: number;
  },
): BudgetStatus {
  const { ownToday, now, figure, cap } = known;
  const isDaily = budget.resets === 'midnight';
  const today = Math.floor(now / dayMs);
  const isToday = figure !== undefined && Math.floor(figure.at / dayMs) === today;
  // What a vendor told of a day that is over says nothing of this one; of a rolling window it does for a day.
  const isTold = figure !== undefined && (isDaily ? isToday : now - figure.at < dayMs);
  const since = isTold ? Math.max(0, ownToday - (isToday ? figure.spentThen : 0)) : ownToday;
  const used = (isTold ? figure.used : 0) + since;
  const limit = Math.min(figure?.limit ?? budget.limit, cap ?? Number.POSITIVE_INFINITY);
  const intoHour = (now % hourMs) / hourMs;
  const perHour = known.thisHour + known.hourBefore * (1 - intoHour);
  const hoursLeft = isDaily ? ((today + 1) * dayMs - now) / hourMs : 24;
  const forecast = Math.round(isDaily ? used + perHour * hoursLeft : perHour * 24);
  const left = Math.max(0, limit - used);
  const emptyInHours = perHour > 0 ? left / perHour : Number.POSITIVE_INFINITY;
  return {
    budget: budget.name,
    limit,
    window: isDaily ? 'day' : 'rolling',
    used,
    left,
    ownToday,
    forecast,
    ...(emptyInHours < hoursLeft && forecast > limit ? { spentAt: Math.round(now + emptyInHours * hourMs) } : {}),
    backgroundPercent: known.backgroundPercent,
    isTold,
  };
}
