import type { ApiError } from '../api-error.ts';
import { fieldJson, recordAttributes } from '../record-json.ts';
import type { FieldSchema } from '../schema/field-schema.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import type { RecordStore } from '../store/record-store.ts';
import { type FieldValue, isDeleted, type StoredRecord } from '../stored-record.ts';
import { type AccessPath, accessPath } from './access-path.ts';
import { bindCondition, comparableValue, type RecordTest } from './bind-condition.ts';
import { QueryBinder } from './query-binder.ts';
import type { Ordering, QueryName, Selection, SoqlQuery } from './syntax.ts';

/** A query ready to run against the store it was bound to. */
export interface BoundQuery {
  readonly isCount: boolean;
  readonly access: AccessPath;
  readonly matches: RecordTest;
  /** Undefined when the access path gives the records in order. */
  readonly compare: ((left: StoredRecord, right: StoredRecord) => number) | undefined;
  readonly limit: number | undefined;
  readonly offset: number;
  readonly toJson: RecordToJson;
}

export type RecordToJson = (record: StoredRecord, dataPath: string) => Record<string, unknown>;

export type BindOutcome =
  | { readonly ok: true; readonly query: BoundQuery }
  | { readonly ok: false; readonly error: ApiError };

/** Finds everything the query names in the org and chooses how to run it. */
export function bindQuery(soql: string, query: SoqlQuery, store: RecordStore, includesDeleted: boolean): BindOutcome {
  const binder = new QueryBinder(soql, store);
  const object = binder.object(query.from);
  if (query.offset > offsetMax) {
    const detail = `Maximum SOQL offset allowed is ${offsetMax}`;
    return { ok: false, error: { errorCode: 'NUMBER_OUTSIDE_VALID_RANGE', message: detail } };
  }
  const bound = object === undefined ? undefined : bindOn(binder, object, query, includesDeleted);
  if (binder.error !== undefined) return { ok: false, error: binder.error };
  if (bound === undefined) throw new Error('A query without an object has an error.');
  return { ok: true, query: bound };
}

const offsetMax = 2_000;

function bindOn(binder: QueryBinder, object: ObjectSchema, query: SoqlQuery, includesDeleted: boolean): BoundQuery {
  const condition: RecordTest = query.where === undefined ? always : bindCondition(binder, object, query.where);
  const compare = bindOrderings(binder, object, query.orderings);
  const toJson = bindSelections(binder, object, query.selections, includesDeleted);
  const access = accessPath(binder, binder.store.table(object.name), query.where, query.orderings);
  return {
    isCount: query.isCount,
    access,
    matches: (record) => isListed(binder.store, record, includesDeleted) && condition(record),
    compare: access.isOrdered ? undefined : compare,
    limit: query.limit,
    offset: query.offset,
    toJson,
  };
}

const always = (): boolean => true;

function isListed(store: RecordStore, record: StoredRecord, includesDeleted: boolean): boolean {
  return (includesDeleted || !isDeleted(record)) && !store.isHidden(record.id);
}

type Comparator = (left: StoredRecord, right: StoredRecord) => number;

