import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Keeps what a function prints in a file of its own, and shows warnings and errors to the person at the console. */
export interface FunctionLog {
  /** Takes a piece of output; lines may come in parts. */
  write(chunk: string): void;
  close(): void;
}

const FILE_BYTES_MAX = 20 * 1024 * 1024;
const LOUD = new Set(['WARN', 'WARNING', 'ERROR', 'CRITICAL', 'FATAL']);

/** Opens `<directory>/<name>.log`. A file that has grown large becomes `<name>.log.old`, in place of the one before. */
export function openFunctionLog(directory: string, name: string, show: (line: string) => void): FunctionLog {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${name}.log`);
  let bytes = existsSync(path) ? statSync(path).size : 0;
  let file = openSync(path, 'a', 0o600);
  let partial = '';

  return {
    write(chunk) {
      bytes += writeSync(file, chunk);
      if (bytes > FILE_BYTES_MAX) {
        closeSync(file);
        renameSync(path, `${path}.old`);
        file = openSync(path, 'a', 0o600);
        bytes = 0;
      }
      const lines = `${partial}${chunk}`.split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) {
        const loud = loudLine(line);
        if (loud !== undefined) show(`${name}: ${loud}`);
      }
    },
    close: () => closeSync(file),
  };
}

/** What is worth showing of a line: the message of a structured warning or error, or a line that is not structured. */
function loudLine(line: string): string | undefined {
  if (line.trim() === '') return undefined;
  if (!line.startsWith('{')) return line;
  try {
    // A structured line is a JSON object whose members may be anything.
    const { level, message } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return typeof level === 'string' && LOUD.has(level) ? `${level} ${String(message)}` : undefined;
  } catch {
    return line;
  }
}
