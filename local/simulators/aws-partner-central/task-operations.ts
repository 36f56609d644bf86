import { type AwsResult, answered, type JsonObject } from '../aws/aws-result.ts';
import type { AwsOperation } from '../aws/aws-service.ts';
import { lacksForSubmission } from './business-rules.ts';
import { readCall, writeCall } from './define-call.ts';
import { startEngagementByAcceptingRequest } from './engagement-requests.ts';
import {
  AWS_MEMBER,
  acceptInvitation,
  findInvitation,
  newEngagement,
  openInvitation,
  revealOpportunity,
} from './invitation-life.ts';
import { listed } from './list-operations.ts';
import { listEngagementByAcceptingTasksRequest, listEngagementFromOpportunityTasksRequest } from './list-requests.ts';
import { startEngagementFromOpportunityRequest, submitOpportunityRequest } from './opportunity-requests.ts';
import type { PageRequest } from './page-of-records.ts';
import type { PartnerAccount } from './partner-account.ts';
import { arnOf, idIn } from './record-ids.ts';
import type { Catalog, Engagement, EngagementTask, Opportunity } from './records.ts';
import { conflict, forbidden, notFound } from './service-faults.ts';
import { instantKey } from './stamps.ts';

/** Submitting opportunities and accepting referrals: the service's asynchronous work, and the lists of it. */
export function taskOperations(account: PartnerAccount): readonly AwsOperation[] {
  return [
    writeCall('SubmitOpportunity', submitOpportunityRequest, ({ Catalog, Identifier, InvolvementType, Visibility }) => {
      const held = account.opportunity(Catalog, Identifier);
      if (held === undefined) return notFound('The opportunity');
      if (held.review.status !== 'Pending Submission') return alreadySubmitted();
      const lacking = lacksForSubmission(held, InvolvementType);
      if (lacking.length > 0) return forbidden(lacking);
      submit(account, held, { involvement: InvolvementType, visibility: Visibility ?? 'Full' });
      return answered();
    }),
    writeCall('StartEngagementFromOpportunityTask', startEngagementFromOpportunityRequest, (input) => {
      const start = () => {
        const held = account.opportunity(input.Catalog, input.Identifier);
        if (held === undefined) return notFound('The opportunity');
        if (held.review.status !== 'Pending Submission') return alreadySubmitted();
        const { InvolvementType, Visibility } = input.AwsSubmission;
        return begin(account, {
          kind: 'engagement-from-opportunity',
          catalog: input.Catalog,
          opportunityId: held.id,
          invitationId: null,
          submission: { involvement: InvolvementType, visibility: Visibility ?? 'Full' },
        });
      };
      return asItStands(account, account.once('StartEngagementFromOpportunityTask', input, start));
    }),
    writeCall('StartEngagementByAcceptingInvitationTask', startEngagementByAcceptingRequest, (input) => {
      const start = () => {
        const invitation = findInvitation(account, input.Catalog, idIn(input.Identifier));
        if (invitation?.participant !== 'RECEIVER') return notFound('The invitation');
        if (invitation.status !== 'PENDING') return conflict('The invitation is not pending any more.');
        if (invitation.payloadType === 'LeadInvitation') {
          return forbidden([
            { FieldName: 'Identifier', Message: 'A lead holds no opportunity.', Code: 'INVALID_VALUE' },
          ]);
        }
        return begin(account, {
          kind: 'engagement-by-accepting-invitation',
          catalog: input.Catalog,
          opportunityId: null,
          invitationId: invitation.id,
          submission: null,
        });
      };
      return asItStands(account, account.once('StartEngagementByAcceptingInvitationTask', input, start));
    }),
    readCall('ListEngagementFromOpportunityTasks', listEngagementFromOpportunityTasksRequest, (input) =>
      listTasks(account, input, 'engagement-from-opportunity', ({ engagementId }) =>
        isAmong(engagementId, input.EngagementIdentifier),
      ),
    ),
    readCall('ListEngagementByAcceptingInvitationTasks', listEngagementByAcceptingTasksRequest, (input) =>
      listTasks(account, input, 'engagement-by-accepting-invitation', ({ invitationId }) =>
        isAmong(invitationId, input.EngagementInvitationIdentifier),
      ),
    ),
  ];
}

