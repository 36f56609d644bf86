import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

export interface AppendLogOptions<Entry> {
  /** Created with its folder when it does not exist. One process at a time may have it open. */
  readonly file: string;
  /** Applies one stored entry to the state, in the order of writing. Must not append. */
  readonly replay: (entry: Entry) => void;
  /** The fewest entries that rebuild the state as it is after the replay; they replace the file's content. */
  readonly snapshot: () => Iterable<Entry>;
}

/** An open log. Entries must survive JSON, and are trusted on replay: only this program writes the file. */
export interface AppendLog<Entry> {
  /** Writes the entries, in order and synchronously: they outlive a killed process once this returns. */
  append(entries: readonly Entry[]): void;
  /** Replaces the file by a fresh snapshot. Blocks for about a second per 100,000 entries. */
  compact(): void;
  close(): void;
}

/**
 * Opens a log of state changes: replays what the file holds, rewrites it as one snapshot, and appends from there.
 *
 * *Shape*: one JSON value a line. *Bounds*: the file grows by one line a change until the next open or `compact`; it is
 * read and written in blocks of 4 MiB, never as a whole. *Faults*: a last line without its end (the machine stopped in
 * the middle of a write) is dropped; any other line that is not JSON throws with its number, because skipping it would
 * silently lose a change. The data reaches the operating system with every append, which is what a killed process
 * needs; it is not forced to the disk, so a power cut may lose the last changes of a simulator.
 */
export function openAppendLog<Entry>(options: AppendLogOptions<Entry>): AppendLog<Entry> {
  const { file, replay, snapshot } = options;
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file)) replayFile(file, replay);
  let descriptor = writeSnapshot(file, snapshot());
  return {
    append(entries) {
      writeLines(descriptor, entries);
    },
    compact() {
      const former = descriptor;
      descriptor = writeSnapshot(file, snapshot());
      closeSync(former);
    },
    close() {
      closeSync(descriptor);
    },
  };
}

const blockBytes = 4 * 1024 * 1024;

/** Writes beside the file and renames over it, so that a kill in the middle leaves the former file whole. */
function writeSnapshot(file: string, entries: Iterable<unknown>): number {
  const draft = `${file}.draft`;
  const descriptor = openSync(draft, 'w');
  writeLines(descriptor, entries);
  fsyncSync(descriptor);
  renameSync(draft, file);
  return descriptor;
}

/** In blocks, because the text of a whole state can be longer than a string may be. */
function writeLines(descriptor: number, entries: Iterable<unknown>): void {
  let block = '';
  for (const entry of entries) {
    block += `${JSON.stringify(entry)}\n`;
    if (block.length < blockBytes) continue;
    writeWhole(descriptor, block);
    block = '';
  }
  if (block !== '') writeWhole(descriptor, block);
}

function writeWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

function replayFile<Entry>(file: string, replay: (entry: Entry) => void): void {
  const descriptor = openSync(file, 'r');
  // `finally` only closes the descriptor when a damaged line throws; nothing is caught.
  try {
    const decoder = new StringDecoder('utf8');
    const block = Buffer.allocUnsafe(blockBytes);
    let rest = '';
    let lineNumber = 0;
    for (let length = readSync(descriptor, block); length > 0; length = readSync(descriptor, block)) {
      const lines = (rest + decoder.write(block.subarray(0, length))).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        lineNumber += 1;
        // The line was written from an entry of the same type.
        replay(parseLine(file, lineNumber, line) as Entry);
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

function parseLine(file: string, lineNumber: number, line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new Error(`${file}:${lineNumber} is not JSON; move the file away to start from nothing.`, { cause });
  }
}
