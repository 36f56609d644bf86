import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunk } from '../../../connectors/kit/chunk.ts';

describe('chunk', () => {
  it('cuts into full pieces in order, the last one may be smaller', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 20 }), (items, max) => {
        const pieces = chunk(items, max);

        expect(pieces.flat()).toEqual(items);
        expect(pieces.slice(0, -1).every((piece) => piece.length === max)).toBe(true);
        expect(pieces.every((piece) => piece.length >= 1 && piece.length <= max)).toBe(true);
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses pieces of %d', (max) => {
    expect(() => chunk([1], max)).toThrow(RangeError);
  });
});
