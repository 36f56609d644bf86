import { throughOfVocabulary } from '../../deliver/through-fields.ts';
import { type ExternalRef, refKey } from '../../model/external-ref.ts';
import type { MergeItem } from '../../model/journal.ts';
import type { Kind } from '../../model/kind.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import type { Seat, UnifiedRecord } from '../../model/unified-record.ts';
import { chosenByMerge, giveWay, withoutChosen } from '../../unify/chosen-by-merge.ts';
import { mergeOwn } from '../../unify/merge-own.ts';
import { vocabularyOf } from '../connection-scope.ts';
import type { Effects } from '../effects.ts';
import type { Bundle, Hub, HubStore } from '../ports.ts';
import { readFollowing } from '../problems/problem-scene.ts';
import { settleRecord } from '../settle-record.ts';
import { moveBorrowers } from '../tell-borrowers.ts';
import { buryAgain, isBuried } from '../tombstone.ts';

/** Which two unified records become one, and why. */
export interface MergeRequest {
  readonly kind: Kind;
  readonly survivorId: string;
  readonly loserId: string;
  readonly reason: string;
  readonly correlationId: string;
  readonly effects: Effects;
  /** `connection#object#externalId` that told of the merge: moved last, so that its redelivery finds a merge cut short. */
  readonly toldBy?: string;
  /** Its system's record that lives on: whoever merged the two there saw both, and decided for what this one says. */
  readonly keptRef?: string;
}

/** The id of the merge of two records; there is one at a time. */
export function mergeIdOf(survivorId: string, loserId: string): string {
  return `${survivorId}.${loserId}`;
}

/**
 * Merges two unified records. First both are kept as they were, then the loser becomes an alias, then its sources,
 * crosswalk entries and keys move. Every step may be repeated: a merge cut short is finished by the next try. Answers
 * `false` when somebody wrote one of the two meanwhile and the caller must begin again.
 */
export async function mergeRecords(hub: Hub, request: MergeRequest): Promise<boolean> {
  const { store } = hub;
  const { kind, survivorId, loserId } = request;
  if (survivorId === loserId) return true;
  let survivor = await store.readBundle(kind, survivorId);
  const loser = await store.readBundle(kind, loserId);
  if (survivor.unified === undefined || loser.unified === undefined) return false;
  if (isBuried(survivor) || isBuried(loser)) return calledOff(hub, request, survivor, loser.unified);
  if (survivor.unified.mergedInto !== undefined) return false;
  const into = loser.unified.mergedInto ?? survivorId;
  // Cut short, and its survivor was merged on meanwhile: what is left goes to where that one is now.
  if (into !== survivorId && (await readFollowing(hub, kind, into)).id !== survivorId) return false;
  // What a create in flight makes must find its record where it left it.
  if (isBeingCreated(survivor.unified, hub.now()) || isBeingCreated(loser.unified, hub.now())) return false;
  if (loser.unified.mergedInto === undefined) {
    // What is only half taken apart would end in two places.
    if (await isTakenApart(store, kind, [survivorId, loserId])) return false;
    if (!(await keepAsTheyWere(hub, request, survivor, loser))) return false;
    // Another merge that takes this survivor for its loser has read it before: it fails from here on, or this one does.
    const counter = survivor.unified.counter + 1;
    if (!(await store.putUnified({ ...survivor.unified, counter }, counter - 1))) return false;
    survivor = { ...survivor, unified: { ...survivor.unified, counter } };
    const alias: UnifiedRecord = {
      ...loser.unified,
      state: 'merged',
      mergedInto: survivorId,
      version: loser.unified.version + 1,
      counter: loser.unified.counter + 1,
    };
    if (!(await store.putUnified(alias, loser.unified.counter))) return false;
  }
  const isTeller = (source: SourceRecord): boolean => refKey(source) === request.toldBy;
  const kept = survivor.sources.find((source) => refKey(source) === request.keptRef);
  const chosen = kept === undefined ? new Set<string>() : chosenByMerge(vocabularyOf(hub, kind), kept);
  const others = loser.sources.filter((source) => !isTeller(source)).map((source) => giveWay(source, chosen));
  if (!(await moveSources(hub, others, survivorId, loserId))) return false;
  const left = { ...loser.unified, own: withoutChosen(loser.unified.own, chosen) };
  // Before the keys lead there: one whose holder does not have it is free for anybody.
  if (!(await takeOwn(hub, survivor, left))) return false;
  for (const text of loser.unified.keys) {
    const colon = text.indexOf(':');
    const key = { kind, type: text.slice(0, colon), value: text.slice(colon + 1) };
    await store.putKey(key, survivorId, loserId);
  }
  await moveBorrowers(hub, kind, loserId, survivorId);
  if (!(await moveSources(hub, loser.sources.filter(isTeller), survivorId, loserId))) return false;
  const item = await store.readMerge(mergeIdOf(into, loserId));
  if (item !== undefined && item.state === 'merging') await store.putMerge({ ...item, state: 'merged' }, 'present');
  const cause = { correlationId: request.correlationId, isRepeated: true, step: 'merged' } as const;
  const settled = await settleRecord(hub, kind, survivorId, cause, request.effects);
  return settled.outcome !== 'contended';
}

