import type { ExternalRef } from '../../model/external-ref.ts';
import type { Bundle, Hub } from '../ports.ts';
import { raiseProblem } from '../problems/raise-problem.ts';
import { type AbsorbBatch, type RecordEnd, sourceOf } from './absorb-record.ts';

const NOT_SHOWN = 'not-shown';
/** A system whose copies differ for a moment shows the record by then, ms. */
const LOOK_AGAIN_MS = 60_000;

/**
 * A record that its system says nothing of, neither values nor that it was deleted. Not found is not deleted: a lost permission looks just like
 * this, and evidence of a deletion comes with the sweep of deletions. So nothing is concluded; but of a record that the hub believes to be
 * there no edit comes in or goes out meanwhile, and a person is asked if it is not shown a minute later either.
 */
export async function absorbMissing(
  hub: Hub,
  batch: AbsorbBatch,
  ref: ExternalRef,
  known: Bundle | undefined,
): Promise<RecordEnd> {
  const source = sourceOf(known, ref);
  if (source?.state !== 'present') return { end: 'ignored', reason: 'missing-and-unknown' };
  const { attempts, reason, correlationId } = batch.notice;
  if (attempts === 0 && reason !== 'retry') return { end: 'waits', waitMs: LOOK_AGAIN_MS, reason: NOT_SHOWN };
  await raiseProblem(hub, {
    cause: NOT_SHOWN,
    ...ref,
    kind: source.kind,
    message: `${ref.connection} does not show ${ref.object} ${ref.externalId} to the hub any more, and does not say that it was deleted; edits of it wait.`,
    nextStep: `Look for it in ${ref.connection}. If it is there, let the hub's user see it (sharing, team, owner), then retry; if it is gone for good, ignore this.`,
    correlationId,
  });
  return { end: 'ignored', reason: NOT_SHOWN };
}

/** Whether that is how reading a record ended. */
export function isNotShown(end: RecordEnd): boolean {
  return (end.end === 'ignored' || end.end === 'waits') && end.reason === NOT_SHOWN;
}
