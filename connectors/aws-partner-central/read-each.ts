import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { ReadOutcome } from '../../domain/model/snapshot.ts';
import { chunk } from '../kit/chunk.ts';

/**
 * Reads records one by one, for AWS has no call for several, a few at a time.
 *
 * *Shape*: one outcome per id, in order; the whole fails when not one could be read. *Bounds*: five calls at once; after a fault that
 * the next ones would meet as well, they are not made.
 */
export async function readEach(
  ids: readonly string[],
  readOne: (id: string) => Promise<Result<ReadOutcome>>,
): Promise<Result<readonly ReadOutcome[]>> {
  const outcomes: ReadOutcome[] = [];
  let stopped: Fault | undefined;
  for (const group of chunk(ids, atOnce)) {
    const known = stopped;
    const answers = known === undefined ? await Promise.all(group.map(readOne)) : group.map(() => fail(known));
    outcomes.push(...answers.map(outcomeOf));
    stopped = answers.flatMap((answer) => (answer.ok || !stopping.has(answer.fault.kind) ? [] : [answer.fault]))[0];
  }
  const [first] = outcomes;
  const isNoneRead = outcomes.every((each) => each.outcome === 'failed');
  return isNoneRead && first?.outcome === 'failed' ? fail(first.fault) : succeed(outcomes);
}

const atOnce = 5;
const stopping: ReadonlySet<Fault['kind']> = new Set(['throttled', 'transient', 'credential']);

function outcomeOf(answer: Result<ReadOutcome>): ReadOutcome {
  if (answer.ok) return answer.value;
  return answer.fault.kind === 'missing' ? { outcome: 'missing' } : { outcome: 'failed', fault: answer.fault };
}
