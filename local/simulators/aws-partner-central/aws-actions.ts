import {
  AwsOpportunityStage,
  ClosedLostReason,
  InvolvementTypeChangeReason,
  Stage,
} from '@aws-sdk/client-partnercentral-selling';
import * as z from 'zod';
import { wholeSeconds } from '../aws/aws-event.ts';
import { accountEvents } from './account-events.ts';
import { engagementContext, type InvitationPayload, invitationPayload } from './engagement-requests.ts';
import {
  AWS_MEMBER,
  acceptInvitation,
  addMember,
  expireInvitation,
  newEngagement,
  openInvitation,
  rejectInvitation,
  shareReferral,
} from './invitation-life.ts';
import { newOpportunity, OWNER } from './opportunity-operations.ts';
import { opportunityFields } from './opportunity-requests.ts';
import type { PartnerAccount } from './partner-account.ts';
import type { Invitation, Opportunity } from './records.ts';
import { catalog, given, isoDate, oneOf, text } from './request-values.ts';
import { isUnderReview } from './review-rules.ts';

/** What an action of AWS came to: the records it touched, or why it cannot be done. */
export type ActionOutcome =
  | { readonly ok: true; readonly ids: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: string };

export const reviewSchema = z.strictObject({
  opportunityId: z.string(),
  status: z.enum(['In review', 'Approved', 'Rejected', 'Action Required']),
  comments: z.string().optional(),
  reason: z.string().optional(),
});

/**
 * AWS takes an opportunity into review, or decides. Only what is submitted or in review can be decided. Who approves also
 * accepts the partner's invitation, and so joins the engagement.
 */
export function review(account: PartnerAccount, asked: z.infer<typeof reviewSchema>): ActionOutcome {
  const held = account.opportunities.get(asked.opportunityId);
  if (held === undefined) return refused('There is no such opportunity.');
  const { status } = held.review;
  const isPossible = asked.status === 'In review' ? status === 'Submitted' : isUnderReview(status);
  if (!isPossible) return refused(`From ${status} there is no way to ${asked.status}.`);
  if (asked.status === 'Approved') {
    const invitation = account.invitations
      .all()
      .find(
        ({ engagementId, participant, status: answer }) =>
          engagementId === held.engagementId && participant === 'SENDER' && answer === 'PENDING',
      );
    if (invitation !== undefined) acceptInvitation(account, invitation, AWS_MEMBER);
  }
  const { comments, reason } = asked;
  account.changeOpportunity({
    ...held,
    review: { status: asked.status, comments: comments ?? held.review.comments, reason: reason ?? held.review.reason },
  });
  return done({ opportunityId: held.id });
}

export const editSchema = z.strictObject({
  opportunityId: z.string(),
  /** Of AWS's own opportunity, which partners see in its summary. */
  summary: z
    .strictObject({
      Stage: oneOf(AwsOpportunityStage),
      NextSteps: text(0, 255),
      TargetCloseDate: isoDate,
      ClosedLostReason: z.string(),
    })
    .partial()
    .optional(),
  /** Of the partner's opportunity. */
  lifeCycle: z
    .strictObject({
      Stage: oneOf(Stage),
      NextSteps: text(0, 255),
      TargetCloseDate: isoDate,
      ClosedLostReason: oneOf(ClosedLostReason),
    })
    .partial()
    .optional(),
  insights: z.record(z.string(), z.unknown()).optional(),
  involvement: z.enum(['Co-Sell', 'For Visibility Only']).optional(),
  involvementChangeReason: oneOf(InvolvementTypeChangeReason).optional(),
});

/**
 * Somebody at AWS edits. What is only in AWS's own opportunity leaves the partner's, and its `LastModifiedDate`, as it is;
 * `Opportunity Updated` is told all the same.
 */