/**
 * One of the two was erased while they were being merged. A loser that was part of it already is erased with it; one that is not
 * stands for itself again. Nothing is kept of how they were.
 */
async function calledOff(
  hub: Hub,
  { kind, survivorId, loserId, effects }: MergeRequest,
  survivor: Bundle,
  loser: UnifiedRecord,
): Promise<boolean> {
  await hub.store.deleteMerge(kind, mergeIdOf(survivorId, loserId));
  const { mergedInto: into, ...rest } = loser;
  if (loser.state !== 'merged' || into === undefined) return true;
  await hub.store.deleteMerge(kind, mergeIdOf(into, loserId));
  const holder = into === survivorId ? survivor : await hub.store.readBundle(kind, into);
  if (!isBuried(holder)) return true;
  const back = { ...rest, state: 'present', version: loser.version + 1, counter: loser.counter + 1 } as const;
  if (!(await hub.store.putUnified(back, loser.counter))) return false;
  for (const text of loser.keys) {
    const colon = text.indexOf(':');
    await hub.store.putKey({ kind, type: text.slice(0, colon), value: text.slice(colon + 1) }, loserId, into);
  }
  buryAgain(holder, undefined, effects);
  return true;
}

/** Whether the undoing of a merge of one of the records has begun and is not finished. */
async function isTakenApart(store: HubStore, kind: Kind, ids: readonly string[]): Promise<boolean> {
  for (const id of ids) {
    for (const mergeId of await store.readMergesOf(kind, id)) {
      if ((await store.readMerge(mergeId))?.state === 'unmerging') return true;
    }
  }
  return false;
}

/** Whether a create of the record is in flight in some system. */
export function isBeingCreated({ seats }: UnifiedRecord, now: number): boolean {
  return Object.values(seats).some((seat) => 'creating' in seat && seat.creating.until > now);
}

async function keepAsTheyWere(hub: Hub, request: MergeRequest, survivor: Bundle, loser: Bundle): Promise<boolean> {
  if (survivor.unified === undefined || loser.unified === undefined) return false;
  const item: MergeItem = {
    id: mergeIdOf(request.survivorId, request.loserId),
    kind: request.kind,
    survivor: survivor.unified,
    loser: loser.unified,
    survivorSources: survivor.sources.map((source) => withoutThrough(hub, source)),
    loserSources: loser.sources.map((source) => withoutThrough(hub, source)),
    at: hub.now(),
    reason: request.reason,
    state: 'merging',
  };
  return (await hub.store.putMerge(item, 'absent')) || (await hub.store.putMerge(item, 'present'));
}

