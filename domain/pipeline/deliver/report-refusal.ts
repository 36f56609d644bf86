import { type PlannedField, recordHash } from '../../deliver/plan-delivery.ts';
import type { Fault } from '../../model/fault.ts';
import { shortHash } from '../../model/short-hash.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { type ProblemDraft, problemId, raiseProblem } from '../problems/raise-problem.ts';
import type { Delivery, DeliveryBatch } from './delivery-batch.ts';

/** Opens one problem per refused field, or one for the record when the system names none; answers their ids. */
export async function reportRefusal(
  batch: DeliveryBatch,
  delivery: Delivery,
  fault: Fault,
  named: readonly PlannedField[],
): Promise<readonly string[]> {
  const { bundle, source, due } = delivery;
  const base = {
    ...aboutOf(batch, bundle.id, source),
    kind: bundle.kind,
    faultKind: fault.kind,
    code: fault.code,
    reason: fault.message,
    ...(fault.toldBy === undefined ? {} : { toldBy: fault.toldBy }),
    correlationId: due.correlationId,
  };
  if (named.length === 0) {
    const id = await raiseProblem(batch.hub, {
      ...base,
      cause: fault.kind === 'defect' ? 'defect' : 'refused-record',
      about: shortHash(recordHash(delivery.plan.fields)),
      message: `${batch.connection} refused the ${batch.object}: ${fault.message}`,
      nextStep:
        'Correct the record in a system that has it, or the mapping; it is sent again when a value changes or on retry.',
    });
    return [id];
  }
  const ids: string[] = [];
  for (const { line, intent } of named) {
    const id = await raiseProblem(batch.hub, {
      ...base,
      cause: 'refused-value',
      about: intent.hash,
      field: line.field,
      message: `${batch.connection} refused the value of ${line.field} (${line.theirs}): ${fault.message}`,
      nextStep: `Correct ${line.field} in a system that has it, or the mapping; it is sent again when it changes or on retry.`,
    });
    ids.push(id);
  }
  return ids;
}

/** The ids of the problems that a successful write of these fields answers. */
export function refusalIds(
  batch: DeliveryBatch,
  source: SourceRecord,
  fields: readonly PlannedField[],
  isStillRefused: boolean,
): string[] {
  const about = aboutOf(batch, source.unifiedId, source);
  const draft = (extra: Pick<ProblemDraft, 'cause'> & { field?: string }): string => problemId({ ...about, ...extra });
  return [
    // The record's own problem stands for every value refused without a name, and stays while one of them is left.
    ...(isStillRefused ? [] : [draft({ cause: 'refused-record' })]),
    ...fields.flatMap(({ line }) => [
      draft({ cause: 'refused-value', field: line.field }),
      draft({ cause: 'unmapped-value', field: line.field }),
    ]),
  ];
}

function aboutOf(
  batch: Pick<DeliveryBatch, 'connection' | 'object'>,
  unifiedId: string,
  source: SourceRecord | undefined,
): { connection: string; object: string; unifiedId: string; externalId?: string } {
  const { connection, object } = batch;
  return { connection, object, unifiedId, ...(source === undefined ? {} : { externalId: source.externalId }) };
}
