import type { FieldSchema } from '../schema/field-schema.ts';
import type { ObjectTable } from '../store/object-table.ts';
import type { FieldValue, StoredRecord } from '../stored-record.ts';
import { literalValue } from './bind-condition.ts';
import type { QueryBinder } from './query-binder.ts';
import type { Condition, Ordering } from './syntax.ts';

/** Which records a query looks at before its conditions are tested, and whether they come in the order it asks for. */
export interface AccessPath {
  readonly candidates: () => Iterable<StoredRecord>;
  readonly isOrdered: boolean;
  /** For tests and explanations. */
  readonly index: 'id' | 'value' | 'modstamp' | 'id order';
}

/**
 * Chooses the narrowest index the query's conditions allow: ids, then values of an indexed field, then a range of
 * SystemModstamp, then a range of Id; without any, all records in the order asked for, or by id.
 */
export function accessPath(
  binder: QueryBinder,
  table: ObjectTable,
  where: Condition | undefined,
  orderings: readonly Ordering[],
): AccessPath {
  const bounds = collectBounds(binder, table, where);
  const byIndex =
    bounds.find(({ field, members }) => members !== undefined && field.type === 'id') ??
    bounds.find(({ field, members }) => members !== undefined && table.hasIndex(field));
  if (byIndex?.members !== undefined) return byMembers(table, byIndex.field, byIndex.members);

  const modstamp = bounds.find(({ field }) => field.name === 'SystemModstamp');
  const id = bounds.find(({ field }) => field.type === 'id');
  const order = orderOf(orderings);
  if (modstamp !== undefined || (id === undefined && order?.index === 'modstamp')) {
    return inOrder('modstamp', order, rangeOf(modstamp, isNumber), (direction, from) =>
      table.byModstamp(direction, from),
    );
  }
  return inOrder('id order', order, rangeOf(id, isString), (direction, from) => table.inIdOrder(direction, from));
}

/** What a query's conditions, all of which must hold, say about one field. Bounds are inclusive and need not be tight. */
interface FieldBounds {
  readonly field: FieldSchema;
  members: readonly FieldValue[] | undefined;
  low: FieldValue;
  high: FieldValue;
}

function collectBounds(binder: QueryBinder, table: ObjectTable, where: Condition | undefined): FieldBounds[] {
  const bounds = new Map<string, FieldBounds>();
  const conditions = where === undefined ? [] : where.kind === 'and' ? where.conditions : [where];
  for (const condition of conditions) {
    if (condition.kind !== 'compare' && condition.kind !== 'set') continue;
    const bound = binder.field(table.schema, condition.name);
    if (bound === undefined || bound.via !== undefined) continue;
    const { field } = bound;
    const known = bounds.get(field.name) ?? { field, members: undefined, low: null, high: null };
    bounds.set(field.name, known);
    if (condition.kind === 'set') {
      const values = condition.literals.map((literal) => literalValue(binder, field, literal) ?? null);
      if (condition.comparison === 'IN' && !values.includes(null)) known.members ??= values;
      continue;
    }
    if (condition.comparison === 'LIKE') continue;
    const value = literalValue(binder, field, condition.literal) ?? null;
    if (value === null || condition.comparison === '!=') continue;
    if (condition.comparison === '=') known.members ??= [value];
    if (condition.comparison !== '<' && condition.comparison !== '<=') known.low = higher(known.low, value);
    if (condition.comparison !== '>' && condition.comparison !== '>=') known.high = lower(known.high, value);
  }
  return [...bounds.values()];
}

function higher(former: FieldValue, value: FieldValue): FieldValue {
  return former === null || (value !== null && value > former) ? value : former;
}

function lower(former: FieldValue, value: FieldValue): FieldValue {
  return former === null || (value !== null && value < former) ? value : former;
}

function byMembers(table: ObjectTable, field: FieldSchema, members: readonly FieldValue[]): AccessPath {
  const keys = [...new Set(members)].filter(isString);
  if (field.type === 'id') {
    return { candidates: () => keys.flatMap((key) => table.get(key) ?? []), isOrdered: false, index: 'id' };
  }
  return { candidates: () => keys.flatMap((key) => table.withValue(field, key)), isOrdered: false, index: 'value' };
}

type Direction = 'ascending' | 'descending';

/** The index whose order is the one asked for. */
function orderOf(orderings: readonly Ordering[]): { index: 'modstamp' | 'id order'; direction: Direction } | undefined {
  const [first, second, third] = orderings;
  if (first === undefined) return { index: 'id order', direction: 'ascending' };
  const direction = first.isDescending ? 'descending' : 'ascending';
  const isSameWay = second === undefined || (isNamed(second, 'id') && second.isDescending === first.isDescending);
  if (isNamed(first, 'systemmodstamp') && isSameWay && third === undefined) return { index: 'modstamp', direction };
  return isNamed(first, 'id') ? { index: 'id order', direction } : undefined;
}

function isNamed(ordering: Ordering, name: string): boolean {
  return ordering.name.parts.length === 1 && ordering.name.parts[0]?.toLowerCase() === name;
}

interface Range<Key> {
  readonly low: Key | undefined;
  readonly high: Key | undefined;
}

function rangeOf<Key extends FieldValue>(
  bounds: FieldBounds | undefined,
  isKey: (value: FieldValue) => value is Key,
): Range<Key> {
  const low = bounds?.low ?? null;
  const high = bounds?.high ?? null;
  return { low: isKey(low) ? low : undefined, high: isKey(high) ? high : undefined };
}

function inOrder<Key extends string | number>(
  index: 'modstamp' | 'id order',
  order: { readonly index: string; readonly direction: Direction } | undefined,
  range: Range<Key>,
  read: (direction: Direction, from: Key | undefined) => Iterable<StoredRecord>,
): AccessPath {
  const isOrdered = order?.index === index;
  const direction = isOrdered ? order.direction : 'ascending';
  const from = direction === 'ascending' ? range.low : range.high;
  const to = direction === 'ascending' ? range.high : range.low;
  return { candidates: () => upTo(read(direction, from), index, direction, to), isOrdered, index };
}

function* upTo<Key extends string | number>(
  records: Iterable<StoredRecord>,
  index: 'modstamp' | 'id order',
  direction: Direction,
  to: Key | undefined,
): Generator<StoredRecord, void> {
  for (const record of records) {
    const key = index === 'modstamp' ? record.systemModstamp : record.id;
    if (to !== undefined && (direction === 'ascending' ? key > to : key < to)) return;
    yield record;
  }
}

function isNumber(value: FieldValue): value is number {
  return typeof value === 'number';
}

function isString(value: FieldValue): value is string {
  return typeof value === 'string';
}