/** Tasks that were running when the account was closed come to their end when they are due. */
export function resumeTasks(account: PartnerAccount): void {
  for (const task of account.tasks.all()) if (task.status === 'IN_PROGRESS') schedule(account, task);
}

function begin(
  account: PartnerAccount,
  asked: Pick<EngagementTask, 'kind' | 'catalog' | 'opportunityId' | 'invitationId' | 'submission'>,
): AwsResult {
  const task: EngagementTask = {
    ...asked,
    id: account.newId('task'),
    startTime: account.stamp(),
    endsAt: account.now() + account.taskMs,
    status: 'IN_PROGRESS',
    message: null,
    reasonCode: null,
    engagementId: null,
    snapshotJobId: null,
  };
  account.tasks.put(task);
  if (account.taskMs === 0) finish(account, task);
  else schedule(account, task);
  return answered({ TaskId: task.id });
}

function schedule(account: PartnerAccount, { id, endsAt }: EngagementTask): void {
  account.agenda.add(endsAt, () => {
    const task = account.tasks.get(id);
    if (task?.status === 'IN_PROGRESS') finish(account, task);
  });
}

function finish(account: PartnerAccount, task: EngagementTask): void {
  const outcome =
    task.kind === 'engagement-from-opportunity' ? submitByTask(account, task) : acceptByTask(account, task);
  account.tasks.put({ ...task, ...outcome });
}

type Outcome = Partial<EngagementTask> & Pick<EngagementTask, 'status'>;

function submitByTask(account: PartnerAccount, { catalog, opportunityId, submission }: EngagementTask): Outcome {
  const held = account.opportunity(catalog, opportunityId ?? '');
  if (held === undefined || submission === null) return failed('OpportunityAccessDenied', 'The opportunity is gone.');
  if (held.review.status !== 'Pending Submission') {
    return failed('OpportunityConflict', 'The opportunity is submitted already.');
  }
  const lacking = lacksForSubmission(held, submission.involvement);
  if (lacking.length > 0) {
    const names = lacking.map(({ FieldName }) => FieldName).join(', ');
    return failed('OpportunityValidationFailed', `The opportunity is not complete: ${names}.`);
  }
  const submitted = submit(account, held, submission);
  const invitation = account.invitations
    .all()
    .findLast(({ engagementId, participant }) => engagementId === submitted.engagementId && participant === 'SENDER');
  return {
    status: 'COMPLETE',
    engagementId: submitted.engagementId,
    invitationId: invitation?.id ?? null,
    snapshotJobId: account.newId('job'),
  };
}

function acceptByTask(account: PartnerAccount, { catalog, invitationId }: EngagementTask): Outcome {
  const invitation = findInvitation(account, catalog, invitationId ?? '');
  if (invitation === undefined || !acceptInvitation(account, invitation, account.member).ok) {
    return failed('InvitationValidationFailed', 'The invitation is not pending any more.');
  }
  const opportunity = revealOpportunity(account, invitation.opportunityId ?? '');
  return {
    status: 'COMPLETE',
    opportunityId: opportunity?.id ?? null,
    engagementId: invitation.engagementId,
    snapshotJobId: account.newId('job'),
  };
}

/** Hands an opportunity to AWS: into an engagement, with an invitation of AWS to it, and into review. */
function submit(
  account: PartnerAccount,
  held: Opportunity,
  submission: NonNullable<Opportunity['submission']>,
): Opportunity {
  const engagement = engagementOf(account, held);
  const submitted = account.changeOpportunity({
    ...held,
    engagementId: engagement.id,
    submission,
    review: { ...held.review, status: 'Submitted' },
    aws: { lifeCycle: null, insights: null, involvementChangeReason: null },
  });
  openInvitation(account, engagement, {
    participant: 'SENDER',
    message: 'The partner asks AWS to work on this opportunity together.',
    sender: account.member,
    receiver: { accountId: AWS_MEMBER.accountId, alias: null },
    opportunityId: submitted.id,
    payload: { OpportunityInvitation: payloadOf(submitted) },
  });
  return submitted;
}

