import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ATTEMPTS_MAX, isPatienceOver, retryDelayMs } from '../../../domain/deliver/retry.ts';
import type { Fault, FaultKind } from '../../../domain/model/fault.ts';

function fault(kind: FaultKind, retryAfterMs?: number): Fault {
  return { kind, code: 'X', message: 'x', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

describe('the wait before another attempt', () => {
  test('doubles from two seconds and ends at a quarter of an hour', () => {
    const waits = Array.from({ length: 11 }, (_, attempts) => retryDelayMs(attempts, undefined, 0) / 1_000);

    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  test('is what the system asked for, however often it was tried', () => {
    expect(retryDelayMs(0, fault('throttled', 30_000), 0)).toBe(30_000);
    expect(retryDelayMs(8, fault('throttled', 30_000), 0)).toBe(30_000);
  });

  test('grows from a quarter of a second to half a minute where many wait for one short allowance', () => {
    const waits = [0, 1, 2, 3, 7, 50].map((attempts) => retryDelayMs(attempts, fault('throttled', 111), 0));

    expect(waits).toEqual([250, 500, 1_000, 2_000, 30_000, 30_000]);
  });

  test('is the longest at once when only a person can mend the access', () => {
    expect(retryDelayMs(0, fault('credential'), 0)).toBe(900_000);
  });

  test('is spread by up to a quarter, upwards only', () => {
    expect(retryDelayMs(2, fault('transient'), 0)).toBe(8_000);
    expect(retryDelayMs(2, fault('transient'), 0.5)).toBe(9_000);
  });

  test('is never longer than a queue can delay, whatever is asked for', () => {
    const kind = fc.constantFrom<FaultKind>('throttled', 'transient', 'conflict', 'credential');
    const asked = fc.option(fc.nat({ max: 1e9 }), { nil: undefined });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.nat({ max: ATTEMPTS_MAX }), kind, asked, random, (attempts, what, retryAfterMs, chance) => {
        const wait = retryDelayMs(attempts, fault(what, retryAfterMs), chance);
        expect(wait).toBeGreaterThanOrEqual(Math.min(retryAfterMs ?? 2_000, 900_000));
        expect(wait).toBeLessThanOrEqual(900_000);
        expect(Number.isInteger(wait)).toBe(true);
      }),
    );
  });

  test('for a limit goes on without asking a person, any other ends', () => {
    expect(isPatienceOver(ATTEMPTS_MAX * 10, fault('throttled', 1_000))).toBe(false);
    expect(isPatienceOver(ATTEMPTS_MAX, fault('transient'))).toBe(true);
    expect(isPatienceOver(ATTEMPTS_MAX, undefined)).toBe(true);
    expect(isPatienceOver(ATTEMPTS_MAX - 1, fault('transient'))).toBe(false);
  });

  test('adds up to about a day before the hub gives up', () => {
    const sum = Array.from({ length: ATTEMPTS_MAX }, (_, attempts) => retryDelayMs(attempts, undefined, 0.5));
    const hours = sum.reduce((total, wait) => total + wait) / 3_600_000;

    expect(hours).toBeGreaterThan(20);
    expect(hours).toBeLessThan(28);
  });
});
