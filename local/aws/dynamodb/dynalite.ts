import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { IndexDefinition, TableDefinition } from './table-definition.ts';

/** The part of a LevelDB database that is used here (https://github.com/Level/abstract-level). */
export interface LevelDatabase {
  readonly status: string;
  open(): Promise<void>;
  close(): Promise<void>;
  get(key: string): Promise<unknown>;
  getSync(key: string): unknown;
  put(key: string, value: unknown): Promise<void>;
  clear(range: LevelRange): Promise<void>;
  batch(operations: readonly PutOperation[]): Promise<void>;
  values(options?: IteratorOptions): LevelIterator;
  keys(options?: IteratorOptions): LevelIterator;
}

/** One entry to be written. */
export interface PutOperation {
  readonly type: 'put';
  readonly key: string;
  readonly value: unknown;
}

/** A range of keys, the upper end excluded. */
export interface LevelRange {
  readonly gte: string;
  readonly lt: string;
}

/** What to walk over, and how much to read at a time. */
export interface IteratorOptions extends Partial<LevelRange> {
  readonly highWaterMarkBytes?: number;
}

/** Walks over a range; holds a snapshot of the database until it is closed. */
export interface LevelIterator extends AsyncIterable<unknown> {
  /** Up to `size` entries; none at the end. */
  nextv(size: number): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

type LevelConstructor = new (path: string, options: { readonly valueEncoding: 'json' }) => LevelDatabase;

/** The entries an item has in the indexes of its table. */
export interface IndexActions {
  readonly puts: readonly { readonly index: string; readonly key: string; readonly item: unknown }[];
}

/** What is used of dynalite 4.0.0: the server, and how it names index entries. */
export interface Dynalite {
  startServer(options: { readonly path: string }): Server;
  openDatabase(path: string): LevelDatabase;
  indexActions(indexes: readonly IndexDefinition[], item: unknown, table: TableDefinition): IndexActions;
}

/**
 * Loads dynalite with changes to the LevelDB under it, made at the module it takes LevelDB from:
 *
 * - Every Query and Scan of dynalite leaves its LevelDB iterator open, with the snapshot it holds: it calls `return`,
 *   which the iterators of abstract-level do not have. Memory then grows with every query until the process ends.
 * - It reads entries one by one, the first by a call of its own through the thread pool, and single keys likewise. In a
 *   thread that does nothing else both are faster done in one go.
 * - It writes every item and index entry by a call of its own. Here those that come while a write is under way are
 *   written together by the next.
 */
export function loadDynalite(): Dynalite {
  const here = createRequire(import.meta.url);
  const dynalitePath = here.resolve('dynalite');
  const inDynalite = createRequire(dynalitePath);
  // The packages have no types of their own; the interfaces above state what is used, and the tests hold them to it.
  const level = inDynalite('level') as { Level: LevelConstructor };
  level.Level = adapted(level.Level);
  const dynalite = here('dynalite') as (options: object) => Server;
  const database = inDynalite('./db') as {
    getIndexActions(
      indexes: readonly IndexDefinition[],
      existing: undefined,
      item: unknown,
      table: TableDefinition,
    ): IndexActions;
  };
  return {
    startServer: ({ path }) => dynalite({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }),
    openDatabase: (path) => new level.Level(path, { valueEncoding: 'json' }),
    indexActions: (indexes, item, table) => database.getIndexActions(indexes, undefined, item, table),
  };
}

function adapted(Level: LevelConstructor): LevelConstructor {
  return class extends Level {
    #waiting: PutOperation[] = [];
    #writing: Promise<void> | undefined;
    #next: Promise<void> | undefined;

    override put(key: string, value: unknown): Promise<void> {
      this.#waiting.push({ type: 'put', key, value });
      this.#next ??= this.#writeWaiting();
      return this.#next;
    }

    async #writeWaiting(): Promise<void> {
      // A failure of the write before this one belongs to its own callers.
      await this.#writing?.catch(() => undefined);
      const operations = this.#waiting;
      this.#waiting = [];
      this.#writing = this.batch(operations);
      this.#next = undefined;
      return this.#writing;
    }

    override values(options?: IteratorOptions): LevelIterator {
      return new EntryReader(super.values({ ...options, ...IN_ONE_GO }));
    }

    override keys(options?: IteratorOptions): LevelIterator {
      return new EntryReader(super.keys({ ...options, ...IN_ONE_GO }));
    }

    override get(key: string): Promise<unknown> {
      // While the database is still opening there is nothing to read at once.
      return this.status === 'open' ? Promise.resolve(this.getSync(key)) : super.get(key);
    }
  };
}

const ENTRIES_MAX = 1000;
/** A page of DynamoDB holds 1 MB; LevelDB would hand over 16 KB at a time. */
const IN_ONE_GO = { highWaterMarkBytes: 1024 * 1024 };

/** What dynalite reads from: one entry at a time, closed by `return`. */
class EntryReader implements LevelIterator {
  readonly #iterator: LevelIterator;
  #entries: readonly unknown[] = [];
  #next = 0;

  constructor(iterator: LevelIterator) {
    this.#iterator = iterator;
  }

  /** The next entry, or nothing at the end. */
  async next(): Promise<unknown> {
    if (this.#next >= this.#entries.length) {
      this.#entries = await this.#iterator.nextv(ENTRIES_MAX);
      this.#next = 0;
    }
    const entry = this.#entries[this.#next];
    this.#next += 1;
    return entry;
  }

  return(): Promise<void> {
    return this.#iterator.close();
  }

  nextv(size: number): Promise<readonly unknown[]> {
    return this.#iterator.nextv(size);
  }

  close(): Promise<void> {
    return this.#iterator.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this.#iterator[Symbol.asyncIterator]();
  }
}
