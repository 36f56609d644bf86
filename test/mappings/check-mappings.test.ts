import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkMappings, MAPPINGS_FOLDER } from '../../local/cli/check-mappings.ts';

const run = promisify(execFile);
const command = join(MAPPINGS_FOLDER, '../local/cli/check-mappings.ts');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mappings-'));
  cpSync(MAPPINGS_FOLDER, folder, { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the shipped mappings pass the check', async () => {
  const { stdout } = await run(process.execPath, [command]);

  expect(stdout).toMatch(/^\d+ mappings are in order, their examples hold.\n$/);
});

test('a mistake is printed as file:line: reason, and the check fails', async () => {
  const file = join(folder, 'hubspot/deal.deal.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('codec: decimal', 'codec: decimel'));

  const failed: unknown = await run(process.execPath, [command, folder]).catch((error: unknown) => error);

  expect(failed).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /hubspot\/deal\.deal\.yaml:13: fields\[3\]\.codec: no codec is called "decimel"; did you mean "decimal"\?\n$/,
    ),
  });
});

test('paths in problems are from where the command runs', () => {
  writeFileSync(join(folder, 'owners.yaml'), 'note: x\n');

  const checked = checkMappings(folder);

  expect(checked.ok ? [] : checked.problems).toEqual([
    { file: expect.stringContaining('owners.yaml'), line: 1, path: 'people', reason: 'this setting is missing' },
  ]);
});
