import { type RowError, rowError } from '../api-error.ts';
import { keyPrefixOf, toLongId } from '../ids.ts';
import { recordJson } from '../record-json.ts';
import { deleteRecord } from '../records/delete-record.ts';
import { idOfRow, type ReadRow, readRow, readValue } from '../records/read-row.ts';
import { type RowOutcome, refused } from '../records/row-outcome.ts';
import { createRecord, updateRecord } from '../records/save-record.ts';
import { isUpsertKey, upsertRecord } from '../records/upsert-record.ts';
import { isHiddenFrom, type WriteContext } from '../records/write-context.ts';
import type { FieldSchema } from '../schema/field-schema.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import { isDeleted } from '../stored-record.ts';
import { type ApiAnswer, type ApiCall, type ApiRoute, apiErrors } from './api-route.ts';
import { fieldsNamed, shownOf, unknownKeyField, withObject } from './record-routes.ts';
import { writeContextOf } from './write-context-of.ts';

/**
 * Up to 200 records in one call (2,000 when only reading); answers 200 with one result per row, in the order of the
 * rows, whatever became of them.
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm
 */
export const collectionRoutes: readonly ApiRoute[] = [
  { method: 'POST', path: 'composite/sobjects', writes: true, answer: createMany },
  { method: 'PATCH', path: 'composite/sobjects', writes: true, answer: updateMany },
  { method: 'DELETE', path: 'composite/sobjects', writes: true, answer: deleteMany },
  { method: 'POST', path: 'composite/sobjects/:object', writes: false, answer: retrieveByBody },
  { method: 'GET', path: 'composite/sobjects/:object', writes: false, answer: retrieveByQuery },
  { method: 'PATCH', path: 'composite/sobjects/:object/:field', writes: true, answer: upsertMany },
];

const rowsMax = 200;
const retrievedMax = 2_000;
const chunksMax = 10;

type Row = Readonly<Record<string, unknown>>;

function createMany(call: ApiCall): ApiAnswer {
  return withRows(call, ({ rows, allOrNone }) =>
    withReadRows(call, rows, (read) => {
      const context = writeContextOf(call);
      return saveRows(context, read, { allOrNone, saysCreated: false }, ({ object, row, json }) =>
        idOfRow(json) === undefined || idOfRow(json) === null
          ? saveRow(row, (values) => createRecord(context, object, values))
          : refused(rowError('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id'])),
      );
    }),
  );
}

function updateMany(call: ApiCall): ApiAnswer {
  return withRows(call, ({ rows, allOrNone }) =>
    withReadRows(call, rows, (read) => {
      const context = writeContextOf(call);
      return saveRows(context, read, { allOrNone, saysCreated: false }, ({ object, row, json }) =>
        saveRow(row, (values) => updateById(context, object, json, values)),
      );
    }),
  );
}

function upsertMany(call: ApiCall): ApiAnswer {
  return withObject(call, (object) => {
    const name = call.params.field ?? '';
    const field = object.field(name);
    if (field === undefined || !isUpsertKey(field)) return apiErrors(404, unknownKeyField(name));
    return withRows(call, ({ rows, allOrNone }) =>
      withReadRows(call, rows, (read) => {
        const context = writeContextOf(call);
        const keys = read.map(({ json }) => keyOf(field, json));
        const repeated = repeatedKeys(keys);
        return saveRows(context, read, { allOrNone, saysCreated: true }, ({ object: type, row, json }, at) => {
          const key = keys[at];
          if (type !== object) return refused(rowError('INVALID_INPUT', `The row is not of type ${object.name}`));
          if (field.type !== 'id' && idOfRow(json) !== undefined) {
            return refused(
              rowError('INVALID_FIELD', 'The Id field should not be specified in the sobject data.', ['Id']),
            );
          }
          if (key !== undefined && repeated.has(key.toLowerCase())) {
            return refused(rowError('DUPLICATE_VALUE', `Duplicate external id specified: ${key}`, [field.name]));
          }
          return saveRow(row, ({ [field.name]: _key, ...values }) => {
            if (key !== undefined) return upsertRecord(context, object, field, key, values);
            if (field.type === 'id') return createRecord(context, object, values);
            return refused(rowError('MISSING_ARGUMENT', `${field.name} not specified`));
          });
        });
      }),
    );
  });
}

