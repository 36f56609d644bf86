import { valuesOf } from '../../deliver/plan-delivery.ts';
import { matchKeys } from '../../identity/match-keys.ts';
import { hasFullName, mayBeOnePerson } from '../../identity/same-person.ts';
import { refKey } from '../../model/external-ref.ts';
import type { Kind } from '../../model/kind.ts';
import type { UnifiedRecord } from '../../model/unified-record.ts';
import { vocabularyOf } from '../connection-scope.ts';
import type { Hub, MatchKey } from '../ports.ts';
import { raiseProblem } from '../problems/raise-problem.ts';
import { isLateCreation } from '../tombstone.ts';
import { askAboutKnown, findLikeness, whyAlike } from './find-likeness.ts';
import { type Awaited, findSole, type Seeker } from './find-sole.ts';
import { joinIds } from './join-ids.ts';

/** Which unified record a newly met record belongs to. */
export interface Identified {
  readonly unifiedId: string;
  /** Strong keys claimed on the way, as `type:value`. */
  readonly claimedKeys: readonly string[];
  /** Whether it was found by the hub's own id in the record. */
  readonly isStamped: boolean;
  /** Other records it may be the same as; a person is asked about them as soon as it is written. */
  readonly doubts: readonly string[];
  /** Why they are in doubt, for people: the rest of a sentence about it. */
  readonly doubtedBecause?: string;
  /** Others that may look like it and were not written yet. */
  readonly unwritten?: readonly string[];
  /** Why it was linked where nothing identifies it for certain, for people. */
  readonly linkedBecause?: string;
}

/** What is known of a record the crosswalk does not know yet. */
export interface Stranger extends Seeker {
  /** What the record holds in the field for the hub's id. */
  readonly hubId: string | undefined;
  /** When its system says it was made, ms. */
  readonly createdAt?: number;
  /** The crosswalk points to this id already, but nothing was written under it: an earlier try was cut short. */
  readonly begunId?: string;
}

/**
 * Finds or makes the unified record of a record met for the first time, and points the crosswalk to it.
 *
 * The hub's own id comes first, then every strong key; only then is a new id made. Crosswalk first, then keys, each
 * conditionally: of two systems that bring the same company at the same moment, the one whose key came second folds its
 * new id into the first. What has no key in common may belong to the one open record that waits for it. An address whose holder has quite another name is a shared mailbox and links nobody. Weak
 * likeness never links: it opens a problem. Where it waits, nothing was written, and it must come back.
 *
 * *Bounds*: looked at anew whenever others at the same moment move where it belongs, 6 times at most; then it waits.
 */
export async function identifyRecord(hub: Hub, stranger: Stranger): Promise<Identified | Waiting> {
  let place: Place = { ...(stranger.begunId === undefined ? {} : { movedTo: stranger.begunId }), isSure: false };
  for (let look = 0; look < LOOKS_MAX; look++) {
    const begun = place.movedTo === undefined ? {} : { begunId: place.movedTo };
    const met = await placeRecord(hub, { ...stranger, ...begun }, place.isSure);
    if ('waitsFor' in met || 'unifiedId' in met) return met;
    place = met;
  }
  return { waitsFor: 'others' };
}

const LOOKS_MAX = 6;

/** It must come back, when what it waits for may be over. */
interface Waiting {
  readonly waitsFor: Awaited;
}

/** Where a record belongs by now, while nothing may be written there yet: what is in doubt about it is still to be found. */
interface Place {
  readonly movedTo?: string;
  /** By a strong key: nothing else decides it. */
  readonly isSure: boolean;
}

