import type { ProblemCause } from '../../model/problem.ts';
import type { ConnectionState, Hub } from '../ports.ts';
import { raiseProblem } from '../problems/raise-problem.ts';

/** Why the hub pauses a connection by itself, for the person who has to look. */
export interface PauseReason {
  readonly cause: ProblemCause;
  readonly field?: string;
  readonly message: string;
  readonly nextStep: string;
}

const ATTEMPTS_MAX = 5;

/** Changes a connection's state by compare-and-set; `change` answers `undefined` when there is nothing to do. */
export async function updateConnection(
  hub: Hub,
  connection: string,
  change: (state: ConnectionState) => ConnectionState | undefined,
): Promise<ConnectionState | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const state = await hub.store.readConnection(connection);
    const next = state && change(state);
    if (state === undefined || next === undefined) return state;
    const written = { ...next, counter: state.counter + 1 };
    if (await hub.store.putConnection(written, state.counter)) return written;
  }
  throw new Error(`connection ${connection}: its state kept changing`);
}

/** Stops a connection in both directions and opens the problem that says why. Its messages are dropped; resuming sweeps. */
export async function pauseConnection(hub: Hub, connection: string, reason: PauseReason): Promise<void> {
  const { message, nextStep, cause, field } = reason;
  const problem = await raiseProblem(hub, {
    connection,
    cause,
    message,
    nextStep,
    ...(field === undefined ? {} : { field }),
  });
  await updateConnection(hub, connection, (state) =>
    state.paused !== undefined
      ? undefined
      : {
          ...state,
          paused: { at: hub.now(), reason: message, by: 'hub' },
          problems: [...new Set([...state.problems, problem])],
        },
  );
}
