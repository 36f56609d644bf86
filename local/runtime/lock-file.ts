import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StartFault } from './start-fault.ts';

/** A data directory held by this process. */
export interface HeldDirectory {
  /** Whether the last holder ended without letting go: it was killed. */
  readonly wasKilled: boolean;
  release(): void;
}

/** Takes a data directory for this process, so that two hubs never write the same files. */
export function holdDirectory(directory: string): HeldDirectory {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'lock');
  const wasKilled = !create(path);
  if (wasKilled) {
    const holder = Number(readFileSync(path, 'utf8'));
    if (isAlive(holder)) {
      throw new StartFault(
        `Another hub (process ${holder}) is running on ${directory}. Stop it, or choose another data directory with --data. If process ${holder} is no hub, delete ${path}.`,
      );
    }
    rmSync(path, { force: true });
    if (!create(path)) throw new StartFault(`Another hub is just starting on ${directory}.`);
  }
  return { wasKilled, release: () => rmSync(path, { force: true }) };
}

function create(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is there but may not be signalled.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