export function edit(account: PartnerAccount, asked: z.infer<typeof editSchema>): ActionOutcome {
  const held = account.opportunities.get(asked.opportunityId);
  if (held === undefined) return refused('There is no such opportunity.');
  if (held.aws === null) return refused('AWS has no opportunity of its own before the partner submits.');
  const changed: Opportunity = { ...held, aws: awsSideOf(account, held.aws, asked) };
  const { lifeCycle, involvement } = asked;
  if (lifeCycle === undefined && involvement === undefined) {
    account.opportunities.put(changed);
    account.tell(accountEvents.opportunity('Opportunity Updated', changed));
    return done({ opportunityId: held.id });
  }
  account.changeOpportunity({
    ...changed,
    fields: { ...held.fields, LifeCycle: { ...held.fields.LifeCycle, ...lifeCycle } },
    submission:
      involvement === undefined ? held.submission : { visibility: held.submission?.visibility ?? 'Full', involvement },
  });
  return done({ opportunityId: held.id });
}

function awsSideOf(
  account: PartnerAccount,
  held: NonNullable<Opportunity['aws']>,
  { summary, insights, involvementChangeReason }: z.infer<typeof editSchema>,
): NonNullable<Opportunity['aws']> {
  const before = held.lifeCycle ?? {
    Stage: null,
    NextSteps: null,
    NextStepsHistory: null,
    TargetCloseDate: null,
    ClosedLostReason: null,
  };
  const note =
    summary?.NextSteps === undefined ? [] : [{ Value: summary.NextSteps, Time: wholeSeconds(account.now()) }];
  return {
    lifeCycle:
      summary === undefined
        ? held.lifeCycle
        : {
            Stage: summary.Stage ?? before.Stage,
            NextSteps: summary.NextSteps ?? before.NextSteps,
            NextStepsHistory:
              note.length === 0 ? before.NextStepsHistory : [...(before.NextStepsHistory ?? []), ...note].slice(-50),
            TargetCloseDate: summary.TargetCloseDate ?? before.TargetCloseDate,
            ClosedLostReason: summary.ClosedLostReason ?? before.ClosedLostReason,
          },
    insights: insights ?? held.insights,
    involvementChangeReason: involvementChangeReason ?? held.involvementChangeReason,
  };
}

export const referralSchema = z.strictObject({ catalog, fields: opportunityFields });

/** AWS refers an opportunity of its own to the partner. */
export function sendReferral(account: PartnerAccount, asked: z.infer<typeof referralSchema>): ActionOutcome {
  const made = newOpportunity(account, {
    catalog: asked.catalog,
    fields: asked.fields,
    origin: 'AWS Referral',
    team: [OWNER],
  });
  const { id, engagementId } = shareReferral(account, made);
  return done({ invitationId: id, engagementId, opportunityId: made.id });
}

export const invitationSchema = z.strictObject({
  catalog,
  title: text(1, 40),
  description: text(0, 255).optional(),
  message: text(1, 255),
  payload: invitationPayload,
  /** Who sends it; default AWS. */
  sender: z.strictObject({ accountId: z.string(), companyName: text(1, 120) }).optional(),
});

/** AWS, or another partner, invites the partner to an engagement that brings no opportunity with it: to a lead, say. */
export function sendInvitation(account: PartnerAccount, asked: z.infer<typeof invitationSchema>): ActionOutcome {
  const payload: InvitationPayload = asked.payload;
  const sender = asked.sender === undefined ? AWS_MEMBER : { ...asked.sender, websiteUrl: 'null' };
  const engagement = newEngagement(account, {
    catalog: asked.catalog,
    title: asked.title,
    description: asked.description ?? '',
    creator: sender,
    contexts: [],
  });
  const { id } = openInvitation(account, engagement, {
    participant: 'RECEIVER',
    message: asked.message,
    sender,
    receiver: { accountId: account.id, alias: account.companyName },
    opportunityId: null,
    payload,
  });
  return done({ invitationId: id, engagementId: engagement.id });
}

export const answerSchema = z.strictObject({
  invitationId: z.string(),
  answer: z.enum(['accept', 'reject', 'expire']),
  reason: z.string().optional(),
});