/** What stands with other records is not copied: it would outlive them. */
function withoutThrough(hub: Hub, source: SourceRecord): SourceRecord {
  const borrowed = throughOfVocabulary(vocabularyOf(hub, source.kind)).filter(({ name }) => source.fields[name]);
  if (borrowed.length === 0) return source;
  const names = borrowed.map(({ name }) => name);
  return {
    ...source,
    fields: Object.fromEntries(Object.entries(source.fields).filter(([name]) => !names.includes(name))),
  };
}

/**
 * Moves source items and their crosswalk entries to another unified record. A claim does not move: its holder finds it
 * gone and looks again. Answers `false` when one was written meanwhile; repeating the move takes its newer state along.
 */
export async function moveSources(
  hub: Hub,
  sources: readonly SourceRecord[],
  toId: string,
  fromId: string,
): Promise<boolean> {
  let isComplete = true;
  for (const source of sources) {
    await putMoved(hub, source, toId);
    await hub.store.putRef(asRef(source), source.kind, toId, fromId);
    isComplete = (await hub.store.deleteSource(source)) && isComplete;
  }
  return isComplete;
}

async function putMoved(hub: Hub, source: SourceRecord, toId: string): Promise<void> {
  const { claim: _claim, ...rest } = source;
  const moved = { ...rest, unifiedId: toId, counter: source.counter + 1 };
  if (await hub.store.putSource(moved, null)) return;
  const there = (await hub.store.readBundle(source.kind, toId)).sources.find(
    (other) => refKey(other) === refKey(source),
  );
  if (there === undefined || there.counter >= moved.counter) return;
  await hub.store.putSource(moved, there.counter);
}

async function takeOwn(hub: Hub, survivor: Bundle, loser: UnifiedRecord): Promise<boolean> {
  if (survivor.unified === undefined) return false;
  const own = mergeOwn(survivor.unified.own, loser.own);
  const keys = [...new Set([...survivor.unified.keys, ...loser.keys])].sort();
  const { doubts = [], ...sure } = survivor.unified;
  const left = doubts.filter((doubt) => doubt !== loser.id);
  const seats = seatsWithCreationsOf(sure.seats, loser);
  const next = { ...sure, own, keys, seats, ...(left.length === 0 ? {} : { doubts: left }), counter: sure.counter + 1 };
  return hub.store.putUnified(next, survivor.unified.counter);
}

/**
 * A creation of the loser whose end nobody knows may have made a record, or still make one: the survivor looks for it before it makes
 * another. At most so many merged records are remembered.
 */
function seatsWithCreationsOf(seats: UnifiedRecord['seats'], loser: UnifiedRecord): UnifiedRecord['seats'] {
  const taken: Record<string, Seat> = { ...seats };
  for (const [key, seat] of Object.entries(loser.seats)) {
    if (!('creating' in seat) || !mayHaveArrived(seat)) continue;
    const own = taken[key];
    if (own !== undefined && !('creating' in own)) continue;
    const alsoUnder = [...new Set([...(own?.alsoUnder ?? []), ...(seat.alsoUnder ?? []), loser.id])].slice(-UNDER_MAX);
    taken[key] = { ...(own ?? FREE), isUncertain: true, alsoUnder };
  }
  return taken;
}

const UNDER_MAX = 10;
const FREE: CreatingSeat = {
  creating: { token: '', until: 0 },
  intents: {},
  refused: {},
  isUncertain: false,
  problems: [],
};

type CreatingSeat = Extract<Seat, { readonly creating: unknown }>;

/** A token that is a list stands for a promise, not for a creation; see `find-sole.ts`. */
function mayHaveArrived({ creating, isUncertain }: CreatingSeat): boolean {
  return isUncertain || (creating.token !== '' && !creating.token.startsWith('['));
}

function asRef({ connection, object, externalId }: SourceRecord): ExternalRef {
  return { connection, object, externalId };
}
