import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginPass,
  type ChangeCursor,
  type ChangedRecord,
  changeCursorSchema,
  nextSearch,
  overlapMs,
  searchPageSize,
  takePage,
} from '../../../connectors/hubspot/change-cursor.ts';
import { objectTypes } from '../../../connectors/hubspot/object-types.ts';

const type = objectTypes.deal;
const start = Date.UTC(2026, 4, 4, 9);

/** HubSpot's search as the cursor meets it: records become visible late, and only the newest visible state is there. */
class LaggingIndex {
  readonly #versions: { id: string; modifiedAt: number; visibleAt: number }[] = [];

  write(id: string, modifiedAt: number, lagMs: number): void {
    this.#versions.push({ id, modifiedAt, visibleAt: modifiedAt + lagMs });
  }

  search(cursor: ChangeCursor, now: number): readonly ChangedRecord[] {
    const { filters, sort } = nextSearch(type, cursor);
    const visible = new Map<string, ChangedRecord>();
    for (const { id, modifiedAt, visibleAt } of this.#versions) {
      const known = visible.get(id);
      if (visibleAt <= now && (known === undefined || known.modifiedAt < modifiedAt))
        visible.set(id, { id, modifiedAt });
    }
    const read = (record: ChangedRecord, property: string): number =>
      property === 'hs_object_id' ? Number(record.id) : record.modifiedAt;
    const holds = {
      GTE: (a: number, b: number) => a >= b,
      GT: (a: number, b: number) => a > b,
      EQ: (a: number, b: number) => a === b,
    };
    return [...visible.values()]
      .filter((record) =>
        filters.every(({ property, operator, value }) => holds[operator](read(record, property), Number(value))),
      )
      .toSorted((a, b) => read(a, sort) - read(b, sort))
      .slice(0, searchPageSize);
  }

