import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LazySortedList } from '../../../../local/simulators/hubspot/lazy-sorted-list.ts';

test('it always gives the current items once, in order, from any bound', () => {
  const step = fc.record({ value: fc.integer({ min: 0, max: 40 }), isRemoval: fc.boolean() });

  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), fc.integer({ min: -1, max: 41 }), (steps, bound) => {
      const current = new Set<number>();
      const list = new LazySortedList<number>({ compare: (a, b) => a - b, isCurrent: (value) => current.has(value) });
      for (const { value, isRemoval } of steps) {
        if (isRemoval) current.delete(value);
        else {
          if (!current.has(value)) list.add(value);
          current.add(value);
        }
      }

      const expected = [...current].filter((value) => value >= bound).sort((a, b) => a - b);
      expect([...list.from((value) => value >= bound)]).toEqual(expected);
      expect([...list.from()]).toHaveLength(current.size);
    }),
  );
});

test('what is no longer current is swept up, and nothing else', () => {
  const current = new Set<number>();
  const list = new LazySortedList<number>({ compare: (a, b) => a - b, isCurrent: (value) => current.has(value) });

  for (let value = 0; value < 20_000; value += 1) {
    list.add(value);
    current.add(value);
    if (value % 10 !== 0) current.delete(value - 1);
  }

  expect([...list.from()]).toEqual([...current].sort((a, b) => a - b));
});
