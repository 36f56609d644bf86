import type { Fault } from '../../domain/model/fault.ts';
import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import type { SystemValues } from '../../domain/model/value.ts';
import type { Call } from '../kit/connector.ts';
import { ask } from './ask.ts';
import { decisionField, readInvitationField, reasonField } from './invitation-fields.ts';
import { asText, type Json } from './json.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { acceptingTask, getInvitation, invitationProbe } from './read-invitations.ts';
import { faultOfFormer, faultOfTask, taskOf, taskToken } from './task.ts';
import { writeEach } from './write-each.ts';

/** Answers invitations: nothing but the decision goes out, and without one nothing is done. */
export function writeInvitations(
  call: Call<PartnerCentralApi>,
  items: readonly WriteItem[],
): Promise<readonly WriteOutcome[]> {
  return writeEach(call, items, invitationProbe, async (watched, item) => {
    if (item.operation !== 'update') return { outcome: 'failed', fault: onlyAnswered };
    const externalId = item.externalId ?? '';
    const fault = await answerInvitation(watched, externalId, item);
    return fault === undefined ? { outcome: 'written', externalId, created: false } : { outcome: 'failed', fault };
  });
}

const onlyAnswered: Fault = {
  kind: 'rejected',
  code: 'ONLY_ANSWERED',
  message: 'The hub answers invitations; it neither makes nor deletes them.',
};

/**
 * Accepts or declines one invitation.
 *
 * ```
 *  read ─▶ answered already? ─▶ accept: look for a task that is at it ─▶ start one ─▶ done, or TASK_RUNNING: look again later
 *                            ─▶ decline, with the reason
 * ```
 *
 * *Bounds*: three calls. *Faults*: `rejected` when it was answered otherwise or has run out.
 */
async function answerInvitation(
  call: Call<PartnerCentralApi>,
  id: string,
  item: WriteItem,
): Promise<Fault | undefined> {
  const { values } = item;
  const decision = values[decisionField];
  // A reason alone says nothing to AWS; it goes out with the decision it belongs to.
  if (decision === undefined || decision === null || decision === '') return undefined;
  const read = await getInvitation(call, id);
  if (!read.ok) return read.fault;
  const invitation = read.value;
  if (readInvitationField(invitation, decisionField) === decision) return undefined;
  if (invitation.Status !== 'PENDING') return answeredAlready(asText(invitation.Status));
  if (decision === 'REJECTED') return decline(call, id, values);
  if (decision === 'ACCEPTED') return accept(call, item, id, invitation);
  return {
    kind: 'rejected',
    code: 'UNKNOWN_DECISION',
    message: 'An invitation is accepted or declined.',
    fields: [decisionField],
  };
}

function answeredAlready(status: string | undefined): Fault {
  return {
    kind: 'rejected',
    code: 'NOT_PENDING',
    message: `The invitation takes no answer any more: its status is ${status ?? 'unknown'}.`,
    fields: [decisionField],
  };
}

async function accept(
  call: Call<PartnerCentralApi>,
  { unifiedId, unanswered }: WriteItem,
  id: string,
  invitation: Json,
): Promise<Fault | undefined> {
  if (invitation.PayloadType === 'LeadInvitation') {
    // There is no opportunity yet that a task could make of it.
    const accepted = await ask(call, 'AcceptEngagementInvitation', { Identifier: id });
    return accepted.ok ? undefined : about(decisionField, accepted.fault);
  }
  const former = await acceptingTask(call, id);
  if (!former.ok) return former.fault;
  const pending = faultOfFormer(former.value, decisionField, unanswered);
  if (pending !== undefined) return pending;
  const started = await ask(call, 'StartEngagementByAcceptingInvitationTask', {
    ClientToken: taskToken(unifiedId, 'accept', former.value),
    Identifier: id,
  });
  if (!started.ok) return about(decisionField, started.fault);
  return faultOfTask(taskOf(started.value), decisionField);
}

async function decline(call: Call<PartnerCentralApi>, id: string, values: SystemValues): Promise<Fault | undefined> {
  const said = values[reasonField];
  const reason = typeof said === 'string' && said !== '' ? said : 'Other';
  if (!reasonPattern.test(reason)) return badReason;
  const declined = await ask(call, 'RejectEngagementInvitation', { Identifier: id, RejectionReason: reason });
  return declined.ok ? undefined : about(decisionField, declined.fault);
}

/** *Source*: `RejectionReason` of the service model. */
const reasonPattern = /^[\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFD]{1,80}$/;

const badReason: Fault = {
  kind: 'rejected',
  code: 'BAD_REASON',
  message: 'AWS takes a reason of at most 80 characters on one line, without pictographs; change it and try again.',
  // Declining cannot be undone, so it waits for its reason.
  fields: [reasonField, decisionField],
};

function about(field: string, fault: Fault): Fault {
  return fault.kind === 'rejected' ? { ...fault, fields: [field] } : fault;
}
