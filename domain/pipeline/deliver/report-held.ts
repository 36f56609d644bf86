import { shortHash } from '../../model/short-hash.ts';
import { raiseProblem } from '../problems/raise-problem.ts';
import type { Delivery, DeliveryBatch } from './delivery-batch.ts';

/** Opens a problem for every value that cannot be written as it is, and for a record the system would refuse for want of a field. */
export async function reportHeld(batch: DeliveryBatch, delivery: Delivery): Promise<void> {
  const { connection, object } = batch;
  const { plan, bundle, source, due } = delivery;
  const about = {
    connection,
    object,
    kind: bundle.kind,
    unifiedId: bundle.id,
    ...(source === undefined ? {} : { externalId: source.externalId }),
    correlationId: due.correlationId,
  };
  for (const [field, reason] of Object.entries(plan.held)) {
    await raiseProblem(batch.hub, {
      ...about,
      cause: 'unmapped-value',
      about: shortHash(bundle.unified?.fields[field]?.value ?? null),
      field,
      message: `${field} cannot be written to ${connection}: ${reason}`,
      nextStep: `Add the value to the mapping's lookup for ${connection}, or correct it; then retry.`,
    });
  }
  for (const field of plan.missing) {
    // It was entered somewhere, and waits there as a problem of its own: that is what is to be mended.
    if (bundle.sources.some(({ held, state }) => state === 'present' && held[field] !== undefined)) continue;
    await raiseProblem(batch.hub, {
      ...about,
      cause: 'required-missing',
      field,
      message: `${connection} takes no ${object} without ${field}.`,
      nextStep: `Fill in ${field} in a system that has the record.`,
    });
  }
}
