import { deliverDue } from '../../domain/pipeline/deliver-due.ts';
import { hubRuntime } from '../runtime/composition.ts';
import { parseDeliveryDue } from '../runtime/messages.ts';
import { queueHandler } from '../runtime/queue-handler.ts';

/** Writes to a system what it does not hold yet. */
export const handler = queueHandler(
  {
    step: 'deliver-changes',
    parse: parseDeliveryDue,
    work: async ({ hub, limits, hasTime }, messages) => ({
      outcomes: await deliverDue(
        hub,
        messages.map(({ body, isRepeated }) => ({ due: body, isRepeated })),
        limits.deliveryLeaseMs,
        hasTime,
      ),
    }),
  },
  hubRuntime,
);
