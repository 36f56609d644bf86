import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absorbElements } from '../../../domain/absorb/absorb-elements.ts';
import type { SourceElement } from '../../../domain/model/source-record.ts';

const inSince = (at: number): SourceElement => ({ isPresent: true, at, origin: 'system' });
const outSince = (at: number): SourceElement => ({ isPresent: false, at, origin: 'system' });

describe('the story of a set’s elements', () => {
  test('begins for what is there at first sight, and not for what is absent', () => {
    expect(absorbElements({}, ['a'], 10, 'found')).toEqual({ a: { isPresent: true, at: 10, origin: 'found' } });
  });

  test('goes on for what came and what went, and stays as it was for the rest', () => {
    const stored = { stays: inSince(1), goes: inSince(2), away: outSince(3) };

    expect(absorbElements(stored, ['stays', 'comes'], 10, 'system')).toEqual({
      stays: inSince(1),
      goes: outSince(10),
      away: outSince(3),
      comes: inSince(10),
    });
  });

  test('tells of a return', () => {
    expect(absorbElements({ a: outSince(3) }, ['a'], 10, 'hub')).toEqual({
      a: { isPresent: true, at: 10, origin: 'hub' },
    });
  });

  test('is of those who are present now, and is not changed by seeing the same again', () => {
    const set = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
    fc.assert(
      fc.property(set, set, (first, second) => {
        const before = absorbElements({}, first, 1, 'found');
        const after = absorbElements(before, second, 2, 'system');
        const present = Object.entries(after).flatMap(([element, { isPresent }]) => (isPresent ? [element] : []));
        expect(present.sort()).toEqual([...second].sort());
        expect(absorbElements(after, second, 3, 'hub')).toEqual(after);
      }),
    );
  });
});
