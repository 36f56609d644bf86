import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AuditWindow, addToWindow, hashOf, isWindowFull, WINDOW_MAX } from '../../../domain/audit/window.ts';

const ABOUT = { connection: 'one', object: 'thing', mappingVersion: 1 };

function windowsOf(ids: readonly string[]): readonly AuditWindow[] {
  const windows: AuditWindow[] = [];
  let open: AuditWindow | undefined;
  for (const externalId of ids) {
    open = addToWindow(open, ABOUT, { externalId, there: hashOf([externalId]), known: hashOf([externalId]) });
    if (!isWindowFull(open)) continue;
    windows.push(open);
    open = undefined;
  }
  return open === undefined ? windows : [...windows, open];
}

const IDS = Array.from({ length: 5_000 }, (_, at) => `id-${at}`);

describe('windows', () => {
  test('hold every record once, a few hundred each', () => {
    const windows = windowsOf(IDS);

    expect(windows.reduce((sum, { there }) => sum + there.count, 0)).toBe(IDS.length);
    expect(windows.length).toBeGreaterThan(8);
    expect(windows.length).toBeLessThan(60);
    expect(windows[0]?.first).toBe('id-0');
    expect(windows.at(-1)?.last).toBe('id-4999');
  });

  test('but the one concerned stay as they were when a record goes', () => {
    const before = new Set(windowsOf(IDS).map((window) => JSON.stringify(window)));
    const after = windowsOf(IDS.filter((id) => id !== 'id-2500')).map((window) => JSON.stringify(window));

    expect(after.filter((window) => !before.has(window)).length).toBeLessThanOrEqual(2);
  });

  test('have the same hash for the same records in any order, and another for others', () => {
    const entries = fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(entries, (records) => {
        const hashed = (list: typeof records): string | undefined =>
          list.reduce<AuditWindow | undefined>(
            (open, [externalId, value]) =>
              addToWindow(open, ABOUT, { externalId, there: hashOf([externalId, value]), known: hashOf([externalId]) }),
            undefined,
          )?.there.hash;
        const [[id, value] = ['', ''], ...rest] = records;

        expect(hashed(records.toReversed())).toBe(hashed(records));
        expect(hashed([[id, `${value}!`], ...rest])).not.toBe(hashed(records));
      }),
    );
  });

  test('count a record that the hub does not know on one side only', () => {
    const window = addToWindow(undefined, ABOUT, { externalId: 'x', there: hashOf(['x']) });

    expect(window.there.count).toBe(1);
    expect(window.known).toEqual({ count: 0, hash: '0000000000000000' });
  });

  test('end at a bound even where no id says so', () => {
    const quiet = IDS.find((id) => !isWindowFull(addToWindow(undefined, ABOUT, { externalId: id, there: 1n }))) ?? '';
    let open: AuditWindow | undefined;
    for (let count = 0; count < WINDOW_MAX; count++) {
      expect(open === undefined || !isWindowFull(open)).toBe(true);
      open = addToWindow(open, ABOUT, { externalId: quiet, there: 1n });
    }

    expect(open !== undefined && isWindowFull(open)).toBe(true);
  });
});
