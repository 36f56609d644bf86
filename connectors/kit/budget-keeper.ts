import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { Work } from '../../domain/model/notice.ts';
import type { HubStore } from '../../domain/pipeline/ports.ts';
import {
  DAY_MS,
  giveBack,
  HOUR_MS,
  lastOf,
  learn,
  type Meter,
  metersOf,
  NEARLY_SPENT,
  nextTake,
  reserveOf,
  scarceOf,
  useKept,
} from './budget-meter.ts';
import type { Budget } from './connector.ts';
import { correct, left, restore, spend } from './gcra.ts';
import type { SpendingStore } from './spending.ts';

/** Where budgets are shared between processes. */
export type BudgetStore = Pick<HubStore, 'readBudget' | 'swapBudget'> & Partial<SpendingStore>;

/**
 * What an administrator lets the hub spend, below what the vendor allows. A ceiling caps the connector's budgets of the same
 * window; where the connector has none, it is a budget of its own that every call spends from.
 */
export interface Ceilings {
  readonly per10Seconds?: number | undefined;
  readonly perDay?: number | undefined;
  /** What background work may use of every limit, percent; `BACKGROUND_PERCENT` when absent. */
  readonly backgroundPercent?: number | undefined;
}

/** What a connector reads off an answer: used of limit, by budget name. */
export interface UsageFigure {
  readonly budget: string;
  readonly used: number;
  readonly limit: number;
}

/** Spends a connection's budgets. One per process and connection; processes agree through the store. */
export interface BudgetKeeper {
  /**
   * Takes one unit of every ceiling and of every budget named, waiting for them at most `waitMaxMs` in all. The call must be sent at
   * once: what was granted is good for that moment only.
   * *Faults*: `throttled` with the wait when that is not enough, and when the store is so slow that units lapse before all are
   * together; `transient` when the store does not answer. What was taken by then is left to whoever calls next while it is good.
   */
  take(names: readonly string[], work: Work, waitMaxMs: number): Promise<Result<{ readonly waitedMs: number }>>;
  /**
   * Believes the vendor's own figures: where they leave less than the hub thought, and, for long windows, where they leave
   * much more (a used-up day comes back in one go, not unit by unit). Also writes down, now and then, what was spent: after a call,
   * where that makes none late. Never fails: the next answer corrects again.
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
 * units at once and spends them from memory.
 *
 * Every unit is for an instant and lapses half of the budget's slack later, which the allowance has set aside: so it breaks no window
 * to be a little late. A unit that lapsed on the way, because the store was slow or another budget had to be waited for, is spent and
 * gone, and another is taken. If that one lapses as well, the next is asked for ahead of time, for the instant at which it will be there
 * if the store takes as long again:
 *
 * ```
 *  unit asked for ──────── slow store ────────▶ granted, lapsed
 *                                               another asked for ──────── as slow ──────▶ here: granted, good
 *                                                                                          ▲ the instant it is for
 * ```
 *
 * *Bounds*: 12 tries against other processes, 16 units ahead, 6 rounds of taking what has lapsed, 2 s ahead of time.
 */
export function keepBudgets(options: BudgetKeeperOptions): BudgetKeeper {
  const { now, sleep } = options;
  const spending = hasSpending(options.store) ? options.store : undefined;
  const meters = metersOf({ ...options, spending });
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

  /** Takes a unit for `aimAt`, or for now when that is later. */
  async function takeFrom(meter: Meter, work: Work, aimAt: number, waitUntil: number): Promise<Result<Granted>> {
    for (let turn = 0; turn < turnsMax; turn += 1) {
      const askedAt = now();
      const attempt = await inTurn(meter, () => tryTake(meter, work, aimAt));
      if (attempt === 'contended') {
        await sleep(Math.ceil(options.random() * contentionWaitMs * (turn + 1)));
        continue;
      }
      if ('from' in attempt) return succeed({ from: attempt.from, tookMs: now() - askedAt });
      if (now() + attempt.waitMs > waitUntil) return fail(spentFault(meter, work, attempt.waitMs));
      await sleep(Math.ceil(attempt.waitMs));
    }
    return fail({ ...spentFault(meter, work, contentionWaitMs * turnsMax), code: 'BUDGET_CONTENDED' });
  }

  async function tryTake(
    meter: Meter,
    work: Work,
    aimAt: number,
  ): Promise<'contended' | { readonly from: number } | { readonly waitMs: number }> {
    const isLive = work === 'live';
    const askedAt = now();
    const from = Math.max(aimAt, askedAt);
    const kept = isLive ? useKept(meter, from) : undefined;
    if (kept !== undefined) return { from: kept };
    const reserve = isLive ? 0 : reserveOf(meter);
    // What is taken for later is for this call only.
    const wanted = isLive && from === askedAt ? nextTake(meter, from) : 1;
    // A refusal must not rest on an old state: another process may have learnt meanwhile that there is more.
    let spent = meter.tat === undefined ? undefined : spend(meter.allowance, meter.tat, from, wanted, reserve);
    if (spent?.granted !== true) {
      meter.tat = await options.store.readBudget(meter.key);
      spent = spend(meter.allowance, meter.tat, from, wanted, reserve);
    }
    if (!spent.granted) return { waitMs: spent.waitMs + Math.max(0, from - now()) };
    const isSwapped = await options.store.swapBudget(meter.key, spent.tat, meter.tat);
    meter.tat = isSwapped ? spent.tat : undefined;
    if (!isSwapped) return 'contended';
    if (isLive && from === askedAt) meter.kept = { units: spent.units - 1, from, size: wanted };
    return { from };
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
    if (remaining < 1) {
      meter.kept = undefined;
      meter.emptyUntil = Math.max(meter.emptyUntil, now() + holdMs);
    }
    await inTurn(meter, () => move(meter, (tat, at) => correct(meter.allowance, tat, at, remaining, holdMs)));
  }

  /** Takes a unit of every meter so that all are good at the same time, which is when this ends. */
  async function takeAll(meters: readonly Meter[], work: Work, waitUntil: number): Promise<Result<undefined>> {
    const held = new Map<Meter, number>();
    const refuse = (fault: Fault): Result<undefined> => {
      for (const [meter, from] of held) giveBack(meter, from, now());
      return fail(fault);
    };
    let leadMs = 0;
    // The store is the one thing here that fails by throwing; without it the call is not made and nothing is lost.
    try {
      for (let round = 0; round < roundsMax; round += 1) {
        const aimAt = now() + (round < hiccupRounds ? 0 : leadMs);
        leadMs = 0;
        for (const meter of meters) {
          const from = held.get(meter);
          if (from !== undefined && aimAt <= lastOf(meter, from)) continue;
          held.delete(meter);
          if (from !== undefined) giveBack(meter, from, now());
          const taken = await takeFrom(meter, meter.share === undefined ? 'live' : work, aimAt, waitUntil);
          if (!taken.ok) return refuse(taken.fault);
          held.set(meter, taken.value.from);
          leadMs = Math.min(leadMs + taken.value.tookMs, leadMaxMs);
        }
        const earlyMs = Math.max(...held.values()) - now();
        if (earlyMs > 0) await sleep(earlyMs);
        const at = now();
        if ([...held].every(([meter, from]) => at <= lastOf(meter, from))) return succeed(undefined);
      }
    } catch (cause) {
      return refuse(storeFault(cause));
    }
    return refuse(lapsedFault);
  }

  return {
    async take(names, work, waitMaxMs) {
      const startedAt = now();
      const waitUntil = startedAt + Math.max(0, waitMaxMs);
      if (heldUntil > waitUntil) return fail(heldFault(heldUntil - startedAt));
      if (heldUntil > startedAt) await sleep(heldUntil - startedAt);
      const wanted = metersFor(names);
      // The share first: what it refuses must not be taken from what live work may have. Then the longest windows: what lapses
      // soonest comes last.
      const shares = work === 'backfill' ? wanted.map(({ share }) => share).filter((share) => share !== undefined) : [];
      const taken = await takeAll([...shares, ...longestFirst(wanted)], work, waitUntil);
      if (!taken.ok) return taken;
      for (const meter of wanted) meter.note?.spent();
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
          remaining / 2 > known + burst * NEARLY_SPENT
        ) {
          await inTurn(meter, () => move(meter, (tat, at) => restore(meter.allowance, tat, at, remaining / 2)));
        }
      }
      for (const { note } of meters) await note?.write();
    },

