import { rowError } from '../api-error.ts';
import { wholeSecond } from '../instants.ts';
import type { ObjectSchema } from '../schema/object-schema.ts';
import { type FieldValues, isDeleted, type StoredRecord, storedRecord } from '../stored-record.ts';
import { childrenOf } from './delete-record.ts';
import { type RowOutcome, refused } from './row-outcome.ts';
import { modification, updateRecord } from './save-record.ts';
import type { WriteContext } from './write-context.ts';

/**
 * Merges up to two records into a master: the losers go to the recycle bin with `MasterRecordId` pointing to it, what
 * belonged to them belongs to it, and `values` (what a person chose to keep of the losers) are saved on it. All or nothing.
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_merge.htm
 */
export function mergeRecords(
  context: WriteContext,
  object: ObjectSchema,
  master: StoredRecord,
  losers: readonly StoredRecord[],
  values: FieldValues,
): RowOutcome {
  const isMergeable = object.mergeable && losers.length >= 1 && losers.length <= 2;
  if (!isMergeable || [master, ...losers].some(isDeleted) || losers.some((loser) => loser.id === master.id)) {
    return refused(rowError('INVALID_OPERATION', 'Merge takes a live master and one or two other live records.'));
  }
  const { schema, store } = context.org;
  const mark = store.mark();
  const stamp = wholeSecond(context.org.now());
  for (const loser of losers) {
    const merged = {
      ...loser.values,
      IsDeleted: true,
      MasterRecordId: master.id,
      ...modification(stamp, context.userId),
    };
    store.put(object.name, storedRecord(merged), 'org');
    for (const relation of schema.childrenOf(object.name)) {
      for (const child of childrenOf(context, relation, loser.id)) {
        // A child account of the loser that is the master itself cannot become its own parent.
        const parentId = child.id === master.id ? null : master.id;
        const moved = { ...child.values, [relation.field.name]: parentId, SystemModstamp: stamp };
        store.put(relation.child.name, storedRecord(moved), 'org');
      }
    }
  }
  const outcome = updateRecord(context, object, store.record(master.id) ?? master, values);
  if (!outcome.ok) store.rollBackTo(mark);
  return outcome;
}
