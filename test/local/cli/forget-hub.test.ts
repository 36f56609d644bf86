import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { forgetHub } from '../../../local/cli/forget-hub.ts';

/** A hub's data directory that this process, or one that is gone, holds. */
function hubData(holder: number): string {
  const directory = mkdtempSync(join(tmpdir(), 'forget-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const name of ['sqs', 'dynamodb', 'demo-12140']) mkdirSync(join(directory, name));
  writeFileSync(join(directory, 'lock'), String(holder));
  return directory;
}

/** Above the largest process id there is. */
const GONE = 2 ** 22 + 1;

test('a hub that was killed is forgotten, and the data of a demo beside it stays', () => {
  const directory = hubData(GONE);

  forgetHub(directory);

  expect(readdirSync(directory)).toEqual(['demo-12140']);
});

test('a hub that runs keeps its data', () => {
  const directory = hubData(process.pid);

  expect(() => forgetHub(directory)).toThrow(`Another hub (process ${process.pid}) is running`);
  expect(readdirSync(directory).toSorted()).toEqual(['demo-12140', 'dynamodb', 'lock', 'sqs']);
});

test('what else lies there is named', () => {
  const directory = hubData(GONE);
  writeFileSync(join(directory, 'mine.txt'), '');

  expect(() => forgetHub(directory)).toThrow('(mine.txt), so --fresh leaves it alone');
  expect(readdirSync(directory)).toContain('sqs');
});