async function placeRecord(hub: Hub, stranger: Stranger, isSure: boolean): Promise<Identified | Place | Waiting> {
  const stamped = await findStamped(hub, stranger);
  if (stamped !== undefined) {
    const unifiedId = await link(hub, stranger, stamped);
    return { unifiedId, claimedKeys: [], isStamped: unifiedId === stamped, doubts: [] };
  }
  const { kind, values, begunId } = stranger;
  const { strong, weak } = matchKeys(kind, values, vocabularyOf(hub, kind));
  const begun = begunId === undefined ? undefined : (await hub.store.readUnified(kind, [begunId])).get(begunId);
  if (begun?.state === 'erased') return { unifiedId: begun.id, claimedKeys: [], isStamped: false, doubts: [] };
  const holders = await findHolders(hub, stranger, strong);
  const others = holders.established.filter((id) => id !== begunId);
  // Another worker may have written it by now.
  const known = begun === undefined ? others : [...new Set([begun.mergedInto ?? begun.id, ...others])];
  if (known.length > 1) await reportConflict(hub, stranger, known);
  const [first] = known;
  if (first !== undefined && !holders.isWritten(first)) {
    // Somebody is just making it, maybe of this very record: what is in doubt about it is in doubt whoever of them writes it.
    const isOfOther = (await ledTo(hub, stranger)) !== first;
    return { movedTo: await link(hub, stranger, first), isSure: isSure || isOfOther };
  }
  if (first !== undefined) {
    // Asked before it is linked: then it is known, and nobody would ask again.
    const like = { ...stranger, unifiedId: first };
    const asked = begun?.id === first ? (begun.doubts ?? []) : holders.doubtsOf(first);
    await askAboutKnown(hub, like, (await findLikeness(hub, like, weak, [...known, ...asked])).doubts);
    return { unifiedId: await link(hub, stranger, first), claimedKeys: [], isStamped: false, doubts: [] };
  }
  const sole = isSure ? ({ outcome: 'none' } as const) : await findSole(hub, stranger, strong);
  if (sole.outcome === 'wait') return { waitsFor: sole.for };
  if (sole.outcome === 'one') {
    const unifiedId = await link(hub, stranger, sole.id);
    if (unifiedId !== sole.id) return { movedTo: unifiedId, isSure };
    // Another record with one of its keys may have come at the same moment: where that one is it belongs.
    const claimed = await claimAll(hub, stranger, strong, unifiedId);
    if (claimed.unifiedId !== sole.id) return { movedTo: claimed.unifiedId, isSure: true };
    // Not as claimed: while the record does not have them yet, others may take them for free.
    return { unifiedId, claimedKeys: [], isStamped: false, doubts: [], linkedBecause: sole.why };
  }
  const fresh = begunId ?? hub.newId();
  const own = begunId ?? (await link(hub, stranger, fresh));
  if (own !== fresh) return { movedTo: own, isSure };
  const undisputed = strong.filter((key) => !holders.disputed.has(keyText(key)));
  const claimed = await claimAll(hub, stranger, undisputed, own, true);
  if (claimed.unifiedId !== own) return { movedTo: claimed.unifiedId, isSure: true };
  const like = { ...stranger, unifiedId: own };
  const namesakes = [...holders.disputed.values()];
  const { doubts: alike, unwritten } = await findLikeness(hub, like, weak, namesakes);
  const rivals = sole.outcome === 'several' ? sole.ids.filter((id) => id !== own) : [];
  const doubts = [...new Set([...rivals, ...namesakes, ...alike])];
  if (doubts.length === 0) return { ...claimed, isStamped: false, doubts, unwritten };
  const doubtedBecause =
    sole.outcome === 'several' ? sole.why : namesakes.length > 0 ? whyNamesake(kind) : whyAlike(kind, alike.length);
  return { ...claimed, isStamped: false, doubts, doubtedBecause, unwritten };
}

function whyNamesake(kind: Kind): string {
  return `has the e-mail address of another ${kind}, but not the name.`;
}

async function findStamped(hub: Hub, { kind, hubId, createdAt }: Stranger): Promise<string | undefined> {
  if (hubId === undefined || hubId === '') return undefined;
  const record = (await hub.store.readUnified(kind, [hubId])).get(hubId);
  if (record === undefined || record.kind !== kind) return undefined;
  if (record.state === 'erased' && !isLateCreation(record, createdAt)) return undefined;
  return record.mergedInto ?? record.id;
}

/**
 * Points the crosswalk to the id, or answers where somebody else has pointed it meanwhile. Of an id that the crosswalk led to before and
 * this one, one leads to the other from then on, so that nobody writes the record under both; or it is written by now, and that is where
 * the record is.
 */
async function link(hub: Hub, { ref, kind, begunId }: Stranger, unifiedId: string): Promise<string> {
  const isElsewhere = begunId !== undefined && begunId !== unifiedId;
  const into = isElsewhere ? ((await joinIds(hub, kind, begunId, unifiedId)) ?? begunId) : unifiedId;
  if (into === begunId || (await hub.store.putRef(ref, kind, into, begunId ?? null))) return into;
  return (await ledTo(hub, { ref })) ?? into;
}

/** Where the crosswalk leads from the record by now. */
async function ledTo({ store }: Hub, { ref }: Pick<Stranger, 'ref'>): Promise<string | undefined> {
  return (await store.readRefs([ref])).get(refKey(ref));
}

