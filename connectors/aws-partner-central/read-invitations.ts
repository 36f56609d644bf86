import { fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { ReadOutcome } from '../../domain/model/snapshot.ts';
import type { SystemValue } from '../../domain/model/value.ts';
import type { Call } from '../kit/connector.ts';
import { ask } from './ask.ts';
import { instantOf } from './instant.ts';
import { opportunityField, readInvitationField } from './invitation-fields.ts';
import { asText, type Json } from './json.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { readEach } from './read-each.ts';
import type { Probe } from './refusal-of-one.ts';
import { allInvitations } from './sweep-all.ts';
import { newestTask, type Task } from './task.ts';

/** Text that could be an invitation's id; other text is asked for nowhere. */
export const invitationId = /^engi-[0-9a-z]{13}$/;

/** Reads invitations by their ids; see {@link readEach} for the bounds. One call more for those accepted, if their opportunity is asked for. */
export function readInvitations(
  call: Call<PartnerCentralApi>,
  ids: readonly string[],
  fields: readonly string[],
): Promise<Result<readonly ReadOutcome[]>> {
  return readEach(call, ids, invitationProbe, async (id) => {
    const invitation = await getInvitation(call, id);
    return invitation.ok ? snapshotOf(call, invitation.value, fields) : invitation;
  });
}

/** By which it shows whether AWS refuses invitations, or one of them. */
export const invitationProbe: Probe = { list: allInvitations, readOne: getInvitation };

/** One invitation as AWS holds it now. */
export async function getInvitation(call: Call<PartnerCentralApi>, id: string): Promise<Result<Json>> {
  if (!invitationId.test(id)) {
    return fail({ kind: 'missing', code: 'MALFORMED_ID', message: 'This is no id of an invitation.' });
  }
  return ask(call, 'GetEngagementInvitation', { Identifier: id });
}

/** The latest task by which an invitation was to be accepted. */
export async function acceptingTask(call: Call<PartnerCentralApi>, id: string): Promise<Result<Task | undefined>> {
  const tasks = await ask(call, 'ListEngagementByAcceptingInvitationTasks', {
    EngagementInvitationIdentifier: [id],
    Sort: { SortBy: 'StartTime', SortOrder: 'DESCENDING' },
    MaxResults: 1,
  });
  return tasks.ok ? succeed(newestTask(tasks.value)) : tasks;
}

async function snapshotOf(
  call: Call<PartnerCentralApi>,
  invitation: Json,
  fields: readonly string[],
): Promise<Result<ReadOutcome>> {
  const externalId = asText(invitation.Id);
  if (externalId === undefined) {
    return fail({ kind: 'defect', code: 'BAD_ANSWER', message: 'AWS answered an invitation without its id.' });
  }
  const values: Record<string, SystemValue> = {};
  for (const field of fields) {
    const value = readInvitationField(invitation, field);
    if (value !== undefined) values[field] = value;
  }
  if (fields.includes(opportunityField)) {
    const task = invitation.Status === 'ACCEPTED' ? await acceptingTask(call, externalId) : succeed(undefined);
    if (!task.ok) return task;
    values[opportunityField] = task.value?.opportunityId ?? null;
  }
  // An invitation bears no change time, so every look at it counts as being as new as the invitation.
  const createdAt = instantOf(invitation.InvitationDate);
  const times = createdAt === undefined ? { modifiedAt: 0 } : { modifiedAt: createdAt, createdAt };
  return succeed({ outcome: 'found', snapshot: { externalId, ...times, values } });
}
