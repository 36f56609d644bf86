import type { FieldSchema } from '../schema/field-schema.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import type { StoredRecord } from '../stored-record.ts';
import { OrderedIndex } from './ordered-index.ts';

/**
 * All records of one object, deleted ones included, with the indexes queries and uniqueness need:
 * by id, in the order of (SystemModstamp, Id), in the order of Id, and by value for external ids, unique fields,
 * lookup fields and references to other objects of the org (not to users: half the records would share a value).
 */
export class ObjectTable {
  readonly schema: ObjectSchema;
  readonly #byId = new Map<string, StoredRecord>();
  readonly #byModstamp = new OrderedIndex<StoredRecord>(compareModstamp);
  readonly #inIdOrder = new OrderedIndex<StoredRecord>(compareId);
  readonly #byValue: ReadonlyMap<string, Map<string, string[]>>;

  constructor(schema: ObjectSchema) {
    this.schema = schema;
    this.#byValue = new Map(schema.fields.filter(isIndexed).map((field) => [field.name, new Map()]));
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): StoredRecord | undefined {
    return this.#byId.get(id);
  }

  /** Whether `withValue` can answer for the field. */
  hasIndex(field: FieldSchema): boolean {
    return this.#byValue.has(field.name);
  }

  /** The records with that value in an indexed field; text is compared without regard to case. */
  withValue(field: FieldSchema, value: string): readonly StoredRecord[] {
    const ids = this.#byValue.get(field.name)?.get(indexKey(field, value)) ?? [];
    return ids.flatMap((id) => this.#byId.get(id) ?? []);
  }

  /** In the order of (SystemModstamp, Id), from that stamp on, or down from it. */
  byModstamp(direction: 'ascending' | 'descending', bound?: number): Iterable<StoredRecord> {
    if (bound === undefined) return this.#byModstamp[direction]();
    return direction === 'ascending'
      ? this.#byModstamp.ascending((record) => record.systemModstamp < bound)
      : this.#byModstamp.descending((record) => record.systemModstamp > bound);
  }

  /** In the order of Id, from that id on, or down from it. */
  inIdOrder(direction: 'ascending' | 'descending', bound?: string): Iterable<StoredRecord> {
    if (bound === undefined) return this.#inIdOrder[direction]();
    return direction === 'ascending'
      ? this.#inIdOrder.ascending((record) => record.id < bound)
      : this.#inIdOrder.descending((record) => record.id > bound);
  }

  /** Puts `after` in the place of `before`; both are versions of one record, and at least one is given. */
  replace(before: StoredRecord | undefined, after: StoredRecord | undefined): void {
    if (before !== undefined) this.#byModstamp.delete(before);
    if (after === undefined) {
      if (before !== undefined) this.#forget(before);
    } else {
      this.#byId.set(after.id, after);
      this.#byModstamp.insert(after);
      // The id order holds the version that is there, so that iterating over it needs no second look-up.
      if (before !== undefined) this.#inIdOrder.delete(before);
      this.#inIdOrder.insert(after);
    }
    for (const [name, ids] of this.#byValue) this.#reindex(name, ids, before, after);
  }

  clear(): void {
    this.#byId.clear();
    this.#byModstamp.clear();
    this.#inIdOrder.clear();
    for (const ids of this.#byValue.values()) ids.clear();
  }

  #forget(record: StoredRecord): void {
    this.#byId.delete(record.id);
    this.#inIdOrder.delete(record);
  }

  #reindex(
    name: string,
    ids: Map<string, string[]>,
    before: StoredRecord | undefined,
    after: StoredRecord | undefined,
  ): void {
    const former = before?.values[name];
    const current = after?.values[name];
    if (former === current) return;
    const field = this.schema.field(name);
    if (field === undefined) return;
    if (typeof former === 'string' && before !== undefined) removeId(ids, indexKey(field, former), before.id);
    if (typeof current === 'string' && after !== undefined) addId(ids, indexKey(field, current), after.id);
  }
}

function isIndexed(field: FieldSchema): boolean {
  if (field.type === 'reference') return field.referenceTo.some((object) => object !== 'User' && object !== 'Group');
  return field.type !== 'id' && (field.unique || field.externalId || field.idLookup);
}

function indexKey(field: FieldSchema, value: string): string {
  return field.type === 'reference' ? value : value.toLowerCase();
}

function addId(ids: Map<string, string[]>, key: string, id: string): void {
  const present = ids.get(key);
  if (present === undefined) ids.set(key, [id]);
  else present.push(id);
}

function removeId(ids: Map<string, string[]>, key: string, id: string): void {
  const present = ids.get(key);
  if (present === undefined) return;
  const at = present.indexOf(id);
  if (at >= 0) present.splice(at, 1);
  if (present.length === 0) ids.delete(key);
}

function compareModstamp(left: StoredRecord, right: StoredRecord): number {
  return left.systemModstamp - right.systemModstamp || compareId(left, right);
}

function compareId(left: StoredRecord, right: StoredRecord): number {
  if (left.id === right.id) return 0;
  return left.id < right.id ? -1 : 1;
}
