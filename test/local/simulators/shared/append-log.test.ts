import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openAppendLog } from '../../../../local/simulators/shared/append-log.ts';

interface Entry {
  readonly key: string;
  readonly value: string;
}

let file: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'append-log-'));
  file = join(folder, 'deep', 'state.jsonl');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

/** A map kept in a log: the smallest state with a history. */
function openMap() {
  const map = new Map<string, string>();
  const log = openAppendLog<Entry>({
    file,
    replay: ({ key, value }) => map.set(key, value),
    snapshot: () => [...map].map(([key, value]) => ({ key, value })),
  });
  return {
    map,
    log,
    set(...entries: Entry[]) {
      for (const { key, value } of entries) map.set(key, value);
      log.append(entries);
    },
  };
}

test('whatever was appended is there after reopening, however often', () => {
  const entry = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'ü\n'), value: fc.string({ unit: 'binary' }) });

  fc.assert(
    fc.property(fc.array(fc.array(entry, { maxLength: 5 }), { maxLength: 3 }), (sessions) => {
      rmSync(file, { force: true });
      const expected = new Map<string, string>();
      for (const entries of sessions) {
        const { set, log } = openMap();
        set(...entries);
        for (const { key, value } of entries) expected.set(key, value);
        log.close();
      }

      const { map, log } = openMap();
      log.close();

      expect(map).toEqual(expected);
    }),
    { numRuns: 8 },
  );
});

test('an appended entry is in the file before append returns', () => {
  const { set, log } = openMap();

  set({ key: 'a', value: '1' }, { key: 'b', value: '2' });

  expect(readFileSync(file, 'utf8')).toBe('{"key":"a","value":"1"}\n{"key":"b","value":"2"}\n');
  log.close();
});

test('opening and compacting leave one line for each thing in the state, and appending goes on', () => {
  const { set, log } = openMap();
  for (let turn = 0; turn < 10; turn += 1) set({ key: 'a', value: String(turn) });

  log.compact();
  set({ key: 'b', value: 'x' });
  log.close();

  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
  expect(openMap().map).toEqual(
    new Map([
      ['a', '9'],
      ['b', 'x'],
    ]),
  );
});

test('a line cut short at the end is dropped', () => {
  const { set, log } = openMap();
  set({ key: 'a', value: '1' });
  log.close();
  appendFileSync(file, '{"key":"b","va');

  const reopened = openMap();
  reopened.set({ key: 'c', value: '3' });
  reopened.log.close();

  expect(openMap().map).toEqual(
    new Map([
      ['a', '1'],
      ['c', '3'],
    ]),
  );
});

test('a damaged line stops the opening with its number, and the file stays as it is', () => {
  const { log } = openMap();
  log.close();
  const damaged = '{"key":"a","value":"1"}\nnot json\n{"key":"b","value":"2"}\n';
  writeFileSync(file, damaged);

  expect(openMap).toThrow(/state\.jsonl:2 is not JSON/);
  expect(readFileSync(file, 'utf8')).toBe(damaged);
});

test('a state larger than one block is written and read whole', () => {
  const { set, log } = openMap();
  const value = 'ß'.repeat(100_000);
  for (let index = 0; index < 60; index += 1) set({ key: String(index), value });
  log.close();

  const { map } = openMap();

  expect(map.size).toBe(60);
  expect(new Set(map.values())).toEqual(new Set([value]));
});
