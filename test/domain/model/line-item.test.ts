import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  discounted,
  LINE_ITEMS_MAX,
  lineItemText,
  normalLines,
  readLineItem,
  totalOf,
} from '../../../domain/model/line-item.ts';
import { directory } from '../../mappings/shipped.ts';
import { compileCodec } from '../mapping/codecs/compile-codec.ts';

const codec = compileCodec('line-items', 'salesforce');

describe('a line of a deal', () => {
  test('is read in any spelling of its numbers, whatever its product is called', () => {
    expect(readLineItem(' A | B × 2  | 3.00 ×\u00a01e2 ')).toEqual({
      product: 'A | B × 2',
      quantity: '3',
      price: '100',
    });
    for (const text of ['A | 3 x 100', 'A | three × 100', ' | 1 × 1', `${'A'.repeat(256)} | 1 × 1`]) {
      expect(readLineItem(text)).toBeUndefined();
    }
  });

  test('comes back from its text', () => {
    const decimal = fc.integer().map(String);
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z |×]{1,20}[A-Z]$/), decimal, decimal, (name, quantity, price) => {
        const product = name.replace(/\s+/g, ' ').trim();

        expect(readLineItem(lineItemText({ product, quantity, price }))).toEqual({ product, quantity, price });
      }),
    );
  });
});

describe('lines in normal form', () => {
  test('are one for each product and price, in whatever rows a system cuts them', () => {
    const rows = ['B | 1 × 10', 'A | 1 × 10.0', 'B | 0.5 × 10', 'B | 1 × 9', 'C | 2 × 5', 'C | -2 × 5'];

    const items = rows.flatMap((row) => readLineItem(row) ?? []);

    expect(normalLines(items)).toEqual(['A | 1 × 10', 'B | 1 × 9', 'B | 1.5 × 10']);
    expect(normalLines(items.toReversed())).toEqual(normalLines(items));
    expect(totalOf(items)).toBe('34');
  });
});

test('a discount is taken off exactly', () => {
  expect(discounted(1250.5, { percent: 10 })).toBe('1125.45');
  expect(discounted('0.1', { percent: '33.3' })).toBe('0.0667');
  expect(discounted('99.90', { percent: null, amount: '' })).toBe('99.9');
  expect(discounted(200, { amount: '50', percent: 10 })).toBe('135');
  expect(discounted(null, { percent: 10 })).toBeUndefined();
});

describe('the codec', () => {
  test('reads lines into normal form and holds what is none', () => {
    expect(codec.readIn(['B | 1 × 10.00', 'B | 1 × 10'], directory)).toEqual({ ok: true, value: ['B | 2 × 10'] });
    expect(codec.readIn(['B'], directory)).toMatchObject({ ok: false });
    expect(codec.readIn('B | 1 × 10', directory)).toMatchObject({ ok: false });
  });

  test('holds a deal with more lines than the hub carries', () => {
    const lines = Array.from({ length: LINE_ITEMS_MAX + 1 }, (_, place) => `P${place} | 1 × 1`);

    expect(codec.readIn(lines.slice(1), directory)).toMatchObject({ ok: true });
    expect(codec.readIn(lines, directory)).toMatchObject({ ok: false });
  });
});
