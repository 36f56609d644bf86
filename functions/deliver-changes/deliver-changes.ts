import type { DeliveryDue } from '../../domain/model/notice.ts';
import { deliverDue } from '../../domain/pipeline/deliver-due.ts';
import { parseDeliveryDue } from '../runtime/messages.ts';
import type { QueueStep } from '../runtime/queue-handler.ts';

/** Writes to a system what it does not hold yet. */
export const deliverChanges: QueueStep<DeliveryDue> = {
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
};
