/** Digits after the second that a stamp is written with at most; trailing zeros are cut, as the service cuts them. */
export type StampDigits = 3 | 6 | 9;

/**
 * An instant as the service writes it: `2025-02-15T20:37:10.89115219Z`, `2025-12-15T23:37:01.591Z`, `2024-11-14T21:33:18Z`.
 *
 * *Units*: nanoseconds since the epoch in, UTC out.
 */
export function stampOf(nanos: bigint, digits: StampDigits): string {
  const seconds = nanos / NANOS_PER_SECOND;
  const whole = new Date(Number(seconds) * 1_000).toISOString().slice(0, 19);
  const fraction = String(nanos % NANOS_PER_SECOND)
    .padStart(9, '0')
    .slice(0, digits)
    .replace(/0+$/, '');
  return fraction === '' ? `${whole}Z` : `${whole}.${fraction}Z`;
}

/** Nanoseconds since the epoch of an ISO 8601 instant with up to nine fractional digits; undefined when it is none. */
export function nanosOf(stamp: string): bigint | undefined {
  const match = INSTANT.exec(stamp);
  if (match === null) return undefined;
  const [, whole = '', fraction = '', zone = ''] = match;
  const ms = Date.parse(`${whole}${zone}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * NANOS_PER_MS + BigInt(fraction.padEnd(9, '0'));
}

/**
 * The stamp of a change at `epochMs`, later than the one before, so that two changes in one millisecond of a clock that
 * stands still have two stamps. The digits a clock in milliseconds does not know are made of `tick`.
 */
export function nextStamp(epochMs: number, tick: number, digits: StampDigits, previous?: string): string {
  const step = 10n ** BigInt(9 - digits);
  const below = (BigInt(tick) * 7_919_317n) % NANOS_PER_MS;
  const now = ((BigInt(epochMs) * NANOS_PER_MS + (digits === 3 ? 0n : below)) / step) * step;
  const before = previous === undefined ? undefined : nanosOf(previous);
  return stampOf(before !== undefined && now <= before ? before + step : now, digits);
}

/** Below zero, zero or above, as `a` is before, at or after `b`; both must be instants. */
export function compareStamps(a: string, b: string): number {
  const [left, right] = [instantKey(a), instantKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** An instant as text that sorts as instants do. Lists are long, so what is in UTC already is not calculated anew. */
export function instantKey(stamp: string): string {
  const utc = stamp.endsWith('Z') ? stamp : stampOf(nanosOf(stamp) ?? 0n, 9);
  return `${utc.slice(0, 19)}.${utc.slice(20, -1).padEnd(9, '0')}`;
}

const NANOS_PER_MS = 1_000_000n;
const NANOS_PER_SECOND = 1_000_000_000n;
const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