function deleteMany(call: ApiCall): ApiAnswer {
  const ids = listOf(call.query.get('ids'));
  if (ids.length === 0 || ids.length > rowsMax) return wrongCount(rowsMax);
  const context = writeContextOf(call);
  const allOrNone = call.query.get('allOrNone') === 'true';
  return saveRows(context, ids, { allOrNone, saysCreated: false }, (id) => deleteById(context, id));
}

function retrieveByBody(call: ApiCall): ApiAnswer {
  const { ids, fields } = isRow(call.body) ? call.body : {};
  if (!isTextList(ids) || !isTextList(fields)) return malformed('ids and fields are lists of text');
  return retrieve(call, ids, fields);
}

function retrieveByQuery(call: ApiCall): ApiAnswer {
  return retrieve(call, listOf(call.query.get('ids')), listOf(call.query.get('fields')));
}

/** The records in the order of the ids; null for what is unknown or deleted. `Id` is always answered. */
function retrieve(call: ApiCall, ids: readonly string[], names: readonly string[]): ApiAnswer {
  return withObject(call, (object) => {
    if (ids.length === 0 || ids.length > retrievedMax || names.length === 0) return wrongCount(retrievedMax);
    const named = fieldsNamed(shownOf(call, object), ['Id', ...names.filter((name) => name.toLowerCase() !== 'id')]);
    if ('refusal' in named) return named.refusal;
    const { store } = call.state.org;
    const table = store.table(object.name);
    const json = ids.map((id) => {
      const record = table.get(toLongId(id) ?? '');
      return record === undefined || isDeleted(record) || store.isHidden(record.id)
        ? null
        : recordJson(object, record, named.fields, call.dataPath);
    });
    return { status: 200, json, records: ids.length };
  });
}

