import type { HubStore, MatchKey } from '../ports.ts';

/**
 * A weak key is held by several records: the ids of the first ones that gave it, separated by spaces. When it is full it tells
 * nothing any more (a common name, a switchboard), and nobody else is entered, but in the place of who is gone: what it costs stays
 * bounded however large the hub grows.
 */
const HOLDERS_MAX = 8;
/** Candidates read for one record, the ones with the rarest keys in common first. */
const CANDIDATES_MAX = 10;
/** No more than these are read when one full key is all they have in common: otherwise a large hub reads ten for nearly every record. */
const COMMONPLACE_MAX = 3;
/** Others enter themselves under the same key at the same time; each try costs a read and a write. */
const TRIES_MAX = 4;

/**
 * Enters a record under its weak keys, and answers the ids of others found there, the most promising first.
 *
 * *Units*: one read a key in one call; one write for each key that is not full.
 */
export async function enterWeakKeys(
  store: HubStore,
  keys: readonly MatchKey[],
  own: string,
): Promise<readonly string[]> {
  const held = await store.readKeys(keys);
  const weights = new Map<string, number>();
  const entered = await Promise.all(keys.map((key) => enterWeakKey(store, key, own, held.get(nameOf(key)))));
  for (const holders of entered) {
    for (const id of holders) {
      if (id !== own) weights.set(id, (weights.get(id) ?? 0) + 1 / holders.length);
    }
  }
  const ranked = [...weights].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  const telling = ranked.filter(([, weight]) => weight > 1 / HOLDERS_MAX).length;
  return ranked.slice(0, Math.min(CANDIDATES_MAX, Math.max(telling, COMMONPLACE_MAX))).map(([id]) => id);
}

/**
 * Enters a record under those of its weak keys that were full, in the place of holders that are `gone`.
 *
 * *Units*: one read a key in one call; one write for each key that is full and held by one of them.
 */
export async function takeTheirPlaces(
  store: HubStore,
  keys: readonly MatchKey[],
  own: string,
  gone: ReadonlySet<string>,
): Promise<void> {
  const held = await store.readKeys(keys);
  for (const key of keys) {
    const before = held.get(nameOf(key)) ?? '';
    const holders = before.split(' ');
    const left = holders.filter((id) => !gone.has(id));
    if (holders.length < HOLDERS_MAX || left.length === holders.length || holders.includes(own)) continue;
    // Who was faster has made the same room, or taken it.
    await store.putKey(key, [...left, own].join(' '), before);
  }
}

/** Answers the holders of a key after entering the record under it, if there was room. */
export async function enterWeakKey(
  store: HubStore,
  key: MatchKey,
  own: string,
  known?: string,
): Promise<readonly string[]> {
  let held = known;
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const holders = held?.split(' ') ?? [];
    if (holders.includes(own) || holders.length >= HOLDERS_MAX) return holders;
    if (await store.putKey(key, [...holders, own].join(' '), held ?? null)) return holders;
    held = (await store.readKeys([key])).get(nameOf(key));
  }
  return held?.split(' ') ?? [];
}

function nameOf({ kind, type, value }: MatchKey): string {
  return `${kind}#${type}#${value}`;
}
