import { LazySortedList } from './lazy-sorted-list.ts';
import type { RecordVersion } from './record-version.ts';
import { type IndexLag, SearchIndex } from './search-index.ts';

export interface ObjectRecordsOptions {
  /** Property → the values of a record that no other may hold. */
  readonly uniqueValues: (version: RecordVersion) => Readonly<Record<string, readonly string[]>>;
  readonly indexLagMs: IndexLag;
}

/**
 * The records of one object type, with every index reads and writes need: by id, by unique value, in order of id, and
 * the search index, which may lag behind.
 */
export class ObjectRecords {
  readonly searchIndex: SearchIndex;
  readonly #options: ObjectRecordsOptions;
  readonly #live = new Map<string, RecordVersion>();
  readonly #archived = new Map<string, RecordVersion>();
  readonly #survivors = new Map<string, string>();
  readonly #byUniqueValue = new Map<string, string>();
  readonly #liveIds: LazySortedList<number>;
  readonly #archivedIds: LazySortedList<number>;

  constructor(options: ObjectRecordsOptions) {
    this.#options = options;
    this.searchIndex = new SearchIndex(options.indexLagMs);
    this.#liveIds = idsOf(this.#live);
    this.#archivedIds = idsOf(this.#archived);
  }

  get liveCount(): number {
    return this.#live.size;
  }

  get archivedCount(): number {
    return this.#archived.size;
  }

  /** The live record of this id, or the one it was merged into. */
  find(id: string): RecordVersion | undefined {
    return this.#live.get(this.survivorOf(id));
  }

  findArchived(id: string): RecordVersion | undefined {
    return this.#archived.get(id);
  }

  /** The live record that holds this value of a unique property. */
  findByUniqueValue(property: string, value: string): RecordVersion | undefined {
    const id = this.#byUniqueValue.get(uniqueKey(property, value));
    return id === undefined ? undefined : this.#live.get(id);
  }

  /** The id itself, or that of the record it was merged into, over any number of merges. */
  survivorOf(id: string): string {
    let current = id;
    // A merge always points to a younger state, so the chain ends; the bound only guards against a damaged file.
    for (let step = 0; step < 1_000; step += 1) {
      const next = this.#survivors.get(current);
      if (next === undefined) return current;
      current = next;
    }
    return current;
  }

  /** Puts a version in place of the former one. `now` dates its way into the search index. */
  put(version: RecordVersion, now: number): void {
    const former = this.#live.get(version.id);
    if (former !== undefined) this.#forgetUniqueValues(former);
    if (version.archivedAt !== null) {
      this.#live.delete(version.id);
      this.searchIndex.remove(version.id);
      if (!this.#archived.has(version.id)) this.#archivedIds.add(Number(version.id));
      this.#archived.set(version.id, version);
      return;
    }
    this.#archived.delete(version.id);
    if (former === undefined) this.#liveIds.add(Number(version.id));
    this.#live.set(version.id, version);
    for (const key of this.#uniqueKeys(version)) this.#byUniqueValue.set(key, version.id);
    this.searchIndex.put(version, now);
  }

  /** Takes the loser away and leads its id to the survivor from now on. */
  redirect(loserId: string, survivorId: string): void {
    this.erase(loserId);
    this.#survivors.set(loserId, survivorId);
  }

  /** Forgets the record as if it had never been. */
  erase(id: string): void {
    const former = this.#live.get(id);
    if (former !== undefined) this.#forgetUniqueValues(former);
    this.#live.delete(id);
    this.#archived.delete(id);
    this.searchIndex.remove(id);
  }

  /** Up to `limit` records with ids above `afterId`, in order of id. */
  list(isArchived: boolean, afterId: number, limit: number): readonly RecordVersion[] {
    const records = isArchived ? this.#archived : this.#live;
    const page: RecordVersion[] = [];
    for (const id of (isArchived ? this.#archivedIds : this.#liveIds).from((candidate) => candidate > afterId)) {
      const record = records.get(String(id));
      if (record !== undefined) page.push(record);
      if (page.length === limit) break;
    }
    return page;
  }

  *all(): Generator<RecordVersion, void, undefined> {
    yield* this.#live.values();
    yield* this.#archived.values();
  }

  redirections(): Iterable<readonly [loserId: string, survivorId: string]> {
    return this.#survivors;
  }

  #uniqueKeys(version: RecordVersion): string[] {
    return Object.entries(this.#options.uniqueValues(version)).flatMap(([property, values]) =>
      values.map((value) => uniqueKey(property, value)),
    );
  }

  #forgetUniqueValues(version: RecordVersion): void {
    for (const key of this.#uniqueKeys(version)) {
      if (this.#byUniqueValue.get(key) === version.id) this.#byUniqueValue.delete(key);
    }
  }
}

function uniqueKey(property: string, value: string): string {
  return `${property}=${value}`;
}

function idsOf(records: ReadonlyMap<string, RecordVersion>): LazySortedList<number> {
  return new LazySortedList({ compare: (a, b) => a - b, isCurrent: (id) => records.has(String(id)) });
}
