import type { Budget } from './connector.ts';
import { type Allowance, allow } from './gcra.ts';
import { noteSpending, type SpendingNote, type SpendingStore } from './spending.ts';

/** What an administrator lets the hub spend; see `Ceilings` of the keeper. */
export interface MeterOptions {
  readonly connection: string;
  readonly budgets: readonly Budget[];
  readonly ceilings: {
    readonly per10Seconds?: number | undefined;
    readonly perDay?: number | undefined;
    readonly backgroundPercent?: number | undefined;
  };
  /** Where spending is noted; absent: nowhere. */
  readonly spending: SpendingStore | undefined;
  readonly now: () => number;
}

/** The share of every limit, in any of its windows, that backfills, walks and audits keep to. */
export const BACKGROUND_PERCENT = 70;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** One budget of a connection, as one process keeps it. */
export interface Meter {
  readonly name: string;
  readonly key: string;
  readonly budget: Budget;
  readonly isCeiling: boolean;
  /** The administrator's cap on the limit, whatever the vendor says of it. */
  readonly cap: number;
  allowance: Allowance;
  /**
   * How long after the instant it is for a unit may leave for the vendor, ms: half of the slack that the allowance has set aside. The
   * other half is for the way there.
   */
  readonly goodForMs: number;
  /** The state as this process last knew it; `undefined` is read first. */
  tat: number | undefined;
  /** Ends when the last of those who work on this budget in this process is done. */
  busy: Promise<unknown>;
  /** Units taken ahead, all for the instant `from`; `size` is how many were taken at once. */
  kept: { units: number; readonly from: number; readonly size: number } | undefined;
  /** Until when the vendor has said that nothing is left, ms: units taken before that are of no use. */
  emptyUntil: number;
  /** The part of the budget that background work spends from as well; a share has none of its own. */
  readonly share: Meter | undefined;
  /** Percent of the limit that the share has. */
  readonly backgroundPercent: number;
  /** Long budgets only: what is spent, for people to read. */
  readonly note: SpendingNote | undefined;
}

/** A meter for every budget of a connector, and one for every ceiling of a window that the connector has no budget for. */
export function metersOf(options: MeterOptions): readonly Meter[] {
  const ceilings: readonly (readonly [string, number | undefined, number])[] = [
    ['per10Seconds', options.ceilings.per10Seconds, 10_000],
    ['perDay', options.ceilings.perDay, DAY_MS],
  ];
  const meters = options.budgets.map((budget) => {
    const cap = ceilings.find(([, limit, windowMs]) => limit !== undefined && windowMs === budget.windowMs)?.[1];
    return meterOf(options, budget, { isCeiling: false, cap: cap ?? Number.POSITIVE_INFINITY });
  });
  for (const [name, limit, windowMs] of ceilings) {
    if (limit === undefined || meters.some((meter) => meter.budget.windowMs === windowMs)) continue;
    const budget = { name, limit, windowMs, source: 'the connections file' };
    meters.push(meterOf(options, budget, { isCeiling: true, cap: limit }));
  }
  return meters;
}

/** The vendor knows its limit for this account better than the connector's data does. */
export function learn(meter: Meter, limit: number): void {
  const believed = Math.min(limit, meter.cap);
  setAllowance(meter, believed);
  if (meter.share !== undefined) setAllowance(meter.share, shareOf(believed, meter.backgroundPercent));
}

/** What background work leaves of the burst, so that live work need not wait for the next unit. */
export function reserveOf({ allowance, budget, backgroundPercent }: Meter): number {
  const kept = Math.ceil((allowance.burst * (100 - backgroundPercent)) / 100);
  // The burst of a long window is half the limit; the part kept is meant of the whole.
  return budget.windowMs >= HOUR_MS ? Math.ceil(kept / burstShare.long) : kept;
}

