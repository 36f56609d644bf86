import { type ExternalRef, refKey } from '../model/external-ref.ts';
import { workOf } from '../model/notice.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type AbsorbBatch, absorbFound, absorbGone, type RecordEnd } from './absorb-record.ts';
import { mergeIdOf, mergeRecords } from './merge-records.ts';
import type { Hub } from './ports.ts';

/**
 * A system merged one record into another: both external ids lead to one unified record from now on. The survivor is
 * absorbed first; if the system did not show it yet, a notice asks for it and this one comes back.
 */
export async function absorbMerge(
  hub: Hub,
  batch: AbsorbBatch,
  loser: ExternalRef,
  survivorId: string,
  snapshot: Snapshot | undefined,
): Promise<RecordEnd> {
  const survivor = { ...loser, externalId: survivorId };
  if (snapshot !== undefined) {
    const known = (await hub.store.readRefs([survivor])).get(refKey(survivor));
    const bundle = known === undefined ? undefined : await hub.store.readBundle(batch.mapping.kind, known);
    const end = await absorbFound(hub, batch, snapshot, bundle);
    if (end.end === 'overtaken' || (end.end === 'waits' && end.reason !== 'unresolved-reference')) return end;
  }
  const ids = await hub.store.readRefs([loser, survivor]);
  const survivorUnified = ids.get(refKey(survivor));
  const loserUnified = ids.get(refKey(loser));
  if (survivorUnified === undefined) return askForSurvivor(batch, survivorId);
  if (loserUnified === undefined) {
    await hub.store.putRef(loser, batch.mapping.kind, survivorUnified, null);
    return { end: 'absorbed' };
  }
  const bundle = await hub.store.readBundle(batch.mapping.kind, loserUnified);
  const wasTold = bundle.sources.some((source) => refKey(source) === refKey(loser) && source.mergedInto === survivorId);
  const gone = await absorbGone(hub, batch, loser, survivorId, bundle);
  if (gone.end === 'overtaken' || gone.end === 'waits' || loserUnified === survivorUnified) return gone;
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
  });
  return merged ? { end: 'absorbed' } : { end: 'overtaken' };
}

async function isUndone(hub: Hub, idA: string, idB: string): Promise<boolean> {
  const items = [await hub.store.readMerge(mergeIdOf(idA, idB)), await hub.store.readMerge(mergeIdOf(idB, idA))];
  return items.some((item) => item?.state === 'unmerged');
}

function askForSurvivor({ notice, effects }: AbsorbBatch, survivorId: string): RecordEnd {
  const { page: _page, ...rest } = notice;
  effects.notices.push({
    notice: { ...rest, ids: [survivorId], reason: 'reference', attempts: 0, work: workOf(notice) },
    delayMs: 0,
  });
  return { end: 'waits', waitMs: 5_000, reason: 'survivor-unknown' };
}
