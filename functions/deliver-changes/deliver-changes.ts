import { deliverDue } from '../../domain/pipeline/deliver/deliver-due.ts';
import { type DeliveriesMessage, parseDeliveries } from '../runtime/messages.ts';
import type { QueueStep } from '../runtime/queue-handler.ts';

/** Writes to a system what it does not hold yet. */
export const deliverChanges: QueueStep<DeliveriesMessage> = {
  step: 'deliver-changes',
  parse: parseDeliveries,
  work: async ({ hub, limits, hasTime }, messages) => ({
    outcomes: await deliverDue(
      hub,
      messages.flatMap(({ body, isRepeated }) => body.due.map((due) => ({ due, isRepeated }))),
      limits.deliveryLeaseMs,
      hasTime,
    ),
  }),
};
