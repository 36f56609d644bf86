import type { Fault } from '../model/fault.ts';

/** Longest delay a queue takes, ms (SQS: 15 minutes). */
const DELAY_MAX_MS = 900_000;
const DELAY_FIRST_MS = 2_000;
const CROWDED_FIRST_MS = 250;
const CROWDED_MAX_MS = 30_000;

/**
 * How often a message may wait before the hub gives up and opens a problem: with delays that double from 2 s to 15
 * minutes this is about a day, as long as the vendors' own webhooks keep trying.
 */
export const ATTEMPTS_MAX = 100;

/**
 * Whether a message has waited often enough to ask a person. Waiting for a limit is nobody's mistake and ends by itself: it goes
 * on for as long as it takes.
 */
export function isPatienceOver(attempts: number, fault: Pick<Fault, 'kind'> | undefined): boolean {
  return attempts >= ATTEMPTS_MAX && fault?.kind !== 'throttled';
}

/**
 * How long a message waits before it is tried again, ms: what the system asked for, else doubling from 2 s to 15 minutes,
 * with up to a quarter of jitter so that messages that failed together do not return together. `random` is in [0, 1).
 */
export function retryDelayMs(attempts: number, fault: Fault | undefined, random: number): number {
  const doubled = fault?.kind === 'credential' ? DELAY_MAX_MS : DELAY_FIRST_MS * 2 ** Math.min(attempts, 9);
  // Many messages wait for the same allowance, and the next unit of it is for one of them.
  const crowded = Math.min(CROWDED_MAX_MS, CROWDED_FIRST_MS * 2 ** Math.min(attempts, 9));
  const base = fault?.retryAfterMs === undefined ? doubled : Math.max(fault.retryAfterMs, crowded);
  return Math.round(Math.min(DELAY_MAX_MS, base * (1 + random / 4)));
}