interface Holders {
  /** Records that hold one of the keys and really still have it, oldest first. One not written yet counts: its creation is under way. */
  readonly established: readonly string[];
  /** Keys that cannot be believed, by their text, and who holds them. */
  readonly disputed: ReadonlyMap<string, string>;
  isWritten(id: string): boolean;
  /** The records that a holder is doubted to be the same as already. */
  doubtsOf(id: string): readonly string[];
}

async function findHolders(hub: Hub, stranger: Stranger, keys: readonly MatchKey[]): Promise<Holders> {
  const { kind, values } = stranger;
  const marks = keys.filter(({ type }) => type === 'email').map(asShared);
  const held = await hub.store.readKeys([...keys, ...marks]);
  const records = await hub.store.readUnified(kind, [...new Set(keys.flatMap((key) => held.get(keyText(key)) ?? []))]);
  const vocabulary = vocabularyOf(hub, kind);
  const live = new Set<string>();
  const begun = new Set<string>();
  const disputed = new Map<string, string>();
  for (const key of keys) {
    const id = held.get(keyText(key));
    if (id === undefined) continue;
    const record = records.get(id);
    if (record === undefined) begun.add(id);
    const isHeld = record === undefined || record.keys.includes(`${key.type}:${key.value}`);
    if (!isHeld) {
      if (record?.mergedInto !== undefined) live.add(record.mergedInto);
      continue;
    }
    if (record === undefined || key.type !== 'email') {
      live.add(id);
      continue;
    }
    const isShared = held.has(keyText(asShared(key)));
    const isAnother = !mayBeOnePerson(values, valuesOf(record), vocabulary);
    if (!isAnother && (!isShared || hasFullName(values, vocabulary))) live.add(id);
    else disputed.set(keyText(key), id);
    // From now on the mailbox says nothing about somebody without a name either.
    if (isAnother && !isShared) await hub.store.putKey(asShared(key), id, null);
  }
  for (const [text, id] of disputed) if (live.has(id)) disputed.delete(text);
  return {
    established: [...live].sort(),
    disputed,
    isWritten: (id) => !begun.has(id),
    doubtsOf: (id) => records.get(id)?.doubts ?? [],
  };
}

/** The key that says of a mailbox that several persons have it. */
function asShared({ kind, value }: MatchKey): MatchKey {
  return { kind, type: 'shared-email', value };
}

function keyText({ kind, type, value }: MatchKey): string {
  return `${kind}#${type}#${value}`;
}

/**
 * Claims every key for a record just made. A key that somebody else got first folds this record into theirs: it has
 * no content yet, so the crosswalk and the keys claimed so far just move. Whoever refers to the record may have taken its id from the
 * crosswalk by then, so a fresh id leads on to where the record is; or the other id, if that is as fresh and younger, leads here.
 */
async function claimAll(
  hub: Hub,
  stranger: Stranger,
  keys: readonly MatchKey[],
  own: string,
  isFresh = false,
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
    const isStale =
      other !== undefined && other.mergedInto === undefined && !other.keys.includes(`${key.type}:${key.value}`);
    // Somebody else's mailbox after all: the settling of both records asks about it.
    if (isAnother(hub, stranger, key, other)) continue;
    if (isStale && (await store.putKey(key, unifiedId, holder))) {
      claimed.push(key);
      continue;
    }
    const into = isFresh ? await joinIds(hub, stranger.kind, own, holder) : holder;
    if (into === undefined) {
      await reportConflict(hub, stranger, [unifiedId, holder]);
      continue;
    }
    if (into === own) {
      if (await store.putKey(key, own, holder)) claimed.push(key);
      continue;
    }
    if (!(await store.putRef(stranger.ref, stranger.kind, into, own))) {
      // Another worker on the same record was faster: where it led is where the record is.
      unifiedId = (await ledTo(hub, stranger)) ?? unifiedId;
      continue;
    }
    for (const mine of claimed) await store.putKey(mine, into, own);
    unifiedId = into;
  }
  return { unifiedId, claimedKeys: claimed.map(({ type, value }) => `${type}:${value}`) };
}

function isAnother(hub: Hub, { kind, values }: Stranger, key: MatchKey, other: UnifiedRecord | undefined): boolean {
  if (key.type !== 'email' || other === undefined) return false;
  return !mayBeOnePerson(values, valuesOf(other), vocabularyOf(hub, kind));
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
