import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedIndex } from '../../../../../local/simulators/salesforce/store/ordered-index.ts';

const ascendingNumbers = (left: number, right: number) => left - right;

describe('OrderedIndex', () => {
  it('behaves like a sorted list, whatever is inserted and removed', () => {
    const operation = fc.record({ inserts: fc.boolean(), value: fc.integer({ min: 0, max: 3_000 }) });
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 3_000 }),
        fc.integer({ min: 0, max: 3_000 }),
        (operations, bound) => {
          const index = new OrderedIndex<number>(ascendingNumbers);
          const model = new Set<number>();
          for (const { inserts, value } of operations) {
            if (inserts && !model.has(value)) index.insert(value);
            if (inserts) model.add(value);
            else expect(index.delete(value)).toBe(model.delete(value));
          }
          const sorted = [...model].sort(ascendingNumbers);

          expect([...index.ascending()]).toEqual(sorted);
          expect([...index.descending()]).toEqual(sorted.toReversed());
          expect([...index.ascending((value) => value < bound)]).toEqual(sorted.filter((value) => value >= bound));
          expect([...index.descending((value) => value > bound)]).toEqual(
            sorted.toReversed().filter((value) => value <= bound),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps order over many chunks', () => {
    const index = new OrderedIndex<number>(ascendingNumbers);
    for (let at = 0; at < 20_000; at += 1) index.insert((at * 7_919) % 20_000);

    expect([...index.ascending()]).toEqual(Array.from({ length: 20_000 }, (_, at) => at));
    expect(index.ascending((value) => value < 12_345).next().value).toBe(12_345);
    expect(index.descending((value) => value > 12_345).next().value).toBe(12_345);
  });

  it('is empty after being cleared', () => {
    const index = new OrderedIndex<number>(ascendingNumbers);
    index.insert(1);

    index.clear();

    expect([...index.ascending()]).toEqual([]);
    expect(index.delete(1)).toBe(false);
  });
});
