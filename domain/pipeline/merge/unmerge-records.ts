import { type ExternalRef, refKey } from '../../model/external-ref.ts';
import type { MergeItem } from '../../model/journal.ts';
import type { Kind } from '../../model/kind.ts';
import type { UnifiedRecord } from '../../model/unified-record.ts';
import { planUnmerge } from '../../unify/plan-unmerge.ts';
import { vocabularyOf } from '../connection-scope.ts';
import { noEffects, sendEffects } from '../effects.ts';
import { leaveKeys } from '../erase/erasure-keys.ts';
import type { Hub, HubStore } from '../ports.ts';
import { settleRecord } from '../settle-record.ts';
import { isBuried } from '../tombstone.ts';
import { isBeingCreated, moveSources } from './merge-records.ts';

/** How undoing a merge ended. */
export type UnmergeEnd =
  | {
      readonly end: 'done';
      /** External ids that their own system merged away: only a person can make these records again, there. */
      readonly goneInSystems: readonly (ExternalRef & { readonly into: string })[];
    }
  /** `contended`: somebody is writing one of the two just now. `unknown`: there is no such merge, or it is undone already. */
  | { readonly end: 'contended' | 'unknown' };

/**
 * Undoes a merge: the loser's sources go back, both records get back the values, seats and keys they had, except what a person
 * changed since, and a pin says that the two are not the same. Deliveries put the systems right, and records that refer to one of
 * the two are looked at again. Every step may be repeated: an undoing cut short is finished by the next try.
 */
export async function unmergeRecords(
  hub: Hub,
  request: { readonly mergeId: string; readonly correlationId: string },
): Promise<UnmergeEnd> {
  const item = await hub.store.readMerge(request.mergeId);
  if (item === undefined || !isUndoable(item)) return { end: 'unknown' };
  const answer = await takeApart(hub, item, request.correlationId);
  if (answer.end === 'contended') await leaveBuriedKeys(hub, item);
  return answer;
}

/** One of the two was erased in the middle of it: then it holds no key, whatever has just been taken for it. */
async function leaveBuriedKeys(hub: Hub, { kind, survivor, loser }: MergeItem): Promise<void> {
  const records = await hub.store.readUnified(kind, [survivor.id, loser.id]);
  const buried = [...records.values()].filter(({ state }) => state === 'erased').map(({ id }) => id);
  if (buried.length > 0) await leaveKeys(hub, kind, [...survivor.keys, ...loser.keys], new Set(buried));
}

async function takeApart(hub: Hub, item: MergeItem, correlationId: string): Promise<UnmergeEnd> {
  const { store } = hub;
  const { kind } = item;
  const found = await store.readBundle(kind, item.survivor.id);
  const loser = await store.readBundle(kind, item.loser.id);
  if (found.unified === undefined || loser.unified === undefined) return { end: 'unknown' };
  if (isBuried(found) || isBuried(loser)) return { end: 'unknown' };
  if (found.unified.mergedInto !== undefined) {
    // Merged on into a third record: that merge is undone first.
    if (loser.unified.mergedInto === item.survivor.id) await takeBackNote(store, item.id);
    return { end: 'unknown' };
  }
  if (isBeingCreated(found.unified, hub.now()) || isBeingCreated(loser.unified, hub.now())) return { end: 'contended' };
  const noted = loser.unified.state === 'merged' ? await noteUndoing(store, item, found.unified) : found.unified;
  if (noted === undefined) return { end: 'contended' };
  const survivor = { ...found, unified: noted };
  await store.putPin(kind, item.survivor.id, item.loser.id);
  const plan = planUnmerge(item, survivor, vocabularyOf(hub, kind));
  const survivorKeys = await takeKeys(hub, kind, item.survivor, item.loser.id);
  const loserKeys = await takeKeys(hub, kind, item.loser, item.survivor.id);
  if (loser.unified.state === 'merged') {
    const { counter, version } = loser.unified;
    const back = { ...plan.loser, keys: loserKeys, counter: counter + 1, version: version + 1 };
    if (!(await store.putUnified(back, counter))) return { end: 'contended' };
  }
  if (!(await moveSources(hub, plan.sourcesBack, item.loser.id, item.survivor.id))) return { end: 'contended' };
  for (const source of plan.sourcesChanged) {
    if (!(await store.putSource({ ...source, counter: source.counter + 1 }, source.counter)))
      return { end: 'contended' };
  }
  const { counter, version, keys } = survivor.unified;
  // Keys the two came by while they were one are the survivor's until the settling says which of them it should have.
  const kept = [...new Set([...survivorKeys, ...keys.filter((key) => !loserKeys.includes(key))])].sort();
  if (!(await store.putUnified({ ...plan.survivor, keys: kept, counter: counter + 1, version }, counter))) {
    return { end: 'contended' };
  }
  const effects = noEffects();
  const cause = { correlationId, isRepeated: true, step: 'unmerged' } as const;
  for (const id of [item.survivor.id, item.loser.id]) {
    const settled = await settleRecord(hub, kind, id, cause, effects);
    if (settled.outcome === 'contended') return { end: 'contended' };
  }
  await sendEffects(hub, effects);
  await lookAtReferrers(hub, item);
  // Last: until then another try does all of it again.
  await store.putMerge({ ...item, state: 'unmerged' }, 'present');
  return { end: 'done', goneInSystems: goneInSystems(plan.sourcesBack) };
}

