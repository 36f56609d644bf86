import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalDecimal } from '../../../domain/mapping/canonical/decimal.ts';
import { dayBefore, dayOf, rateBetween } from '../../../domain/money/published-rates.ts';
import { readEcbRates } from '../../../local/cli/ecb-rates-file.ts';

const PUBLISHED = {
  day: '2026-04-10',
  base: 'EUR',
  rates: { USD: '1.1711', GBP: '0.87105', IDR: '20020.25', TRL: '1888200', HALF: '0.5', SIX: '6' },
};

describe('the rate between two currencies', () => {
  test.each([
    ['from the base', 'EUR', 'USD', '1.1711'],
    ['to the base', 'USD', 'EUR', '0.8538980446'],
    ['through the base', 'USD', 'GBP', '0.7437878917'],
    ['of a currency to itself', 'USD', 'USD', '1'],
    ['of many digits before the point', 'HALF', 'TRL', '3776400'],
    ['that is small, to twelve decimals', 'IDR', 'EUR', '0.000049949426'],
    ['rounded half up', 'SIX', 'EUR', '0.1666666667'],
  ])('%s', (_name, from, to, rate) => {
    expect(rateBetween(PUBLISHED, from, to)).toBe(rate);
  });

  test('is none where one of the two was not published, or it would be nothing', () => {
    expect(rateBetween(PUBLISHED, 'EUR', 'CHF')).toBeUndefined();
    expect(rateBetween(PUBLISHED, 'CHF', 'EUR')).toBeUndefined();
    expect(rateBetween({ ...PUBLISHED, rates: { BIG: '9999999999999' } }, 'BIG', 'EUR')).toBeUndefined();
  });

  test('is in normal form, off by no more than half of its last digit, and the same both ways', () => {
    const rate = fc.integer({ min: 1, max: 99_999_999 }).map((n) => new Big(n).div(10_000).toFixed());
    fc.assert(
      fc.property(rate, rate, (a, b) => {
        const published = { day: '2026-04-10', base: 'EUR', rates: { AAA: a, BBB: b } };
        const [there, back] = [rateBetween(published, 'AAA', 'BBB'), rateBetween(published, 'BBB', 'AAA')];
        if (there === undefined || back === undefined) throw new Error('both were published');
        expect(canonicalDecimal(there)).toBe(there);
        const error = new Big(there).times(a).minus(b).abs().div(b);
        expect(Number(error)).toBeLessThan(5e-10 + 5e-13 / Number(there));
        expect(Number(new Big(there).times(back).minus(1).abs())).toBeLessThan(1e-3);
      }),
    );
  });
});

test('days are those of UTC, and counted over the ends of months and years', () => {
  expect(dayOf(Date.parse('2026-01-01T00:30:00+02:00'))).toBe('2025-12-31');
  expect(dayBefore('2026-01-03', 7)).toBe('2025-12-27');
  expect(dayBefore('2024-03-01', 1)).toBe('2024-02-29');
});

const HISTORY = resolve(process.env.TRIBUTARY_SHARED ?? '../shared', 'data/fx/eurofxref-hist.csv');
const isThere = existsSync(HISTORY);
const title = isThere ? '' : ' (skipped: the file of published rates is not there)';

describe.skipIf(!isThere)(`the published history${title}`, () => {
  test('is read whole, and leaves no day of two decades without a rate', () => {
    const days = readEcbRates('eurofxref-hist.csv', readFileSync(HISTORY, 'utf8'));
    const known = new Set(days.map(({ day }) => day));
    expect(days.length).toBeGreaterThan(6_900);
    expect(days.find(({ day }) => day === '2026-04-10')?.rates).toMatchObject({ USD: '1.1711', IDR: '20020.25' });

    const last = days[0]?.day ?? '';
    const without: string[] = [];
    for (let day = last; day >= '1999-01-11'; day = dayBefore(day, 1)) {
      const counting = Array.from({ length: 8 }, (_, back) => dayBefore(day, back));
      if (!counting.some((each) => known.has(each))) without.push(day);
    }
    expect(without).toEqual([]);
  });
});