    async hold(names, retryAfterMs) {
      const holdMs = Math.min(Math.max(retryAfterMs ?? holdDefaultMs, 0), DAY_MS);
      const shortest = metersFor(names)
        .filter((meter) => meter.budget.windowMs <= shortWindowMaxMs)
        .toSorted((a, b) => a.budget.windowMs - b.budget.windowMs)[0];
      // A long budget is not emptied because of one refusal; without a short one only this process holds still.
      if (shortest === undefined) heldUntil = Math.max(heldUntil, now() + holdMs);
      else await empty(shortest, 0, holdMs);
    },
  };
}

interface Granted {
  /** The instant the unit is for. */
  readonly from: number;
  /** How long it took to get it, without what was waited for the budget itself. */
  readonly tookMs: number;
}

const turnsMax = 12;
const roundsMax = 6;
/** Rounds in which slowness is taken for a moment's. */
const hiccupRounds = 2;
const leadMaxMs = 2_000;
const correctionTurnsMax = 3;
const contentionWaitMs = 15;
const holdDefaultMs = 1_000;
const shortWindowMaxMs = 60_000;
/** With nothing left at the vendor, how long until one call looks whether there is again. */
const probeMs = 60_000;

function hasSpending(store: BudgetStore): store is BudgetStore & SpendingStore {
  return store.count !== undefined && store.putFigure !== undefined && store.readFigure !== undefined;
}

function longestFirst(meters: readonly Meter[]): readonly Meter[] {
  return meters.toSorted((a, b) => b.budget.windowMs - a.budget.windowMs);
}

/** Calls of one process at the same time take their turns, instead of losing the compare-and-set to one another. */
function inTurn<T>(meter: Meter, act: () => Promise<T>): Promise<T> {
  const turn = meter.busy.then(act);
  meter.busy = turn.catch(() => undefined);
  return turn;
}

/**
 * Whether a figure that leaves more than the hub thought may be believed. For short windows it is out of date when it arrives; and
 * below a ceiling of the administrator's only the hub's own count says what is left.
 */
function isTrusted(meter: Meter, limit: number): boolean {
  return meter.budget.windowMs >= HOUR_MS && limit <= meter.cap;
}

/** When live work finds a day's allowance spent, people wait; a person should know. */
export const DAY_SPENT = 'DAY_SPENT';

function spentFault(meter: Meter, work: Work, waitMs: number): Fault {
  const isDay = work === 'live' && meter.share !== undefined && meter.budget.windowMs >= HOUR_MS;
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

const lapsedFault: Fault = {
  kind: 'throttled',
  code: 'BUDGET_LAPSED',
  message:
    'The store of the shared allowances is so slow that what it grants has lapsed when it is there; the hub tries again.',
  retryAfterMs: 2_000,
};

function storeFault(cause: unknown): Fault {
  return {
    kind: 'transient',
    code: 'BUDGET_STORE',
    message: 'The store of the shared allowances did not answer; the hub tries again.',
    cause,
  };
}
