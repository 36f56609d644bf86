import { toApiError } from '../api-error.ts';
import { keyPrefixOf, toLongId } from '../ids.ts';
import { recordJson } from '../record-json.ts';
import { deleteRecord } from '../records/delete-record.ts';
import { type ReadRow, readRow } from '../records/read-row.ts';
import type { RowOutcome } from '../records/row-outcome.ts';
import { createRecord, updateRecord } from '../records/save-record.ts';
import { isUpsertKey, matchesOfKey, upsertRecord } from '../records/upsert-record.ts';
import type { FieldSchema } from '../schema/field-schema.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import { isDeleted, type StoredRecord } from '../stored-record.ts';
import { type ApiAnswer, type ApiCall, type ApiRoute, apiErrors, notFound, statusOf } from './api-route.ts';
import { precondition } from './precondition.ts';
import { writeContextOf } from './write-context-of.ts';

/** One record at a time: by its id, or by an external id. */
export const recordRoutes: readonly ApiRoute[] = [
  { method: 'POST', path: 'sobjects/:object', writes: true, answer: create },
  { method: 'GET', path: 'sobjects/:object/:id', writes: false, answer: getById },
  { method: 'PATCH', path: 'sobjects/:object/:id', writes: true, answer: updateById },
  { method: 'DELETE', path: 'sobjects/:object/:id', writes: true, answer: deleteById },
  { method: 'GET', path: 'sobjects/:object/:field/:value', writes: false, answer: getByKey },
  { method: 'PATCH', path: 'sobjects/:object/:field/:value', writes: true, answer: upsertByKey },
  { method: 'DELETE', path: 'sobjects/:object/:field/:value', writes: true, answer: deleteByKey },
];

/** The object a route names, or the answer when the org has none of that name. */
export function withObject(call: ApiCall, answer: (object: ObjectSchema) => ApiAnswer): ApiAnswer {
  const object = call.state.org.schema.object(call.params.object ?? '');
  return object === undefined ? notFound() : answer(object);
}

/** An object as whoever uses the API sees it. */
export function shownOf(call: ApiCall, object: ObjectSchema): ObjectSchema {
  return call.state.org.schema.shown(object.name) ?? object;
}

/** The fields a comma-separated list names, or the answer to an unknown name; without a list, all fields. */
export function fieldsNamed(
  object: ObjectSchema,
  names: readonly string[] | undefined,
): { readonly fields: readonly FieldSchema[] } | { readonly refusal: ApiAnswer } {
  if (names === undefined) return { fields: object.fields };
  const fields: FieldSchema[] = [];
  for (const name of names) {
    const field = object.field(name.trim());
    if (field === undefined) {
      const message = `No such column '${name.trim()}' on entity '${object.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.`;
      return { refusal: apiErrors(400, { errorCode: 'INVALID_FIELD', message }) };
    }
    fields.push(field);
  }
  return { fields };
}

function create(call: ApiCall): ApiAnswer {
  return withObject(call, (object) =>
    withValues(shownOf(call, object), call.body, (row) =>
      saved(createRecord(writeContextOf(call), object, row.values), 201),
    ),
  );
}

function getById(call: ApiCall): ApiAnswer {
  return withRecord(call, (object, record) => {
    if (isDeleted(record)) return apiErrors(404, entityIsDeleted);
    return precondition(call, record) ?? answerRecord(call, object, record);
  });
}

function updateById(call: ApiCall): ApiAnswer {
  return withRecord(call, (object, record) =>
    withValues(shownOf(call, object), call.body, (row) => {
      const refusal = precondition(call, record);
      if (refusal !== undefined) return refusal;
      const outcome = updateRecord(writeContextOf(call), object, record, row.values);
      return outcome.ok ? { status: 204, records: 1 } : failed(outcome);
    }),
  );
}

function deleteById(call: ApiCall): ApiAnswer {
  return withRecord(call, (object, record) => deleted(call, object, record));
}

function getByKey(call: ApiCall): ApiAnswer {
  return withMatches(call, ({ object }, [match, ...others]) => {
    if (match === undefined) return notFound();
    return others.length > 0 ? severalMatches(call, object, [match, ...others]) : answerRecord(call, object, match);
  });
}

function upsertByKey(call: ApiCall): ApiAnswer {
  return withMatches(call, ({ object, field, key }, matches) => {
    if (matches.length > 1) return severalMatches(call, object, matches);
    const isKeyRepeated = Object.keys(isObject(call.body) ? call.body : {}).some(
      (name) => name.toLowerCase() === field.name.toLowerCase() || name.toLowerCase() === 'id',
    );
    if (isKeyRepeated) {
      const message = `The ${field.name} field should not be specified in the sobject data.`;
      return apiErrors(400, { errorCode: 'INVALID_FIELD', message, fields: [field.name] });
    }
    return withValues(shownOf(call, object), call.body, (row) =>
      saved(upsertRecord(writeContextOf(call), object, field, key, row.values), 200),
    );
  });
}

