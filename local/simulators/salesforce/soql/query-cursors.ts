import type { StoredRecord } from '../stored-record.ts';
import type { QueryRows } from './run-query.ts';

/** A page of a query's result. `next` is the locator of the following one. */
export interface QueryPage {
  readonly rows: QueryRows;
  readonly records: readonly StoredRecord[];
  readonly next: string | undefined;
}

/**
 * Open query results, so that a client may come back for the next page. A result stays as it was when the query ran.
 * *Bounds*: 50 cursors, the oldest is dropped first; each lives two days.
 * *Source*: lifetime and form of a locator, https://help.salesforce.com/s/articleView?id=000384958
 */
export class QueryCursors {
  readonly #now: () => number;
  readonly #nextId: () => string;
  readonly #open = new Map<
    string,
    { readonly rows: QueryRows; readonly pageSize: number; readonly openedAt: number }
  >();

  /** `nextId` must never repeat an id, not even after a restart: an old locator must not find a new result. */
  constructor(now: () => number, nextId: () => string) {
    this.#now = now;
    this.#nextId = nextId;
  }

  /** The first page; a cursor is opened only when there are more. */
  firstPage(rows: QueryRows, pageSize: number): QueryPage {
    if (rows.records.length <= pageSize) return { rows, records: rows.records, next: undefined };
    const id = this.#nextId();
    this.#open.set(id, { rows, pageSize, openedAt: this.#now() });
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= cursorsMax) break;
      this.#open.delete(oldest);
    }
    return this.#page(id, rows, pageSize, 0);
  }

  /** The page a locator stands for; `undefined` when it is unknown, dropped or too old. */
  nextPage(locator: string): QueryPage | undefined {
    const separator = locator.lastIndexOf('-');
    const id = locator.slice(0, separator);
    const start = Number(locator.slice(separator + 1));
    const cursor = this.#open.get(id);
    if (cursor === undefined || !Number.isInteger(start) || start < 0) return undefined;
    if (this.#now() - cursor.openedAt > lifetimeMs) {
      this.#open.delete(id);
      return undefined;
    }
    return this.#page(id, cursor.rows, cursor.pageSize, start);
  }

  clear(): void {
    this.#open.clear();
  }

  #page(id: string, rows: QueryRows, pageSize: number, start: number): QueryPage {
    const end = start + pageSize;
    const next = end < rows.records.length ? `${id}-${end}` : undefined;
    return { rows, records: rows.records.slice(start, end), next };
  }
}

const cursorsMax = 50;
const lifetimeMs = 2 * 24 * 60 * 60 * 1000;
