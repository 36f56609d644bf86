import type { ExternalRef } from '../../model/external-ref.ts';
import type { JournalStep } from '../../model/journal.ts';
import { isKind, type Kind } from '../../model/kind.ts';
import type { Problem } from '../../model/problem.ts';
import { noEffects, sendEffects } from '../effects.ts';
import type { Hub } from '../ports.ts';
import { readFollowing } from '../problems/problem-scene.ts';
import { closeProblems, type ProblemDraft, problemId, raiseProblem } from '../problems/raise-problem.ts';
import { isBuried, lookForLeftovers } from '../tombstone.ts';
import { mergeIdOf, mergeRecords } from './merge-records.ts';
import { isUndoable, type UnmergeEnd, unmergeRecords } from './unmerge-records.ts';

/** How a person's merge ended. */
export type MergeEnd = 'done' | 'unknown' | 'contended';

/**
 * A person says that two records are the same: they are merged, and the questions about them are closed; one that is about
 * others as well goes on about those. Before anything is written, an open problem marks that it has begun, which the review of problems finishes by itself ({@link finishMerge}), should
 * this be cut short.
 */
export async function mergeByPerson(
  hub: Hub,
  kind: Kind,
  survivorId: string,
  loserId: string,
  by: string,
): Promise<MergeEnd> {
  if (!(await isMergeable(hub, kind, survivorId, loserId))) return 'unknown';
  const both = await hub.store.readUnified(kind, [survivorId, loserId]);
  if ([...both.values()].some(({ state }) => state === 'erased')) return 'unknown';
  const sources = [
    ...(await hub.store.readBundle(kind, survivorId)).sources,
    ...(await hub.store.readBundle(kind, loserId)).sources,
  ];
  const mark = await raiseProblem(hub, markOf('MERGE', kind, survivorId, loserId));
  if (!(await carryOutMerge(hub, kind, survivorId, loserId))) {
    if (!(await isAlias(hub, kind, loserId))) await closeProblems(hub, [mark]);
    return 'contended';
  }
  await noteMerge(hub, kind, [survivorId, loserId], 'merged', by, mergeIdOf(survivorId, loserId));
  await endQuestions(hub, sources, survivorId, loserId);
  await closeProblems(hub, [mark]);
  return 'done';
}

async function endQuestions(
  hub: Hub,
  sources: readonly ExternalRef[],
  survivorId: string,
  loserId: string,
): Promise<void> {
  const ofSources = sources.flatMap(({ connection, object, externalId }) =>
    (['doubtful-match', 'merge-conflict'] as const).map((cause) => ({ cause, connection, object, externalId })),
  );
  const ofRecords = [survivorId, loserId].map(
    (unifiedId) => ({ cause: 'doubtful-match', connection: 'hub', unifiedId }) as const,
  );
  for (const about of [...ofSources, ...ofRecords]) {
    const problem = await hub.store.readProblem(problemId(about));
    const { candidates = [] } = problem ?? {};
    if (problem === undefined || problem.state === 'closed') continue;
    if (!candidates.includes(survivorId) || !candidates.includes(loserId)) continue;
    const others = candidates.filter((candidate) => candidate !== survivorId && candidate !== loserId);
    // As it was read: one that is about another record as well since then goes on about that, and the review puts right what it says.
    if (others.length === 0 || problem.cause === 'merge-conflict') {
      await hub.store.closeProblem(problem.id, hub.now(), problem);
    } else {
      const rest = { ...problem, unifiedId: survivorId, candidates: [survivorId, ...others] };
      await hub.store.openProblem(rest, problem);
    }
  }
}

/** A person says that a merge was wrong: it is undone, marked as begun in the same way. */
export async function unmergeByPerson(hub: Hub, mergeId: string, by: string): Promise<UnmergeEnd> {
  const item = await hub.store.readMerge(mergeId);
  if (item === undefined || !isUndoable(item)) return { end: 'unknown' };
  const mark = await raiseProblem(hub, markOf('UNMERGE', item.kind, item.survivor.id, item.loser.id));
  const answer = await unmergeRecords(hub, { mergeId, correlationId: hub.newId() });
  if (answer.end === 'done') {
    await noteMerge(hub, item.kind, [item.survivor.id, item.loser.id], 'unmerged', by, mergeId);
    await closeProblems(hub, [mark]);
  } else if (await isCalledOff(hub, item.kind, [item.survivor.id, item.loser.id])) {
    await closeProblems(hub, [mark]);
    return { end: 'unknown' };
  } else if (!(await isBegun(hub, mergeId)) && (await isAlias(hub, item.kind, item.loser.id))) {
    await closeProblems(hub, [mark]);
  }
  return answer;
}

