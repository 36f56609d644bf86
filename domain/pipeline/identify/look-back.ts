import { valuesOf } from '../../deliver/plan-delivery.ts';
import { weighLikeness } from '../../identity/candidates.ts';
import { type ExternalRef, refOfKey } from '../../model/external-ref.ts';
import type { Kind } from '../../model/kind.ts';
import type { UnifiedRecord } from '../../model/unified-record.ts';
import { vocabularyOf } from '../connection-scope.ts';
import type { Hub, MatchKey } from '../ports.ts';
import { askAboutDoubts, DOUBTS_MAX } from './find-likeness.ts';
import { enterWeakKey } from './weak-key-holders.ts';

/** Others write the record at the same time; each try costs a read and a write. */
const TRIES_MAX = 4;

/**
 * Two records that look alike may be met at the same moment, neither written when the other one looks. The one that came second to a weak key
 * has found the first one's id there, and nothing under it (`unwritten`): once it is written itself, it leaves word for the first one and looks
 * again. Whoever of the two looks last finds the other, and the second one is in doubt.
 *
 *     first:   key ─────────────── record ─ word of the second? ─ compares
 *     second:        key ─ record ─────────────────────────────── word for the first ─ first written? ─ compares
 *
 * *Units*: one read for a record just made; two reads and a write for each that was not written.
 */
export async function lookBack(hub: Hub, { kind, id }: UnifiedRecord, unwritten: readonly string[]): Promise<void> {
  for (const first of unwritten) {
    await enterWeakKey(hub.store, wordFor(kind, first), id);
    await compare(hub, kind, id, first);
  }
  const word = wordFor(kind, id);
  const [left] = (await hub.store.readKeys([word])).values();
  if (left === undefined) return;
  for (const second of left.split(' ')) await compare(hub, kind, second, id);
  // Who leaves word after that finds this record written.
  await hub.store.deleteKey(word, left);
}

function wordFor(kind: Kind, value: string): MatchKey {
  return { kind, type: 'unwritten', value };
}

/** Puts one record in doubt if it looks like another one that was first, and asks about it. */
async function compare(hub: Hub, kind: Kind, id: string, first: string): Promise<void> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const records = await hub.store.readUnified(kind, [id, first]);
    const [second, other] = [records.get(id), records.get(first)];
    if (second?.state !== 'present' || other?.state !== 'present') return;
    const { doubts = [] } = second;
    // Who noted the doubt may have been cut short before it asked; a question that is open already is left as it is.
    const isNoted = doubts.includes(first);
    if (!isNoted) {
      if (doubts.length >= DOUBTS_MAX || other.doubts?.includes(id) === true) return;
      const { isDoubtful } = weighLikeness(kind, valuesOf(second), vocabularyOf(hub, kind))(valuesOf(other));
      if (!isDoubtful || (await hub.store.readPin(kind, id, first))) return;
    }
    const next = isNoted ? second : { ...second, doubts: [...doubts, first], counter: second.counter + 1 };
    if (!isNoted && !(await hub.store.putUnified(next, second.counter))) continue;
    const ref = placeOf(second);
    if (ref !== undefined) await askAboutDoubts(hub, next, ref);
    return;
  }
}

function placeOf({ seats }: UnifiedRecord): ExternalRef | undefined {
  for (const [name, seat] of Object.entries(seats)) {
    if ('externalId' in seat) return refOfKey(`${name}#${seat.externalId}`);
  }
  return undefined;
}
