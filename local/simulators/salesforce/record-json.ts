import { formatInstant } from './instants.ts';
import type { FieldSchema } from './schema/field-schema.ts';
import type { ObjectSchema } from './schema/object-schema.ts';
import type { FieldValues, StoredRecord } from './stored-record.ts';

/** A record as the API answers it, with the fields named, in their order. */
export function recordJson(
  object: ObjectSchema,
  record: StoredRecord,
  fields: readonly FieldSchema[],
  dataPath: string,
): Record<string, unknown> {
  const json: Record<string, unknown> = { attributes: recordAttributes(object, record, dataPath) };
  for (const field of fields) json[field.name] = fieldJson(field, record.values);
  return json;
}

/** The `attributes` member that leads every record. */
export function recordAttributes(object: ObjectSchema, record: StoredRecord, dataPath: string): Record<string, string> {
  return { type: object.name, url: `${dataPath}/sobjects/${object.name}/${record.id}` };
}

/** A field of a record as the API answers it. */
export function fieldJson(field: FieldSchema, values: FieldValues): unknown {
  if (field.type === 'address') return addressJson(field, values);
  const value = values[field.name] ?? null;
  return field.type === 'datetime' && typeof value === 'number' ? formatInstant(value) : value;
}

/** An address is null when all its parts are. */
function addressJson(field: FieldSchema, values: FieldValues): Record<string, unknown> | null {
  const prefix = field.name.slice(0, -'Address'.length);
  const part = (name: string) => values[`${prefix}${name}`] ?? null;
  const address = {
    city: part('City'),
    country: part('Country'),
    geocodeAccuracy: null,
    latitude: part('Latitude'),
    longitude: part('Longitude'),
    postalCode: part('PostalCode'),
    state: part('State'),
    street: part('Street'),
  };
  return Object.values(address).some((value) => value !== null) ? address : null;
}
