import type { Fault } from '../../domain/model/fault.ts';
import type { WriteItem } from '../../domain/model/snapshot.ts';
import { isEmptyValue, type SystemValues } from '../../domain/model/value.ts';
import type { Call } from '../kit/connector.ts';
import { ask } from './ask.ts';
import { asText, type Json } from './json.ts';
import { involvementField, readField, submissionField } from './opportunity-fields.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { getOpportunity } from './read-opportunities.ts';
import { faultOfFormer, faultOfTask, newestTask, taskOf, taskToken } from './task.ts';

/**
 * Hands an opportunity to AWS for review, if the values ask for it and it has not been handed over.
 *
 * ```
 *  look for a task that is at it, or has just ended ─▶ start one, with a token made of the former one ─▶ done, or TASK_RUNNING: look again later
 * ```
 *
 * *Shape*: `opportunity` as it was just read; the fault, or `undefined` when there is nothing left to do. *Bounds*: three calls.
 */
export async function submitOpportunity(
  call: Call<PartnerCentralApi>,
  { unifiedId, values, unanswered }: WriteItem,
  opportunity: Json,
): Promise<Fault | undefined> {
  const asked = values[submissionField];
  if (asked === undefined) return undefined;
  const isSubmitted = readField(opportunity, submissionField) === true;
  if (asked !== true) return isSubmitted ? cannotBeTakenBack : undefined;
  if (isSubmitted) return undefined;

  const tasks = await ask(call, 'ListEngagementFromOpportunityTasks', {
    OpportunityIdentifier: [opportunity.Id],
    Sort: { SortBy: 'StartTime', SortOrder: 'DESCENDING' },
    MaxResults: 1,
  });
  if (!tasks.ok) return tasks.fault;
  const former = newestTask(tasks.value);
  const pending = faultOfFormer(former, submissionField, unanswered);
  if (pending !== undefined) return pending;
  if (former?.status === 'COMPLETE') {
    // It may have ended since the opportunity was read, which still showed it as not handed over.
    const latest = await getOpportunity(call, asText(opportunity.Id) ?? '');
    if (!latest.ok) return latest.fault;
    if (readField(latest.value, submissionField) === true) return undefined;
  }

  const started = await ask(call, 'StartEngagementFromOpportunityTask', {
    ClientToken: taskToken(unifiedId, 'submit', former),
    Identifier: opportunity.Id,
    AwsSubmission: { InvolvementType: involvementOf(opportunity, values), Visibility: 'Full' },
  });
  if (started.ok) return faultOfTask(taskOf(started.value), submissionField);
  const { fault } = started;
  return fault.kind === 'rejected' && fault.fields === undefined ? { ...fault, fields: [submissionField] } : fault;
}

const cannotBeTakenBack: Fault = {
  kind: 'rejected',
  code: 'ALREADY_SUBMITTED',
  message:
    'The opportunity was handed to AWS already, and that cannot be taken back; close it in Partner Central instead.',
  fields: [submissionField],
};

/** As the deal says; else AWS takes part where something is needed of it, and only looks on where nothing is. */
function involvementOf(opportunity: Json, values: SystemValues): string {
  const said = values[involvementField];
  if (said === 'Co-Sell' || said === 'For Visibility Only') return said;
  const needs = values.PrimaryNeedsFromAws ?? readField(opportunity, 'PrimaryNeedsFromAws');
  return isEmptyValue(needs) ? 'For Visibility Only' : 'Co-Sell';
}
