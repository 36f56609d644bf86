import type { Fault } from '../../model/fault.ts';
import { updateConnection } from '../connections/pause-connection.ts';
import type { ConnectionState, Hub } from '../ports.ts';
import { closeProblems, type ProblemDraft, problemId, raiseProblem } from '../problems/raise-problem.ts';

/**
 * Opens the problem of a connection that does not answer as it should; it closes by itself when the connection answers
 * again. Waiting for a limit and refused credentials are other matters, with their own ways.
 */
export async function reportUnreachable(hub: Hub, connection: string, fault: Fault): Promise<void> {
  if (fault.kind === 'throttled' || fault.kind === 'credential') return;
  const id = await raiseProblem(hub, {
    ...draftFor(connection),
    faultKind: fault.kind,
    code: fault.code,
    message: fault.message,
  });
  await updateConnection(hub, connection, (state) =>
    state.problems.includes(id) ? undefined : { ...state, problems: [...state.problems, id] },
  );
}

/** Closes that problem when it is open and the connection has just answered. */
export async function settleReachable(hub: Hub, known: ConnectionState): Promise<void> {
  const id = problemId(draftFor(known.connection));
  if (!known.problems.includes(id)) return;
  await closeProblems(hub, [id]);
  await updateConnection(hub, known.connection, (state) => ({
    ...state,
    problems: state.problems.filter((problem) => problem !== id),
  }));
}

function draftFor(connection: string): ProblemDraft {
  return {
    cause: 'unreachable',
    connection,
    message: `${connection} does not answer as it should.`,
    nextStep: `See whether ${connection} is up and its address right; the hub keeps trying, and everything else runs.`,
  };
}
