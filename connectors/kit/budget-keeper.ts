import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { Work } from '../../domain/model/notice.ts';
import type { HubStore } from '../../domain/pipeline/ports.ts';
import type { Budget } from './connector.ts';
import { type Allowance, allow, correct, left, restore, spend } from './gcra.ts';
import { noteSpending, type SpendingNote, type SpendingStore } from './spending.ts';

/** Where budgets are shared between processes. */
export type BudgetStore = Pick<HubStore, 'readBudget' | 'swapBudget'> & Partial<SpendingStore>;

/**
 * What an administrator lets the hub spend, below what the vendor allows. A ceiling caps the connector's budgets of the same
 * window; where the connector has none, it is a budget of its own that every call spends from.
 */
export interface Ceilings {
  readonly per10Seconds?: number | undefined;
  readonly perDay?: number | undefined;
  /** What background work may use of every limit, percent; {@link BACKGROUND_PERCENT} when absent. */
  readonly backgroundPercent?: number | undefined;
}

/** The share of every limit, in any of its windows, that backfills, walks and audits keep to. */
export const BACKGROUND_PERCENT = 70;

/** What a connector reads off an answer: used of limit, by budget name. */
export interface UsageFigure {
  readonly budget: string;
  readonly used: number;
  readonly limit: number;
}

/** Spends a connection's budgets. One per process and connection; processes agree through the store. */
export interface BudgetKeeper {
  /**
   * Takes one unit of every ceiling and of every budget named, waiting at most `waitMaxMs` in all.
   * *Faults*: `throttled` with the wait when that is not enough; `transient` when the store does not answer. After a fault
   * nothing was spent that a later call could not still use.
   */
  take(names: readonly string[], work: Work, waitMaxMs: number): Promise<Result<{ readonly waitedMs: number }>>;
  /**
   * Believes the vendor's own figures: where they leave less than the hub thought, and, for long windows, where they leave
   * much more (a used-up day comes back in one go, not unit by unit). Never fails: the next answer corrects again.
   */
  correct(figures: readonly UsageFigure[]): Promise<void>;
  /** After the vendor refused a call for its rate: nobody calls before `retryAfterMs` (1 s when it did not say). */
  hold(names: readonly string[], retryAfterMs: number | undefined): Promise<void>;
}

export interface BudgetKeeperOptions {
  readonly connection: string;
  readonly budgets: readonly Budget[];
  readonly ceilings: Ceilings;
  readonly store: BudgetStore;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 ≤ x < 1, for jitter only. */
  readonly random: () => number;
}

/**
 * Makes the keeper of a connection's budgets.
 *
 * Every budget is one GCRA state in the store, moved by compare-and-set, and background work spends from a second one as well,
 * which has only its share of the limit: so the rest of every window is always there for live work. A live call on a budget that
 * background work uses to the full waits one interval of the budget at most (HubSpot's 100 calls in 10 s: 0.12 s; its 5 searches a
 * second: 0.3 s), as long as live work itself stays within its own share. To spare the store, a busy process takes several
 * units at once and spends them from memory; such units lapse after half of the budget's slack, which the allowance has set
 * aside, so that spending them a little later breaks no window. *Bounds*: 12 tries against other processes, 16 units ahead.
 */
