import { isFrozen } from '../../absorb/frozen-field.ts';
import { seatKey } from '../../model/external-ref.ts';
import type { SweepMode, SweepRequest } from '../../model/notice.ts';
import type { Problem, ProblemCause } from '../../model/problem.ts';
import { FIELDS_KNOWN_MS } from '../../model/snapshot.ts';
import { WHOLE } from '../../model/source-record.ts';
import { walkAndOpen, walkKind } from '../connections/finish-backfill.ts';
import { updateConnection } from '../connections/pause-connection.ts';
import { noEffects, noteDue, sendEffects } from '../effects.ts';
import type { Bundle, Hub } from '../ports.ts';
import { settleRecord } from '../settle-record.ts';
import { judgeProblem } from './judge-problem.ts';
import { findBundle } from './problem-scene.ts';
import { closeProblems } from './raise-problem.ts';
import { reviewNow } from './review-problems.ts';

/** How a retry ended. */
export type RetryEnd = 'queued' | 'unknown-problem' | 'contended';

/**
 * Retries one problem: forgets that its value was refused or its field frozen, queues the record in both directions, and closes it. If the
 * cause is still there, the same problem opens again; one whose cause the hub knows to be there without asking any system stays open, and a
 * question about two records does until it is answered. A merge that was cut short is finished. Of a connection as a whole: ends the
 * pause that the problem is about; a connection that is out of reach or refused is asked again, and stays paused if somebody paused it.
 */
export async function retryProblem(hub: Hub, id: string): Promise<RetryEnd> {
  const problem = await hub.store.readProblem(id);
  if (problem === undefined) return 'unknown-problem';
  if (QUESTIONS.has(problem.cause)) return retryQuestion(hub, problem);
  const isDone =
    problem.externalId === undefined && problem.unifiedId === undefined
      ? await retryConnection(hub, problem)
      : await retryRecord(hub, problem);
  if (!isDone) return 'contended';
  // Last, so that nothing is forgotten when this is cut short; not, if what was queued above has met the cause again by now.
  if (!(KNOWN.has(problem.cause) && (await judgeProblem(hub, problem)) === 'stands')) {
    await hub.store.closeProblem(id, hub.now(), problem);
  }
  return 'queued';
}

/** Causes that the hub knows to be there, or not, from what it has stored. What is queued may be a while on its way, and find nothing new. */
const KNOWN: ReadonlySet<ProblemCause> = new Set([
  'unmapped-value',
  'required-missing',
  'merge-conflict',
  'duplicate',
  'rate-missing',
  'erasure-waits',
  'credential',
  'unreachable',
]);

const QUESTIONS: ReadonlySet<ProblemCause> = new Set(['doubtful-match', 'merge-unfinished', 'invitation']);

/**
 * A likeness is told once, when a record is met, a merge is marked once, when it begins, and an invitation is asked about when it comes:
 * nothing would open these again. So they are looked at, and stay open unless they are over.
 */
async function retryQuestion(hub: Hub, problem: Problem): Promise<RetryEnd> {
  if (problem.state === 'closed') return 'queued';
  const verdict = await reviewNow(hub, problem);
  return problem.cause === 'merge-unfinished' && verdict === 'stands' ? 'contended' : 'queued';
}

async function retryConnection(hub: Hub, problem: Problem): Promise<boolean> {
  const { connection } = problem;
  if (problem.cause === 'missing-field') await lookForFields(hub, problem);
  else if (isPause(problem)) await resumeConnection(hub, connection);
  else await hub.outbox.sweep(sweepsOf(hub, connection, ['changes']), 0);
  return true;
}

/**
 * Takes the fields for there again and goes over every record of the object when nobody can believe any more that they are not: whatever is
 * still not there is told anew.
 */
async function lookForFields(hub: Hub, { connection, object = '' }: Problem): Promise<void> {
  await updateConnection(hub, connection, (state) => ({ ...state, unseen: { ...state.unseen, [object]: [] } }));
  await walkKind(hub, connection, object, FIELDS_KNOWN_MS);
}

/**
 * Ends a pause and sweeps every object inwards, deletions too; what is behind outwards shows on the way. What others changed meanwhile is
 * behind here, so all kinds are walked; cut short before the walks are asked for, the connection stays paused, and whoever resumes it again
 * asks for all of them.
 */
