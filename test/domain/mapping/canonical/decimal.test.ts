import { Big } from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalDecimal, canonicalInteger } from '../../../../domain/mapping/canonical/decimal.ts';

test.each([
  ['12500.50', '12500.5'],
  ['12500.5', '12500.5'],
  [' 00012 ', '12'],
  ['-0', '0'],
  ['-0.00', '0'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['+5', '5'],
  ['1e3', '1000'],
  ['1.5E-7', '0.00000015'],
  ['99999999999999999999.01', '99999999999999999999.01'],
])('the number %j is %j', (typed, expected) => {
  expect(canonicalDecimal(typed)).toBe(expected);
});

test.each(['', 'n/a', '1,234.50', '1 000', '+-5', '0x10', 'Infinity', 'NaN', '1e300', '1'.repeat(65)])(
  '%j is no number',
  (typed) => {
    expect(canonicalDecimal(typed)).toBeUndefined();
  },
);

test('a number keeps its value to the last digit', () => {
  const decimals = fc.tuple(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.nat({ max: 20 }));
  fc.assert(
    fc.property(decimals, ([digits, scale]) => {
      const typed = new Big(digits.toString()).times(new Big(10).pow(-scale)).toFixed();

      const normal = canonicalDecimal(typed) ?? '';

      expect(new Big(normal).eq(typed)).toBe(true);
      expect(canonicalDecimal(normal)).toBe(normal);
    }),
  );
});

test('a whole number has no fraction, however it is written', () => {
  expect(canonicalInteger('85.0')).toBe('85');
  expect(canonicalInteger('1e2')).toBe('100');
  expect(canonicalInteger('85.5')).toBeUndefined();
});
