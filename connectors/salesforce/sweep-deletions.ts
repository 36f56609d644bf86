import { type Result, succeed } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import type { Call } from '../kit/connector.ts';
import { logReachMs, readDeletionLog } from './deletion-log.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import type { ObjectShape } from './standard-objects.ts';
import { type DeletionsPosition, readDeletionsPosition } from './sweep-position.ts';

/**
 * One page of the ids deleted since the last pass, losers of merges and hard deletes included. What became of each is told
 * by reading it.
 *
 * *Bounds*: 2,000 ids a page; one call, a few more when a window holds more than Salesforce tells at once (600,000), which is then
 * halved. The log reaches back 15 days: what was deleted before is noticed when the record is next read.
 */
export async function sweepDeletions(
  call: Call<SalesforceApi>,
  object: ObjectShape,
  sweep: { readonly position: unknown; readonly connectedAt: number; readonly now: number },
): Promise<Result<ChangesPage>> {
  const stored = readDeletionsPosition(sweep.position, sweep.connectedAt - overlapMs);
  const position = stored.since < sweep.now - logReachMs ? { since: sweep.now - logReachMs } : stored;
  let end = sweep.now;
  if (end - position.since < minuteMs) return succeed({ ids: [], position, hasMore: false });
  for (let halving = 0; ; halving += 1) {
    const log = await readDeletionLog(call, object.name, () => ({ start: position.since, end }));
    const middle = position.since + Math.floor((end - position.since) / 2);
    const isTooLong = !log.ok && log.fault.code === 'EXCEEDED_ID_LIMIT' && middle - position.since >= minuteMs;
    if (isTooLong && halving < halvingsMax) {
      end = middle;
      continue;
    }
    if (!log.ok) return log;
    const untold = log.value.deletions.filter((deletion) => isUntold(deletion, position));
    const page = untold.slice(0, pageMax);
    const ids = page.map(({ id }) => id);
    const last = page.at(-1);
    if (untold.length > pageMax && last !== undefined) {
      // The window stays, because seconds do not count in it; what was told of it is skipped.
      return succeed({ ids, position: { since: position.since, afterAt: last.at, afterId: last.id }, hasMore: true });
    }
    const covered = Math.min(end, log.value.coveredUntil);
    const isAtEnd = end === sweep.now || covered <= position.since;
    const since = isAtEnd ? Math.max(position.since, covered - overlapMs) : covered;
    return succeed({ ids, position: { since }, hasMore: !isAtEnd });
  }
}

/** Deletions are logged when their transaction ends, and seconds are cut off. */
const overlapMs = 120_000;
const minuteMs = 60_000;
const pageMax = 2_000;
const halvingsMax = 12;

function isUntold(deletion: { readonly id: string; readonly at: number }, position: DeletionsPosition): boolean {
  const { afterAt, afterId } = position;
  if (afterAt === undefined || afterId === undefined) return true;
  return deletion.at > afterAt || (deletion.at === afterAt && deletion.id > afterId);
}
