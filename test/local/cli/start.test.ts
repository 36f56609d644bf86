import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CliFault } from '../../../local/cli/cli-fault.ts';
import { start } from '../../../local/cli/start.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each(['0', '65536', '80.5', '-1', 'http', ''])('--port %s is refused before anything is touched', async (port) => {
  await writeFile(join(folder, 'kept.txt'), 'kept');
  const run = start({ port, data: folder, fresh: true });

  await expect(run).rejects.toThrow('--port is a number from 1 to 65535.');
  await expect(run).rejects.toBeInstanceOf(CliFault);
  expect(existsSync(join(folder, 'kept.txt'))).toBe(true);
  expect(existsSync(join(folder, 'simulators'))).toBe(false);
});

test('--fresh leaves a directory alone that holds other things than a hub', async () => {
  await writeFile(join(folder, 'kept.txt'), 'kept');

  await expect(start({ port: '8787', data: folder, fresh: true })).rejects.toThrow(/so --fresh leaves it alone/);
  expect(existsSync(join(folder, 'kept.txt'))).toBe(true);
});

test('a start says what it is doing before it takes its time', async () => {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.doMock('../../../local/runtime/hub.ts', () => ({
    startHub: async () => {
      throw new Error(`said ${lines.length} lines`);
    },
  }));
  vi.resetModules();
  const { start: startAnew } = await import('../../../local/cli/start.ts');

  await expect(startAnew({ port: '8787', data: folder })).rejects.toThrow('said 1 lines');
  expect(lines).toEqual([expect.stringMatching(/^Starting the hub: .* half a minute …$/)]);
  vi.doUnmock('../../../local/runtime/hub.ts');
  vi.restoreAllMocks();
});
