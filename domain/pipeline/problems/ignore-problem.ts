import { isKind } from '../../model/kind.ts';
import type { Ignored, Problem } from '../../model/problem.ts';
import { keepApart } from '../identify/decide-likeness.ts';
import { inParallel } from '../in-parallel.ts';
import type { Hub } from '../ports.ts';

/** How ignoring a problem, or taking that back, ended. */
export type IgnoreEnd =
  | 'done'
  | 'kept-apart'
  | 'unknown'
  | 'not-open'
  | 'not-ignored'
  | 'told-apart'
  | 'no-reason'
  | 'contended';

/**
 * A person says to leave a problem as it is, and why. It is not listed with the open ones any more until its cause is another
 * one (another value, another answer of the system) or is gone; nothing else changes. Of two records that look alike, the person
 * answers the question with it: they are not the same, and a pin keeps them apart. Who, when and why is kept in the problem and
 * in the record's journal.
 */
export async function ignoreProblem(
  hub: Hub,
  id: string,
  said: { readonly by: string; readonly reason: string },
): Promise<IgnoreEnd> {
  const problem = await hub.store.readProblem(id);
  if (problem === undefined) return 'unknown';
  if (said.reason === '') return 'no-reason';
  if (problem.cause === 'doubtful-match' || problem.cause === 'merge-conflict') {
    const end = await keepApart(hub, id);
    if (end !== 'done') return end === 'contended' ? 'contended' : 'unknown';
    await note(hub, problem, 'ignored', said.by, said.reason);
    return 'kept-apart';
  }
  const ignored: Ignored = { at: hub.now(), ...said };
  if (!(await hub.store.ignoreProblem(id, ignored))) return 'not-open';
  await note(hub, problem, 'ignored', said.by, said.reason);
  return 'done';
}

/**
 * Takes back that a problem is ignored: it is open again, since its first opening. That two records are not the same
 * (`told-apart`) is no such thing: merging them is the way to say otherwise.
 */
export async function attendProblem(hub: Hub, id: string, by: string): Promise<IgnoreEnd> {
  const problem = await hub.store.readProblem(id);
  if (problem === undefined) return 'unknown';
  if (!(await hub.store.ignoreProblem(id, undefined))) {
    if (problem.state !== 'closed') return 'not-ignored';
    return (await toldApart(hub, problem)).length > 0 ? 'told-apart' : 'not-open';
  }
  await note(hub, problem, 'attended', by, undefined);
  return 'done';
}

/** Of the records that a question names, the pairs of which somebody has said that they are not the same. */
export async function toldApart(
  hub: Hub,
  { kind, candidates = [] }: Problem,
): Promise<readonly (readonly [string, string])[]> {
  if (kind === undefined || !isKind(kind)) return [];
  const pairs = candidates.flatMap((one, at) => candidates.slice(at + 1).map((other) => [one, other] as const));
  const pinned = await inParallel(pairs.slice(0, PAIRS_MAX), ([one, other]) => hub.store.readPin(kind, one, other));
  return pairs.filter((_, at) => pinned[at] === true);
}

const PAIRS_MAX = 50;

async function note(
  hub: Hub,
  problem: Problem,
  step: 'ignored' | 'attended',
  by: string,
  reason: string | undefined,
): Promise<void> {
  const { kind, unifiedId, connection, object, externalId, field } = problem;
  if (kind === undefined || !isKind(kind) || unifiedId === undefined) return;
  const { unified } = await hub.store.readBundle(kind, unifiedId);
  const why = reason === undefined || reason === '' ? '' : `: ${reason}`;
  await hub.store.appendJournal([
    {
      id: hub.newId(),
      kind,
      unifiedId,
      at: hub.now(),
      step,
      ...(object === undefined || externalId === undefined ? {} : { from: `${connection}#${object}#${externalId}` }),
      version: unified?.version ?? 0,
      changes: {},
      by,
      note: `${problem.cause}${field === undefined ? '' : ` of ${field}`} at ${connection}${why}`,
    },
  ]);
}