function updateById(
  context: WriteContext,
  object: ObjectSchema,
  json: Row,
  values: Extract<ReadRow, { kind: 'values' }>['values'],
) {
  const given = idOfRow(json);
  if (typeof given !== 'string')
    return refused(rowError('MISSING_ARGUMENT', 'Id not specified in an update call', ['Id']));
  const id = toLongId(given);
  if (id === undefined) return refused(malformedId(given));
  const record = context.org.store.table(object.name).get(id);
  if (record === undefined || isHiddenFrom(context, id))
    return refused(rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'));
  return updateRecord(context, object, record, values);
}

function deleteById(context: WriteContext, given: string): RowOutcome {
  const id = toLongId(given);
  if (id === undefined) return refused(malformedId(given));
  const object = context.org.schema.objectOf(keyPrefixOf(id));
  const record = context.org.store.record(id);
  if (object === undefined || record === undefined || isHiddenFrom(context, id)) {
    return refused(rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'));
  }
  return deleteRecord(context, object, record);
}

function saveRow(
  row: ReadRow,
  save: (values: Extract<ReadRow, { kind: 'values' }>['values']) => RowOutcome,
): RowOutcome {
  if (row.kind === 'refused') return refused(row.error);
  if (row.kind === 'unreadable') throw new Error('Unreadable rows are answered before any row is saved.');
  return save(row.values);
}

interface Saving {
  readonly allOrNone: boolean;
  /** Whether the results tell created rows from changed ones, as an upsert's do. */
  readonly saysCreated: boolean;
}

/** With allOrNone one failure takes all rows back, and those that would have been saved say so. */
function saveRows<Item>(
  context: WriteContext,
  items: readonly Item[],
  { allOrNone, saysCreated }: Saving,
  save: (item: Item, at: number) => RowOutcome,
): ApiAnswer {
  const { store } = context.org;
  const mark = store.mark();
  const outcomes = items.map(save);
  const isRolledBack = allOrNone && outcomes.some((outcome) => !outcome.ok);
  if (isRolledBack) store.rollBackTo(mark);
  const json = outcomes.map((outcome) => {
    if (outcome.ok && isRolledBack) return { success: false, errors: [rolledBack] };
    if (!outcome.ok) return { success: false, errors: outcome.errors };
    const { id, created } = outcome;
    return { id, success: true, errors: [], ...(saysCreated ? { created } : {}) };
  });
  return { status: 200, json, records: outcomes.length };
}

const rolledBack: RowError = rowError(
  'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  'Record rolled back because not all records were valid and the request was using AllOrNone header',
);

function withRows(
  call: ApiCall,
  answer: (request: { readonly rows: readonly Row[]; readonly allOrNone: boolean }) => ApiAnswer,
): ApiAnswer {
  const { records, allOrNone } = isRow(call.body) ? call.body : {};
  if (!Array.isArray(records) || !records.every(isRow)) return malformed('records is a list of objects');
  if (records.length === 0 || records.length > rowsMax) return wrongCount(rowsMax);
  return answer({ rows: records, allOrNone: allOrNone === true });
}

interface TypedRow {
  readonly object: ObjectSchema;
  readonly json: Row;
  readonly row: ReadRow;
}

/** Reads all rows before any is saved: a value of the wrong JSON type spoils the whole request. */
function withReadRows(
  call: ApiCall,
  rows: readonly Row[],
  answer: (read: readonly TypedRow[]) => ApiAnswer,
): ApiAnswer {
  const read: TypedRow[] = [];
  for (const json of rows) {
    const type = isRow(json.attributes) ? json.attributes.type : undefined;
    const object = typeof type === 'string' ? call.state.org.schema.object(type) : undefined;
    if (object === undefined) {
      const message =
        type === undefined ? 'Each row needs attributes.type' : `sObject type '${String(type)}' is not supported.`;
      return apiErrors(400, { errorCode: 'INVALID_TYPE', message });
    }
    const row = readRow(shownOf(call, object), json);
    if (row.kind === 'unreadable') return malformed(row.message);
    read.push({ object, json, row });
  }
  const chunks = read.filter(({ object }, at) => at === 0 || read[at - 1]?.object !== object).length;
  if (chunks <= chunksMax) return answer(read);
  const message = `The request has ${chunks} runs of one object type; ${chunksMax} are allowed.`;
  return apiErrors(400, { errorCode: 'LIMIT_EXCEEDED', message });
}

function keyOf(field: FieldSchema, json: Row): string | undefined {
  if (field.type === 'id') {
    const id = idOfRow(json);
    return typeof id === 'string' ? id : undefined;
  }
  const entry = Object.entries(json).find(([name]) => name.toLowerCase() === field.name.toLowerCase());
  const value = entry === undefined ? null : readValue(field, entry[1]);
  return typeof value === 'string' ? value : undefined;
}

function repeatedKeys(keys: readonly (string | undefined)[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const key of keys) {
    if (key === undefined) continue;
    const folded = key.toLowerCase();
    if (seen.has(folded)) repeated.add(folded);
    seen.add(folded);
  }
  return repeated;
}

function malformedId(given: string): RowError {
  return rowError('MALFORMED_ID', `malformed id ${given}`, ['Id']);
}

function wrongCount(max: number): ApiAnswer {
  return apiErrors(400, { errorCode: 'EXCEEDED_ID_LIMIT', message: `between 1 and ${max} records are allowed` });
}

function malformed(message: string): ApiAnswer {
  return apiErrors(400, { errorCode: 'JSON_PARSER_ERROR', message });
}

function listOf(text: string | null): string[] {
  return (text ?? '').split(',').filter((part) => part !== '');
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
