import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openFunctionLog } from '../../../local/runtime/function-log.ts';

const directory = mkdtempSync(join(tmpdir(), 'log-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('keeps every line, and shows warnings, errors and what is not structured, also when lines come in parts', () => {
  const shown: string[] = [];
  const log = openFunctionLog(directory, 'f', (line) => void shown.push(line));
  for (const chunk of [
    '{"level":"INFO","message":"quiet"}\n{"level":"ERR',
    'OR","message":"loud"}\nplain\n',
    '{"level":"WARN","message":"careful"}\n{"level":"INFO"',
  ])
    log.write(chunk);
  log.close();
  expect(shown).toEqual(['f: ERROR loud', 'f: plain', 'f: WARN careful']);
  expect(readFileSync(join(directory, 'f.log'), 'utf8').split('\n')).toHaveLength(5);
});
