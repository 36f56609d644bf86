import { type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { logReachMs, readDeletionLog } from './deletion-log.ts';
import type { SalesforceApi } from './salesforce-api.ts';

/**
 * Looks for ids that no query finds any more in the log of deletions: hard deletes and emptied recycle bins leave no row behind,
 * but the log names them for 15 days. Not found here either is not evidence of anything.
 *
 * *Shape*: id → when it was deleted, ms. *Bounds*: one call. *Faults*: a log that refuses to be read (more than 600,000 ids, an
 * object it is not kept for) counts as silent: the ids then stay missing, which is true as well.
 */
export async function readPurged(
  call: Call<SalesforceApi>,
  object: string,
  ids: readonly string[],
): Promise<Result<ReadonlyMap<string, number>>> {
  const log = await readDeletionLog(call, object, (serverTime) => ({
    start: serverTime - logReachMs,
    end: serverTime,
  }));
  if (!log.ok) return log.fault.kind === 'rejected' ? succeed(new Map()) : log;
  const wanted = new Set(ids);
  return succeed(new Map(log.value.deletions.filter(({ id }) => wanted.has(id)).map(({ id, at }) => [id, at])));
}
