import { type AppendLog, openAppendLog } from '../shared/append-log.ts';

/** What a simulated service keeps: a JSON value with an id, replaced whole when it changes. */
export interface StoredItem {
  readonly id: string;
}

interface LogEntry {
  readonly table: string;
  readonly id: string;
  /** Absent: the item was removed. */
  readonly item?: StoredItem;
}

/** Items of one kind, in the order they were first put. */
export class ItemTable<Item extends StoredItem> {
  readonly #items = new Map<string, Item>();
  readonly #changed: (id: string, item: Item | undefined) => void;

  constructor(changed: (id: string, item: Item | undefined) => void) {
    this.#changed = changed;
  }

  get(id: string): Item | undefined {
    return this.#items.get(id);
  }

  put(item: Item): void {
    this.#items.set(item.id, item);
    this.#changed(item.id, item);
  }

  remove(id: string): void {
    if (this.#items.delete(id)) this.#changed(id, undefined);
  }

  all(): readonly Item[] {
    return [...this.#items.values()];
  }

  get size(): number {
    return this.#items.size;
  }

  /** Puts what the log holds, without writing it again. */
  restore(id: string, item: Item | undefined): void {
    if (item === undefined) this.#items.delete(id);
    else this.#items.set(id, item);
  }

  clear(): void {
    for (const id of [...this.#items.keys()]) this.remove(id);
  }
}

/**
 * The tables of a simulated service, in memory, and in a file when there is one.
 *
 * Changes are gathered and reach the file with `commit`, so that a call is on file whole before it is answered. Items must
 * survive JSON: no `undefined` inside lists, no dates.
 */
export class ItemStore {
  readonly #tables = new Map<string, ItemTable<StoredItem>>();
  readonly #file: string | undefined;
  #log: AppendLog<LogEntry> | undefined;
  #pending: LogEntry[] = [];

  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** The table of this name. All tables are to be named before `open`. */
  table<Item extends StoredItem>(name: string): ItemTable<Item> {
    const table = new ItemTable<Item>((id, item) => {
      if (this.#log !== undefined) this.#pending.push({ table: name, id, ...(item === undefined ? {} : { item }) });
    });
    // A table is read and written by its owner only, who knows the type of its items.
    this.#tables.set(name, table as unknown as ItemTable<StoredItem>);
    return table;
  }

  /** Reads the file, if there is one. *Faults*: throws when it is damaged. */
  open(): void {
    if (this.#file === undefined) return;
    this.#log = openAppendLog<LogEntry>({
      file: this.#file,
      replay: ({ table, id, item }) => this.#tables.get(table)?.restore(id, item),
      snapshot: () => this.#entries(),
    });
  }

  /** Writes the changes since the last commit. */
  commit(): void {
    if (this.#log === undefined || this.#pending.length === 0) return;
    const entries = this.#pending;
    this.#pending = [];
    this.#log.append(entries);
  }

  clear(): void {
    for (const table of this.#tables.values()) table.clear();
    this.commit();
  }

  close(): void {
    this.commit();
    this.#log?.close();
    this.#log = undefined;
  }

  *#entries(): Generator<LogEntry> {
    for (const [table, items] of this.#tables) for (const item of items.all()) yield { table, id: item.id, item };
  }
}
