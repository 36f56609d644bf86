import { type FaultKind, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { ReadOutcome } from '../../domain/model/snapshot.ts';

/** Faults that the next record of a batch would only meet as well, so that the batch ends there. */
export const stopping: ReadonlySet<FaultKind> = new Set(['throttled', 'transient', 'uncertain', 'credential']);

/**
 * Reads records one after the other, one answer per id, in order; ids that are none are `missing` without a call.
 *
 * A fault that the rest would meet as well ends the calls. What was read before it is kept, so that a batch that takes longer than there
 * is time gets on with every try; only where nothing was read does the whole fail.
 */
export async function readEach(
  ids: readonly string[],
  isId: (text: string) => boolean,
  readOne: (id: string) => Promise<Result<ReadOutcome>>,
): Promise<Result<readonly ReadOutcome[]>> {
  const outcomes = new Map<string, ReadOutcome>();
  const wanted = [...new Set(ids.filter(isId))];
  for (const [index, id] of wanted.entries()) {
    const outcome = await readOne(id);
    if (outcome.ok) {
      outcomes.set(id, outcome.value);
      continue;
    }
    const { fault } = outcome;
    const isEnd = stopping.has(fault.kind);
    if (isEnd && outcomes.size === 0) return fail(fault);
    for (const each of isEnd ? wanted.slice(index) : [id]) outcomes.set(each, { outcome: 'failed', fault });
    if (isEnd) break;
  }
  return succeed(ids.map((id) => outcomes.get(id) ?? { outcome: 'missing' }));
}
