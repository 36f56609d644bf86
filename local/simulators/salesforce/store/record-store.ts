import { keyPrefixOf } from '../ids.ts';
import type { OrgSchema } from '../schema/org-schema.ts';
import { type FieldValues, type StoredRecord, storedRecord } from '../stored-record.ts';
import { ObjectTable } from './object-table.ts';

/** One write of the current request. */
export interface RecordChange {
  readonly object: string;
  readonly before: StoredRecord | undefined;
  readonly after: StoredRecord;
  /** `org` for what the platform does of its own accord (re-parenting, cleared lookups): no message goes out for it. */
  readonly by: 'user' | 'org';
}

/**
 * The org's records. Writes take effect at once and stay undoable until `commit`, so that a row, or a whole request
 * with allOrNone, can be rolled back.
 */
export class RecordStore {
  readonly schema: OrgSchema;
  readonly #tables: ReadonlyMap<string, ObjectTable>;
  #uncommitted: RecordChange[] = [];
  #hidden: ReadonlySet<string> = new Set();

  constructor(schema: OrgSchema) {
    this.schema = schema;
    this.#tables = new Map(schema.objects.map((object) => [object.name, new ObjectTable(object)]));
  }

  /** The table of an object of the schema; its name is spelled as in the schema. */
  table(object: string): ObjectTable {
    const table = this.#tables.get(object);
    if (table === undefined) throw new Error(`The org has no object ${object}.`);
    return table;
  }

  /** The record with that 18-character id, whatever object it belongs to; deleted ones too. */
  record(id: string): StoredRecord | undefined {
    const object = this.schema.objectOf(keyPrefixOf(id));
    return object === undefined ? undefined : this.table(object.name).get(id);
  }

  /** Sharing keeps these records, by 18-character id, from whoever uses the API; people in the org's screens go on. Replaces those before. */
  hide(ids: Iterable<string>): void {
    this.#hidden = new Set(ids);
  }

  isHidden(id: string): boolean {
    return this.#hidden.has(id);
  }

  put(object: string, after: StoredRecord, by: 'user' | 'org'): void {
    const table = this.table(object);
    const before = table.get(after.id);
    table.replace(before, after);
    this.#uncommitted.push({ object, before, after, by });
  }

  /** A point that `rollBackTo` can return to, until the next commit. */
  mark(): number {
    return this.#uncommitted.length;
  }

  rollBackTo(mark: number): void {
    for (const { object, before, after } of this.#uncommitted.splice(mark).reverse()) {
      this.table(object).replace(after, before);
    }
  }

  /** Makes the writes since the last commit final and hands them over, in order. */
  commit(): readonly RecordChange[] {
    const changes = this.#uncommitted;
    this.#uncommitted = [];
    return changes;
  }

  /** Puts a record as it is, final at once: for replaying what was committed before. */
  load(object: string, values: FieldValues): void {
    const record = storedRecord(values);
    const table = this.table(object);
    table.replace(table.get(record.id), record);
  }

  clear(): void {
    for (const table of this.#tables.values()) table.clear();
    this.#hidden = new Set();
    this.#uncommitted = [];
  }
}
