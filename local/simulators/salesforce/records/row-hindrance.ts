import { type RowError, rowError } from '../api-error.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import { type FieldValues, isDeleted, type StoredRecord } from '../stored-record.ts';
import type { WriteContext } from './write-context.ts';

/**
 * What stands against any write of this row, whatever its values: a fault asked for, missing rights, or the state the
 * record is in. `record` is undefined for a create.
 */
export function rowHindrance(
  context: WriteContext,
  object: ObjectSchema,
  values: FieldValues,
  record: StoredRecord | undefined,
): RowError | undefined {
  const ownId = record === undefined ? {} : { Id: record.id };
  const fate = context.org.faults.meetRow({ object: object.name, values: { ...values, ...ownId } });
  if (fate !== undefined) return injectedError(fate.code);
  if (!object.writable) {
    return rowError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  }
  if (record !== undefined && isDeleted(record)) return rowError('ENTITY_IS_DELETED', 'entity is deleted');
  return undefined;
}

function injectedError(code = 'UNABLE_TO_LOCK_ROW'): RowError {
  if (code === 'UNABLE_TO_LOCK_ROW') return rowError(code, 'unable to obtain exclusive access to this record');
  return rowError(code, `The org refused the record: ${code}`);
}
