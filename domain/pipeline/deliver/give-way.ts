import { strongKeys } from '../../identity/match-keys.ts';
import { type ExternalRef, refKey } from '../../model/external-ref.ts';
import { identifyingValues } from '../absorb/identifying-values.ts';
import { vocabularyOf } from '../connection-scope.ts';
import type { Delivery, DeliveryBatch } from './delivery-batch.ts';
import { lookAgain } from './refresh-before-write.ts';

/** How far back a record may have been made that the hub has not heard of: longer than it usually takes to hear. */
const LOOK_BACK_MS = 3_600_000;
/** So often a creation gives way; a newcomer that cannot be taken in by then is a person's to look at. */
const GIVE_WAY_MAX = 3;
/** Long enough for the newcomer to be taken in. */
const GIVE_WAY_MS = 2_000;

/**
 * Asks the system, before records are created there, whether a person has just made the same ones: two people enter one company at the
 * same moment, each in their own system. A creation that shares a match key with such a newcomer, or is what one is just being taken in
 * as, waits until the hub has taken that one in, and finds its seat taken then. Answers the deliveries that go on.
 *
 * *Bounds*: one call for the batch, one more when there are newcomers that the hub does not know; none for what the hub goes through by
 * itself, for records that nothing identifies, and in systems that would tell too late. A system that does not answer holds nobody up.
 */
export async function giveWay(batch: DeliveryBatch, planned: readonly Delivery[]): Promise<readonly Delivery[]> {
  const creations = planned.filter((delivery) => mayGiveWay(batch, delivery));
  if (creations.length === 0) return planned;
  const { byKey, byRecord } = await findNewcomers(batch);
  return planned.filter((delivery) => {
    if (!creations.includes(delivery)) return true;
    const twin =
      byRecord.get(delivery.bundle.id) ??
      keysOf(delivery)
        .map((key) => byKey.get(key))
        .find((each) => each !== undefined);
    if (twin === undefined) return true;
    const { connection, object, effects } = batch;
    const { due } = delivery;
    lookAgain(batch, { connection, object, externalId: twin }, due.correlationId);
    effects.dueLater.push({ due: { ...due, gaveWay: (due.gaveWay ?? 0) + 1 }, delayMs: GIVE_WAY_MS });
    return false;
  });
}

function mayGiveWay({ work }: DeliveryBatch, delivery: Delivery): boolean {
  const { source, plan, due } = delivery;
  const isCreation = source === undefined && plan.operation === 'create';
  return isCreation && work === 'live' && (due.gaveWay ?? 0) < GIVE_WAY_MAX && keysOf(delivery).length > 0;
}

function keysOf({ bundle }: Delivery): readonly string[] {
  return bundle.unified?.keys ?? [];
}

/** External ids of records that were made just now. */
interface Newcomers {
  /** Of those the hub does not know, by each match key they give, as `type:value`. */
  readonly byKey: ReadonlyMap<string, string>;
  /** Of those the crosswalk knows, by what they are taken in as. */
  readonly byRecord: ReadonlyMap<string, string>;
}

async function findNewcomers(batch: DeliveryBatch): Promise<Newcomers> {
  const { hub, connection, object, mapping, system, work } = batch;
  const byKey = new Map<string, string>();
  const byRecord = new Map<string, string>();
  const listed = await system.newcomers(object, mapping.hubIdField, hub.now() - LOOK_BACK_MS, work);
  if (!listed.ok || listed.value.length === 0) return { byKey, byRecord };
  const refOf = (externalId: string): ExternalRef => ({ connection, object, externalId });
  const known = await hub.store.readRefs(listed.value.map(refOf));
  const strangers: string[] = [];
  for (const externalId of listed.value) {
    const id = known.get(refKey(refOf(externalId)));
    if (id === undefined) strangers.push(externalId);
    else byRecord.set(id, externalId);
  }
  if (strangers.length === 0) return { byKey, byRecord };
  const read = await system.read(object, strangers, mapping.theirFields, work);
  if (!read.ok) return { byKey, byRecord };
  const vocabulary = vocabularyOf(hub, mapping.kind);
  for (const outcome of read.value) {
    if (outcome.outcome !== 'found' || !mapping.isTaken(outcome.snapshot.values)) continue;
    const { snapshot } = outcome;
    const values = identifyingValues(batch, snapshot);
    for (const { type, value } of strongKeys(mapping.kind, (field) => values[field], vocabulary)) {
      byKey.set(`${type}:${value}`, snapshot.externalId);
    }
  }
  return { byKey, byRecord };
}