export function keepBudgets(options: BudgetKeeperOptions): BudgetKeeper {
  const { now, sleep } = options;
  const meters = metersOf(options);
  const ceilings = meters.filter((meter) => meter.isCeiling);
  const byName = new Map(meters.map((meter) => [meter.name, meter]));
  let heldUntil = 0;

  function metersFor(names: readonly string[]): readonly Meter[] {
    const named = names.map((name) => {
      const meter = byName.get(name);
      // A connector naming a budget it does not declare would go unmetered for ever; that is a mistake in its code.
      if (meter === undefined) throw new RangeError(`No budget is called ${name}.`);
      return meter;
    });
    return [...new Set([...ceilings, ...named])];
  }

  async function takeFrom(meter: Meter, work: Work, waitUntil: number): Promise<Result<undefined>> {
    for (let turn = 0; turn < turnsMax; turn += 1) {
      const attempt = await inTurn(meter, () => tryTake(meter, work));
      if (attempt === 'taken') return succeed(undefined);
      const waitMs = attempt === 'contended' ? options.random() * contentionWaitMs * (turn + 1) : attempt.waitMs;
      if (attempt !== 'contended' && now() + waitMs > waitUntil) return fail(spentFault(meter, work, waitMs));
      await sleep(Math.ceil(waitMs));
    }
    return fail({ ...spentFault(meter, work, contentionWaitMs * turnsMax), code: 'BUDGET_CONTENDED' });
  }

  async function tryTake(meter: Meter, work: Work): Promise<'taken' | 'contended' | { readonly waitMs: number }> {
    const isLive = work === 'live';
    if (isLive && useKept(meter, now())) return 'taken';
    const reserve = isLive ? 0 : reserveOf(meter);
    const wanted = isLive ? nextTake(meter, now()) : 1;
    // A refusal must not rest on an old state: another process may have learnt meanwhile that there is more.
    let spent = meter.tat === undefined ? undefined : spend(meter.allowance, meter.tat, now(), wanted, reserve);
    if (spent?.granted !== true) {
      meter.tat = await options.store.readBudget(meter.key);
      spent = spend(meter.allowance, meter.tat, now(), wanted, reserve);
    }
    if (!spent.granted) return { waitMs: spent.waitMs };
    const isSwapped = await options.store.swapBudget(meter.key, spent.tat, meter.tat);
    meter.tat = isSwapped ? spent.tat : undefined;
    if (!isSwapped) return 'contended';
    if (isLive) meter.kept = { units: spent.units - 1, until: now() + meter.keepMs, size: wanted };
    return 'taken';
  }

  /** Moves a budget's state by what was learnt, unless that says nothing new. */
  async function move(meter: Meter, nextOf: (tat: number | undefined, at: number) => number): Promise<void> {
    // The store fails by throwing; what could not be corrected now is corrected by the next answer.
    try {
      for (let turn = 0; turn < correctionTurnsMax; turn += 1) {
        meter.tat ??= await options.store.readBudget(meter.key);
        const next = nextOf(meter.tat, now());
        if (next === meter.tat || (meter.tat === undefined && next <= now())) return;
        const isSwapped = await options.store.swapBudget(meter.key, next, meter.tat);
        meter.tat = isSwapped ? next : undefined;
        if (isSwapped) return;
      }
    } catch {
      meter.tat = undefined;
    }
  }

  async function empty(meter: Meter, remaining: number, holdMs: number): Promise<void> {
    if (remaining < 1) meter.kept = undefined;
    await inTurn(meter, () => move(meter, (tat, at) => correct(meter.allowance, tat, at, remaining, holdMs)));
  }

  return {
    async take(names, work, waitMaxMs) {
      const startedAt = now();
      const waitUntil = startedAt + Math.max(0, waitMaxMs);
      if (heldUntil > waitUntil) return fail(heldFault(heldUntil - startedAt));
      if (heldUntil > startedAt) await sleep(heldUntil - startedAt);
      const wanted = metersFor(names);
      const taken: Meter[] = [];
      // The store is the one thing here that fails by throwing; without it the call is not made and nothing is lost.
      try {
        // The share first: what it refuses must not be taken from what live work may have.
        const shares =
          work === 'backfill' ? wanted.map(({ share }) => share).filter((share) => share !== undefined) : [];
        for (const meter of [...shares, ...wanted]) {
          const outcome = await takeFrom(meter, meter.share === undefined ? 'live' : work, waitUntil);
          if (!outcome.ok) {
            for (const earlier of taken) giveBack(earlier, now());
            return outcome;
          }
          taken.push(meter);
        }
      } catch (cause) {
        for (const earlier of taken) giveBack(earlier, now());
        return fail(storeFault(cause));
      }
      for (const meter of wanted) await meter.note?.spent();
      return succeed({ waitedMs: now() - startedAt });
    },

    async correct(figures) {
      for (const figure of figures) {
        const meter = byName.get(figure.budget);
        if (meter === undefined || !(figure.limit > 0)) continue;
        learn(meter, figure.limit);
        meter.note?.told(figure.used, figure.limit);
        const remaining = Math.max(0, figure.limit - figure.used);
        const { burst } = meter.allowance;
        const known = left(meter.allowance, meter.tat, now());
        if (remaining < known) await empty(meter, remaining, Math.min(meter.budget.windowMs, probeMs));
        else if (
          isTrusted(meter, figure.limit) &&
          known < scarceOf(meter) &&
          remaining / 2 > known + burst * nearlySpent
        ) {
          await inTurn(meter, () => move(meter, (tat, at) => restore(meter.allowance, tat, at, remaining / 2)));
        }
      }
    },

    async hold(names, retryAfterMs) {
      const holdMs = Math.min(Math.max(retryAfterMs ?? holdDefaultMs, 0), dayMs);
      const shortest = metersFor(names)
        .filter((meter) => meter.budget.windowMs <= shortWindowMaxMs)
        .toSorted((a, b) => a.budget.windowMs - b.budget.windowMs)[0];
      // A long budget is not emptied because of one refusal; without a short one only this process holds still.
      if (shortest === undefined) heldUntil = Math.max(heldUntil, now() + holdMs);
      else await empty(shortest, 0, holdMs);
    },
  };
}

