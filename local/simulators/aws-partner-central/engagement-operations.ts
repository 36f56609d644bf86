import { type AwsResult, answered } from '../aws/aws-result.ts';
import type { AwsOperation } from '../aws/aws-service.ts';
import { readCall, writeCall } from './define-call.ts';
import { engagementAnswer, engagementSummary, invitationAnswer, invitationSummary } from './engagement-answers.ts';
import {
  createEngagementRequest,
  createInvitationRequest,
  getEngagementRequest,
  getInvitationRequest,
  rejectInvitationRequest,
} from './engagement-requests.ts';
import {
  acceptInvitation,
  findInvitation,
  newEngagement,
  openInvitation,
  rejectInvitation,
} from './invitation-life.ts';
import { isOneOf, listed } from './list-operations.ts';
import { listEngagementsRequest, listInvitationsRequest } from './list-requests.ts';
import type { PartnerAccount } from './partner-account.ts';
import { arnOf, idIn } from './record-ids.ts';
import type { Catalog, Engagement, Invitation } from './records.ts';
import { notFound } from './service-faults.ts';
import { instantKey } from './stamps.ts';

/** Engagements, and invitations to them. */
export function engagementOperations(account: PartnerAccount): readonly AwsOperation[] {
  return [...invitationCalls(account), ...engagementCalls(account)];
}

function invitationCalls(account: PartnerAccount): readonly AwsOperation[] {
  return [
    readCall('ListEngagementInvitations', listInvitationsRequest, (input) => {
      const engagements = input.EngagementIdentifier?.map(idIn);
      const found = account.invitations
        .all()
        .filter(
          (invitation) =>
            invitation.catalog === input.Catalog &&
            invitation.participant === input.ParticipantType &&
            isOneOf(invitation.status, input.Status) &&
            isOneOf(invitation.payloadType, input.PayloadType) &&
            isOneOf(invitation.engagementId, engagements) &&
            isOneOf(invitation.sender.accountId, input.SenderAwsAccountId),
        );
      return listed('EngagementInvitationSummaries', found, input, {
        sortKey: ({ invitationDate }) => instantKey(invitationDate),
        summary: (invitation) => invitationSummary(invitation, account.engagements.get(invitation.engagementId)),
      });
    }),
    readCall('GetEngagementInvitation', getInvitationRequest, ({ Catalog, Identifier }) => {
      const invitation = findInvitation(account, Catalog, idIn(Identifier));
      if (invitation === undefined) return notFound('The invitation');
      return answered(invitationAnswer(invitation, account.engagements.get(invitation.engagementId)));
    }),
    writeCall('AcceptEngagementInvitation', getInvitationRequest, ({ Catalog, Identifier }) =>
      asReceiver(account, Catalog, Identifier, (invitation) => acceptInvitation(account, invitation, account.member)),
    ),
    writeCall('RejectEngagementInvitation', rejectInvitationRequest, ({ Catalog, Identifier, RejectionReason }) =>
      asReceiver(account, Catalog, Identifier, (invitation) =>
        rejectInvitation(account, invitation, RejectionReason ?? null),
      ),
    ),
    writeCall('CreateEngagementInvitation', createInvitationRequest, (input) =>
      account.once('CreateEngagementInvitation', input, () => {
        const engagement = ownEngagement(account, input.Catalog, input.EngagementIdentifier);
        if (engagement === undefined) return notFound('The engagement');
        const { Message, Receiver, Payload } = input.Invitation;
        const { id, catalog } = openInvitation(account, engagement, {
          participant: 'SENDER',
          message: Message,
          sender: account.member,
          receiver: { accountId: Receiver.Account.AwsAccountId, alias: Receiver.Account.Alias ?? null },
          opportunityId: null,
          payload: Payload,
        });
        return answered({ Arn: arnOf(catalog, `engagement-invitation/${id}`), Id: id });
      }),
    ),
  ];
}

function engagementCalls(account: PartnerAccount): readonly AwsOperation[] {
  return [
    readCall('ListEngagements', listEngagementsRequest, (input) => {
      const identifiers = input.EngagementIdentifier?.map(idIn);
      const found = account.engagements
        .all()
        .filter(
          (engagement) =>
            engagement.catalog === input.Catalog &&
            isMember(account, engagement) &&
            isOneOf(engagement.id, identifiers) &&
            isOneOf(engagement.createdBy, input.CreatedBy) &&
            !input.ExcludeCreatedBy?.includes(engagement.createdBy) &&
            (!input.ContextTypes?.length ||
              engagement.contexts.some(({ Type }) => isOneOf(Type, input.ContextTypes))) &&
            !engagement.contexts.some(({ Type }) => input.ExcludeContextTypes?.includes(Type)),
        );
      return listed('EngagementSummaryList', found, input, {
        sortKey: ({ createdAt }) => instantKey(createdAt),
        summary: engagementSummary,
      });
    }),
    readCall('GetEngagement', getEngagementRequest, ({ Catalog, Identifier }) => {
      const engagement = ownEngagement(account, Catalog, Identifier);
      return engagement === undefined ? notFound('The engagement') : answered(engagementAnswer(engagement));
    }),
    writeCall('CreateEngagement', createEngagementRequest, (input) =>
      account.once('CreateEngagement', input, () => {
        const engagement = newEngagement(account, {
          catalog: input.Catalog,
          title: input.Title ?? '',
          description: input.Description ?? '',
          contexts: input.Contexts ?? [],
          creator: account.member,
        });
        const { id, catalog, modifiedAt } = engagement;
        return answered({ Arn: arnOf(catalog, `engagement/${id}`), Id: id, ModifiedAt: modifiedAt });
      }),
    ),
  ];
}

function asReceiver(
  account: PartnerAccount,
  catalog: Catalog,
  identifier: string,
  answer: (invitation: Invitation) => AwsResult,
): AwsResult {
  const invitation = findInvitation(account, catalog, idIn(identifier));
  return invitation?.participant === 'RECEIVER' ? answer(invitation) : notFound('The invitation');
}

/** The engagement of that id, if the account is a member of it. */
function ownEngagement(account: PartnerAccount, catalog: Catalog, identifier: string): Engagement | undefined {
  const found = account.engagements.get(idIn(identifier));
  return found?.catalog === catalog && isMember(account, found) ? found : undefined;
}

function isMember(account: PartnerAccount, { members }: Engagement): boolean {
  return members.some(({ accountId }) => accountId === account.id);
}
