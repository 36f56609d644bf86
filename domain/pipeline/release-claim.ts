import { seatKey } from '../model/external-ref.ts';
import type { Seat } from '../model/unified-record.ts';
import type { Delivery, DeliveryBatch } from './deliver-due.ts';
import type { Hub } from './ports.ts';

/**
 * Gives a claim up. Intents are closed when the system was just read and nothing sent since; else they stay, to recognise what was
 * sent by them. If the claim was lost meanwhile, there is nothing to give up.
 */
export async function releaseClaim(
  batch: DeliveryBatch,
  delivery: Delivery,
  intents: 'closes-intents' | 'keeps-intents',
): Promise<void> {
  const { source } = delivery;
  if (source === undefined) {
    await endCreation(batch.hub, batch, delivery, { intents });
    return;
  }
  const { claim: _claim, ...rest } = source;
  const next = { ...rest, intents: intents === 'keeps-intents' ? source.intents : {}, counter: source.counter + 1 };
  await batch.hub.store.putSource(next, source.counter);
}

/** How a creation that did not come about leaves its seat. */
export interface EndedCreation {
  /** Closed when absent. */
  readonly intents?: 'closes-intents' | 'keeps-intents';
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
      intents: ended.intents === 'keeps-intents' ? seat.intents : {},
      refused: { ...seat.refused, ...ended.refused },
      isUncertain: false,
      problems: ended.problem === undefined ? seat.problems : [...new Set([...seat.problems, ended.problem])],
    };
    const next = { ...unified, seats: { ...unified.seats, [key]: free }, counter: unified.counter + 1 };
    if (await hub.store.putUnified(next, unified.counter)) return true;
  }
  return false;
}
