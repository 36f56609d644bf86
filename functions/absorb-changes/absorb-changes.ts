import { absorbNotices } from '../../domain/pipeline/absorb/absorb-notices.ts';
import { takeEvents } from '../../domain/pipeline/absorb/take-events.ts';
import { type InboundMessage, parseInbound } from '../runtime/messages.ts';
import type { QueueStep } from '../runtime/queue-handler.ts';

/** Reads the records that notices and events name and brings the unified records up to date. */
export const absorbChanges: QueueStep<InboundMessage> = {
  step: 'absorb-changes',
  parse: parseInbound,
  work: async ({ hub, hasTime }, messages) => {
    const noticed = messages.flatMap(({ body, isRepeated }) =>
      'detailType' in body ? [] : [{ notice: body, isRepeated }],
    );
    const events = messages.flatMap(({ body, isRepeated }) =>
      'detailType' in body ? [{ event: body, isRepeated }] : [],
    );
    const taken = await takeEvents(hub, events);
    const absorbed = await absorbNotices(hub, [...noticed, ...taken.notices], hasTime);
    return { outcomes: { ...taken.outcomes, ...absorbed } };
  },
};
