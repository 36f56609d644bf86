import { seatKey } from '../model/external-ref.ts';
import type { Seat } from '../model/unified-record.ts';
import type { Delivery, DeliveryBatch } from './deliver-due.ts';
import type { Hub } from './ports.ts';

/** Gives a claim up when nothing was sent: intents of this delivery are closed. If the claim was lost meanwhile, there is nothing to give up. */
export async function releaseClaim(batch: DeliveryBatch, delivery: Delivery): Promise<void> {
  const { source } = delivery;
  if (source === undefined) {
    await endCreation(batch.hub, batch, delivery, {});
    return;
  }
  const { claim: _claim, ...rest } = source;
  await batch.hub.store.putSource({ ...rest, intents: {}, counter: source.counter + 1 }, source.counter);
}

/** How a creation that did not come about leaves its seat. */
export interface EndedCreation {
  readonly refused?: Readonly<Record<string, string>>;
  readonly problem?: string;
}

const ATTEMPTS_MAX = 5;

/** Frees a seat whose creation failed for certain, keeping what was refused. Answers whether the claim was still ours. */
export async function endCreation(
  hub: Hub,
  batch: { readonly connection: string; readonly object: string },
  delivery: Delivery,
  ended: EndedCreation,
): Promise<boolean> {
  const key = seatKey(batch.connection, batch.object);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const { unified } = await hub.store.readBundle(delivery.kind, delivery.bundle.id);
    const seat = unified?.seats[key];
    if (unified === undefined || seat === undefined || !('creating' in seat)) return false;
    if (seat.creating.token !== delivery.claim?.token) return false;
    const free: Seat = {
      creating: { token: '', until: 0 },
      intents: {},
      refused: { ...seat.refused, ...ended.refused },
      isUncertain: false,
      problems: ended.problem === undefined ? seat.problems : [...new Set([...seat.problems, ended.problem])],
    };
    const next = { ...unified, seats: { ...unified.seats, [key]: free }, counter: unified.counter + 1 };
    if (await hub.store.putUnified(next, unified.counter)) return true;
  }
  return false;
}