/** A burst for long windows may be generous, because people work by day; for short ones it costs steady rate. */
const burstShare = { short: 0.1, long: 0.5 };
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A share of the burst that is as good as nothing. */
const nearlySpent = 0.1;
const turnsMax = 12;
const correctionTurnsMax = 3;
const contentionWaitMs = 15;
const keptMax = 16;
const holdDefaultMs = 1_000;
const shortWindowMaxMs = 60_000;
/** With nothing left at the vendor, how long until one call looks whether there is again. */
const probeMs = 60_000;

interface Meter {
  readonly name: string;
  readonly key: string;
  readonly budget: Budget;
  readonly isCeiling: boolean;
  /** The administrator's cap on the limit, whatever the vendor says of it. */
  readonly cap: number;
  allowance: Allowance;
  /** How long units taken ahead may be kept, ms. */
  readonly keepMs: number;
  /** The state as this process last knew it; `undefined` is read first. */
  tat: number | undefined;
  /** Ends when the last of those who work on this budget in this process is done. */
  busy: Promise<unknown>;
  kept: { units: number; readonly until: number; readonly size: number } | undefined;
  /** The part of the budget that background work spends from as well; a share has none of its own. */
  readonly share: Meter | undefined;
  /** Percent of the limit that the share has. */
  readonly backgroundPercent: number;
  /** Long budgets only: what is spent, for people to read. */
  readonly note: SpendingNote | undefined;
}

