import { Big } from 'big.js';

/** Exchange rates as they were published for one day. */
export interface PublishedRates {
  /** `2026-05-29`. */
  readonly day: string;
  /** The currency all of them are in, ISO 4217. */
  readonly base: string;
  /** By currency, what one unit of the base was worth in it: decimal text above nought. */
  readonly rates: Readonly<Record<string, string>>;
}

/** So many days a published rate counts for a day on which none was published: weekends and the longest holidays. */
export const DAYS_BACK_MAX = 7;

const DAY_MS = 86_400_000;

/** The day of a moment (ms since the epoch), in UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The day so many days before another one. */
export function dayBefore(day: string, days: number): string {
  return dayOf(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS);
}

const DIGITS = 10;
const DECIMALS_MAX = 12;
const HALF_UP = 1;

/** Digits a quotient is worked out to before it is rounded once. */
const WORK_DECIMALS = 40;

/**
 * What one unit of a currency was worth in another one, as decimal text in normal form; `undefined` when one of the two was not
 * published. Two currencies that are not the base go through it: `EUR/USD` and `EUR/GBP` give `USD/GBP`.
 *
 * *Units*: rounded once, half up, to 10 significant digits and at most 12 decimals: what the systems' number fields hold.
 */
export function rateBetween({ base, rates }: PublishedRates, from: string, to: string): string | undefined {
  const [ours, theirs] = [from, to].map((currency) => (currency === base ? '1' : rates[currency]));
  if (ours === undefined || theirs === undefined) return undefined;
  const Work = Big();
  Work.DP = WORK_DECIMALS;
  const exact = new Work(theirs).div(ours);
  const rounded = exact.round(Math.min(DECIMALS_MAX, DIGITS - 1 - exact.e), HALF_UP);
  // A rate too small for twelve decimals would turn money into nothing.
  return rounded.eq(0) ? undefined : rounded.toFixed();
}