  newest(): ReadonlyMap<string, number> {
    const newest = new Map<string, number>();
    for (const { id, modifiedAt } of this.#versions) newest.set(id, Math.max(newest.get(id) ?? 0, modifiedAt));
    return newest;
  }
}

/** Reads pages until the pass ends; positions go through JSON as they do in the store. */
function readPass(
  index: LaggingIndex,
  position: ChangeCursor | undefined,
  clock: { hub: number; hubspot: number },
): { readonly ids: readonly string[]; readonly position: ChangeCursor; readonly pages: number } {
  const ids: string[] = [];
  let current = position;
  for (let pages = 1; pages <= 200; pages += 1) {
    const cursor = beginPass(current, start, clock.hub);
    const taken = takePage(cursor, index.search(cursor, clock.hubspot), clock.hub);
    ids.push(...taken.ids);
    current = changeCursorSchema.parse(JSON.parse(JSON.stringify(taken.cursor)));
    if (!taken.hasMore) return { ids, position: current, pages };
  }
  throw new Error('The pass did not end.');
}

describe('a cursor over changes', () => {
  it('hands out every record of one instant exactly once, however many pages they fill', () => {
    const index = new LaggingIndex();
    for (let id = 1; id <= 1_250; id += 1) index.write(String(id), start, 0);

    const { ids } = readPass(index, undefined, { hub: start + 1_000, hubspot: start + 1_000 });

    expect(ids.length).toBe(1_250);
    expect(new Set(ids).size).toBe(1_250);
  });

  it('goes through such an instant alone, by record id', () => {
    const page = Array.from({ length: searchPageSize }, (_, index) => ({ id: String(index + 1), modifiedAt: start }));
    const first = takePage(beginPass(undefined, start, start), page, start);

    const second = takePage(first.cursor, page, start);

    expect(nextSearch(type, first.cursor)).toEqual({
      filters: [
        { property: 'hs_lastmodifieddate', operator: 'EQ', value: String(start) },
        { property: 'hs_object_id', operator: 'GT', value: '0' },
      ],
      sort: 'hs_object_id',
    });
    expect(nextSearch(type, second.cursor).filters[1]?.value).toBe('200');
    expect(second.ids).toEqual([]);
  });

  it('goes on behind an instant that filled pages', () => {
    const index = new LaggingIndex();
    for (let id = 1; id <= 450; id += 1) index.write(String(id), start, 0);
    for (let id = 1_001; id <= 1_030; id += 1) index.write(String(id), start + 5, 0);

    const { ids } = readPass(index, undefined, { hub: start + 1_000, hubspot: start + 1_000 });

    expect(new Set(ids).size).toBe(480);
  });

  it('never asks for an offset, so the wall at result 10,000 is never met', () => {
    const index = new LaggingIndex();
    for (let id = 1; id <= 12_000; id += 1) index.write(String(id), start + Math.floor(id / 3), 0);

    const { ids, pages } = readPass(index, undefined, { hub: start + 60_000, hubspot: start + 60_000 });

    expect(new Set(ids).size).toBe(12_000);
    expect(pages).toBeLessThan(65);
  });

  it('does not step over a record when one before it changes between two pages', () => {
    const index = new LaggingIndex();
    for (let id = 1; id <= 300; id += 1) index.write(String(id), start + id, 0);
    const clock = { hub: start + 10_000, hubspot: start + 10_000 };
    const first = beginPass(undefined, start, clock.hub);
    const page = takePage(first, index.search(first, clock.hubspot), clock.hub);

    for (let id = 1; id <= 50; id += 1) index.write(String(id), start + 9_000 + id, 0);
    const rest = readPass(index, page.cursor, clock);

    expect(new Set([...page.ids, ...rest.ids]).size).toBe(300);
    expect(rest.ids.filter((id) => Number(id) <= 50).length).toBe(50);
  });

  it('finds what reached the search late, also behind a pass that took long', () => {
    const index = new LaggingIndex();
    index.write('1', start + 1_000, 240_000);
    index.write('2', start + 200_000, 0);
    const first = readPass(index, undefined, { hub: start + 200_000, hubspot: start + 200_000 });

    const second = readPass(index, first.position, { hub: start + 480_000, hubspot: start + 480_000 });

    expect(first.ids).toEqual(['2']);
    expect(second.ids).toEqual(['1']);
  });

  it('hands a record out again when it changed again, and not for being read again', () => {
    const index = new LaggingIndex();
    index.write('1', start + 1_000, 0);
    index.write('2', start + 1_000, 0);
    const first = readPass(index, undefined, { hub: start + 2_000, hubspot: start + 2_000 });
    index.write('2', start + 30_000, 0);

    const second = readPass(index, first.position, { hub: start + 60_000, hubspot: start + 60_000 });
    const third = readPass(index, second.position, { hub: start + 61_000, hubspot: start + 61_000 });

    expect([first.ids.length, second.ids, third.ids]).toEqual([2, ['2'], []]);
  });

  it('stops reading what is old, also when nothing ever changes again and more fell into the overlap than it remembers', () => {
    const index = new LaggingIndex();
    for (let id = 1; id <= 3_000; id += 1) index.write(String(id), start + id, 0);
    let { position } = readPass(index, undefined, { hub: start + 10_000, hubspot: start + 10_000 });
    position = readPass(index, position, { hub: start + overlapMs, hubspot: start + overlapMs }).position;
    const late = start + 3 * overlapMs;
    position = readPass(index, position, { hub: late, hubspot: late }).position;

    const quiet = readPass(index, position, { hub: late + 60_000, hubspot: late + 60_000 });

    expect(quiet.ids).toEqual([]);
    expect(Object.keys(quiet.position.seen)).toEqual([]);
  });

  it('keeps its position small whatever happened', () => {
    const index = new LaggingIndex();
    for (let id = 1; id <= 5_000; id += 1) index.write(String(10_000_000_000 + id), start + id, 0);

    const { position } = readPass(index, undefined, { hub: start + 10_000, hubspot: start + 10_000 });

    expect(JSON.stringify(position).length).toBeLessThan(66_000);
  });

  it('loses nothing and comes to rest: any writes, any lag below the overlap, clocks apart, passes of any length', () => {
    const step = fc.record({
      advanceMs: fc.integer({ min: 0, max: 120_000 }),
      writes: fc.array(
        fc.record({ id: fc.integer({ min: 1, max: 900 }), lagMs: fc.integer({ min: 0, max: 290_000 }) }),
        {
          maxLength: 40,
        },
      ),
      bulk: fc.option(fc.integer({ min: 100, max: 500 }), { freq: 6, nil: 0 }),
      pages: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: -240_000, max: 240_000 }),
        (steps, skewMs) => {
          const index = new LaggingIndex();
          const clock = { hub: start + 600_000, hubspot: start + 600_000 + skewMs };
          const handedOut = new Map<string, number>();
          let position: ChangeCursor | undefined;
          const readPage = (): boolean => {
            const cursor = beginPass(position, start, clock.hub);
            const page = index.search(cursor, clock.hubspot);
            const taken = takePage(cursor, page, clock.hub);
            for (const id of taken.ids) handedOut.set(id, clock.hubspot);
            position = taken.cursor;
            return taken.hasMore;
          };
          const advance = (ms: number): void => {
            clock.hub += ms;
            clock.hubspot += ms;
          };

          for (const { advanceMs, writes, bulk, pages } of steps) {
            advance(advanceMs);
            for (const { id, lagMs } of writes) index.write(String(id), clock.hubspot, lagMs);
            for (let id = 1; id <= bulk; id += 1) index.write(String(id), clock.hubspot, 0);
            for (let page = 0; page < pages; page += 1) readPage();
          }
          for (let pass = 0; pass < 4; pass += 1) {
            advance(overlapMs);
            for (let page = 0; page < 100 && readPage(); page += 1);
          }

          // The hub reads a record when it is handed out; it must have been handed out after its last change.
          for (const [id, modifiedAt] of index.newest()) {
            expect(handedOut.get(id) ?? 0, `record ${id}`).toBeGreaterThanOrEqual(modifiedAt);
          }
          advance(overlapMs);
          handedOut.clear();
          for (let page = 0; page < 100 && readPage(); page += 1);
          expect([...handedOut.keys()]).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
