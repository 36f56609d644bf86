import { refKey, seatKey } from '../../model/external-ref.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import type { Seat } from '../../model/unified-record.ts';
import type { Hub } from '../ports.ts';
import type { Delivery, DeliveryBatch } from './delivery-batch.ts';

/**
 * Gives a claim up of which something was sent that may have arrived in part: the intents stay open, and an edit counts as entered on top
 * of what they stand for. If the claim was lost meanwhile, there is nothing to give up.
 */
export async function releaseClaim(batch: DeliveryBatch, delivery: Delivery): Promise<void> {
  if (delivery.source === undefined) await endCreation(batch.hub, batch, delivery, { intents: 'keeps-intents' });
  else await endClaim(batch, delivery, delivery.source, ({ claim: _claim, ...source }) => source);
}

/**
 * Writes how a claim ends, also when the record was taken in under it meanwhile: that moves the counter and leaves the claim.
 * Answers what was written, or `undefined` when somebody else has the claim, or the others kept writing.
 */
export async function endClaim(
  { hub }: Pick<DeliveryBatch, 'hub'>,
  { kind, bundle, claim }: Delivery,
  source: SourceRecord,
  end: (held: SourceRecord) => SourceRecord,
): Promise<SourceRecord | undefined> {
  let held = source;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const next = { ...end(held), counter: held.counter + 1 };
    if (await hub.store.putSource(next, held.counter)) return next;
    const { sources } = await hub.store.readBundle(kind, bundle.id);
    const latest = sources.find((each) => refKey(each) === refKey(source));
    if (latest === undefined || latest.claim?.token !== claim?.token) return undefined;
    held = latest;
  }
  return undefined;
}

/** What becomes of the open intents of a creation. */
type OpenIntents =
  /** Nothing was sent, or was refused, but what an earlier attempt sent is still to be recognised. */
  | 'keeps-unanswered'
  /** What was sent may have arrived in part. */
  | 'keeps-intents';

/** How a creation that did not come about leaves its seat. */
export interface EndedCreation {
  /** Closed when absent. */
  readonly intents?: OpenIntents;
  /** The system has taken it and is not done: the record is looked for before anything is sent again. */
  readonly isUnderWay?: true;
  /** The answer was lost: it may still be carried out for as long as the claim lasts, and nobody attempts it again before. */
  readonly isUnanswered?: true;
  readonly refused?: Readonly<Record<string, string>>;
  /** Ids of the problems that say why. */
  readonly problems?: readonly string[];
}

const ATTEMPTS_MAX = 5;

/**
 * Ends a creation that failed for certain, is the system's own work now or had no answer, keeping what was refused, and that an earlier attempt may not have. Answers whether the
 * claim was still ours.
 */
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
      creating: { token: '', until: ended.isUnanswered === true ? seat.creating.until : 0 },
      intents: openInSeat(delivery, seat.intents, ended.intents),
      refused: { ...seat.refused, ...ended.refused },
      // Whatever was heard now: a write whose answer was lost may have arrived since, or still arrive.
      isUncertain: seat.isUncertain || ended.isUnderWay === true || ended.isUnanswered === true,
      problems: [...new Set([...seat.problems, ...(ended.problems ?? [])])],
      ...(seat.alsoUnder === undefined ? {} : { alsoUnder: seat.alsoUnder }),
    };
    const next = { ...unified, seats: { ...unified.seats, [key]: free }, counter: unified.counter + 1 };
    if (await hub.store.putUnified(next, unified.counter)) return true;
  }
  return false;
}

function openInSeat({ unanswered = {} }: Delivery, intents: SourceRecord['intents'], which: OpenIntents | undefined) {
  if (which === 'keeps-intents') return intents;
  return which === 'keeps-unanswered' ? unanswered : {};
}