function deleteByKey(call: ApiCall): ApiAnswer {
  return withMatches(call, ({ object }, [match, ...others]) => {
    if (match === undefined) return notFound();
    return others.length > 0 ? severalMatches(call, object, [match, ...others]) : deleted(call, object, match);
  });
}

function deleted(call: ApiCall, object: ObjectSchema, record: StoredRecord): ApiAnswer {
  const outcome = deleteRecord(writeContextOf(call), object, record);
  return outcome.ok ? { status: 204, records: 1 } : failed(outcome);
}

/** The record a route names; a malformed id, another object's id and an unknown one are all "not found" here. */
function withRecord(call: ApiCall, answer: (object: ObjectSchema, record: StoredRecord) => ApiAnswer): ApiAnswer {
  return withObject(call, (object) => {
    const id = toLongId(call.params.id ?? '');
    const isOfObject = id !== undefined && keyPrefixOf(id) === object.keyPrefix;
    const { store } = call.state.org;
    const record = isOfObject && !store.isHidden(id) ? store.table(object.name).get(id) : undefined;
    return record === undefined ? notFound() : answer(object, record);
  });
}

/**
 * The service takes such a path for a file it must not serve; mail addresses under that domain are no keys.
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_upsert_delete.htm
 */
const forbiddenKeyEnding = /\.inc$/i;

interface Key {
  readonly object: ObjectSchema;
  readonly field: FieldSchema;
  readonly key: string;
}

function withMatches(call: ApiCall, answer: (key: Key, matches: readonly StoredRecord[]) => ApiAnswer): ApiAnswer {
  return withObject(call, (object) => {
    const { field: name = '', value: key = '' } = call.params;
    const field = object.field(name);
    if (field === undefined || !isUpsertKey(field)) return apiErrors(404, unknownKeyField(name));
    if (forbiddenKeyEnding.test(key)) return notFound();
    const { store } = call.state.org;
    const matches = matchesOfKey(store.table(object.name), field, key).filter(({ id }) => !store.isHidden(id));
    return answer({ object, field, key }, matches);
  });
}

/** The error of an upsert by a field that is no key. */
export function unknownKeyField(name: string) {
  return { errorCode: 'NOT_FOUND', message: `Provided external ID field does not exist or is not accessible: ${name}` };
}

function withValues(
  object: ObjectSchema,
  body: unknown,
  answer: (row: Extract<ReadRow, { kind: 'values' }>) => ApiAnswer,
): ApiAnswer {
  if (!isObject(body))
    return apiErrors(400, { errorCode: 'JSON_PARSER_ERROR', message: 'The HTTP entity body is required' });
  const row = readRow(object, body);
  if (row.kind === 'unreadable') return apiErrors(400, { errorCode: 'JSON_PARSER_ERROR', message: row.message });
  if (row.kind === 'refused') {
    const { errorCode, message } = toApiError(row.error);
    return apiErrors(400, { errorCode, message });
  }
  return answer(row);
}

function answerRecord(call: ApiCall, object: ObjectSchema, record: StoredRecord): ApiAnswer {
  const named = fieldsNamed(shownOf(call, object), call.query.get('fields')?.split(','));
  if ('refusal' in named) return named.refusal;
  return { status: 200, json: recordJson(object, record, named.fields, call.dataPath), records: 1 };
}

/** `createdStatus` also applies to a record that an upsert created. */
function saved(outcome: RowOutcome, status: 200 | 201): ApiAnswer {
  if (!outcome.ok) return failed(outcome);
  const { id, created } = outcome;
  const json = { id, success: true, errors: [], ...(status === 200 ? { created } : {}) };
  return { status: created ? 201 : status, json, records: 1 };
}

function failed(outcome: Extract<RowOutcome, { ok: false }>): ApiAnswer {
  const errors = outcome.errors.map(toApiError);
  return apiErrors(statusOf(errors[0]?.errorCode ?? ''), ...errors);
}

/** Status 300 and the addresses of all that match. */
function severalMatches(call: ApiCall, object: ObjectSchema, matches: readonly StoredRecord[]): ApiAnswer {
  return { status: 300, json: matches.map((match) => `${call.dataPath}/sobjects/${object.name}/${match.id}`) };
}

const entityIsDeleted = { errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