/**
 * Notes that the undoing has begun, before anything of it is written. A merge that had read the survivor before that fails from then on,
 * and one that reads it later sees the note. `undefined`: somebody wrote meanwhile.
 */
async function noteUndoing(
  store: HubStore,
  item: MergeItem,
  survivor: UnifiedRecord,
): Promise<UnifiedRecord | undefined> {
  if (item.state === 'merged' && !(await store.putMerge({ ...item, state: 'unmerging' }, 'present'))) return undefined;
  const noted = { ...survivor, counter: survivor.counter + 1 };
  return (await store.putUnified(noted, survivor.counter)) ? noted : undefined;
}

/** The survivor was merged on between the two steps of the note: nothing of the undoing is written, and nothing is to wait for it. */
async function takeBackNote(store: HubStore, mergeId: string): Promise<void> {
  const item = await store.readMerge(mergeId);
  if (item?.state === 'unmerging') await store.putMerge({ ...item, state: 'merged' }, 'present');
}

/** Whether a merge stands, or its undoing has begun and is to be finished. */
export function isUndoable({ state }: MergeItem): boolean {
  return state === 'merged' || state === 'unmerging';
}

/** The keys the record had that nobody but the two has come to hold since. */
async function takeKeys(hub: Hub, kind: Kind, record: UnifiedRecord, otherId: string): Promise<readonly string[]> {
  const { store } = hub;
  const taken: string[] = [];
  for (const text of record.keys) {
    const colon = text.indexOf(':');
    const key = { kind, type: text.slice(0, colon), value: text.slice(colon + 1) };
    const isTaken = (await store.putKey(key, record.id, null)) || (await store.putKey(key, record.id, otherId));
    const holder = isTaken ? record.id : [...(await store.readKeys([key])).values()][0];
    if (holder === record.id) taken.push(text);
  }
  return taken;
}

/** Records that refer to an external id of the loser mean the loser again; nothing but reading them tells which they are. */
async function lookAtReferrers(hub: Hub, { kind, loserSources }: MergeItem): Promise<void> {
  for (const { id: connection, objects } of hub.connections) {
    if (!loserSources.some((source) => source.connection === connection)) continue;
    const referring = objects.filter((object) =>
      hub.mapping(connection, object)?.fields.some((line) => line.referenceTo?.kind === kind && line.flow !== 'out'),
    );
    await hub.outbox.sweep(
      referring.map((object) => ({ schema: 1, connection, object, mode: 'walk', attempts: 0 }) as const),
      0,
    );
  }
}

function goneInSystems(
  sources: readonly (ExternalRef & { readonly mergedInto?: string })[],
): readonly (ExternalRef & { readonly into: string })[] {
  return sources.flatMap(({ connection, object, externalId, mergedInto }) =>
    mergedInto === undefined ? [] : [{ connection, object, externalId, into: mergedInto }],
  );
}

/** What a person must do where a system itself merged the records: the hub cannot take that apart. */
export function remarkOf(gone: ExternalRef & { readonly into: string }): string {
  return `${gone.connection} merged ${refKey(gone).split('#').slice(1).join(' ')} into ${gone.into}; make the record again there if it is needed, the hub cannot.`;
}