export async function resumeConnection(hub: Hub, connection: string): Promise<void> {
  const before = await hub.store.readConnection(connection);
  const open = await Promise.all((before?.problems ?? []).map((id) => hub.store.readProblem(id)));
  // Why it was paused is answered by this; a refused credential or a system that does not answer is not.
  const answered = open.flatMap((problem) => (problem !== undefined && isPause(problem) ? [problem.id] : []));
  await walkAndOpen(hub, connection, objectsOf(hub, connection), () =>
    updateConnection(hub, connection, ({ paused: _ended, ...state }) => ({
      ...state,
      problems: state.problems.filter((id) => !answered.includes(id)),
      resumedAt: hub.now(),
    })),
  );
  await closeProblems(hub, answered);
  // Spares waiting for the schedule's.
  await hub.outbox.sweep(sweepsOf(hub, connection, ['changes', 'deletions']), 0);
}

function sweepsOf(hub: Hub, connection: string, modes: readonly SweepMode[]): SweepRequest[] {
  return objectsOf(hub, connection).flatMap((object) =>
    modes.map((mode) => ({ schema: 1, connection, object, mode, attempts: 0 })),
  );
}

function objectsOf(hub: Hub, connection: string): readonly string[] {
  return hub.connections.find(({ id }) => id === connection)?.objects ?? [];
}

/** Whether the problem says why the hub paused its connection. */
export function isPause({ cause }: Problem): boolean {
  return cause === 'mass-change' || cause === 'account-changed';
}

async function retryRecord(hub: Hub, problem: Problem): Promise<boolean> {
  const effects = noEffects();
  const correlationId = hub.newId();
  const bundle = await findBundle(hub, problem);
  if (bundle !== undefined) {
    if (!KNOWN.has(problem.cause) && !(await forget(hub, bundle, problem))) return false;
    const cause = { correlationId, isRepeated: false };
    const settled = await settleRecord(hub, bundle.kind, bundle.id, cause, effects);
    if (settled.outcome === 'contended') return false;
    const { connection, object } = problem;
    if (object !== undefined) {
      noteDue(effects, { schema: 1, connection, object, kind: bundle.kind, id: bundle.id, attempts: 0, correlationId });
    }
  }
  if (problem.object !== undefined && problem.externalId !== undefined) {
    const { connection, object, externalId } = problem;
    const notice = {
      schema: 1,
      connection,
      object,
      ids: [externalId],
      reason: 'retry',
      attempts: 0,
      correlationId,
    } as const;
    effects.notices.push({ notice, delayMs: 0 });
  }
  await sendEffects(hub, effects);
  return true;
}

/** Drops what the source (or the seat of a creation) remembers against the value. `false`: written meanwhile. */
async function forget(hub: Hub, bundle: Bundle, problem: Problem): Promise<boolean> {
  const { connection, object = '', field } = problem;
  const isMeant = (name: string): boolean => field === undefined || name === field || name === WHOLE;
  const seat = bundle.unified?.seats[seatKey(connection, object)];
  if (bundle.unified !== undefined && seat !== undefined && 'creating' in seat) {
    const free = { ...seat, refused: without(seat.refused, isMeant), problems: [] };
    const seats = { ...bundle.unified.seats, [seatKey(connection, object)]: free };
    const { counter } = bundle.unified;
    return hub.store.putUnified({ ...bundle.unified, seats, counter: counter + 1 }, counter);
  }
  const source = bundle.sources.find(
    (candidate) => candidate.connection === connection && candidate.externalId === problem.externalId,
  );
  if (source === undefined) return true;
  const held = Object.fromEntries(
    Object.entries(source.held).filter(([name, reason]) => !(isMeant(name) && isFrozen(reason))),
  );
  const next = {
    ...source,
    held,
    refused: without(source.refused, isMeant),
    tallies: without(source.tallies, isMeant),
    problems: source.problems.filter((id) => id !== problem.id),
    counter: source.counter + 1,
  };
  return hub.store.putSource(next, source.counter);
}

function without<T>(record: Readonly<Record<string, T>>, drop: (name: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !drop(name)));
}
