import { valuesOf } from '../deliver/plan-delivery.ts';
import { isDoubtful, weighLikeness } from '../identity/candidates.ts';
import { matchKeys } from '../identity/match-keys.ts';
import { type ExternalRef, refKey } from '../model/external-ref.ts';
import type { Kind } from '../model/kind.ts';
import type { Values } from '../model/value.ts';
import { vocabularyOf } from './connection-scope.ts';
import type { Hub, HubStore, MatchKey } from './ports.ts';
import { raiseProblem } from './raise-problem.ts';

/** Which unified record a newly met record belongs to. */
export interface Identified {
  readonly unifiedId: string;
  /** Strong keys claimed on the way, as `type:value`. */
  readonly claimedKeys: readonly string[];
  /** Whether it was found by the hub's own id in the record. */
  readonly isStamped: boolean;
  /** Other records it looks like, by weak evidence only. */
  readonly doubts: readonly string[];
}

/** What is known of a record the crosswalk does not know yet. */
export interface Stranger {
  readonly kind: Kind;
  readonly ref: ExternalRef;
  /** What the record holds in the field for the hub's id. */
  readonly hubId: string | undefined;
  /** Its canonical values. */
  readonly values: Values;
  /** The crosswalk points to this id already, but nothing was written under it: an earlier try was cut short. */
  readonly begunId?: string;
}

/**
 * Finds or makes the unified record of a record met for the first time, and points the crosswalk to it.
 *
 * The hub's own id comes first, then every strong key; only then is a new id made. Crosswalk first, then keys, each
 * conditionally: of two systems that bring the same company at the same moment, the one whose key came second folds its
 * new id into the first. Weak likeness never links: it opens a problem.
 */
export async function identifyRecord(hub: Hub, stranger: Stranger): Promise<Identified> {
  const stamped = await findStamped(hub, stranger);
  if (stamped !== undefined) {
    return { unifiedId: await link(hub.store, stranger, stamped), claimedKeys: [], isStamped: true, doubts: [] };
  }
  const vocabulary = vocabularyOf(hub, stranger.kind);
  const { strong, weak } = matchKeys(stranger.kind, stranger.values, vocabulary);
  const known = (await establishedHolders(hub, stranger, strong)).filter((id) => id !== stranger.begunId);
  if (known.length > 1) await reportConflict(hub, stranger, known);
  const [first] = known;
  if (first !== undefined) {
    return { unifiedId: await link(hub.store, stranger, first), claimedKeys: [], isStamped: false, doubts: [] };
  }
  const own = stranger.begunId ?? (await link(hub.store, stranger, hub.newId()));
  const claimed = await claimAll(hub, stranger, strong, own);
  const doubts = claimed.unifiedId === own ? await findLikeness(hub, stranger, weak, own) : [];
  return { ...claimed, isStamped: false, doubts };
}

async function findStamped(hub: Hub, { kind, hubId }: Stranger): Promise<string | undefined> {
  if (hubId === undefined || hubId === '') return undefined;
  const record = (await hub.store.readUnified(kind, [hubId])).get(hubId);
  if (record === undefined || record.kind !== kind) return undefined;
  return record.mergedInto ?? record.id;
}

/** Points the crosswalk to the id, or answers where somebody else has pointed it meanwhile. */
async function link(store: HubStore, { ref, kind, begunId }: Stranger, unifiedId: string): Promise<string> {
  if (await store.putRef(ref, kind, unifiedId, begunId ?? null)) return unifiedId;
  const [other] = (await store.readRefs([ref])).values();
  return other ?? unifiedId;
}

/** The records that hold one of the keys and really still have it, oldest first. A holder not written yet counts: its creation is under way. */
async function establishedHolders(hub: Hub, { kind }: Stranger, keys: readonly MatchKey[]): Promise<string[]> {
  const holders = await hub.store.readKeys(keys);
  const ids = [...new Set(holders.values())];
  const records = await hub.store.readUnified(kind, ids);
  const live = new Set<string>();
  for (const key of keys) {
    const id = holders.get(keyText(key));
    if (id === undefined) continue;
    const record = records.get(id);
    if (record === undefined || record.keys.includes(`${key.type}:${key.value}`)) live.add(id);
    else if (record.mergedInto !== undefined) live.add(record.mergedInto);
  }
  return [...live].sort();
}