function metersOf(options: BudgetKeeperOptions): readonly Meter[] {
  const ceilings: readonly (readonly [string, number | undefined, number])[] = [
    ['per10Seconds', options.ceilings.per10Seconds, 10_000],
    ['perDay', options.ceilings.perDay, dayMs],
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

function meterOf(options: BudgetKeeperOptions, budget: Budget, kind: { isCeiling: boolean; cap: number }): Meter {
  const { connection, store } = options;
  const key = `${connection}#${budget.name}`;
  const backgroundPercent = options.ceilings.backgroundPercent ?? BACKGROUND_PERCENT;
  const limit = Math.min(budget.limit, kind.cap);
  const fresh = { budget, backgroundPercent, keepMs: slackOf(budget.windowMs) / 2, tat: undefined, kept: undefined };
  const isNoted = budget.windowMs >= hourMs && hasSpending(store);
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
    note: isNoted ? noteSpending(key, store, options.now) : undefined,
  };
}

function hasSpending(store: BudgetStore): store is BudgetStore & SpendingStore {
  return store.count !== undefined && store.putFigure !== undefined && store.readFigure !== undefined;
}

function shareOf(limit: number, percent: number): number {
  return Math.max(1, Math.floor((limit * percent) / 100));
}

/** What background work leaves of the burst, so that live work need not wait for the next unit. */
function reserveOf({ allowance, budget, backgroundPercent }: Meter): number {
  const kept = Math.ceil((allowance.burst * (100 - backgroundPercent)) / 100);
  // The burst of a long window is half the limit; the part kept is meant of the whole.
  return budget.windowMs >= hourMs ? Math.ceil(kept / burstShare.long) : kept;
}

/** With less than this left somebody waits: background work, as soon as only what it leaves to live work is there. */
function scarceOf(meter: Meter): number {
  const { burst } = meter.allowance;
  return Math.min(reserveOf(meter), burst - 1) + burst * nearlySpent;
}

function allowanceOf(budget: Budget, limit: number): Allowance {
  const share = budget.windowMs >= hourMs ? burstShare.long : burstShare.short;
  return allow(limit, budget.windowMs, { burst: Math.ceil(limit * share), slackMs: slackOf(budget.windowMs) });
}

/** Half for units kept in memory, half for the way to the vendor. */
function slackOf(windowMs: number): number {
  return Math.min(Math.max(windowMs / 20, 200), 30_000);
}

/** Calls of one process at the same time take their turns, instead of losing the compare-and-set to one another. */
function inTurn<T>(meter: Meter, act: () => Promise<T>): Promise<T> {
  const turn = meter.busy.then(act);
  meter.busy = turn.catch(() => undefined);
  return turn;
}

/** The vendor knows its limit for this account better than the connector's data does. */
function learn(meter: Meter, limit: number): void {
  const believed = Math.min(limit, meter.cap);
  setAllowance(meter, believed);
  if (meter.share !== undefined) setAllowance(meter.share, shareOf(believed, meter.backgroundPercent));
}

function setAllowance(meter: Meter, limit: number): void {
  const allowance = allowanceOf(meter.budget, limit);
  if (allowance.burst !== meter.allowance.burst || allowance.intervalMs !== meter.allowance.intervalMs) {
    meter.allowance = allowance;
  }
}

function useKept(meter: Meter, at: number): boolean {
  const { kept } = meter;
  if (kept === undefined || kept.units < 1 || at >= kept.until) return false;
  kept.units -= 1;
  return true;
}

/** Twice as many as last time when those were all spent in time, otherwise one: an idle process keeps nothing from others. */
function nextTake(meter: Meter, at: number): number {
  const { kept } = meter;
  if (kept === undefined || at >= kept.until) return 1;
  return Math.min(kept.size * 2, keptMax, Math.max(1, Math.floor(meter.allowance.burst / 4)));
}

function giveBack(meter: Meter, at: number): void {
  if (meter.kept !== undefined && at < meter.kept.until) meter.kept.units += 1;
  // Background work keeps none of its own; whoever calls next may use it.
  else meter.kept = { units: 1, until: at + meter.keepMs, size: 1 };
}

/**
 * Whether a figure that leaves more than the hub thought may be believed. For short windows it is out of date when it arrives; and
 * below a ceiling of the administrator's only the hub's own count says what is left.
 */
function isTrusted(meter: Meter, limit: number): boolean {
  return meter.budget.windowMs >= hourMs && limit <= meter.cap;
}

/** When live work finds a day's allowance spent, people wait; a person should know. */
export const DAY_SPENT = 'DAY_SPENT';

function spentFault(meter: Meter, work: Work, waitMs: number): Fault {
  const isDay = work === 'live' && meter.share !== undefined && meter.budget.windowMs >= hourMs;
  return {
    kind: 'throttled',
    code: isDay ? DAY_SPENT : 'BUDGET_SPENT',
    message: `The hub's allowance ${meter.name} for this connection is spent for the moment; it goes on by itself.`,
    retryAfterMs: waitMs,
  };
}

function heldFault(waitMs: number): Fault {
  return {
    kind: 'throttled',
    code: 'HELD',
    message: 'The system asked the hub to slow down; it goes on by itself.',
    retryAfterMs: waitMs,
  };
}

function storeFault(cause: unknown): Fault {
  return {
    kind: 'transient',
    code: 'BUDGET_STORE',
    message: 'The store of the shared allowances did not answer; the hub tries again.',
    cause,
  };
}
