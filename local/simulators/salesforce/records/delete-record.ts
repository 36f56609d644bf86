import { rowError } from '../api-error.ts';
import { wholeSecond } from '../instants.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import type { ChildRelationship } from '../schema/org-schema.ts';
import { type FieldValues, isDeleted, type StoredRecord, storedRecord } from '../stored-record.ts';
import { rollUpProducts } from './opportunity-products.ts';
import { rowHindrance } from './row-hindrance.ts';
import { type RowOutcome, refused } from './row-outcome.ts';
import { duplicateValue, modification } from './save-record.ts';
import type { WriteContext } from './write-context.ts';

/** Moves a live record to the recycle bin, its dependants with it; lookups to it are cleared. */
export function deleteRecord(context: WriteContext, object: ObjectSchema, record: StoredRecord): RowOutcome {
  const hindrance = rowHindrance(context, object, {}, record);
  if (hindrance !== undefined) return refused(hindrance);
  const stamp = wholeSecond(context.org.now());
  bin(context, object, record, stamp);
  rollUpProducts(context, object, storedRecord({ ...record.values, SystemModstamp: stamp }));
  return { ok: true, id: record.id, created: false };
}

/**
 * Takes a record out of the recycle bin, with the dependants that went with it. A merge loser comes back as a record of
 * its own; what was re-parented stays with the winner.
 */
export function undeleteRecord(context: WriteContext, object: ObjectSchema, record: StoredRecord): RowOutcome {
  if (!object.undeletable || !isDeleted(record)) {
    return refused(rowError('UNDELETE_FAILED', 'entity is not in the recycle bin'));
  }
  const duplicate = duplicateValue(context, object, record.values, record.id);
  if (duplicate !== undefined) return refused(duplicate);
  restore(context, object, record, wholeSecond(context.org.now()));
  return { ok: true, id: record.id, created: false };
}

/** The live records that point to `parentId` by the relationship. */
export function childrenOf(context: WriteContext, relation: ChildRelationship, parentId: string): StoredRecord[] {
  return dependants(context, relation, parentId).filter((child) => !isDeleted(child));
}

function bin(context: WriteContext, object: ObjectSchema, record: StoredRecord, stamp: number): void {
  const { schema, store } = context.org;
  const deleted = { ...record.values, IsDeleted: true, ...modification(stamp, context.userId) };
  store.put(object.name, storedRecord(deleted), 'org');
  for (const relation of schema.childrenOf(object.name)) {
    for (const child of childrenOf(context, relation, record.id)) {
      if (relation.field.cascadeDelete) bin(context, relation.child, child, stamp);
      else putByOrg(context, relation.child, { ...child.values, [relation.field.name]: null, SystemModstamp: stamp });
    }
  }
}

/** Dependants that were deleted by the same act carry its stamp, which is how they are told from older deletions. */
function restore(context: WriteContext, object: ObjectSchema, record: StoredRecord, stamp: number): void {
  const { MasterRecordId: _winner, ...values } = record.values;
  putByOrg(context, object, { ...values, IsDeleted: false, ...modification(stamp, context.userId) });
  for (const relation of context.org.schema.childrenOf(object.name)) {
    if (!relation.field.cascadeDelete) continue;
    for (const child of dependants(context, relation, record.id)) {
      const wentAlong = isDeleted(child) && child.systemModstamp === record.systemModstamp;
      if (wentAlong) restore(context, relation.child, child, stamp);
    }
  }
}

function dependants(context: WriteContext, relation: ChildRelationship, parentId: string): readonly StoredRecord[] {
  const table = context.org.store.table(relation.child.name);
  return table.hasIndex(relation.field) ? table.withValue(relation.field, parentId) : [];
}

function putByOrg(context: WriteContext, object: ObjectSchema, values: FieldValues): void {
  context.org.store.put(object.name, storedRecord(values), 'org');
}
