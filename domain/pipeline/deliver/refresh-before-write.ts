import { absorbSnapshot } from '../../absorb/absorb-snapshot.ts';
import { beforeHalfWrite } from '../../absorb/half-written.ts';
import { throughOfMapping } from '../../deliver/through-fields.ts';
import { type ExternalRef, refKey } from '../../model/external-ref.ts';
import type { ReadOutcome, Snapshot } from '../../model/snapshot.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { droppedReferences } from '../absorb/lost-references.ts';
import { readReferences, referencesOf, resolveReferences } from '../absorb/resolve-references.ts';
import { inParallel } from '../in-parallel.ts';
import { readThrough } from '../read-through.ts';
import { settleRecord } from '../settle-record.ts';
import type { Delivery, DeliveryBatch, ReferenceLookup } from './delivery-batch.ts';
import { planOne } from './plan-one.ts';
import { putBack } from './put-back.ts';
import { targetReferences } from './target-references.ts';

/**
 * Reads records from the system once more before they are claimed, takes in what somebody changed meanwhile, and answers the deliveries
 * that still have something to write, planned anew. What is declared with the claim is so declared about what was just seen: whatever
 * else is found there later was entered after that, also if nothing was ever sent. That nobody else wrote meanwhile, the claim itself
 * finds out by the counter. *Bounds*: one read for the batch.
 */
export async function refreshBeforeWrite(batch: DeliveryBatch, updates: readonly Delivery[]): Promise<Delivery[]> {
  if (updates.length === 0) return [];
  const readAt = batch.hub.now();
  const ids = updates.map(({ source }) => source?.externalId ?? '');
  const read = await batch.system.read(batch.object, ids, batch.mapping.theirFields, batch.work);
  const times = { readAt, answeredAt: batch.hub.now() };
  if (!read.ok) {
    for (const { due } of updates) await putBack(batch.hub, batch.effects, due, read.fault);
    return [];
  }
  const snapshots = read.value.flatMap((outcome) => (outcome.outcome === 'found' ? [outcome.snapshot] : []));
  const references = snapshots.flatMap((snapshot) => referencesOf(batch.connection, batch.mapping, snapshot));
  const crosswalk = await readReferences(batch.hub, references);
  const refreshed = await inParallel(updates, (delivery, index) =>
    refreshOne(batch, delivery, read.value[index], times, crosswalk),
  );
  return refreshed.filter((delivery) => delivery !== undefined);
}

async function refreshOne(
  batch: DeliveryBatch,
  delivery: Delivery,
  outcome: ReadOutcome | undefined,
  times: { readonly readAt: number; readonly answeredAt: number },
  crosswalk: ReadonlyMap<string, string>,
): Promise<Delivery | undefined> {
  const { source, due } = delivery;
  if (source === undefined) return undefined;
  if (outcome?.outcome === 'failed') {
    await putBack(batch.hub, batch.effects, due, outcome.fault);
    return undefined;
  }
  if (outcome?.outcome !== 'found' || outcome.snapshot.externalId !== source.externalId) {
    lookAgain(batch, source, due.correlationId);
    return undefined;
  }
  const snapshot = beforeHalfWrite(batch.mapping, batch.directory, outcome.snapshot, source);
  const { resolved, unresolved } = resolveReferences(
    referencesOf(batch.connection, batch.mapping, snapshot),
    crosswalk,
  );
  const absorbed = absorbSnapshot({
    mapping: batch.mapping,
    directory: batch.directory,
    snapshot,
    source,
    isKnown: true,
    ...times,
    connectedAt: batch.state.connectedAt,
    resolved: { ...resolved, ...stillResolved(source, unresolved) },
    unanswered: source.intents,
  });
  const refreshed = absorbed.source;
  // References that went, emptied fields and holds have guards and problems of their own: the absorbing side takes those in, and queues this again.
  const isDropped = droppedReferences(batch.mapping, source, snapshot).length > 0;
  if (isDropped || absorbed.cleared.length + absorbed.released.length + Object.keys(absorbed.newlyHeld).length > 0) {
    lookAgain(batch, source, due.correlationId);
    return undefined;
  }
  const isMoved = Object.keys(refreshed.fields).some((field) => refreshed.fields[field] !== source.fields[field]);
  if (!isMoved) return { ...delivery, source: refreshed, seen: snapshot };
  return absorbAndReplan(batch, delivery, refreshed, snapshot);
}

/** The system has moved: the edit goes in first, then the record is unified and the delivery planned again. */
async function absorbAndReplan(
  batch: DeliveryBatch,
  delivery: Delivery,
  absorbed: SourceRecord,
  snapshot: Snapshot,
): Promise<Delivery | undefined> {
  const { hub, isRepeated, work } = batch;
  const { due, bundle, kind } = delivery;
  // A claim that stands there still has lapsed; nobody is to come back under it.
  const { claim: _lapsed, ...unclaimed } = absorbed;
  const source: SourceRecord = { ...unclaimed, counter: absorbed.counter + 1 };
  if (!(await hub.store.putSource(source, absorbed.counter))) {
    // It was taken in, or claimed, by somebody else meanwhile.
    lookAgain(batch, source, due.correlationId);
    return undefined;
  }
  const cause = { correlationId: due.correlationId, from: refKey(source), isRepeated, work };
  const settled = await settleRecord(hub, kind, bundle.id, cause, batch.effects);
  if (settled.outcome !== 'settled') {
    await putBack(hub, batch.effects, due, undefined);
    return undefined;
  }
  const stored = settled.bundle.sources.find((each) => refKey(each) === refKey(source));
  if (stored?.counter !== source.counter) {
    // Taken in or claimed by somebody else since: what was read may be older than what is known by now, and what is open is theirs.
    lookAgain(batch, source, due.correlationId);
    return undefined;
  }
  const referenceTo: ReferenceLookup = await targetReferences(batch, [settled.bundle]);
  const through = await readThrough(hub, throughOfMapping(batch.mapping), [settled.bundle]);
  const next = planOne(batch, due, settled.bundle, referenceTo, through);
  if (next?.source === undefined || next.plan.operation === 'none') {
    await closeIntents(batch, next?.source ?? source);
    return undefined;
  }
  return { ...next, seen: snapshot };
}

/** The system was just read and holds what it should: what an earlier write without an answer meant is to be looked for no more. */
async function closeIntents({ hub }: DeliveryBatch, source: SourceRecord): Promise<void> {
  if (Object.keys(source.intents).length === 0) return;
  // Not written if somebody else has: what is open then is theirs to close.
  await hub.store.putSource({ ...source, intents: {}, counter: source.counter + 1 }, source.counter);
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
  delayMs = 0,
): void {
  const { connection, object, externalId } = source;
  const { work } = batch;
  batch.effects.notices.push({
    notice: { schema: 1, connection, object, ids: [externalId], reason: 'delivery', attempts: 0, correlationId, work },
    delayMs,
  });
}
