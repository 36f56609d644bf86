import { seatKey } from '../../model/external-ref.ts';
import { type CreatingSeat, creatingIn, type Seat } from '../../model/unified-record.ts';
import { noteDue } from '../effects.ts';
import { inParallel } from '../in-parallel.ts';
import { intentsOf } from './claim-delivery.ts';
import { completeDelivery } from './complete-delivery.ts';
import type { Delivery, DeliveryBatch } from './delivery-batch.ts';
import { putBack } from './put-back.ts';
import { lookAgain } from './refresh-before-write.ts';
import { endCreation } from './release-claim.ts';

/** Nothing was sent: what an earlier attempt did is still to be recognised. */
const NOT_SENT = { intents: 'keeps-unanswered' } as const;

/**
 * Looks for the records of creations whose answer was lost, and answers the deliveries that still have something to write. A record that is
 * there was made by an earlier attempt, and people may have edited it since: it is taken in as it is, then compared. *Bounds*: no
 * call when every creation is a first one.
 */
export async function lookForCreations(
  batch: DeliveryBatch,
  claimed: readonly Delivery[],
): Promise<readonly Delivery[]> {
  const uncertain = claimed.filter((delivery) => seatOf(batch, delivery)?.isUncertain === true);
  if (uncertain.length === 0) return claimed;
  const idsOf = (delivery: Delivery): readonly string[] => [
    delivery.bundle.id,
    ...(seatOf(batch, delivery)?.alsoUnder ?? []),
  ];
  const ids = [...new Set(uncertain.flatMap(idsOf))];
  const found = await batch.system.find(batch.object, batch.mapping.hubIdField, ids, batch.work);
  if (!found.ok) {
    await inParallel(uncertain, (delivery) => endCreation(batch.hub, batch, delivery, NOT_SENT));
    for (const { due } of uncertain) await putBack(batch.hub, batch.effects, due, found.fault);
    return claimed.filter((delivery) => !uncertain.includes(delivery));
  }
  const left = await inParallel(claimed, async (delivery) => {
    if (!uncertain.includes(delivery)) return delivery;
    const told = idsOf(delivery)
      .map((id) => found.value.get(id))
      .find((each) => each !== undefined);
    if (told === undefined) return declareCreation(batch, delivery);
    if (typeof told !== 'string' && told.kind === 'rejected') {
      // What became of the creation is for a person to find out, and nothing is made meanwhile.
      await completeDelivery(batch, delivery, { outcome: 'failed', fault: told });
      return undefined;
    }
    await endCreation(batch.hub, batch, delivery, NOT_SENT);
    const { connection, object } = batch;
    if (typeof told === 'string')
      lookAgain(batch, { connection, object, externalId: told }, delivery.due.correlationId);
    else await putBack(batch.hub, batch.effects, delivery.due, told);
    return undefined;
  });
  return left.filter((delivery) => delivery !== undefined);
}

function seatOf({ connection, object }: DeliveryBatch, { bundle, source }: Delivery): CreatingSeat | undefined {
  return source === undefined ? creatingIn(bundle.unified?.seats[seatKey(connection, object)]) : undefined;
}

/** Intents are noted before anything is sent. */
async function declareCreation(batch: DeliveryBatch, delivery: Delivery): Promise<Delivery | undefined> {
  const { unified } = delivery.bundle;
  const seat = seatOf(batch, delivery);
  if (unified === undefined || seat === undefined) return undefined;
  const declared: Seat = { ...seat, intents: { ...seat.intents, ...intentsOf(delivery) } };
  const seats = { ...unified.seats, [seatKey(batch.connection, batch.object)]: declared };
  const next = { ...unified, seats, counter: unified.counter + 1 };
  if (await batch.hub.store.putUnified(next, unified.counter)) {
    return { ...delivery, bundle: { ...delivery.bundle, unified: next } };
  }
  // The record moved on: what to create is planned anew.
  await endCreation(batch.hub, batch, delivery, NOT_SENT);
  noteDue(batch.effects, { ...delivery.due, attempts: 0 });
  return undefined;
}
