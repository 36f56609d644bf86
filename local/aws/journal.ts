import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs';

/** One line of a journal: a small array, its first element naming the kind of change. */
export type JournalRecord = readonly [kind: string, ...rest: unknown[]];

/**
 * An append-only file of changes from which an embedded service rebuilds its state after it was killed.
 *
 * A change is in the file before the service answers. Writes are not synced to the disk: the operating system keeps
 * what a killed process has written, so only a power cut can lose the last moments. A last line torn by a kill was never
 * acknowledged and is cut off when the file is opened; damage anywhere else stops the start, so that nothing is dropped unseen.
 */
export interface Journal {
  /** Bytes in the file now. */
  readonly size: number;
  append(records: readonly JournalRecord[]): void;
  /** Replaces all changes by the shortest list of records that gives the present state. */
  rewrite(records: Iterable<JournalRecord>): void;
  close(): void;
}

const READ_CHUNK_BYTES = 1024 * 1024;
const REWRITE_LINES_PER_WRITE = 1000;

/** Opens or creates the journal at `path`, giving every record in it to `replay`, oldest first. */
export function openJournal(path: string, replay: (record: JournalRecord) => void): Journal {
  let file = openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600);
  let size = replayFile(file, replay);
  ftruncateSync(file, size);

  return {
    get size() {
      return size;
    },
    append(records) {
      if (records.length === 0) return;
      size += writeAll(file, linesOf(records), size);
    },
    rewrite(records) {
      const fresh = openSync(`${path}.new`, 'w+', 0o600);
      let written = 0;
      let batch: JournalRecord[] = [];
      for (const record of records) {
        batch.push(record);
        if (batch.length < REWRITE_LINES_PER_WRITE) continue;
        written += writeAll(fresh, linesOf(batch), written);
        batch = [];
      }
      written += writeAll(fresh, linesOf(batch), written);
      // The new file takes the place of the old one as a whole, so here, once in a while, the disk itself must hold it.
      fsyncSync(fresh);
      renameSync(`${path}.new`, path);
      closeSync(file);
      file = fresh;
      size = written;
    },
    close: () => closeSync(file),
  };
}

function linesOf(records: readonly JournalRecord[]): Buffer {
  return Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''), 'utf8');
}

function writeAll(file: number, bytes: Buffer, position: number): number {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written, bytes.length - written, position + written);
  return written;
}

/** Reads whole lines and answers where the last readable one ends. */
function replayFile(file: number, replay: (record: JournalRecord) => void): number {
  const chunk = Buffer.alloc(READ_CHUNK_BYTES);
  let rest = Buffer.alloc(0);
  let end = 0;
  for (let position = 0; ; ) {
    const bytes = readSync(file, chunk, 0, chunk.length, position);
    if (bytes === 0) return end;
    position += bytes;
    rest = Buffer.concat([rest, chunk.subarray(0, bytes)]);
    let start = 0;
    for (let newline = rest.indexOf(10, start); newline !== -1; newline = rest.indexOf(10, start)) {
      const record = parseRecord(rest.toString('utf8', start, newline));
      if (record === undefined)
        throw new Error(`The journal is damaged at byte ${end}; move it away to start without what it holds.`);
      replay(record);
      end += newline + 1 - start;
      start = newline + 1;
    }
    rest = rest.subarray(start);
  }
}

function parseRecord(line: string): JournalRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // Only this module writes the file; what is an array with a leading string is one of its records.
    return Array.isArray(value) && typeof value[0] === 'string' ? (value as unknown as JournalRecord) : undefined;
  } catch {
    return undefined;
  }
}
