import { seatKey } from '../../model/external-ref.ts';
import type { Intent, SourceRecord } from '../../model/source-record.ts';
import { creatingIn, type Seat, type UnifiedRecord } from '../../model/unified-record.ts';
import type { Hub } from '../ports.ts';
import type { Delivery, DeliveryBatch } from './delivery-batch.ts';

/** The claim is ours, or somebody else's for about `waitMs` more. */
export type ClaimAnswer =
  | { readonly outcome: 'claimed'; readonly delivery: Delivery }
  | { readonly outcome: 'waits'; readonly waitMs: number };

/** After losing a race for the claim: long enough for the winner's next step, short enough for people. */
const LOST_RACE_WAIT_MS = 2_000;

/** How long a record is still claimed by somebody, ms; nought when it is free. */
export function claimedForMs(source: SourceRecord | undefined, now: number): number {
  return Math.max(0, (source?.claim?.until ?? 0) - now);
}

/**
 * Claims a record for one write, just after it was read: one conditional write that notes the lease, the token and, before anything is
 * sent, the intents. It fails if anything of the record has moved since it was read, so that nobody else has written in between.
 * Intents an earlier holder left behind stay, in case its write arrives late, but for the fields that are written now.
 */
export async function claimUpdate(
  hub: Hub,
  delivery: Delivery,
  source: SourceRecord,
  leaseMs: number,
): Promise<ClaimAnswer> {
  const now = hub.now();
  const waitMs = claimedForMs(source, now);
  if (waitMs > 0) return { outcome: 'waits', waitMs };
  const claim = { token: hub.newId(), until: now + leaseMs };
  const intents = { ...source.intents, ...intentsOf(delivery) };
  const claimed: SourceRecord = { ...source, claim, intents, counter: source.counter + 1 };
  if (!(await hub.store.putSource(claimed, source.counter))) return { outcome: 'waits', waitMs: LOST_RACE_WAIT_MS };
  return { outcome: 'claimed', delivery: { ...delivery, source: claimed, claim, unanswered: source.intents } };
}

/** Claims the seat of a record about to be created. There is no source record yet, so the claim lives in the seat. */
export async function claimCreation(
  hub: Hub,
  batch: DeliveryBatch,
  delivery: Delivery,
  leaseMs: number,
): Promise<ClaimAnswer> {
  const now = hub.now();
  const { unified } = delivery.bundle;
  if (unified === undefined) return { outcome: 'waits', waitMs: LOST_RACE_WAIT_MS };
  const key = seatKey(batch.connection, batch.object);
  const earlier = creatingIn(unified.seats[key]);
  if (earlier !== undefined && earlier.creating.until > now) {
    return { outcome: 'waits', waitMs: earlier.creating.until - now };
  }
  const claim = { token: hub.newId(), until: now + leaseMs };
  // A lease that lapsed with a token means its holder never said how the create ended.
  const isUncertain = earlier !== undefined && (earlier.isUncertain || earlier.creating.token !== '');
  const seat: Seat = {
    creating: claim,
    // What is only going to be looked for is not about to be written: the record that is found holds what an earlier attempt wrote.
    intents: isUncertain ? earlier.intents : { ...earlier?.intents, ...intentsOf(delivery) },
    refused: earlier?.refused ?? {},
    isUncertain,
    problems: earlier?.problems ?? [],
    ...(earlier?.alsoUnder === undefined ? {} : { alsoUnder: earlier.alsoUnder }),
  };
  const claimed: UnifiedRecord = { ...unified, seats: { ...unified.seats, [key]: seat }, counter: unified.counter + 1 };
  if (!(await hub.store.putUnified(claimed, unified.counter))) return { outcome: 'waits', waitMs: LOST_RACE_WAIT_MS };
  return {
    outcome: 'claimed',
    delivery: {
      ...delivery,
      bundle: { ...delivery.bundle, unified: claimed },
      claim,
      ...(earlier === undefined ? {} : { unanswered: earlier.intents }),
    },
  };
}

/** What a delivery is about to write. */
export function intentsOf({ plan }: Delivery): Record<string, Intent> {
  return Object.fromEntries(plan.fields.map(({ line, intent }) => [line.field, intent]));
}
