/**
 * A limit in the form the arithmetic needs. The state that goes with it is one number, the theoretical arrival time (TAT): the
 * moment, in ms, at which the allowance would be whole again if nothing more were spent.
 */
export interface Allowance {
  /** How long one unit takes to come back, ms; may be a fraction. */
  readonly intervalMs: number;
  /** Units that may be spent at once when nothing was spent for a while. */
  readonly burst: number;
}

/**
 * Makes an allowance that never lets more than `limit` units through in any window of `windowMs`, wherever the window
 * begins.
 *
 * A window can begin with a whole burst and then sees one unit per interval: `burst + floor((windowMs + slackMs) /
 * intervalMs)` units at most, both ends included. The interval is chosen so that this is `limit`. Hence the price: the
 * steady rate is `(limit - burst) / (windowMs + slackMs)`; a smaller burst gives a higher steady rate.
 *
 * *Units*: `slackMs` is how much later than it was spent a unit may arrive at the vendor (kept tokens, the network).
 * *Bounds*: `limit` at least 1; `burst` is kept between 1 and `limit - 1` (1 when the limit is 1).
 */
export function allow(limit: number, windowMs: number, options: { burst?: number; slackMs?: number } = {}): Allowance {
  const whole = Math.max(1, Math.floor(limit));
  const spanMs = windowMs + (options.slackMs ?? 0);
  const wanted = options.burst ?? Math.ceil(whole / 10);
  const burst = Math.max(1, Math.min(Math.floor(wanted), whole - 1));
  // One unit at the very beginning and one at the very end of a window are both inside it, so a limit of 1 needs more
  // than the window between two units.
  return { burst, intervalMs: onGrid(whole === 1 ? spanMs + 1 : spanMs / (whole - burst)) };
}

/**
 * Up to the next 1,024th of a millisecond. Times of today are told apart by a 4,096th at the finest, so a sum of such intervals and a
 * time is exact; with any other fraction a burst of one unit could be a hair short of one interval, and never be granted.
 */
function onGrid(intervalMs: number): number {
  return Math.ceil(intervalMs * 1_024) / 1_024;
}

/** What came of asking to spend. */
export type Spent =
  /** `units` of those asked for were granted (at least 1); `tat` is the state to store. */
  | { readonly granted: true; readonly units: number; readonly tat: number }
  /** Not now; the first unit is there in `waitMs`. Nothing to store. */
  | { readonly granted: false; readonly waitMs: number };

/**
 * Spends up to `units`, as many as there are now.
 *
 * *Shape*: `tat` is the stored state, `undefined` for a fresh allowance; a state in the past means "whole". `reserve` is
 * the number of units that must be left afterwards, kept for more urgent work (0 when absent). *Bounds*: with a reserve of
 * the whole burst nothing could ever be spent, so the reserve is cut to `burst - 1`.
 */
export function spend(
  allowance: Allowance,
  tat: number | undefined,
  now: number,
  units: number,
  reserve: number = 0,
): Spent {
  const { intervalMs, burst } = allowance;
  const usable = burst - Math.min(Math.max(0, reserve), burst - 1);
  const from = Math.max(tat ?? now, now);
  // Relative to now: added to an instant, a fraction of a millisecond would be rounded away, and a unit that is there with it.
  const roomMs = usable * intervalMs - (from - now);
  // The small tolerance lets a unit pass at the very moment it is due, where a fraction of an interval was rounded.
  const due = Math.floor(roomMs / intervalMs + rounding);
  if (due < 1) return { granted: false, waitMs: Math.max(1, Math.ceil(intervalMs - roomMs)) };
  const granted = Math.min(due, units);
  return { granted: true, units: granted, tat: from + granted * intervalMs };
}

/** Units that could be spent now; 0 at least, the burst at most. */
export function left(allowance: Allowance, tat: number | undefined, now: number): number {
  const { intervalMs, burst } = allowance;
  const from = Math.max(tat ?? now, now);
  return Math.min(burst, Math.max(0, Math.floor(burst - (from - now) / intervalMs + rounding)));
}

/**
 * The state after learning that only `remaining` units are left at the vendor, and that even the first of them is not to
 * be had before `holdMs` from now. Never gives units back: what others spent is only ever known too late.
 */
export function correct(
  allowance: Allowance,
  tat: number | undefined,
  now: number,
  remaining: number,
  holdMs: number = 0,
): number {
  const { intervalMs, burst } = allowance;
  const spent = burst - Math.min(burst, Math.max(0, remaining));
  // With nothing left, the first unit would come after one interval; a longer hold pushes it out.
  const hold = remaining < 1 ? Math.max(0, holdMs - intervalMs) : 0;
  return Math.max(tat ?? now, now + spent * intervalMs + hold);
}

/**
 * The state after learning, from somebody who counts everything that was spent, that at least `units` may be spent now. Only
 * for that case: what was spent is forgotten.
 */
export function restore(allowance: Allowance, tat: number | undefined, now: number, units: number): number {
  const { intervalMs, burst } = allowance;
  const whole = now + (burst - Math.min(burst, Math.max(0, units))) * intervalMs;
  return Math.min(tat ?? now, whole);
}

const rounding = 1e-9;