function keyText({ kind, type, value }: MatchKey): string {
  return `${kind}#${type}#${value}`;
}

/**
 * Claims every key for a record just made. A key that somebody else got first folds this record into theirs: it has
 * no content yet, so the crosswalk and the keys claimed so far just move.
 */
async function claimAll(
  hub: Hub,
  stranger: Stranger,
  keys: readonly MatchKey[],
  own: string,
): Promise<{ readonly unifiedId: string; readonly claimedKeys: readonly string[] }> {
  const { store } = hub;
  let unifiedId = own;
  const claimed: MatchKey[] = [];
  for (const key of keys) {
    if (await store.putKey(key, unifiedId, null)) {
      claimed.push(key);
      continue;
    }
    const holder = (await store.readKeys([key])).get(keyText(key));
    if (holder === unifiedId) claimed.push(key);
    if (holder === undefined || holder === unifiedId) continue;
    if (unifiedId !== own) {
      await reportConflict(hub, stranger, [unifiedId, holder]);
      continue;
    }
    const other = (await store.readUnified(stranger.kind, [holder])).get(holder);
    const isStale = other !== undefined && !other.keys.includes(`${key.type}:${key.value}`);
    if (isStale && (await store.putKey(key, unifiedId, holder))) {
      claimed.push(key);
      continue;
    }
    if (!(await store.putRef(stranger.ref, stranger.kind, holder, own))) {
      // Another worker on the same record was faster: where it led is where the record is.
      unifiedId = (await store.readRefs([stranger.ref])).get(refKey(stranger.ref)) ?? unifiedId;
      continue;
    }
    for (const mine of claimed) await store.putKey(mine, holder, own);
    unifiedId = holder;
  }
  return { unifiedId, claimedKeys: claimed.map(({ type, value }) => `${type}:${value}`) };
}

async function reportConflict(hub: Hub, { kind, ref }: Stranger, candidates: readonly string[]): Promise<void> {
  await raiseProblem(hub, {
    cause: 'merge-conflict',
    ...ref,
    kind,
    unifiedId: candidates[0] ?? '',
    message: `${ref.object} ${ref.externalId} shares its identifying values with several established ${kind} records.`,
    nextStep: 'Compare the records; merge those that are the same, or correct the value that does not belong.',
    candidates,
  });
}

/** Weak evidence never links. The first record with a weak key keeps it; a later one that is also alike is a question to a person. */
async function findLikeness(
  hub: Hub,
  stranger: Stranger,
  weak: readonly MatchKey[],
  own: string,
): Promise<readonly string[]> {
  const asked = new Set<string>();
  const alike: string[] = [];
  for (const key of weak) {
    if (await hub.store.putKey(key, own, null)) continue;
    const holder = (await hub.store.readKeys([key])).get(keyText(key));
    if (holder === undefined || holder === own || asked.has(holder)) continue;
    asked.add(holder);
    const other = (await hub.store.readUnified(stranger.kind, [holder])).get(holder);
    if (other === undefined || other.state !== 'present') continue;
    const likeness = weighLikeness(stranger.kind, stranger.values, valuesOf(other), vocabularyOf(hub, stranger.kind));
    if (!isDoubtful(likeness)) continue;
    if (await hub.store.readPin(stranger.kind, own, holder)) continue;
    alike.push(holder);
    await raiseProblem(hub, {
      cause: 'doubtful-match',
      ...stranger.ref,
      kind: stranger.kind,
      unifiedId: own,
      message: `${stranger.ref.object} ${stranger.ref.externalId} looks like another ${stranger.kind}, but they share nothing that identifies one for certain.`,
      nextStep: `Say whether they are the same (hub merge ${stranger.kind} ${holder} ${own}) or not (hub ignore); until then the hub creates it nowhere else.`,
      candidates: [own, holder],
    });
  }
  return alike;
}