function engagementOf(account: PartnerAccount, held: Opportunity): Engagement {
  const existing = held.engagementId === null ? undefined : account.engagements.get(held.engagementId);
  if (existing !== undefined) return existing;
  const { Project } = held.fields;
  const payload = payloadOf(held);
  return newEngagement(account, {
    catalog: held.catalog,
    title: (Project?.Title ?? '').slice(0, 40),
    description: (Project?.CustomerBusinessProblem ?? '').slice(0, 255),
    creator: account.member,
    contexts: [
      {
        Type: 'CustomerProject',
        Payload: {
          CustomerProject: {
            Customer: payload.Customer,
            Project: {
              Title: payload.Project.Title,
              BusinessProblem: payload.Project.BusinessProblem,
              TargetCompletionDate: payload.Project.TargetCompletionDate,
            },
          },
        },
      },
    ],
  });
}

/** What others see of an opportunity. It is complete when it is submitted, but for what national security hides. */
function payloadOf({ fields }: Opportunity) {
  const customer = fields.Customer?.Account;
  return {
    Customer: {
      CompanyName: customer?.CompanyName ?? '',
      CountryCode: customer?.Address?.CountryCode ?? ('US' as const),
      Industry: customer?.Industry ?? ('Other' as const),
      WebsiteUrl: customer?.WebsiteUrl ?? '',
    },
    Project: {
      BusinessProblem: fields.Project?.CustomerBusinessProblem ?? '',
      ExpectedCustomerSpend: fields.Project?.ExpectedCustomerSpend ?? [],
      TargetCompletionDate: fields.LifeCycle?.TargetCloseDate ?? '',
      Title: fields.Project?.Title ?? '',
    },
    ReceiverResponsibilities: [],
  };
}

/** The answer for a task that was just started or found by its token: as it stands now. */
function asItStands(account: PartnerAccount, result: AwsResult): AwsResult {
  if (!result.ok) return result;
  const task = account.tasks.get(String(result.body.TaskId));
  return task === undefined ? result : answered(taskAnswer(task));
}

function taskAnswer(task: EngagementTask): JsonObject {
  const { id, catalog, kind } = task;
  return {
    ...(kind === 'engagement-from-opportunity' ? { EngagementId: task.engagementId } : {}),
    EngagementInvitationId: task.invitationId,
    Message: task.message,
    OpportunityId: task.opportunityId,
    ReasonCode: task.reasonCode,
    ResourceSnapshotJobId: task.snapshotJobId,
    StartTime: task.startTime,
    TaskArn: arnOf(catalog, `${kind}-task/${id}`),
    TaskId: id,
    TaskStatus: task.status,
  };
}

interface TaskList extends PageRequest {
  readonly Catalog: Catalog;
  readonly TaskStatus?: readonly string[] | null | undefined;
  readonly TaskIdentifier?: readonly string[] | null | undefined;
  readonly OpportunityIdentifier?: readonly string[] | null | undefined;
}

function listTasks(
  account: PartnerAccount,
  input: TaskList,
  kind: EngagementTask['kind'],
  fits: (task: EngagementTask) => boolean,
): AwsResult {
  const found = account.tasks
    .all()
    .filter(
      (task) =>
        task.kind === kind &&
        task.catalog === input.Catalog &&
        isAmong(task.status, input.TaskStatus) &&
        isAmong(task.id, input.TaskIdentifier) &&
        isAmong(task.opportunityId, input.OpportunityIdentifier) &&
        fits(task),
    );
  return listed('TaskSummaries', found, input, {
    sortKey: ({ startTime }) => instantKey(startTime),
    summary: (task) => ({
      ...taskAnswer(task),
      // Lists of the AWS catalog are recorded with the text "null", which is no value of the model's enumeration.
      ReasonCode: task.reasonCode ?? (input.Catalog === 'AWS' ? 'null' : null),
    }),
  });
}

/** Whether a list of identifiers, which may be ARNs, names a value; a list that is not given names all. */
function isAmong(value: string | null, named: readonly string[] | null | undefined): boolean {
  return !named || (value !== null && named.some((name) => idIn(name) === value));
}

function failed(reasonCode: NonNullable<EngagementTask['reasonCode']>, message: string): Outcome {
  return { status: 'FAILED', reasonCode, message };
}

function alreadySubmitted(): AwsResult {
  return conflict('The opportunity is submitted already.');
}
