import { keyPrefixOf, toLongId } from './ids.ts';
import { wholeSecond } from './instants.ts';
import type { Org } from './org.ts';
import { deriveValues } from './records/derive-values.ts';
import { readValue } from './records/read-row.ts';
import type { ObjectSchema } from './schema/object-schema.ts';
import { type FieldValue, type FieldValues, storedRecord } from './stored-record.ts';

/** A record to be put into the org as it is. */
export interface SeedRecord {
  readonly object: string;
  /**
   * In the API's own form. `Id`, stamps, `IsDeleted` and every other read-only field may be given; what is left out is
   * filled in. With the id of a record that is there, the values given replace its own.
   */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What is wrong with the records to seed, one sentence each; empty when they can be seeded. */
export function seedProblems(org: Org, records: readonly SeedRecord[]): readonly string[] {
  return records.flatMap((record, at) => {
    const object = org.schema.object(record.object);
    if (object === undefined) return [`Record ${at}: the org has no object ${record.object}.`];
    return valueProblems(object, record.values).map((problem) => `Record ${at}: ${problem}`);
  });
}

/**
 * Puts records into the org without any of the checks of a write, and without messages. References may point to
 * records that are not there, picklists may hold anything: data that has grown over years looks like that.
 * Answers the ids, in order. Throws when `seedProblems` would have found something.
 */
export function seedRecords(org: Org, records: readonly SeedRecord[], userId: string): readonly string[] {
  const problems = seedProblems(org, records);
  if (problems.length > 0) throw new Error(`These records cannot be seeded. ${problems.slice(0, 5).join(' ')}`);
  return records.map((record) => {
    const object = org.store.table(org.schema.object(record.object)?.name ?? record.object).schema;
    return seedRecord(org, object, readValues(object, record.values), userId);
  });
}

function seedRecord(org: Org, object: ObjectSchema, given: FieldValues, userId: string): string {
  const id = typeof given.Id === 'string' ? (toLongId(given.Id) ?? given.Id) : org.ids.next(object.keyPrefix);
  org.ids.avoid(id);
  const before = org.store.table(object.name).get(id);
  const now = wholeSecond(org.now());
  const created = given.CreatedDate ?? before?.values.CreatedDate ?? now;
  const modified = given.LastModifiedDate ?? given.SystemModstamp ?? given.CreatedDate ?? now;
  const values: Record<string, FieldValue> = {
    ...fillIns(org, object, userId),
    ...before?.values,
    ...given,
    Id: id,
    CreatedDate: created,
    LastModifiedDate: modified,
    SystemModstamp: given.SystemModstamp ?? modified,
  };
  const derived = deriveValues(object.name, values, values, before, now);
  org.store.put(object.name, storedRecord({ ...values, ...derived, ...given, Id: id }), 'org');
  return id;
}

function fillIns(org: Org, object: ObjectSchema, userId: string): FieldValues {
  const values: Record<string, FieldValue> = {};
  for (const field of object.fields) {
    if (field.defaultValue !== null) values[field.name] = field.defaultValue;
    if (field.referenceTo.includes('User') && !field.nillable) values[field.name] = userId;
  }
  const corporateCurrency = org.currencies[0];
  if (object.field('CurrencyIsoCode') !== undefined && corporateCurrency !== undefined) {
    values.CurrencyIsoCode = corporateCurrency;
  }
  return values;
}

function valueProblems(object: ObjectSchema, values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values).flatMap(([name, json]) => {
    if (name === 'attributes') return [];
    const field = object.field(name);
    if (field === undefined) return [`${object.name} has no field ${name}.`];
    const value = readValue(field, json);
    if (value === undefined) return [`${name} does not take this value; it is of type ${field.type}.`];
    if (field.type !== 'id' || typeof value !== 'string') return [];
    const id = toLongId(value);
    return id === undefined || keyPrefixOf(id) !== object.keyPrefix ? [`${value} is no id of ${object.name}.`] : [];
  });
}

function readValues(object: ObjectSchema, values: Readonly<Record<string, unknown>>): FieldValues {
  const read: Record<string, FieldValue> = {};
  for (const [name, json] of Object.entries(values)) {
    const field = object.field(name);
    const value = field === undefined ? undefined : readValue(field, json);
    if (field === undefined || value === undefined) continue;
    const isReference = field.type === 'reference' && typeof value === 'string';
    if (field.type === 'datetime' && typeof value === 'number') read[field.name] = wholeSecond(value);
    else read[field.name] = isReference ? (toLongId(value) ?? value) : value;
  }
  return read;
}
