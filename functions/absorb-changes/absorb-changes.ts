import type { Notice } from '../../domain/model/notice.ts';
import { absorbNotices } from '../../domain/pipeline/absorb-notices.ts';
import { parseNotice } from '../runtime/messages.ts';
import type { QueueStep } from '../runtime/queue-handler.ts';

/** Reads the records that notices name and brings the unified records up to date. */
export const absorbChanges: QueueStep<Notice> = {
  step: 'absorb-changes',
  parse: parseNotice,
  work: async ({ hub, hasTime }, messages) => ({
    outcomes: await absorbNotices(
      hub,
      messages.map(({ body, isRepeated }) => ({ notice: body, isRepeated })),
      hasTime,
    ),
  }),
};
