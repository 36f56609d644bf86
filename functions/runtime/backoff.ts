/** How a repeated call waits; handed in, so that tests neither sleep nor guess. */
export interface Patience {
  /** Resolves after so many ms. */
  wait(ms: number): Promise<void>;
  /** 0 ≤ x < 1. */
  random(): number;
}

/**
 * How long to wait before another attempt, ms, with full jitter: anything up to 50 ms before the second attempt, doubling up
 * to 2 seconds. `attempt` counts those already made.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(attempt: number, random: number): number {
  return Math.round(random * Math.min(FIRST_MS * 2 ** (attempt - 1), LAST_MS));
}

const FIRST_MS = 50;
const LAST_MS = 2_000;
