import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import { isEmptyValue, isSameValue, type SystemValues } from '../../domain/model/value.ts';
import type { Call } from '../kit/connector.ts';
import { ask } from './ask.ts';
import { associate } from './associate.ts';
import { lockedFields } from './edit-rules.ts';
import { instantOf } from './instant.ts';
import { asText, type Json } from './json.ts';
import { readField, related, reviewStatusField, solutionField, stageField } from './opportunity-fields.ts';
import { changedOpportunity, memberValues, refusalOfValues } from './opportunity-payload.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { getOpportunity } from './read-opportunities.ts';
import { submitOpportunity } from './submit-opportunity.ts';

/**
 * Changes an opportunity.
 *
 * ```
 *  read ─▶ as the hub saw it? ─▶ may it be edited now? ─▶ the solution, where there is none, and read again
 *       ─▶ values merged into all that was read, and sent with its lock ─▶ associations, as differences ─▶ handed over, if asked for
 * ```
 *
 * Every step looks at what is there, so that a delivery that broke off is gone on with by the next. *Faults*: `conflict` when it moved since
 * the hub read it; `rejected` with the fields that may not be edited in its state. *Bounds*: two reads, and at most seven calls more.
 */
export async function updateOpportunity(call: Call<PartnerCentralApi>, item: WriteItem): Promise<WriteOutcome> {
  const read = await readToWrite(call, item);
  const complete = read.ok ? await withSolution(call, item, read.value) : read;
  if (!complete.ok) return { outcome: 'failed', fault: complete.fault };
  const opportunity = complete.value;

  const updated = await updateMembers(call, opportunity, item.values);
  if (!updated.ok) return { outcome: 'failed', fault: updated.fault };
  const fault = await finishOpportunity(call, item, updated.value);
  if (fault !== undefined) return { outcome: 'failed', fault };
  const modifiedAt = instantOf(updated.value.LastModifiedDate);
  return {
    outcome: 'written',
    externalId: asText(opportunity.Id) ?? '',
    created: false,
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
  };
}

/** What is done by calls of their own, once the members are what they should be. */
export async function finishOpportunity(
  call: Call<PartnerCentralApi>,
  item: WriteItem,
  opportunity: Json,
): Promise<Fault | undefined> {
  return (await associate(call, opportunity, item.values)) ?? (await submitOpportunity(call, item, opportunity));
}

/** The opportunity as AWS holds it, if the hub may write to it now. */
async function readToWrite(call: Call<PartnerCentralApi>, item: WriteItem): Promise<Result<Json>> {
  const read = await getOpportunity(call, item.externalId ?? '');
  if (!read.ok) return read;
  const refusal = movedSince(read.value, item) ?? lockedNow(read.value, item);
  return refusal === undefined ? read : fail(refusal);
}

/**
 * What is sold comes before the members: AWS takes the stages "Committed" and "Launched" only of an opportunity that has a solution, and one
 * may lack it whose creation broke off. An association may move the lock, so that all is read again.
 */
async function withSolution(call: Call<PartnerCentralApi>, item: WriteItem, opportunity: Json): Promise<Result<Json>> {
  const { [solutionField]: solution = null } = item.values;
  const isLacking = related(opportunity).solutions.length === 0 && !isEmptyValue(solution);
  if (!isLacking || Object.keys(memberValues(item.values)).length === 0) return succeed(opportunity);
  const fault = await associate(call, opportunity, { [solutionField]: solution });
  return fault === undefined ? readToWrite(call, item) : fail(fault);
}

/** Sends the merged payload, unless it would change nothing. Answers the opportunity as it is then. */
async function updateMembers(call: Call<PartnerCentralApi>, opportunity: Json, values: SystemValues) {
  const changes = Object.entries(memberValues(values)).filter(
    ([field, value]) => !isSame(readField(opportunity, field), value),
  );
  if (changes.length === 0) return { ok: true, value: opportunity } as const;
  const body = changedOpportunity(opportunity, Object.fromEntries(changes));
  const before = changedOpportunity(opportunity, {});
  const refusal = refusalOfValues(Object.fromEntries(changes), body);
  if (refusal !== undefined) return { ok: false, fault: refusal } as const;
  // A currency without an amount changes nothing there.
  if (JSON.stringify(body) === JSON.stringify(before)) return { ok: true, value: opportunity } as const;
  const answer = await ask(call, 'UpdateOpportunity', body);
  if (!answer.ok) return fail(atStage(answer.fault, values));
  const { LastModifiedDate } = answer.value;
  return { ok: true, value: { ...opportunity, ...body, LastModifiedDate } } as const;
}

/** That a solution is lacking is said of the stage which demands one: the rest of the opportunity can go out without it. */
function atStage(fault: Fault, values: SystemValues): Fault {
  const lacksSolution = fault.fields?.some((field) => field.startsWith('RelatedEntityIdentifiers')) === true;
  const isStaged = values[stageField] !== undefined;
  return fault.kind === 'rejected' && lacksSolution && isStaged ? { ...fault, fields: [stageField] } : fault;
}

function isSame(held: ReturnType<typeof readField>, value: SystemValues[string]): boolean {
  return isSameValue(held, value) || (isEmptyValue(held) && isEmptyValue(value));
}

/** Somebody edited what is about to be written, after the hub had read it: it must decide again, unless that is what it is to become. */
function movedSince(opportunity: Json, { values, base }: WriteItem): Fault | undefined {
  const isMoved = Object.entries(values).some(
    ([field, value]) => hasMoved(opportunity, base, field) && !isSame(readField(opportunity, field), value),
  );
  return isMoved ? editedSinceRead : undefined;
}

function hasMoved(opportunity: Json, base: SystemValues, field: string): boolean {
  const held = readField(opportunity, field);
  return Object.hasOwn(base, field) && held !== undefined && !isSame(held, base[field] ?? null);
}

const editedSinceRead: Fault = {
  kind: 'conflict',
  code: 'EDITED_SINCE_READ',
  message: 'The opportunity was edited meanwhile; the hub decides again.',
};

/** The mapping's `waits` keep such edits back; this is for the moment in which the state changes, and for mappings without them. */
function lockedNow(opportunity: Json, { values, base }: WriteItem): Fault | undefined {
  const status = asText(readField(opportunity, reviewStatusField));
  const locked = lockedFields(status, Object.keys(memberValues(values)));
  if (locked.length === 0) return undefined;
  // The hub saw another status: once it has seen this one, the edits wait.
  if (hasMoved(opportunity, base, reviewStatusField)) return editedSinceRead;
  return {
    kind: 'rejected',
    code: 'LOCKED_IN_REVIEW_STATUS',
    message: `AWS takes no edits of ${locked.join(', ')} while the review status is ${status}.`,
    fields: locked,
  };
}
