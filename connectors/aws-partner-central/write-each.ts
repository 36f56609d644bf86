import type { Fault } from '../../domain/model/fault.ts';
import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';

/** Most items of one write: each may take several calls of the one write a second. */
export const writeMax = 4;

/** Faults that the next item would meet as well. */
const stopping: ReadonlySet<Fault['kind']> = new Set(['throttled', 'transient', 'credential']);

/** One after the other, one outcome per item, in order; after a fault that concerns them all, the rest is not sent. */
export async function writeEach(
  items: readonly WriteItem[],
  write: (item: WriteItem) => Promise<WriteOutcome>,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  let stopped: Fault | undefined;
  for (const item of items) {
    const outcome: WriteOutcome = stopped === undefined ? await write(item) : { outcome: 'failed', fault: stopped };
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
