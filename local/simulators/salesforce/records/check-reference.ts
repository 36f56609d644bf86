import { type RowError, rowError } from '../api-error.ts';
import { keyPrefixOf, toLongId } from '../ids.ts';
import type { FieldSchema } from '../schema/field-schema.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import { isDeleted, type StoredRecord } from '../stored-record.ts';
import { isHiddenFrom, type WriteContext } from './write-context.ts';

/** The 18-character id a reference field is to hold, or why it cannot: malformed, of another object, gone, inactive. */
export function checkReference(
  context: WriteContext,
  object: ObjectSchema,
  field: FieldSchema,
  value: string,
  before: StoredRecord | undefined,
): string | RowError {
  const { schema, store } = context.org;
  const id = toLongId(value);
  const target = id === undefined ? undefined : schema.objectOf(keyPrefixOf(id));
  const incorrectType = `${field.label}: id value of incorrect type: ${value}`;
  if (id === undefined) return rowError('MALFORMED_ID', incorrectType, [field.name]);
  if (target !== undefined && !field.referenceTo.includes(target.name)) {
    return rowError('FIELD_INTEGRITY_EXCEPTION', incorrectType, [field.name]);
  }
  const referred = store.record(id);
  if (referred === undefined)
    return rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field.name]);
  if (isHiddenFrom(context, id) && before?.values[field.name] !== id) {
    return rowError(
      'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
      'insufficient access rights on cross-reference id',
    );
  }
  if (isDeleted(referred)) return rowError('ENTITY_IS_DELETED', 'entity is deleted', [field.name]);
  // A record may stay with an owner who has left; it may not be given to one.
  const isNewOwner = field.name === 'OwnerId' && before?.values.OwnerId !== id;
  if (isNewOwner && target?.name === 'User' && referred.values.IsActive !== true) {
    const message = `operation performed with inactive user [${id}] as owner of ${object.name.toLowerCase()}`;
    return rowError('INACTIVE_OWNER_OR_USER', message);
  }
  return id;
}