/**
 * Ends an invitation before its time: one the partner sent is accepted or rejected by its receiver; any one may expire.
 * What the partner received only the partner answers.
 */
export function answerInvitation(account: PartnerAccount, asked: z.infer<typeof answerSchema>): ActionOutcome {
  const invitation = account.invitations.get(asked.invitationId);
  if (invitation?.status !== 'PENDING') return refused('There is no such pending invitation.');
  if (asked.answer === 'expire') expireInvitation(account, invitation.id);
  else if (invitation.participant !== 'SENDER') return refused('Only the partner answers what it received.');
  else if (asked.answer === 'accept') acceptInvitation(account, invitation, receiverOf(invitation));
  else rejectInvitation(account, invitation, asked.reason ?? null);
  return done({ invitationId: invitation.id });
}

function receiverOf({ receiver }: Invitation) {
  if (receiver.accountId === AWS_MEMBER.accountId) return AWS_MEMBER;
  return { accountId: receiver.accountId, companyName: receiver.alias ?? 'Another partner', websiteUrl: 'null' };
}

export const memberSchema = z.strictObject({
  engagementId: z.string(),
  accountId: z.string(),
  companyName: text(1, 120),
});

/** Another partner joins an engagement. */
export function joinEngagement(account: PartnerAccount, asked: z.infer<typeof memberSchema>): ActionOutcome {
  const engagement = account.engagements.get(asked.engagementId);
  if (engagement === undefined) return refused('There is no such engagement.');
  addMember(account, engagement, { accountId: asked.accountId, companyName: asked.companyName, websiteUrl: 'null' });
  return done({ engagementId: engagement.id });
}

export const contextSchema = z.strictObject({ engagementId: z.string(), context: engagementContext });

/** AWS adds a context to an engagement. */
export function addContext(account: PartnerAccount, asked: z.infer<typeof contextSchema>): ActionOutcome {
  const engagement = account.engagements.get(asked.engagementId);
  if (engagement === undefined) return refused('There is no such engagement.');
  if (engagement.contexts.length >= 5) return refused('An engagement has at most five contexts.');
  const changed = {
    ...engagement,
    contexts: [...engagement.contexts, asked.context],
    modifiedAt: account.stamp(engagement.modifiedAt),
    modifiedBy: AWS_MEMBER.accountId,
  };
  account.engagements.put(changed);
  account.tell(accountEvents.engagementUpdated(changed));
  return done({ engagementId: engagement.id });
}

export const seedSchema = z.strictObject({
  opportunities: z
    .array(
      z.strictObject({
        catalog,
        fields: opportunityFields,
        status: z
          .enum(['Pending Submission', 'Submitted', 'In review', 'Approved', 'Rejected', 'Action Required'])
          .optional(),
        solutions: given(z.array(z.string()).max(10)),
      }),
    )
    .max(100_000),
});

/** Puts opportunities in as they are, without rules and without telling of them; answers their ids in order. */
export function seed(account: PartnerAccount, { opportunities }: z.infer<typeof seedSchema>): readonly string[] {
  return opportunities.map(({ catalog: into, fields, status = 'Pending Submission', solutions }) => {
    const made = newOpportunity(account, { catalog: into, fields, origin: 'Partner Referral', team: [OWNER] });
    const isSubmitted = status !== 'Pending Submission';
    account.opportunities.put({
      ...made,
      review: { status, comments: null, reason: null },
      related: { ...made.related, Solutions: solutions ?? [] },
      submission: isSubmitted ? { involvement: 'Co-Sell', visibility: 'Full' } : null,
      aws: isSubmitted ? { lifeCycle: null, insights: null, involvementChangeReason: null } : null,
    });
    return made.id;
  });
}

function done(ids: Readonly<Record<string, string>>): ActionOutcome {
  return { ok: true, ids };
}

function refused(problem: string): ActionOutcome {
  return { ok: false, problem };
}
