import Big from 'big.js';
import { type RowError, rowError } from '../api-error.ts';
import { type FieldSchema, isDecimal, isText } from '../schema/field-schema.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import type { FieldValue, FieldValues, StoredRecord } from '../stored-record.ts';
import { checkReference } from './check-reference.ts';
import type { WriteContext } from './write-context.ts';

/** Values ready to be saved, or every reason why they are not. */
export type CheckedValues =
  | { readonly ok: true; readonly values: FieldValues }
  | { readonly ok: false; readonly errors: readonly RowError[] };

/**
 * Checks the values of a create (`before` is undefined) or an update against the object, and brings them into the form
 * in which they are saved: ids with 18 characters, numbers rounded to their scale, multi-select values in the order of
 * their definition.
 */
export function checkValues(
  context: WriteContext,
  object: ObjectSchema,
  values: FieldValues,
  before: StoredRecord | undefined,
): CheckedValues {
  const readOnly = readOnlyFields(object, values, before);
  if (readOnly.length > 0) return { ok: false, errors: [notWritable(readOnly)] };
  const missing = missingFields(object, values, before);
  if (missing.length > 0) return { ok: false, errors: [requiredMissing(missing)] };

  const checked: Record<string, FieldValue> = {};
  const errors: RowError[] = [];
  for (const [name, value] of Object.entries(values)) {
    const field = object.field(name);
    if (field === undefined) continue;
    const outcome = checkValue(context, object, field, value, before);
    if (typeof outcome === 'object' && outcome !== null) errors.push(outcome);
    else checked[name] = outcome;
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, values: checked };
}

function checkValue(
  context: WriteContext,
  object: ObjectSchema,
  field: FieldSchema,
  value: FieldValue,
  before: StoredRecord | undefined,
): FieldValue | RowError {
  if (value === null) {
    if (field.type !== 'boolean') return null;
    return rowError('INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: null`, [
      field.name,
    ]);
  }
  if (typeof value === 'string') {
    if (field.type === 'reference') return checkReference(context, object, field, value, before);
    if (field.type === 'multipicklist') return checkMultipicklist(field, value);
    return isText(field.type) ? checkText(field, value) : value;
  }
  if (typeof value === 'number' && field.type === 'int') return checkInteger(field, value);
  if (typeof value === 'number' && isDecimal(field.type)) return checkDecimal(field, value);
  return value;
}

function checkText(field: FieldSchema, value: string): FieldValue | RowError {
  if (value.length > field.length) {
    const message = `${field.label}: data value too large: ${value} (max length=${field.length})`;
    return rowError('STRING_TOO_LONG', message, [field.name]);
  }
  if (field.type === 'email' && !isEmail(value)) {
    return rowError('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, [field.name]);
  }
  if (field.type === 'picklist') return checkPicklist(field, value);
  return value;
}

/** A picklist takes a value in any case and keeps the spelling of its definition. */
function checkPicklist(field: FieldSchema, value: string): string | RowError {
  const defined = definedValue(field, value);
  if (defined === undefined && field.restricted) return notInPicklist(field, value);
  return defined ?? value;
}

function checkMultipicklist(field: FieldSchema, value: string): string | null | RowError {
  const chosen = new Set<string>();
  for (const part of value.split(';').map((text) => text.trim())) {
    if (part === '') continue;
    const defined = definedValue(field, part);
    if (defined === undefined && field.restricted) return notInPicklist(field, part);
    chosen.add(defined ?? part);
  }
  const ordered = field.picklist.filter((defined) => chosen.delete(defined));
  const joined = [...ordered, ...chosen].join(';');
  if (joined.length > field.length) {
    const message = `${field.label}: data value too large: ${joined} (max length=${field.length})`;
    return rowError('STRING_TOO_LONG', message, [field.name]);
  }
  return joined === '' ? null : joined;
}

function definedValue(field: FieldSchema, value: string): string | undefined {
  const wanted = value.toLowerCase();
  return field.picklist.find((defined) => defined.toLowerCase() === wanted);
}

function checkInteger(field: FieldSchema, value: number): number | RowError {
  return Math.abs(value) < 2 ** 31 ? value : outsideRange(field, value);
}

function checkDecimal(field: FieldSchema, value: number): number | RowError {
  if (Math.abs(value) >= 10 ** (field.precision - field.scale)) return outsideRange(field, value);
  if (Number.isInteger(value)) return value;
  // Rounded as decimal text, so that 1.005 becomes 1.01 as it does in the org, and not 1.00 as in binary arithmetic.
  return new Big(value).round(field.scale, Big.roundHalfUp).toNumber();
}

function readOnlyFields(object: ObjectSchema, values: FieldValues, before: StoredRecord | undefined): string[] {
  return Object.keys(values).filter((name) => {
    const field = object.field(name);
    return field !== undefined && !(before === undefined ? field.createable : field.updateable);
  });
}

/** Required fields a create leaves out, or an update clears. */
function missingFields(object: ObjectSchema, values: FieldValues, before: StoredRecord | undefined): string[] {
  return object.fields
    .filter((field) => {
      if (field.nillable || !field.createable || field.type === 'boolean') return false;
      const value = values[field.name];
      if (value === null) return true;
      return value === undefined && before === undefined && !field.defaultedOnCreate;
    })
    .map((field) => field.name);
}

function notWritable(fields: readonly string[]): RowError {
  const message = `Unable to create/update fields: ${fields.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
  return rowError('INVALID_FIELD_FOR_INSERT_UPDATE', message, fields);
}

function requiredMissing(fields: readonly string[]): RowError {
  return rowError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${fields.join(', ')}]`, fields);
}

function notInPicklist(field: FieldSchema, value: string): RowError {
  const message = `${field.label}: bad value for restricted picklist field: ${value}`;
  return rowError('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [field.name]);
}

function outsideRange(field: FieldSchema, value: number): RowError {
  const message = `${field.label}: value outside of valid range on numeric field: ${value}`;
  return rowError('NUMBER_OUTSIDE_VALID_RANGE', message, [field.name]);
}

/** Near to what the org accepts: one @, no white space, and a domain with a dot. */
function isEmail(text: string): boolean {
  return /^[^\s@,;<>()[\]\\]+@[^\s@,;<>()[\]\\.]+(?:\.[^\s@,;<>()[\]\\.]+)+$/.test(text);
}
