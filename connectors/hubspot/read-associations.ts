import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import type { ErrorAnswer } from './answers.ts';
import type { HubspotApi } from './api.ts';
import type { Associated } from './association-fields.ts';
import type { ObjectType } from './object-types.ts';
import { callBudgets } from './rate-limits.ts';
import { faultOfInput } from './refusal.ts';
import { idsOf } from './send-batch.ts';

/** The associations of each record asked for, or why they are not known. */
export type AssociationsOf = ReadonlyMap<string, Result<readonly Associated[]>>;

/**
 * Reads what records of one type are associated with in another: one call for up to 1,000 records, and more only where a
 * record has so many associations that HubSpot pages them.
 *
 * A record without any is missing from the results and refused as `NO_ASSOCIATIONS_FOUND`, or simply missing: both are
 * an empty list. Any other refusal is that record's fault, never an empty list: an unreadable association is not a removed one.
 *
 * *Bounds*: at most 1,000 ids; 20 pages a record, beyond which it is `rejected`, because half a list is no list.
 */
export async function readAssociations(
  call: Call<HubspotApi>,
  from: ObjectType,
  to: ObjectType,
  ids: readonly string[],
): Promise<Result<AssociationsOf>> {
  const known = new Map<string, Result<readonly Associated[]>>(ids.map((id) => [id, succeed([])]));
  let inputs: readonly { readonly id: string; readonly after?: string }[] = ids.map((id) => ({ id }));
  for (let page = 0; page < pagesMax && inputs.length > 0; page += 1) {
    const answer = await call(
      { route: `associations.${from.object}.${to.object}.read`, isRepeatable: true, budgets: callBudgets },
      (api, signal) => api.readAssociations(from, to, inputs, signal),
    );
    if (!answer.ok) return answer;
    for (const { fromId, to: associated } of answer.value.results) {
      const former = known.get(fromId);
      if (former?.ok === true) known.set(fromId, succeed([...former.value, ...associated]));
    }
    const answered = new Set(answer.value.results.map(({ fromId }) => fromId));
    const unanswered = inputs.map(({ id }) => id).filter((id) => !answered.has(id));
    for (const error of answer.value.errors) applyError(known, error, unanswered);
    inputs = answer.value.results.flatMap(({ fromId, after }) => (after === undefined ? [] : [{ id: fromId, after }]));
  }
  for (const { id } of inputs) known.set(id, fail(tooMany));
  return succeed(known);
}

const pagesMax = 20;

const tooMany: Fault = {
  kind: 'rejected',
  code: 'TOO_MANY_ASSOCIATIONS',
  message:
    'The record has more associations in HubSpot than the hub reads; remove some, or leave the field out of the mapping.',
  fields: [],
};

const vanished: Fault = {
  kind: 'transient',
  code: 'ASSOCIATIONS_NOT_FOUND',
  message: 'HubSpot did not find the record while its associations were read; the hub tries again.',
};

/** An error that names no record is about all that were asked for and not answered. */
function applyError(
  known: Map<string, Result<readonly Associated[]>>,
  error: ErrorAnswer,
  unanswered: readonly string[],
): void {
  if (error.subCategory?.includes('NO_ASSOCIATIONS_FOUND') === true) return;
  const refusal = faultOfInput(error, 'update');
  // Only the read of a record itself says that it is gone.
  const fault = refusal.kind === 'missing' ? vanished : refusal;
  const named = [...(error.context.fromObjectId ?? []), ...idsOf(error)];
  for (const id of named.length > 0 ? named : unanswered) {
    if (known.has(id)) known.set(id, fail(fault));
  }
}
