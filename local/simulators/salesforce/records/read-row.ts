import { type RowError, rowError } from '../api-error.ts';
import { formatDate, isDate, parseInstant } from '../instants.ts';
import { type FieldSchema, isDecimal, isText } from '../schema/field-schema.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import type { FieldValue, FieldValues } from '../stored-record.ts';

/**
 * One row of a request, read against its object.
 * `refused` concerns this row alone; `unreadable` is a value of the wrong JSON type, which makes the API refuse the
 * whole request before anything is written.
 */
export type ReadRow =
  | { readonly kind: 'values'; readonly values: FieldValues }
  | { readonly kind: 'refused'; readonly error: RowError }
  | { readonly kind: 'unreadable'; readonly message: string };

/**
 * Reads the JSON of a row: names are matched without regard to case, values are brought into the form they are kept in.
 * `attributes` and the record id are left out. Numbers may come as text, dates as instants, as the API allows.
 */
export function readRow(object: ObjectSchema, row: Readonly<Record<string, unknown>>): ReadRow {
  const values: Record<string, FieldValue> = {};
  for (const [name, json] of Object.entries(row)) {
    if (name === 'attributes' || name.toLowerCase() === 'id') continue;
    const field = object.field(name);
    if (field === undefined) return { kind: 'refused', error: unknownField(object, name) };
    const value = readValue(field, json);
    if (value === undefined) return { kind: 'unreadable', message: unreadable(field, json) };
    values[field.name] = value;
  }
  return { kind: 'values', values };
}

/** The record id of a row, as it was given. */
export function idOfRow(row: Readonly<Record<string, unknown>>): unknown {
  return row.Id ?? row.id;
}

/** The value in the form it is kept in, or `undefined` when the JSON type does not fit the field. */
export function readValue(field: FieldSchema, json: unknown): FieldValue | undefined {
  if (json === null) return null;
  if (field.type === 'boolean') return readBoolean(json);
  if (field.type === 'int') return readNumber(json, Number.isInteger);
  if (isDecimal(field.type)) return readNumber(json, Number.isFinite);
  if (typeof json !== 'string') return undefined;
  if (isText(field.type)) return trimmed(json);
  if (json === '') return null;
  if (field.type === 'date') return readDate(json);
  if (field.type === 'datetime') return readInstant(json);
  return json;
}

/** Text loses the white space around it when it is saved, and empty text is no value. */
function trimmed(text: string): string | null {
  const kept = text.trim();
  return kept === '' ? null : kept;
}

function readBoolean(json: unknown): boolean | undefined {
  if (json === true || json === 'true') return true;
  if (json === false || json === 'false') return false;
  return undefined;
}

function readNumber(json: unknown, accepts: (value: number) => boolean): number | undefined {
  const value = typeof json === 'string' && /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(json) ? Number(json) : json;
  return typeof value === 'number' && accepts(value) ? value : undefined;
}

function readDate(text: string): string | undefined {
  if (isDate(text)) return text;
  const instant = parseInstant(text);
  return instant === undefined ? undefined : formatDate(instant);
}

function readInstant(text: string): number | undefined {
  return isDate(text) ? Date.parse(`${text}T00:00:00Z`) : parseInstant(text);
}

function unknownField(object: ObjectSchema, name: string): RowError {
  return rowError('INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
}

function unreadable(field: FieldSchema, json: unknown): string {
  return `Cannot deserialize instance of ${field.type} from ${jsonTokenName(json)} value ${describeJson(json)} or request may be missing a required field`;
}

function jsonTokenName(json: unknown): string {
  if (typeof json === 'string') return 'VALUE_STRING';
  if (typeof json === 'boolean') return json ? 'VALUE_TRUE' : 'VALUE_FALSE';
  if (typeof json === 'number') return Number.isInteger(json) ? 'VALUE_NUMBER_INT' : 'VALUE_NUMBER_FLOAT';
  return Array.isArray(json) ? 'START_ARRAY' : 'START_OBJECT';
}

function describeJson(json: unknown): string {
  if (typeof json !== 'object') return String(json);
  return Array.isArray(json) ? '[' : '{';
}