/** Takes a unit taken ahead that is still good at the instant `at`; answers the instant it is for. */
export function useKept(meter: Meter, at: number): number | undefined {
  const { kept } = meter;
  if (kept === undefined || kept.units < 1 || at > lastOf(meter, kept.from)) return undefined;
  kept.units -= 1;
  return kept.from;
}

/** Twice as many as last time when those were all spent in time, otherwise one: an idle process keeps nothing from others. */
export function nextTake(meter: Meter, at: number): number {
  const { kept } = meter;
  if (kept === undefined || at > lastOf(meter, kept.from)) return 1;
  return Math.min(kept.size * 2, keptMax, Math.max(1, Math.floor(meter.allowance.burst / 4)));
}

/** Leaves a unit that nobody used to whoever calls next, as long as it is good for. */
export function giveBack(meter: Meter, from: number, at: number): void {
  if (at < from || at > lastOf(meter, from) || at < meter.emptyUntil) return;
  const kept = meter.kept !== undefined && at <= lastOf(meter, meter.kept.from) ? meter.kept : undefined;
  // Kept units have one age, the oldest's: that may waste one, and lets none through too late.
  const oldest = kept !== undefined && kept.units > 0 ? Math.min(kept.from, from) : from;
  meter.kept = { units: (kept?.units ?? 0) + 1, from: oldest, size: kept?.size ?? 1 };
}

/** The last instant at which a unit for the instant `from` may leave. */
export function lastOf(meter: Meter, from: number): number {
  return from + meter.goodForMs;
}

/** With less than this left somebody waits: background work, as soon as only what it leaves to live work is there. */
export function scarceOf(meter: Meter): number {
  const { burst } = meter.allowance;
  return Math.min(reserveOf(meter), burst - 1) + burst * NEARLY_SPENT;
}

/** A share of the burst that is as good as nothing. */
export const NEARLY_SPENT = 0.1;

/** A burst for long windows may be generous, because people work by day; for short ones it costs steady rate. */
const burstShare = { short: 0.1, long: 0.5 };
const keptMax = 16;

function meterOf(options: MeterOptions, budget: Budget, kind: { isCeiling: boolean; cap: number }): Meter {
  const { connection, spending } = options;
  const key = `${connection}#${budget.name}`;
  const backgroundPercent = options.ceilings.backgroundPercent ?? BACKGROUND_PERCENT;
  const limit = Math.min(budget.limit, kind.cap);
  const goodForMs = slackOf(budget.windowMs) / 2;
  const fresh = { budget, backgroundPercent, goodForMs, tat: undefined, kept: undefined, emptyUntil: 0 };
  const isNoted = budget.windowMs >= HOUR_MS && spending !== undefined;
  return {
    ...fresh,
    ...kind,
    name: budget.name,
    key,
    allowance: allowanceOf(budget, limit),
    busy: Promise.resolve(),
    share: {
      ...fresh,
      ...kind,
      name: budget.name,
      key: `${key}#background`,
      allowance: allowanceOf(budget, shareOf(limit, backgroundPercent)),
      busy: Promise.resolve(),
      share: undefined,
      note: undefined,
    },
    note: isNoted ? noteSpending(key, spending, options.now) : undefined,
  };
}

function shareOf(limit: number, percent: number): number {
  return Math.max(1, Math.floor((limit * percent) / 100));
}

function allowanceOf(budget: Budget, limit: number): Allowance {
  const share = budget.windowMs >= HOUR_MS ? burstShare.long : burstShare.short;
  return allow(limit, budget.windowMs, { burst: Math.ceil(limit * share), slackMs: slackOf(budget.windowMs) });
}

function slackOf(windowMs: number): number {
  return Math.min(Math.max(windowMs / 20, 200), 30_000);
}

function setAllowance(meter: Meter, limit: number): void {
  const allowance = allowanceOf(meter.budget, limit);
  if (allowance.burst !== meter.allowance.burst || allowance.intervalMs !== meter.allowance.intervalMs) {
    meter.allowance = allowance;
  }
}
