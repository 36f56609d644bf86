import type { SweepRequest } from '../../domain/model/notice.ts';
import { type SweepEnd, sweepConnection } from '../../domain/pipeline/connections/sweep-connection.ts';
import { reviewProblems } from '../../domain/pipeline/problems/review-problems.ts';
import { parseSweepRequest } from '../runtime/messages.ts';
import type { QueueStep } from '../runtime/queue-handler.ts';

/** Asks a system what changed, page by page, and puts it on the inbound queue. */
export const sweepChanges: QueueStep<SweepRequest> = {
  step: 'sweep-changes',
  parse: parseSweepRequest,
  work: async ({ hub, hasTime }, messages) => {
    const outcomes: Record<string, number> = {};
    for (const { body, firstReceivedAt } of messages) {
      const end = await sweepConnection(hub, { ...body, askedAt: body.askedAt ?? firstReceivedAt }, hasTime);
      // Problems are nobody's own sweep; deletions are looked for often enough, and also while a connection is paused.
      if (body.mode === 'deletions') await reviewProblems(hub);
      outcomes[nameOf(end)] = (outcomes[nameOf(end)] ?? 0) + 1;
    }
    return { outcomes };
  },
};

function nameOf(end: SweepEnd): string {
  return 'reason' in end ? `${end.end}:${end.reason}` : end.end;
}
