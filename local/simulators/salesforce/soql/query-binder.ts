import type { ApiError } from '../api-error.ts';
import type { FieldSchema } from '../schema/field-schema.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import type { OrgSchema } from '../schema/org-schema.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { FieldValue, StoredRecord } from '../stored-record.ts';
import { errorAt } from './query-error.ts';
import type { QueryLiteral, QueryName } from './syntax.ts';
import { decodeText } from './text-literal.ts';

/** A field of a query, found in the org. */
export interface BoundField {
  readonly field: FieldSchema;
  /** The reference field to the parent whose field this is; undefined for a field of the object itself. */
  readonly via: FieldSchema | undefined;
  /** The parent's object when `via` is given, otherwise the object itself. */
  readonly object: ObjectSchema;
  readonly read: (record: StoredRecord) => FieldValue;
}

/** Finds what a query names in the org. The first thing not found is kept as `error`; results after it mean nothing. */
export class QueryBinder {
  error: ApiError | undefined;
  readonly store: RecordStore;
  readonly #soql: string;

  constructor(soql: string, store: RecordStore) {
    this.#soql = soql;
    this.store = store;
  }

  get schema(): OrgSchema {
    return this.store.schema;
  }

  fail(at: number, errorCode: string, detail: string): void {
    this.error ??= errorAt(this.#soql, at, errorCode, detail);
  }

  object(name: QueryName): ObjectSchema | undefined {
    const object = name.parts.length === 1 ? this.schema.shown(name.parts[0] ?? '') : undefined;
    if (object === undefined) {
      const detail = `sObject type '${name.parts.join('.')}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name.`;
      this.fail(name.at, 'INVALID_TYPE', detail);
    }
    return object;
  }

  /** A field of the object (`Name`, or `Account.Name` on accounts), or of one of its parents (`Owner.Email`). */
  field(object: ObjectSchema, name: QueryName): BoundField | undefined {
    const [first = '', second, ...more] = name.parts;
    const via = second === undefined ? undefined : object.relationship(first);
    if (second === undefined || (via === undefined && first.toLowerCase() === object.name.toLowerCase())) {
      return this.#ownField(object, second ?? first, name.at);
    }
    const parent = via?.referenceTo.map((target) => this.schema.shown(target)).find((target) => target !== undefined);
    if (via === undefined || parent === undefined || more.length > 0) {
      const detail = `Didn't understand relationship '${more.length > 0 ? second : first}' in field path.`;
      this.fail(name.at, 'INVALID_FIELD', detail);
      return undefined;
    }
    return this.#parentField(via, parent, second, name.at);
  }

  /** The text of a quoted literal. */
  text(literal: Extract<QueryLiteral, { kind: 'string' }>): string {
    const text = decodeText(literal.raw);
    if (text === undefined) this.fail(literal.at, 'MALFORMED_QUERY', `Invalid string literal '${literal.raw}'.`);
    return text ?? '';
  }

  #ownField(object: ObjectSchema, name: string, at: number): BoundField | undefined {
    const field = object.field(name);
    if (field === undefined) {
      this.#failColumn(object, name, at);
      return undefined;
    }
    return { field, via: undefined, object, read: (record) => record.values[field.name] ?? null };
  }

  #parentField(via: FieldSchema, parent: ObjectSchema, name: string, at: number): BoundField | undefined {
    const field = parent.field(name);
    if (field === undefined) {
      this.#failColumn(parent, name, at);
      return undefined;
    }
    const read = (record: StoredRecord): FieldValue => {
      const parentId = record.values[via.name];
      if (typeof parentId !== 'string' || this.store.isHidden(parentId)) return null;
      return this.store.record(parentId)?.values[field.name] ?? null;
    };
    return { field, via, object: parent, read };
  }

  #failColumn(object: ObjectSchema, name: string, at: number): void {
    const detail = `No such column '${name}' on entity '${object.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.`;
    this.fail(at, 'INVALID_FIELD', detail);
  }
}
