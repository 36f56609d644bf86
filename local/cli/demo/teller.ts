import { setTimeout as sleep } from 'node:timers/promises';

/** Says one line to the person who watches. */
export type Teller = (line: string) => void;

/** Something that was told did not happen. */
export class StepFailed extends Error {}

const POLL_MS = 100;

/** Checks something that must be true now; answers 1, so that checks can be counted. */
export function check(isTrue: boolean, what: string): 1 {
  if (!isTrue) throw new StepFailed(what);
  return 1;
}

/**
 * Waits until `look` answers something, at most `withinMs`, and answers it with how long it took. *Faults*: throws
 * {@link StepFailed} with `what` when it did not come about.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  withinMs = 30_000,
  everyMs = POLL_MS,
): Promise<{ readonly value: T; readonly tookMs: number }> {
  const startedAt = performance.now();
  for (let polls = 0; polls < withinMs / everyMs; polls++) {
    const value = await look();
    if (value !== undefined) return { value, tookMs: Math.round(performance.now() - startedAt) };
    await sleep(everyMs);
  }
  throw new StepFailed(`${what} (not within ${withinMs / 1_000} s)`);
}
