import { type ExternalRef, refKey } from '../../model/external-ref.ts';
import type { ReadOutcome, Snapshot } from '../../model/snapshot.ts';
import { inParallel } from '../in-parallel.ts';
import { mergeIdOf, mergeRecords } from '../merge/merge-records.ts';
import type { Hub } from '../ports.ts';
import { isBuried } from '../tombstone.ts';
import {
  type AbsorbBatch,
  absorbFound,
  absorbGone,
  askFor,
  asNew,
  type RecordEnd,
  UNRESOLVED,
} from './absorb-record.ts';

/**
 * A system merged one record into another: both external ids lead to one unified record from now on. A survivor that the hub does not
 * know is absorbed first; if the system did not show it yet, a notice asks for it and this one comes back. One that it knows is asked for
 * as well: what was read was read before what is known of it, which may be newer. One that was deleted before the hub ever met it will never be
 * known: then the record is gone like that one, or belongs to whoever that one was merged into, `steps` further on.
 */
export async function absorbMerge(
  hub: Hub,
  batch: AbsorbBatch,
  loser: ExternalRef,
  survivorId: string,
  snapshot: Snapshot | undefined,
  steps = 0,
): Promise<RecordEnd> {
  const survivor = { ...loser, externalId: survivorId };
  if (snapshot !== undefined) {
    const known = (await hub.store.readRefs([survivor])).get(refKey(survivor));
    const bundle = known === undefined ? undefined : await hub.store.readBundle(batch.mapping.kind, known);
    if (bundle?.sources.some((source) => refKey(source) === refKey(survivor)))
      askFor(batch, batch.notice.object, [survivorId]);
    else {
      const end = await absorbFound(hub, batch, snapshot, bundle);
      if (end.end === 'overtaken' || (end.end === 'waits' && end.reason !== UNRESOLVED)) return end;
    }
  }
  const ids = await hub.store.readRefs([loser, survivor]);
  const survivorUnified = ids.get(refKey(survivor));
  const loserUnified = ids.get(refKey(loser));
  if (survivorUnified === undefined) {
    // Asked for already.
    const found = batch.notice.attempts > 0 ? await lookFor(hub, batch, survivor) : undefined;
    if (found?.outcome === 'deleted') {
      const { mergedInto } = found;
      if (mergedInto === undefined) {
        const known =
          loserUnified === undefined ? undefined : await hub.store.readBundle(batch.mapping.kind, loserUnified);
        return absorbGone(hub, batch, loser, undefined, known);
      }
      if (steps < MERGES_MAX) return absorbMerge(hub, batch, loser, mergedInto, undefined, steps + 1);
    }
    askFor(batch, batch.notice.object, [survivorId]);
    return { end: 'waits', waitMs: 5_000, reason: 'survivor-unknown' };
  }
  if (loserUnified === undefined) {
    await hub.store.putRef(loser, batch.mapping.kind, survivorUnified, null);
    return { end: 'absorbed' };
  }
  const bundle = await hub.store.readBundle(batch.mapping.kind, loserUnified);
  const wasTold = bundle.sources.some((source) => refKey(source) === refKey(loser) && source.mergedInto === survivorId);
  const gone = await absorbGone(hub, batch, loser, survivorId, bundle);
  if (gone.end === 'overtaken' || gone.end === 'waits' || loserUnified === survivorUnified) return gone;
  // What its system made one with an erased record is gone there as a record of its own, and stays what it is elsewhere.
  if (isBuried(bundle) || isBuried(await hub.store.readBundle(batch.mapping.kind, survivorUnified))) return gone;
  // Told once more: a person took the two apart again, which the system cannot know.
  if (wasTold && (await isUndone(hub, survivorUnified, loserUnified))) return gone;
  const merged = await mergeRecords(hub, {
    kind: batch.mapping.kind,
    survivorId: survivorUnified,
    loserId: loserUnified,
    reason: `${loser.connection} merged ${loser.object} ${loser.externalId} into ${survivorId}`,
    correlationId: batch.notice.correlationId,
    effects: batch.effects,
    toldBy: refKey(loser),
    keptRef: refKey(survivor),
  });
  return merged ? { end: 'absorbed' } : { end: 'overtaken' };
}

/** As many merges one after the other are followed. */
const MERGES_MAX = 5;

async function lookFor(hub: Hub, { mapping }: AbsorbBatch, ref: ExternalRef): Promise<ReadOutcome | undefined> {
  const system = await hub.system(ref.connection);
  if (!system.ok) return undefined;
  const read = await system.value.read(ref.object, [ref.externalId], [mapping.hubIdField]);
  return read.ok ? read.value[0] : undefined;
}

async function isUndone(hub: Hub, idA: string, idB: string): Promise<boolean> {
  const items = [await hub.store.readMerge(mergeIdOf(idA, idB)), await hub.store.readMerge(mergeIdOf(idB, idA))];
  return items.some((item) => item?.state === 'unmerged');
}

/**
 * A survivor names who was merged into it. Whoever the hub still takes for a record of its own is asked for: the system then answers
 * for it with the survivor, and that is the merge. Without this a merge whose webhook was lost would never be heard of, because a
 * record merged away stands on no list. *Bounds*: the 100 last named. *Units*: for a record that names any, a read of the crosswalk for
 * each and one of every unified record they lead to, which is one when all is in order.
 */
export async function askForMerged(hub: Hub, batch: AbsorbBatch, snapshot: Snapshot): Promise<void> {
  const { notice, mapping, effects } = batch;
  const named = (snapshot.mergedIds ?? []).slice(-MERGED_MAX);
  if (named.length === 0) return;
  const { connection, object } = notice;
  const known = await hub.store.readRefs(named.map((externalId) => ({ connection, object, externalId })));
  const bundles = await inParallel([...new Set(known.values())], (id) => hub.store.readBundle(mapping.kind, id));
  const apart = new Set(
    bundles.flatMap(({ sources }) => sources.filter(({ state }) => state !== 'merged').map((source) => refKey(source))),
  );
  const ids = named.filter((externalId) => apart.has(refKey({ connection, object, externalId })));
  if (ids.length === 0) return;
  effects.notices.push({ notice: { ...asNew(notice), ids, reason: 'reference', attempts: 0 }, delayMs: 0 });
}

const MERGED_MAX = 100;
