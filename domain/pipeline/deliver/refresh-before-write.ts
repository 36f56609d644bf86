import { absorbSnapshot } from '../../absorb/absorb-snapshot.ts';
import { throughOfMapping } from '../../deliver/through-fields.ts';
import { type ExternalRef, refKey } from '../../model/external-ref.ts';
import type { ReadOutcome, Snapshot } from '../../model/snapshot.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { droppedReferences } from '../absorb/lost-references.ts';
import { readReferences, referencesOf, resolveReferences } from '../absorb/resolve-references.ts';
import { inParallel } from '../in-parallel.ts';
import { readThrough } from '../read-through.ts';
import { settleRecord } from '../settle-record.ts';
import { declaredAt, intentsOf } from './claim-delivery.ts';
import type { Delivery, DeliveryBatch, ReferenceLookup } from './delivery-batch.ts';
import { planOne } from './plan-one.ts';
import { putBack } from './put-back.ts';
import { releaseClaim } from './release-claim.ts';
import { targetReferences } from './target-references.ts';

/**
 * Reads the claimed records from the system once more, takes in what somebody changed meanwhile, and answers the
 * deliveries that still have something to write, planned anew. What falls away is released. Creations pass as they are:
 * there is nothing to read yet.
 */
export async function refreshBeforeWrite(batch: DeliveryBatch, claimed: readonly Delivery[]): Promise<Delivery[]> {
  const creations = claimed.filter(({ source }) => source === undefined);
  const updates = claimed.filter(({ source }) => source !== undefined);
  if (updates.length === 0) return creations;
  const readAt = batch.hub.now();
  const ids = updates.map(({ source }) => source?.externalId ?? '');
  const read = await batch.system.read(batch.object, ids, batch.mapping.theirFields, batch.work);
  const times = { readAt, answeredAt: batch.hub.now() };
  if (!read.ok) {
    // Nothing was read, so what an earlier holder sent may still have to be recognised.
    await inParallel(updates, (delivery) => releaseClaim(batch, delivery, 'keeps-unanswered'));
    for (const { due } of updates) await putBack(batch.hub, batch.effects, due, read.fault);
    return creations;
  }
  const snapshots = read.value.flatMap((outcome) => (outcome.outcome === 'found' ? [outcome.snapshot] : []));
  const references = snapshots.flatMap((snapshot) => referencesOf(batch.connection, batch.mapping, snapshot));
  const crosswalk = await readReferences(batch.hub, references);
  const refreshed = await inParallel(updates, (delivery, index) =>
    refreshOne(batch, delivery, read.value[index], times, crosswalk),
  );
  return [...creations, ...refreshed.filter((delivery) => delivery !== undefined)];
}

async function refreshOne(
  batch: DeliveryBatch,
  delivery: Delivery,
  outcome: ReadOutcome | undefined,
  times: { readonly readAt: number; readonly answeredAt: number },
  crosswalk: ReadonlyMap<string, string>,
): Promise<Delivery | undefined> {
  const { source, due } = delivery;
  if (source === undefined) return delivery;
  if (outcome?.outcome !== 'found' || outcome.snapshot.externalId !== source.externalId) {
    await releaseClaim(batch, delivery, 'keeps-unanswered');
    if (outcome?.outcome === 'failed') await putBack(batch.hub, batch.effects, due, outcome.fault);
    else lookAgain(batch, source, due.correlationId);
    return undefined;
  }
  const { snapshot } = outcome;
  const { resolved, unresolved } = resolveReferences(
    referencesOf(batch.connection, batch.mapping, snapshot),
    crosswalk,
  );
  const { unanswered = {} } = delivery;
  const absorbed = absorbSnapshot({
    mapping: batch.mapping,
    directory: batch.directory,
    snapshot,
    // What is declared and not sent yet marks nothing as the hub's: it is a person who has entered the very same.
    source: { ...source, intents: unanswered },
    isKnown: true,
    ...times,
    connectedAt: batch.state.connectedAt,
    resolved: { ...resolved, ...stillResolved(source, unresolved) },
    unanswered,
  });
  const refreshed = { ...absorbed.source, intents: { ...unsent(source, unanswered), ...absorbed.source.intents } };
  // References that went, emptied fields and holds have guards and problems of their own: the absorbing side takes those in, and queues this again.
  const isDropped = droppedReferences(batch.mapping, source, snapshot).length > 0;
  if (isDropped || absorbed.cleared.length + absorbed.released.length + Object.keys(absorbed.newlyHeld).length > 0) {
    // The look that follows recognises by them what an earlier holder sent.
    await releaseClaim(batch, delivery, 'keeps-unanswered');
    lookAgain(batch, source, due.correlationId);
    return undefined;
  }
  const isMoved = Object.keys(refreshed.fields).some((field) => refreshed.fields[field] !== source.fields[field]);
  if (!isMoved) return declareIntents(batch, { ...delivery, source: refreshed, seen: snapshot });
  return absorbAndReplan(batch, delivery, refreshed, snapshot);
}

