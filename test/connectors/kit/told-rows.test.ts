import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openToldRows, toldRowsMemory } from '../../../connectors/kit/told-rows.ts';

const START = 1_790_000_000_000;

describe('rows a sweep has told of', () => {
  test('are known by id and change time, also after they were stored', () => {
    const rows = openToldRows({});
    rows.add({ id: 'a', at: START });
    const stored = openToldRows(toldRowsMemory.parse(JSON.parse(JSON.stringify(rows.memory()))));

    expect(stored.has({ id: 'a', at: START })).toBe(true);
    expect(stored.has({ id: 'a', at: START + 1 })).toBe(false);
    expect(stored.has({ id: 'b', at: START })).toBe(false);
  });

  test('are forgotten by the minute', () => {
    const rows = openToldRows({});
    for (const at of [START, START + 60_000]) rows.add({ id: 'a', at });
    rows.keep((_from, to) => to > START + 60_000);

    expect([START, START + 60_000].map((at) => rows.has({ id: 'a', at }))).toEqual([false, true]);
  });

  test('keep to their bound, and what does not fit is not known', () => {
    const rows = openToldRows({});
    for (let index = 0; index < 9_000; index += 1) rows.add({ id: String(index), at: START });

    expect(rows.has({ id: '7999', at: START })).toBe(true);
    expect(rows.has({ id: '8000', at: START })).toBe(false);
    expect(JSON.stringify(rows.memory()).length).toBeLessThan(65_000);
  });

  test('are never known without having been told', () => {
    const row = fc.record({ id: fc.string({ maxLength: 20 }), at: fc.integer({ min: START, max: START + 300_000 }) });
    fc.assert(
      fc.property(fc.array(row), row, (told, other) => {
        const rows = openToldRows({});
        for (const each of told) rows.add(each);
        const isTold = told.some(({ id, at }) => id === other.id && at === other.at);
        return rows.has(other) === isTold;
      }),
    );
  });

  test.each([[undefined], ['text'], [{ x: 'abcdefgh' }], [{ 1: 'short' }], [{ 1: 5 }]])(
    'a memory that is not understood (%j) knows nothing',
    (stored) => {
      expect(toldRowsMemory.parse(stored)).toEqual({});
    },
  );
});
