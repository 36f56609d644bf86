import { toLongId } from '../ids.ts';
import { type FieldSchema, isDecimal, isText } from '../schema/field-schema.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import type { FieldValue, StoredRecord } from '../stored-record.ts';
import type { BoundField, QueryBinder } from './query-binder.ts';
import type { Comparison, Condition, QueryLiteral } from './syntax.ts';
import { likeMatcher } from './text-literal.ts';

export type RecordTest = (record: StoredRecord) => boolean;
type ValueTest = (value: FieldValue) => boolean;

/** Makes a test of a condition: names found, literals checked against the fields' types, text prepared for comparison. */
export function bindCondition(binder: QueryBinder, object: ObjectSchema, condition: Condition): RecordTest {
  switch (condition.kind) {
    case 'and': {
      const tests = condition.conditions.map((part) => bindCondition(binder, object, part));
      return (record) => tests.every((test) => test(record));
    }
    case 'or': {
      const tests = condition.conditions.map((part) => bindCondition(binder, object, part));
      return (record) => tests.some((test) => test(record));
    }
    case 'not': {
      const test = bindCondition(binder, object, condition.condition);
      return (record) => !test(record);
    }
    default: {
      const bound = binder.field(object, condition.name);
      if (bound === undefined) return never;
      if (!bound.field.filterable || bound.field.type === 'address') {
        const detail = `field '${bound.field.name}' can not be filtered in a query call`;
        binder.fail(condition.name.at, 'INVALID_FIELD', detail);
        return never;
      }
      const test =
        condition.kind === 'set' ? bindSet(binder, bound, condition) : bindComparison(binder, bound, condition);
      return (record) => test(bound.read(record));
    }
  }
}

/** The value a literal stands for when compared with the field; `undefined` after an error. */
export function literalValue(binder: QueryBinder, field: FieldSchema, literal: QueryLiteral): FieldValue | undefined {
  if (literal.kind === 'null') return null;
  if (literal.kind === 'string' && (field.type === 'id' || field.type === 'reference')) {
    return idValue(binder, binder.text(literal), literal.at);
  }
  if (literal.kind === 'string' && isText(field.type)) {
    const text = binder.text(literal).toLowerCase();
    return text === '' ? null : text;
  }
  if (literal.kind === 'boolean' && field.type === 'boolean') return literal.value;
  if (literal.kind === 'number' && (field.type === 'int' || isDecimal(field.type))) return literal.value;
  if (literal.kind === 'date' && field.type === 'date') return literal.value;
  if (literal.kind === 'datetime' && field.type === 'datetime') return literal.epochMs;
  const isQuoted = isText(field.type) || field.type === 'id' || field.type === 'reference';
  const quotes = isQuoted ? 'should be enclosed in quotes' : 'should not be enclosed in quotes';
  const type = field.type === 'datetime' ? 'dateTime' : isQuoted ? 'string' : field.type;
  const detail = `value of filter criterion for field '${field.name}' must be of type ${type} and ${quotes}`;
  binder.fail(literal.at, 'INVALID_FIELD', detail);
  return undefined;
}

/** A stored value in the form `literalValue` gives: text in lower case. */
export function comparableValue(field: FieldSchema, value: FieldValue): FieldValue {
  return typeof value === 'string' && isText(field.type) ? value.toLowerCase() : value;
}

const never = (): boolean => false;

function bindComparison(
  binder: QueryBinder,
  bound: BoundField,
  condition: Extract<Condition, { kind: 'compare' }>,
): ValueTest {
  const { comparison, literal, name } = condition;
  const { field } = bound;
  if (comparison === 'LIKE') return bindLike(binder, field, literal, name.at);
  const wanted = literalValue(binder, field, literal);
  if (wanted === undefined) return never;
  if (comparison === '=') return (value) => comparableValue(field, value) === wanted;
  if (comparison === '!=') return (value) => comparableValue(field, value) !== wanted;
  if (field.type === 'boolean' || wanted === null) {
    binder.fail(name.at, 'INVALID_FIELD', `invalid operator on ${field.type} field`);
    return never;
  }
  return (value) => value !== null && isOrdered(comparison, comparableValue(field, value) ?? '', wanted);
}

function isOrdered(comparison: Comparison, left: string | number | boolean, right: string | number | boolean): boolean {
  if (comparison === '<') return left < right;
  if (comparison === '<=') return left <= right;
  return comparison === '>' ? left > right : left >= right;
}

function bindLike(binder: QueryBinder, field: FieldSchema, literal: QueryLiteral, at: number): ValueTest {
  const matcher = literal.kind === 'string' ? likeMatcher(literal.raw) : undefined;
  if (matcher === undefined || !isText(field.type) || field.type === 'multipicklist') {
    binder.fail(at, 'INVALID_FIELD', `invalid operator on ${field.type} field`);
    return never;
  }
  return (value) => typeof value === 'string' && matcher(value);
}

function bindSet(binder: QueryBinder, bound: BoundField, condition: Extract<Condition, { kind: 'set' }>): ValueTest {
  const { comparison, literals, name } = condition;
  const { field } = bound;
  const values = literals.map((literal) => literalValue(binder, field, literal));
  if (comparison === 'IN' || comparison === 'NOT IN') {
    const members = new Set(values);
    const isWanted = comparison === 'IN';
    return (value) => members.has(comparableValue(field, value)) === isWanted;
  }
  if (field.type !== 'multipicklist') {
    binder.fail(name.at, 'INVALID_FIELD', `invalid operator on ${field.type} field`);
    return never;
  }
  // Each literal is a set that must be chosen as a whole; one of the literals suffices.
  const wantedSets = values.map((value) => (typeof value === 'string' ? value.split(';') : []));
  const isWanted = comparison === 'INCLUDES';
  return (value) => {
    const chosen = new Set(typeof value === 'string' ? value.toLowerCase().split(';') : []);
    return wantedSets.some((wanted) => wanted.every((part) => chosen.has(part))) === isWanted;
  };
}

function idValue(binder: QueryBinder, text: string, at: number): FieldValue | undefined {
  if (text === '') return null;
  const id = toLongId(text);
  if (id === undefined) binder.fail(at, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${text}`);
  return id;
}