/** The intents that this delivery declared itself. */
function unsent({ intents }: SourceRecord, unanswered: SourceRecord['intents']): SourceRecord['intents'] {
  return Object.fromEntries(Object.entries(intents).filter(([field]) => unanswered[field] === undefined));
}

/** The system moved under the claim: the edit goes in first, then the record is unified and the delivery planned again. */
async function absorbAndReplan(
  batch: DeliveryBatch,
  delivery: Delivery,
  absorbed: SourceRecord,
  snapshot: Snapshot,
): Promise<Delivery | undefined> {
  const { hub } = batch;
  const { due } = delivery;
  const source = { ...absorbed, counter: absorbed.counter + 1 };
  if (!(await hub.store.putSource(source, absorbed.counter))) return overtaken(batch, delivery, absorbed);
  const { isRepeated, work } = batch;
  const cause = { correlationId: due.correlationId, from: refKey(source), isRepeated, work };
  const settled = await settleRecord(hub, delivery.kind, delivery.bundle.id, cause, batch.effects);
  const carried = { ...delivery, source };
  if (settled.outcome !== 'settled') {
    await releaseClaim(batch, carried, 'keeps-unanswered');
    await putBack(hub, batch.effects, due, undefined);
    return undefined;
  }
  const referenceTo: ReferenceLookup = await targetReferences(batch, [settled.bundle]);
  const through = await readThrough(hub, throughOfMapping(batch.mapping), [settled.bundle]);
  const next = planOne(batch, due, settled.bundle, referenceTo, through);
  if (next?.source === undefined || next.plan.operation === 'none') {
    const idle = next?.source === undefined ? carried : { ...carried, source: next.source };
    await releaseClaim(batch, idle, 'closes-intents');
    return undefined;
  }
  return declareIntents(batch, { ...next, ...(delivery.claim ? { claim: delivery.claim } : {}), seen: snapshot });
}

/** Intents are noted before anything is sent; a new plan may send what the first one did not declare. */
async function declareIntents(batch: DeliveryBatch, delivery: Delivery): Promise<Delivery | undefined> {
  const { source, plan } = delivery;
  if (source === undefined) return delivery;
  const isDeclared = plan.fields.every(({ line, intent }) => {
    const open = source.intents[line.field];
    return open?.hash === intent.hash && open.at === intent.at;
  });
  if (isDeclared) return delivery;
  const intents = { ...source.intents, ...declaredAt(intentsOf(delivery), batch.hub.now()) };
  const declared = { ...source, intents, counter: source.counter + 1 };
  if (await batch.hub.store.putSource(declared, source.counter)) return { ...delivery, source: declared };
  return overtaken(batch, delivery, source);
}

/** The record was taken in, or the claim taken, meanwhile; nothing was sent. */
async function overtaken(batch: DeliveryBatch, delivery: Delivery, source: SourceRecord): Promise<undefined> {
  await releaseClaim(batch, delivery, 'keeps-unanswered');
  lookAgain(batch, source, delivery.due.correlationId);
  return undefined;
}

function stillResolved(source: SourceRecord, unresolved: readonly ExternalRef[]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const { externalId } of unresolved) {
    const before = source.resolved[externalId];
    if (before !== undefined) kept[externalId] = before;
  }
  return kept;
}

/** Asks the absorbing side to look at the record; what it finds queues the delivery again. */
export function lookAgain(
  batch: Pick<DeliveryBatch, 'effects' | 'work'>,
  source: { readonly connection: string; readonly object: string; readonly externalId: string },
  correlationId: string,
): void {
  const { connection, object, externalId } = source;
  const { work } = batch;
  batch.effects.notices.push({
    notice: { schema: 1, connection, object, ids: [externalId], reason: 'delivery', attempts: 0, correlationId, work },
    delayMs: 0,
  });
}
