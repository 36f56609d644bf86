import { absorbNotices } from '../../domain/pipeline/absorb-notices.ts';
import { hubRuntime } from '../runtime/composition.ts';
import { parseNotice } from '../runtime/messages.ts';
import { queueHandler } from '../runtime/queue-handler.ts';

/** Reads the records that notices name and brings the unified records up to date. */
export const handler = queueHandler(
  {
    step: 'absorb-changes',
    parse: parseNotice,
    work: async ({ hub, hasTime }, messages) => ({
      outcomes: await absorbNotices(
        hub,
        messages.map(({ body, isRepeated }) => ({ notice: body, isRepeated })),
        hasTime,
      ),
    }),
  },
  hubRuntime,
);
