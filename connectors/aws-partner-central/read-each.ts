import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { ReadOutcome } from '../../domain/model/snapshot.ts';
import { chunk } from '../kit/chunk.ts';
import type { Call } from '../kit/connector.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { answersOthers, isDenied, type Probe, refusalOfOne } from './refusal-of-one.ts';

/**
 * Reads records one by one, for AWS has no call for several, a few at a time.
 *
 * *Shape*: one outcome per id, in order; the whole fails when not one could be read. *Bounds*: five calls at once; after a fault that
 * the next ones would meet as well, they are not made; two calls more where access is denied. *Faults*: access that is denied to some
 * records only is `rejected`, of those.
 */
export async function readEach(
  call: Call<PartnerCentralApi>,
  ids: readonly string[],
  probe: Probe,
  readOne: (id: string) => Promise<Result<ReadOutcome>>,
): Promise<Result<readonly ReadOutcome[]>> {
  const outcomes: ReadOutcome[] = [];
  let stopped: Fault | undefined;
  let isAnswered: boolean | undefined;
  const told = async (group: readonly Result<ReadOutcome>[]): Promise<readonly Result<ReadOutcome>[]> => {
    if (!group.some((answer) => !answer.ok && isDenied(answer.fault))) return group;
    isAnswered ??= group.some(({ ok }) => ok) || (await answersOthers(call, probe, ids));
    if (!isAnswered) return group;
    return group.map((answer) => (answer.ok || !isDenied(answer.fault) ? answer : fail(refusalOfOne(answer.fault))));
  };
  for (const group of chunk(ids, atOnce)) {
    const known = stopped;
    const answers =
      known === undefined ? await told(await Promise.all(group.map(readOne))) : group.map(() => fail(known));
    outcomes.push(...answers.map(outcomeOf));
    stopped = answers.flatMap((answer) => (answer.ok || !stopping.has(answer.fault.kind) ? [] : [answer.fault]))[0];
  }
  const [first] = outcomes;
  // What is about single records is theirs, also where it is about all of them.
  const isWhole = outcomes.every((each) => each.outcome === 'failed' && each.fault.kind !== 'rejected');
  return isWhole && first?.outcome === 'failed' ? fail(first.fault) : succeed(outcomes);
}

const atOnce = 5;
const stopping: ReadonlySet<Fault['kind']> = new Set(['throttled', 'transient', 'credential']);

function outcomeOf(answer: Result<ReadOutcome>): ReadOutcome {
  if (answer.ok) return answer.value;
  return answer.fault.kind === 'missing' ? { outcome: 'missing' } : { outcome: 'failed', fault: answer.fault };
}
