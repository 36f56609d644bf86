import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { packRows, unpackRows } from '../../../../functions/runtime/items/packed-rows.ts';

const part = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('|', '\\', '\n', 'a') }));
const rows = fc.array(fc.array(part, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });

test('packed rows are unpacked to what they were, whatever their parts hold', () => {
  fc.assert(
    fc.property(rows, (given) => {
      expect(unpackRows(packRows(given))).toEqual(given);
    }),
  );
});

test('packing adds one character for each row and part after the first', () => {
  expect(packRows([['n', 'S0'], ['dm']])).toBe('n|S0\ndm');
});
