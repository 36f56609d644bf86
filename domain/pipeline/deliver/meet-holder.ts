import { type ExternalRef, refKey, seatKey } from '../../model/external-ref.ts';
import type { Fault } from '../../model/fault.ts';
import { creatingIn } from '../../model/unified-record.ts';
import { readFollowing } from '../problems/problem-scene.ts';
import { type ProblemDraft, problemId, raiseProblem } from '../problems/raise-problem.ts';
import type { Delivery, DeliveryBatch } from './delivery-batch.ts';
import { lookAgain } from './refresh-before-write.ts';

/** Attempts, some seconds together, for what settles by itself: a record that is just being joined with this one, or given another value. */
const PATIENCE = 3;

/**
 * A creation met a record that holds what must be unique. One that the hub has not taken in yet is taken in now and not at the next
 * sweep: until then the creation would only be refused again. One that it knows as another thing is a question to a person, since no
 * waiting ends that: the id of the problem is answered, and nobody tries again but the review of problems.
 */
export async function meetHolder(batch: DeliveryBatch, delivery: Delivery, fault: Fault): Promise<string | undefined> {
  if (fault.kind !== 'conflict' || fault.heldBy === undefined) return undefined;
  const { hub, connection, object } = batch;
  const { bundle, due, kind } = delivery;
  const ref: ExternalRef = { connection, object, externalId: fault.heldBy };
  const holderId = (await hub.store.readRefs([ref])).get(refKey(ref));
  if (holderId === undefined) {
    lookAgain(batch, ref, due.correlationId);
    return undefined;
  }
  const holder = await readFollowing(hub, kind, holderId);
  const state = holder.unified?.state;
  if (holder.id === bundle.id || (state !== 'present' && state !== 'erased')) return undefined;
  const draft = questionOf(batch, delivery, fault, { ref, ...(state === 'present' ? { id: holder.id } : {}) });
  const seat = creatingIn(bundle.unified?.seats[seatKey(connection, object)]);
  const isAsked = seat?.problems.includes(problemId(draft)) === true;
  return isAsked || due.attempts >= PATIENCE ? raiseProblem(hub, draft) : undefined;
}

/** `id`: of the record in the way, where it can be merged with. */
function questionOf(
  { connection, object }: DeliveryBatch,
  { bundle, kind, plan, due }: Delivery,
  { kind: faultKind, code, fields = [] }: Fault,
  holder: { readonly ref: ExternalRef; readonly id?: string },
): ProblemDraft {
  const names = plan.fields.flatMap(({ line }) => (fields.includes(line.theirs) ? [line.field] : []));
  const what = names.length === 0 ? 'a value' : `the same ${names.join(' and ')}`;
  const { externalId } = holder.ref;
  const draft: ProblemDraft = {
    cause: 'value-taken',
    connection,
    object,
    kind,
    unifiedId: bundle.id,
    faultKind,
    code,
    candidates: [refKey(holder.ref)],
    message: `The ${object} was not made in ${connection}: ${object} ${externalId} there holds ${what} that must be unique, and is another ${kind} to the hub.`,
    nextStep: '',
    correlationId: due.correlationId,
  };
  const same =
    holder.id === undefined
      ? `${object} ${externalId} is of a ${kind} that was erased: delete it there if it is left over.`
      : `If the two are the same: npx hub merge ${kind} ${holder.id} ${bundle.id} shows what merging them would do, with --yes it is done.`;
  const other = `If not, correct ${names.length === 0 ? 'the value' : names.join(' or ')} in one of them.`;
  return {
    ...draft,
    nextStep: `${same} ${other} The hub tries again within the hour, or at once: npx hub retry ${problemId(draft)}.`,
  };
}
