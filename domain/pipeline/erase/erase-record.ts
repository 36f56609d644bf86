import type { Erasure } from '../../model/erasure.ts';
import { refKey, refOfKey } from '../../model/external-ref.ts';
import type { Kind } from '../../model/kind.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { NEVER_READ } from '../../model/source-record.ts';
import { vocabularyOf } from '../connection-scope.ts';
import type { Effects } from '../effects.ts';
import type { Bundle, Hub } from '../ports.ts';
import { tellBorrowers } from '../tell-borrowers.ts';
import { type BuriedBundle, erasureNotice, isBuried, shellOf, tombstoneOf } from '../tombstone.ts';
import { leaveKeys, possibleKeys } from './erasure-keys.ts';
import { erasureProblemIds } from './erasure-problems.ts';
import { type ErasureScope, erasureScope, followedId, isInMotion, refsOf } from './erasure-scope.ts';

/** A merge under way ends within seconds, or is finished by the review of problems within minutes. */
const MOTION_MS = 5_000;
/** Tries, of about an hour together, after which a merge that does not end holds up nothing any more. */
const PATIENT_ATTEMPTS = 12;

/** How a step of an erasure ended. `contended` and `waits`: it must be tried again, after `waitMs`; `isTry`: that counts as one. */
export type ErasureEnd =
  | { readonly end: 'buried'; readonly erasure: Erasure; readonly scope: ErasureScope }
  | { readonly end: 'unknown' }
  | { readonly end: 'waits'; readonly waitMs: number; readonly isTry: boolean }
  | { readonly end: 'contended' };

const ATTEMPTS_MAX = 6;
/** The token of an erasure's claims. All workers on an erasure share them: every step may be done twice. */
const ERASER = 'erasure';
/** Longer than a worker that takes the claims needs for the tombstones; whoever goes on takes them again. */
const LEASE_MS = 120_000;

/**
 * Goes on with an erasure as far as the hub itself is concerned: every seat's claim, so that nothing is on its way to a system;
 * the list of erasures; then tombstones; then everything else that holds a value or tells of the record. Every step may be
 * repeated, and one cut short is finished by the next try. What is left then are empty source records, one for each record that
 * its system has not deleted yet.
 *
 * ```
 *  claims ─▶ list ─▶ keys noted ─▶ tombstones ─▶ source records emptied ─▶ keys, problems, merges, history ─▶ systems
 *     nobody writes │ outlives a restore │ nothing is read in any more                                   (erase-in-system.ts)
 * ```
 *
 * All of it is done once more when whoever had begun before the tombstones has ended ({@link quietMs}): a worker that had read the
 * record before may still write its history.
 */
export async function buryRecord(
  hub: Hub,
  kind: Kind,
  id: string,
  effects: Effects,
  attempts = 0,
): Promise<ErasureEnd> {
  const { store } = hub;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const asked = await store.readErasure(kind, id);
    if (asked === undefined) return { end: 'unknown' };
    const primary = await followedId(store, kind, id);
    const scope = await erasureScope(store, kind, [...new Set([primary, ...asked.ids])]);
    const waitMs = busyMs(scope, hub.now());
    if (waitMs > 0) return { end: 'waits', waitMs, isTry: false };
    if (attempts < PATIENT_ATTEMPTS && (await isInMotion(store, kind, scope)))
      return { end: 'waits', waitMs: MOTION_MS, isTry: true };
    if (!(await claimAll(hub, scope))) continue;
    const erasure = await enterInList(hub, asked, scope);
    if (erasure === undefined) continue;
    await store.noteKeys(kind, id, await possibleKeys(hub, kind, scope));
    if (!(await putTombstones(hub, erasure, scope, effects))) continue;
    if (!(await emptySources(hub, erasure, effects))) continue;
    if (!(await forget(hub, erasure, scope, effects))) continue;
    return { end: 'buried', erasure, scope: await erasureScope(store, kind, erasure.ids) };
  }
  return { end: 'contended' };
}

/** How long somebody else may still be writing the record to a system, ms. */
function busyMs({ bundles }: ErasureScope, now: number): number {
  const ends = [...bundles.values()].flatMap(({ unified, sources }) => [
    ...sources.flatMap(({ claim }) => (claim === undefined || claim.token === ERASER ? [] : [claim.until])),
    ...Object.values(unified?.seats ?? {}).flatMap((seat) => ('creating' in seat ? [seat.creating.until] : [])),
  ]);
  return Math.max(0, ...ends.map((end) => end - now));
}

async function claimAll(hub: Hub, { bundles }: ErasureScope): Promise<boolean> {
  const claim = { token: ERASER, until: hub.now() + LEASE_MS };
  for (const bundle of bundles.values()) {
    if (isBuried(bundle)) continue;
    for (const source of bundle.sources) {
      if (!(await hub.store.putSource({ ...source, claim, counter: source.counter + 1 }, source.counter))) return false;
    }
  }
  return true;
}

