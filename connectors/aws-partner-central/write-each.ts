import type { Fault } from '../../domain/model/fault.ts';
import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import type { Call } from '../kit/connector.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { answersOthers, isDenied, type Probe, refusalOfOne } from './refusal-of-one.ts';

/** Most items of one write: each may take several calls of the one write a second. */
export const writeMax = 4;

/** Faults that the next item would meet as well. */
const stopping: ReadonlySet<Fault['kind']> = new Set(['throttled', 'transient', 'credential']);

/**
 * One after the other, one outcome per item, in order; after a fault that concerns them all, the rest is not sent. Access that is denied
 * to one record only is `rejected`, of that one; *bounds*: two calls to find out, once.
 */
export async function writeEach(
  call: Call<PartnerCentralApi>,
  items: readonly WriteItem[],
  probe: Probe,
  write: (item: WriteItem) => Promise<WriteOutcome>,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  let stopped: Fault | undefined;
  let isAnswered: boolean | undefined;
  // What is to be made is nobody's yet: that AWS refuses it is about the connection.
  const told = async (item: WriteItem, outcome: WriteOutcome): Promise<WriteOutcome> => {
    if (item.externalId === undefined || outcome.outcome !== 'failed' || !isDenied(outcome.fault)) return outcome;
    isAnswered ??= await answersOthers(call, probe, [item.externalId]);
    return isAnswered ? { outcome: 'failed', fault: refusalOfOne(outcome.fault) } : outcome;
  };
  for (const item of items) {
    const outcome: WriteOutcome =
      stopped === undefined ? await told(item, await write(item)) : { outcome: 'failed', fault: stopped };
    outcomes.push(outcome);
    if (outcome.outcome !== 'failed' || outcome.fault.code === 'TASK_RUNNING') continue;
    if (stopping.has(outcome.fault.kind)) stopped ??= unsent(outcome.fault);
  }
  return outcomes;
}

/** What was not sent was not carried out, whatever became of the item before. */
function unsent({ isUnanswered: _isUnanswered, ...fault }: Fault): Fault {
  return fault;
}