/** Whether the undoing is noted to have begun: until it is finished it stops other merges, so that the review finishes it. */
async function isBegun(hub: Hub, mergeId: string): Promise<boolean> {
  return (await hub.store.readMerge(mergeId))?.state === 'unmerging';
}

/** Finishes what the mark of {@link mergeByPerson} or {@link unmergeByPerson} says was begun. `false`: it has to be tried again. */
export async function finishMerge(hub: Hub, { code, kind, candidates = [] }: Problem): Promise<boolean> {
  const [survivorId, loserId] = candidates;
  if (kind === undefined || !isKind(kind) || survivorId === undefined || loserId === undefined) return true;
  if (code === 'UNMERGE') {
    if (await isCalledOff(hub, kind, candidates)) return true;
    const request = { mergeId: mergeIdOf(survivorId, loserId), correlationId: hub.newId() };
    return (await unmergeRecords(hub, request)).end !== 'contended';
  }
  if (await isMergeable(hub, kind, survivorId, loserId)) return carryOutMerge(hub, kind, survivorId, loserId);
  const loser = (await hub.store.readUnified(kind, [loserId])).get(loserId);
  // Begun, and then its survivor was merged on: the rest belongs where that one is now.
  if (loser?.mergedInto !== survivorId) return true;
  return carryOutMerge(hub, kind, (await readFollowing(hub, kind, survivorId)).id, loserId);
}

/** Two different records that are there; a loser that leads to this very survivor is a merge cut short. */
async function isMergeable(hub: Hub, kind: Kind, survivorId: string, loserId: string): Promise<boolean> {
  const records = await hub.store.readUnified(kind, [survivorId, loserId]);
  const [survivor, loser] = [records.get(survivorId), records.get(loserId)];
  if (survivor === undefined || loser === undefined || survivorId === loserId) return false;
  return survivor.mergedInto === undefined && (loser.mergedInto ?? survivorId) === survivorId;
}

async function carryOutMerge(hub: Hub, kind: Kind, survivorId: string, loserId: string): Promise<boolean> {
  const effects = noEffects();
  const request = { kind, survivorId, loserId, reason: 'merged by a person', correlationId: hub.newId(), effects };
  if (!(await mergeRecords(hub, request))) return false;
  await sendEffects(hub, effects);
  return true;
}

/** Whether one of the two was erased in the middle of it; what was written for it since is looked for and goes as well. */
async function isCalledOff(hub: Hub, kind: Kind, ids: readonly string[]): Promise<boolean> {
  let isErased = false;
  for (const id of ids) {
    const bundle = await hub.store.readBundle(kind, id);
    if (!isBuried(bundle)) continue;
    isErased = true;
    await lookForLeftovers(hub, bundle);
  }
  return isErased;
}

async function isAlias(hub: Hub, kind: Kind, id: string): Promise<boolean> {
  return (await hub.store.readUnified(kind, [id])).get(id)?.state === 'merged';
}

/** The mark; the hub's own, and of no connection. */
function markOf(code: 'MERGE' | 'UNMERGE', kind: Kind, survivorId: string, loserId: string): ProblemDraft {
  const what = code === 'MERGE' ? 'merged' : 'taken apart again';
  return {
    cause: 'merge-unfinished',
    connection: 'hub',
    externalId: mergeIdOf(survivorId, loserId),
    kind,
    code,
    message: `The ${kind} records ${survivorId} and ${loserId} are being ${what}.`,
    nextStep: 'Nothing to do: should it have been cut short, the hub finishes it within some minutes.',
    candidates: [survivorId, loserId],
  };
}

async function noteMerge(
  hub: Hub,
  kind: Kind,
  ids: readonly string[],
  step: Extract<JournalStep, 'merged' | 'unmerged'>,
  by: string,
  mergeId: string,
): Promise<void> {
  const records = await hub.store.readUnified(kind, ids);
  await hub.store.appendJournal(
    ids.map((id) => ({
      id: hub.newId(),
      kind,
      unifiedId: id,
      at: hub.now(),
      step,
      version: records.get(id)?.version ?? 0,
      changes: {},
      by,
      note: mergeId,
    })),
  );
}
