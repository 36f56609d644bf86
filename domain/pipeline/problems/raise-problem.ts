import { hash } from 'node:crypto';
import type { Problem } from '../../model/problem.ts';
import type { Hub } from '../ports.ts';

/** What a caller tells of a problem; id and times are added. */
export type ProblemDraft = Omit<Problem, 'id' | 'state' | 'openedAt' | 'raisedAt' | 'closedAt' | 'ignored'>;

/** What a problem is about, by which it is told from others. */
export type ProblemSubject = Pick<
  ProblemDraft,
  'cause' | 'connection' | 'object' | 'externalId' | 'unifiedId' | 'field'
>;

/**
 * The id of a problem: the same question about the same record and field has the same id, so it is asked once. What a unified record may be
 * the same as is asked once for all its systems, whichever of them brought it to light.
 */
export function problemId({ cause, connection, object, externalId, unifiedId, field }: ProblemSubject): string {
  const isOfUnified = cause === 'doubtful-match' && unifiedId !== undefined;
  const place = isOfUnified ? ['hub', '', unifiedId] : [connection, object ?? '', externalId ?? unifiedId ?? ''];
  const about = [...place, field ?? '', cause];
  return hash('sha1', about.join('\u0000'), 'hex').slice(0, 20);
}

/** Opens a problem, or keeps it open with its first opening time, and answers its id. */
export async function raiseProblem(hub: Hub, draft: ProblemDraft): Promise<string> {
  const id = problemId(draft);
  const now = hub.now();
  await hub.store.openProblem({ ...draft, id, state: 'open', openedAt: now, raisedAt: now });
  logRaised(hub, id, draft);
  return id;
}

const GROW_TRIES_MAX = 12;

/**
 * Raises a problem that tells more than it did, for instance of one record more; `grow` answers what it is to tell, from what it tells now, or
 * nothing if that is enough. Several may do so at the same time, and none of them is forgotten.
 *
 * *Bounds*: 12 tries against others; rejects then, and the message comes back.
 */
export async function growProblem(
  hub: Hub,
  id: string,
  grow: (known: Problem | undefined) => ProblemDraft | undefined,
): Promise<void> {
  for (let attempt = 0; attempt < GROW_TRIES_MAX; attempt++) {
    const known = await hub.store.readProblem(id);
    const draft = grow(known);
    if (draft === undefined) return;
    const now = hub.now();
    if (!(await hub.store.openProblem({ ...draft, id, state: 'open', openedAt: now, raisedAt: now }, known ?? null)))
      continue;
    logRaised(hub, id, draft);
    return;
  }
  throw new Error(`The problem ${id} was raised by others again and again while it was to tell more.`);
}

function logRaised(hub: Hub, id: string, draft: ProblemDraft): void {
  hub.log('problem-opened', {
    problem: id,
    cause: draft.cause,
    connection: draft.connection,
    record: draft.unifiedId,
    externalId: draft.externalId,
    field: draft.field,
    code: draft.code,
  });
}

/** Closes problems whose cause is gone. */
export async function closeProblems(hub: Hub, ids: readonly string[]): Promise<void> {
  for (const id of ids) await hub.store.closeProblem(id, hub.now());
}
