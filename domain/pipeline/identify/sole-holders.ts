import { valuesOf } from '../../deliver/plan-delivery.ts';
import { openKeys, type SoleKey } from '../../identity/sole-keys.ts';
import type { Kind } from '../../model/kind.ts';
import type { UnifiedRecord } from '../../model/unified-record.ts';
import type { Vocabulary } from '../../model/vocabulary.ts';
import { vocabularyOf } from '../connection-scope.ts';
import type { Hub, MatchKey } from '../ports.ts';

/** The open records that can be found under a sole key. */
export interface SoleHolders {
  /** Verified: each is there, open, and still gives the key. */
  readonly records: readonly UnifiedRecord[];
  /** There were more than the key has room for. */
  readonly hasMore: boolean;
}

/** So many open records a key names; a question to a person names no more anyway. */
const HOLDERS_MAX = 8;
/** Stands behind the ids when there was no room for another one. */
const MORE = '+';
/** Others enter and leave at the same time; each try costs a read and a write. */
const TRIES_MAX = 4;

/** The sole keys under which a unified record can be found as it stands. */
export function openKeysOf(record: UnifiedRecord | undefined, vocabulary: Vocabulary): readonly SoleKey[] {
  if (record?.state !== 'present' || vocabulary.identity?.sole === undefined) return [];
  return openKeys(valuesOf(record), vocabulary);
}

/**
 * Enters an open record under its sole keys, before it is written. A holder is not believed when it is looked up, so an entry too
 * many does no harm; those that are not open any more make room when the key is full. Answers `false` when others kept
 * writing and it must be tried again.
 */
export async function enterSoleKeys(hub: Hub, kind: Kind, id: string, keys: readonly SoleKey[]): Promise<boolean> {
  for (const key of keys) if (!(await enter(hub, { kind, ...key }, id))) return false;
  return true;
}

async function enter(hub: Hub, key: MatchKey, id: string): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const held = await heldUnder(hub, key);
    const { ids, hasMore } = parse(held);
    if (ids.includes(id)) return true;
    const open = ids.length < HOLDERS_MAX ? ids : (await verify(hub, key, ids)).map((record) => record.id);
    const isFull = open.length >= HOLDERS_MAX;
    if (isFull && hasMore) return true;
    const next = isFull ? [...open, MORE] : [...open, id, ...(hasMore ? [MORE] : [])];
    if (await hub.store.putKey(key, next.join(' '), held ?? null)) return true;
  }
  return false;
}

/** Takes a record off sole keys that it does not give any more, after it was written. Who stays on one by a crash is not believed. */
export async function leaveSoleKeys(hub: Hub, kind: Kind, id: string, keys: readonly SoleKey[]): Promise<void> {
  for (const each of keys) {
    const key: MatchKey = { kind, ...each };
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const held = await heldUnder(hub, key);
      const { ids, hasMore } = parse(held);
      if (held === undefined || !ids.includes(id)) break;
      const left = ids.filter((other) => other !== id);
      const isLeft =
        left.length === 0
          ? await hub.store.deleteKey(key, held)
          : await hub.store.putKey(key, [...left, ...(hasMore ? [MORE] : [])].join(' '), held);
      if (isLeft) break;
    }
  }
}

/** The open records under a key. *Units*: one read for the key, one for each record, one more for each that was merged. */
export async function openHolders(hub: Hub, key: MatchKey): Promise<SoleHolders> {
  const { ids, hasMore } = parse(await heldUnder(hub, key));
  return { records: await verify(hub, key, ids), hasMore };
}

async function heldUnder(hub: Hub, key: MatchKey): Promise<string | undefined> {
  return (await hub.store.readKeys([key])).get(`${key.kind}#${key.type}#${key.value}`);
}

function parse(held: string | undefined): { readonly ids: readonly string[]; readonly hasMore: boolean } {
  const parts = held?.split(' ') ?? [];
  const ids = parts.filter((part) => part !== MORE);
  // Those there was no room for are entered when they change; nothing is known of them once all others have left.
  return { ids, hasMore: ids.length > 0 && parts.length > ids.length };
}

async function verify(hub: Hub, key: MatchKey, ids: readonly string[]): Promise<readonly UnifiedRecord[]> {
  const { kind } = key;
  const named = [...(await hub.store.readUnified(kind, ids)).values()];
  const survivors = named.flatMap(({ mergedInto }) => (mergedInto === undefined ? [] : [mergedInto]));
  const followed = survivors.length === 0 ? [] : (await hub.store.readUnified(kind, [...new Set(survivors)])).values();
  const records = new Map([...named, ...followed].map((record) => [record.id, record]));
  const vocabulary = vocabularyOf(hub, kind);
  return [...records.values()]
    .filter((record) =>
      openKeysOf(record, vocabulary).some(({ type, value }) => type === key.type && value === key.value),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