/** The list knows of everything before anything is gone. A claimed record is no more written, so what is found now is all. */
async function enterInList(hub: Hub, asked: Erasure, scope: ErasureScope): Promise<Erasure | undefined> {
  const ids = [...new Set([...asked.ids, ...scope.bundles.keys()])].sort();
  const found = [...scope.bundles.values()].flatMap((bundle) =>
    isBuried(bundle) ? bundle.sources.filter(isTheHubs).map(refKey) : refsOf({ bundles: new Map([['', bundle]]) }),
  );
  const refs = [...new Set([...asked.refs, ...found])].sort();
  if (ids.length === asked.ids.length && refs.length === asked.refs.length) return asked;
  const { doneAt: _, emptySince: __, ...rest } = asked;
  const next: Erasure = { ...rest, ids, refs, counter: asked.counter + 1 };
  return (await hub.store.putErasure(next, asked.counter)) ? next : undefined;
}

/** What lies with a tombstone without having been part of the record: a create of the hub's own that ended late, or not. */
function isTheHubs({ state, readAt }: SourceRecord): boolean {
  return state === 'erased' || readAt === NEVER_READ;
}

async function putTombstones(hub: Hub, erasure: Erasure, scope: ErasureScope, effects: Effects): Promise<boolean> {
  const { kind, at, id: under, refs } = erasure;
  for (const id of erasure.ids) {
    const { unified, sources } = scope.bundles.get(id) ?? (await hub.store.readBundle(kind, id));
    const known = unified?.erased?.refs ?? [];
    if (unified?.erased !== undefined && refs.every((ref) => known.includes(ref))) continue;
    const before = unified ?? { kind, id, version: 0, counter: 0, createdAt: at, ...NOTHING };
    const tombstone = tombstoneOf(before, { at, under, refs });
    if (!(await hub.store.putUnified(tombstone, unified?.counter ?? null))) return false;
    if (sources.length === 0 && unified === undefined) continue;
    effects.changed.push({ schema: 1, kind, id, version: tombstone.version, fields: [] });
  }
  // A restored table may not know them any more.
  for (const ref of refs) await hub.store.putRef(refOfKey(ref), kind, under, null);
  return true;
}

const NOTHING = { state: 'present', changedAt: 0, fields: {}, seats: {}, own: {}, keys: [] } as const;

/** Source records lose everything they held; those of connections where the record stays are gone with that. */
async function emptySources(hub: Hub, erasure: Erasure, effects: Effects): Promise<boolean> {
  for (const id of erasure.ids) {
    const bundle = await hub.store.readBundle(erasure.kind, id);
    if (!isBuried(bundle)) return false;
    for (const source of bundle.sources) {
      if (!(await emptySource(hub, erasure, bundle, source, effects))) return false;
    }
  }
  return true;
}

async function emptySource(
  hub: Hub,
  erasure: Erasure,
  bundle: Bundle & BuriedBundle,
  source: SourceRecord,
  effects: Effects,
): Promise<boolean> {
  const { connection, object, externalId } = source;
  const ref = { connection, object, externalId };
  if (!erasure.refs.includes(refKey(ref))) {
    // It was being linked, or moved here by a merge, when the record was erased: it is looked at anew and stands for itself.
    const notice = { ...erasureNotice(ref, erasure), reason: 'reference' as const };
    const { erasure: _, ...plain } = notice;
    effects.notices.push({ notice: plain, delayMs: 0 });
    await hub.store.deleteRef(ref, bundle.id);
    return hub.store.deleteSource(source);
  }
  // Merged away there, it is not there any more.
  if (erasure.keepIn.includes(connection) || source.state === 'merged') return hub.store.deleteSource(source);
  return source.state === 'erased' || hub.store.putSource(shellOf(source), source.counter);
}

/** Everything else that holds a value of the record or tells of it. The notes of where to look go last. */
async function forget(hub: Hub, erasure: Erasure, scope: ErasureScope, effects: Effects): Promise<boolean> {
  const { store } = hub;
  const { kind, ids } = erasure;
  for (const id of ids) {
    if (!(await leaveKeys(hub, kind, await store.readNotedKeys(kind, id), new Set(ids)))) return false;
  }
  await store.deleteProblems(erasureProblemIds(hub, erasure, scope.mergeIds, vocabularyOf(hub, kind)));
  for (const parted of scope.parted) await forgetMergedTime(hub, kind, parted.id, parted.mergeId);
  for (const mergeId of scope.mergeIds) await store.deleteMerge(kind, mergeId);
  // Systems told of other records with values of this one are told that there are none.
  for (const id of ids) await tellBorrowers(hub, kind, id, { correlationId: erasure.id }, effects);
  for (const id of ids) await store.forgetHistory(kind, id);
  return true;
}

/** As long as a function of AWS may run: whoever began before the tombstones has ended by then. */
const WORK_MS = 900_000;

/** How long it is until nobody can be at work any more on what was erased, ms. */
export function quietMs({ doneAt, emptySince }: Erasure, now: number): number {
  if (doneAt !== undefined) return 0;
  return emptySince === undefined ? WORK_MS : Math.max(0, emptySince + WORK_MS - now);
}

/** The journal of a record that was one with the erased record for a time tells of both in that time. */
async function forgetMergedTime(hub: Hub, kind: Kind, id: string, mergeId: string): Promise<void> {
  const merge = await hub.store.readMerge(mergeId);
  if (merge === undefined) return;
  const journal = await hub.store.readJournal(kind, id, JOURNAL_MAX);
  const parted = journal.filter(({ step, at }) => step === 'unmerged' && at >= merge.at).map(({ at }) => at);
  const until = parted.length === 0 ? hub.now() : Math.min(...parted);
  await hub.store.forgetJournal(kind, id, merge.at, until);
}

const JOURNAL_MAX = 200;
