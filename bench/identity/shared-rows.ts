import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(process.env.TRIBUTARY_SHARED ?? '../shared', 'data');

/** Whether the labelled data sets are on this machine. */
export const hasSharedData = existsSync(folder);

/** The rows of a comma-separated file (RFC 4180), each by its column names; absent columns are empty. */
export function sharedRows(path: string): readonly Readonly<Record<string, string>>[] {
  const [header = [], ...rows] = parseCsv(readFileSync(join(folder, path), 'utf8'));
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])));
}

function parseCsv(text: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  const rows: string[][] = [[]];
  for (const [, quoted, bare = '', end] of text.matchAll(cell)) {
    rows.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === '') break;
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1 || row[0] !== '');
}
