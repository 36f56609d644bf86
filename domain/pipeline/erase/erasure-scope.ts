import { refKey } from '../../model/external-ref.ts';
import type { Kind } from '../../model/kind.ts';
import type { UnifiedRecord } from '../../model/unified-record.ts';
import type { Bundle, HubStore } from '../ports.ts';

/** A record that was merged with one to erase and lives on without it. */
export interface PartedRecord {
  readonly id: string;
  readonly mergeId: string;
}

/** Everything in the hub that an erasure concerns. */
export interface ErasureScope {
  /** The record itself and all that were merged into it, by id. */
  readonly bundles: ReadonlyMap<string, Bundle>;
  /** Merges that hold copies of one of them. */
  readonly mergeIds: readonly string[];
  readonly parted: readonly PartedRecord[];
}

/** Merges followed, one into the next. */
const STEPS_MAX = 20;
/** Records merged into one; more are a defect. */
const RECORDS_MAX = 500;

/** The record that an id stands for now, merges followed. */
export async function followedId(store: HubStore, kind: Kind, id: string): Promise<string> {
  let current = id;
  for (let step = 0; step < STEPS_MAX; step++) {
    const into = (await store.readUnified(kind, [current])).get(current)?.mergedInto;
    if (into === undefined) return current;
    current = into;
  }
  throw new Error(`The record ${id} was merged on more than ${STEPS_MAX} times.`);
}

/**
 * Finds what is to be erased with a record: it, every record merged into it, and the merges they took part in.
 *
 * *Units*: 2 read units a record, and 1 for each of its merges.
 */
export async function erasureScope(store: HubStore, kind: Kind, ids: readonly string[]): Promise<ErasureScope> {
  const bundles = new Map<string, Bundle>();
  const mergeIds = new Set<string>();
  const parted = new Map<string, PartedRecord>();
  const queue = [...ids];
  for (let place = 0; place < queue.length; place++) {
    const id = queue[place];
    if (id === undefined || bundles.has(id)) continue;
    if (bundles.size >= RECORDS_MAX) throw new Error(`More than ${RECORDS_MAX} records were merged into ${ids[0]}.`);
    bundles.set(id, await store.readBundle(kind, id));
    for (const mergeId of await store.readMergesOf(kind, id)) {
      mergeIds.add(mergeId);
      const other = mergeId.split('.').find((each) => each !== id) ?? '';
      const record = (await store.readUnified(kind, [other])).get(other);
      if (isPartOf(record, id)) queue.push(other);
      else parted.set(mergeId, { id: other, mergeId });
    }
  }
  // What is erased itself has no history left to look through.
  const left = [...parted.values()].filter((each) => !bundles.has(each.id));
  return { bundles, mergeIds: [...mergeIds].sort(), parted: left };
}

function isPartOf(record: UnifiedRecord | undefined, id: string): boolean {
  return record?.mergedInto === id;
}

/** References of all source records, sorted. */
export function refsOf({ bundles }: Pick<ErasureScope, 'bundles'>): readonly string[] {
  return [...new Set([...bundles.values()].flatMap(({ sources }) => sources.map(refKey)))].sort();
}

/** Whether one of the merges is just being made or undone, so that what belongs to whom is not settled yet. */
export async function isInMotion(store: HubStore, kind: Kind, { mergeIds, bundles }: ErasureScope): Promise<boolean> {
  for (const mergeId of mergeIds) {
    const item = await store.readMerge(mergeId);
    if (item === undefined || item.state === 'unmerged') continue;
    const { id } = item.loser;
    const loser = bundles.get(id)?.unified ?? (await store.readUnified(kind, [id])).get(id);
    if (item.state !== 'merged' || loser?.state === 'present' || loser?.state === 'deleted') return true;
  }
  return false;
}
