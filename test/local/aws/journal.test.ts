import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type JournalRecord, openJournal } from '../../../local/aws/journal.ts';

const directory = mkdtempSync(join(tmpdir(), 'journal-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let sequence = 0;
function path(): string {
  sequence += 1;
  return join(directory, `${sequence}.journal`);
}

function read(file: string): readonly JournalRecord[] {
  const records: JournalRecord[] = [];
  openJournal(file, (record) => void records.push(record)).close();
  return records;
}

describe('a journal', () => {
  it('gives its records back in order, also long and foreign ones', () => {
    const file = path();
    const records: JournalRecord[] = [
      ['a', 1],
      ['b', 'ü'.repeat(2_000_000)],
      ['c', { d: ['\n"'] }],
    ];
    const journal = openJournal(file, () => undefined);
    journal.append(records.slice(0, 1));
    journal.append(records.slice(1));
    journal.close();
    expect(read(file)).toEqual(records);
  });

  it('has every record in the file when append returns', () => {
    const file = path();
    const journal = openJournal(file, () => undefined);
    journal.append([['a', 1]]);
    expect(readFileSync(file, 'utf8')).toBe('["a",1]\n');
    journal.close();
  });

  it('cuts off a last line that was torn by a kill, and goes on behind it', () => {
    const file = path();
    writeFileSync(file, '["a",1]\n["b",');
    const journal = openJournal(file, () => undefined);
    journal.append([['c', 3]]);
    journal.close();
    expect(read(file)).toEqual([
      ['a', 1],
      ['c', 3],
    ]);
  });

  it('refuses to open when it is damaged anywhere else', () => {
    const file = path();
    writeFileSync(file, '["a",1]\n["b",\n["c",3]\n');
    expect(() => openJournal(file, () => undefined)).toThrow(/damaged at byte 8/);
  });

  it('goes on after a rewrite, which leaves nothing else behind', () => {
    const file = path();
    const journal = openJournal(file, () => undefined);
    journal.append(Array.from({ length: 5000 }, (_, index) => ['x', index] as const));
    const before = journal.size;
    journal.rewrite([['only', 1]]);
    journal.append([['more', 2]]);
    expect(journal.size).toBeLessThan(before);
    journal.close();
    appendFileSync(file, '["last",3]\n');
    expect(read(file)).toEqual([
      ['only', 1],
      ['more', 2],
      ['last', 3],
    ]);
  });
});
