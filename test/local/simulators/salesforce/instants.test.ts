import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, isDate, parseInstant, wholeSecond } from '../../../../local/simulators/salesforce/instants.ts';

describe('instants', () => {
  it('are written in UTC with three decimals and a numeric zone', () => {
    expect(formatInstant(Date.UTC(2026, 0, 2, 3, 4, 5))).toBe('2026-01-02T03:04:05.000+0000');
  });

  it('are read with any spelling of the zone', () => {
    const noon = Date.UTC(2026, 0, 2, 12);
    expect(parseInstant('2026-01-02T12:00:00Z')).toBe(noon);
    expect(parseInstant('2026-01-02T12:00:00.000+0000')).toBe(noon);
    expect(parseInstant('2026-01-02T13:30:00+01:30')).toBe(noon);
  });

  it.each(['2026-01-02', '2026-01-02T12:00:00', '2026-02-30T12:00:00Z', '2026-01-02T25:00:00Z', 'now'])(
    'are not read from %j',
    (text) => {
      expect(parseInstant(text)).toBeUndefined();
    },
  );

  it('survive being written and read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (epochMs) => {
        expect(parseInstant(formatInstant(epochMs))).toBe(epochMs);
        expect(wholeSecond(epochMs) % 1000).toBe(0);
      }),
    );
  });
});

describe('isDate', () => {
  it('knows the days that exist', () => {
    expect(isDate('2024-02-29')).toBe(true);
    expect(isDate('2026-02-29')).toBe(false);
    expect(isDate('2026-13-01')).toBe(false);
    expect(isDate('2026-1-1')).toBe(false);
  });
});