function bindOrderings(
  binder: QueryBinder,
  object: ObjectSchema,
  orderings: readonly Ordering[],
): Comparator | undefined {
  const comparators = orderings.map((ordering) => bindOrdering(binder, object, ordering));
  if (comparators.length === 0) return undefined;
  return (left, right) => {
    for (const compare of comparators) {
      const difference = compare(left, right);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

function bindOrdering(binder: QueryBinder, object: ObjectSchema, ordering: Ordering): Comparator {
  const bound = binder.field(object, ordering.name);
  const isSortable = bound?.field.filterable === true && !unsortableTypes.has(bound.field.type);
  if (bound === undefined || !isSortable) {
    const detail = `field '${ordering.name.parts.join('.')}' can not be sorted in a query call`;
    binder.fail(ordering.name.at, 'INVALID_FIELD', detail);
    return () => 0;
  }
  const { field, read } = bound;
  const sign = ordering.isDescending ? -1 : 1;
  const nullSign = ordering.areNullsLast ? 1 : -1;
  return (leftRecord, rightRecord) => {
    const left = comparableValue(field, read(leftRecord));
    const right = comparableValue(field, read(rightRecord));
    if (left === right) return 0;
    if (left === null) return nullSign;
    if (right === null) return -nullSign;
    return left < right ? -sign : sign;
  };
}

const unsortableTypes: ReadonlySet<string> = new Set(['address', 'multipicklist']);

type Writer = (record: StoredRecord, json: Record<string, unknown>, dataPath: string) => void;

/** The JSON of a row: the fields in the order asked for, those of one parent together in one object. */
function bindSelections(
  binder: QueryBinder,
  object: ObjectSchema,
  selections: readonly Selection[],
  includesDeleted: boolean,
): RecordToJson {
  const writers: Writer[] = [];
  const parents = new Map<FieldSchema, { parent: ObjectSchema; fields: FieldSchema[] }>();
  for (const selection of selections) {
    if (selection.kind === 'children') {
      writers.push(bindChildren(binder, object, selection.query, includesDeleted));
      continue;
    }
    const bound = binder.field(object, selection.name);
    if (bound === undefined) continue;
    const { field, via } = bound;
    if (via === undefined) {
      writers.push((record, json) => {
        json[field.name] = fieldJson(field, record.values);
      });
      continue;
    }
    const known = parents.get(via);
    if (known !== undefined) known.fields.push(field);
    else {
      const fields = [field];
      parents.set(via, { parent: bound.object, fields });
      writers.push(parentWriter(binder.store, via, bound.object, fields));
    }
  }
  return (record, dataPath) => {
    const json: Record<string, unknown> = { attributes: recordAttributes(object, record, dataPath) };
    for (const write of writers) write(record, json, dataPath);
    return json;
  };
}

function parentWriter(
  store: RecordStore,
  via: FieldSchema,
  parent: ObjectSchema,
  fields: readonly FieldSchema[],
): Writer {
  return (record, json, dataPath) => {
    const name = via.relationshipName ?? via.name;
    const parentRecord = parentOf(store, record.values[via.name]);
    if (parentRecord === undefined) {
      json[name] = null;
      return;
    }
    const nested: Record<string, unknown> = { attributes: recordAttributes(parent, parentRecord, dataPath) };
    for (const field of fields) nested[field.name] = fieldJson(field, parentRecord.values);
    json[name] = nested;
  };
}

function parentOf(store: RecordStore, id: FieldValue | undefined): StoredRecord | undefined {
  return typeof id === 'string' && !store.isHidden(id) ? store.record(id) : undefined;
}

/** A subquery: per record the children that match, as a result of its own; null when there are none. */
function bindChildren(binder: QueryBinder, object: ObjectSchema, query: SoqlQuery, includesDeleted: boolean): Writer {
  const relation = childRelation(binder, object, query.from);
  if (relation === undefined) return () => undefined;
  const { child, field } = relation;
  const table = binder.store.table(child.name);
  const matches = query.where === undefined ? always : bindCondition(binder, child, query.where);
  const compare = bindOrderings(binder, child, query.orderings);
  const toJson = bindSelections(binder, child, query.selections, includesDeleted);
  return (record, json, dataPath) => {
    const children = table
      .withValue(field, record.id)
      .filter((candidate) => isListed(binder.store, candidate, includesDeleted) && matches(candidate));
    if (compare !== undefined) children.sort(compare);
    const records = children
      .slice(query.offset, query.limit === undefined ? undefined : query.offset + query.limit)
      .map((candidate) => toJson(candidate, dataPath));
    const name = field.childRelationshipName ?? child.name;
    json[name] = records.length === 0 ? null : { totalSize: records.length, done: true, records };
  };
}

function childRelation(binder: QueryBinder, object: ObjectSchema, name: QueryName) {
  const wanted = name.parts.join('.').toLowerCase();
  const relation = binder.schema
    .childrenOf(object.name)
    .find(({ field }) => field.childRelationshipName?.toLowerCase() === wanted);
  if (relation === undefined) {
    const detail = `Didn't understand relationship '${name.parts.join('.')}' in FROM part of query call.`;
    binder.fail(name.at, 'INVALID_TYPE', detail);
  }
  return relation;
}
