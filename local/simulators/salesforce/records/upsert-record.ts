import { rowError } from '../api-error.ts';
import { toLongId } from '../ids.ts';
import type { FieldSchema } from '../schema/field-schema.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import type { ObjectTable } from '../store/object-table.ts';
import { type FieldValues, isDeleted, type StoredRecord } from '../stored-record.ts';
import { type RowOutcome, refused } from './row-outcome.ts';
import { createRecord, updateRecord } from './save-record.ts';
import { isHiddenFrom, type WriteContext } from './write-context.ts';

/** The live records an upsert by that field and key would change. */
export function matchesOfKey(table: ObjectTable, field: FieldSchema, key: string): readonly StoredRecord[] {
  if (field.type === 'id') {
    const record = table.get(toLongId(key) ?? key);
    return record === undefined || isDeleted(record) ? [] : [record];
  }
  return table.withValue(field, key).filter((record) => !isDeleted(record));
}

/** Whether records can be upserted by the field. */
export function isUpsertKey(field: FieldSchema): boolean {
  return field.type === 'id' || field.externalId || field.idLookup;
}

/** Changes the one record that has the key, or creates it. `values` are without the key. */
export function upsertRecord(
  context: WriteContext,
  object: ObjectSchema,
  field: FieldSchema,
  key: string,
  values: FieldValues,
): RowOutcome {
  const matches = matchesOfKey(context.org.store.table(object.name), field, key);
  const [match, ...others] = matches.filter(({ id }) => !isHiddenFrom(context, id));
  if (match !== undefined && others.length > 0) {
    const ids = [match, ...others].map((record) => record.id).join(', ');
    return refused(
      rowError('DUPLICATE_EXTERNAL_ID', `${field.name}: more than one record found for external id field: [${ids}]`),
    );
  }
  if (match !== undefined) return updateRecord(context, object, match, values);
  if (field.type === 'id') return refused(rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'));
  return createRecord(context, object, { ...values, [field.name]: key });
}
