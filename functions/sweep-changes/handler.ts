import { type SweepEnd, sweepConnection } from '../../domain/pipeline/sweep-connection.ts';
import { hubRuntime } from '../runtime/composition.ts';
import { parseSweepRequest } from '../runtime/messages.ts';
import { queueHandler } from '../runtime/queue-handler.ts';

/** A sweep hands on to a new request when it has run this long, ms; well below the function's timeout. */
const RUN_MS = 45_000;

/** Asks a system what changed, page by page, and puts it on the inbound queue. */
export const handler = queueHandler(
  {
    step: 'sweep-changes',
    parse: parseSweepRequest,
    work: async ({ hub }, messages) => {
      const outcomes: Record<string, number> = {};
      for (const { body } of messages) {
        const stopAt = hub.now() + RUN_MS;
        const end = await sweepConnection(hub, body, () => hub.now() < stopAt);
        outcomes[nameOf(end)] = (outcomes[nameOf(end)] ?? 0) + 1;
      }
      return { outcomes };
    },
  },
  hubRuntime,
);

function nameOf(end: SweepEnd): string {
  return 'reason' in end ? `${end.end}:${end.reason}` : end.end;
}
