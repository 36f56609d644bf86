import { type AwsEvent, wholeSeconds } from '../aws/aws-event.ts';
import type { JsonObject } from '../aws/aws-result.ts';
import { arnOf } from './record-ids.ts';
import type { Engagement, Invitation, Member, Opportunity } from './records.ts';

/** What an event says, before it has its envelope. */
export interface EventContent {
  readonly type: string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
}

/**
 * The events of the service, with what is odd in the recorded ones: `schemaVersion` is "1" for opportunities and snapshots,
 * "1.0" for invitations and absent for engagements; only ids are in them; `resources` is empty for opportunities.
 */
export const accountEvents = {
  opportunity: (type: 'Opportunity Created' | 'Opportunity Updated', { catalog, id }: Opportunity): EventContent => ({
    type,
    resources: [],
    detail: { schemaVersion: '1', catalog, opportunity: { identifier: id } },
  }),

  snapshot: ({ catalog, id, snapshots }: Opportunity, engagementId: string, accountId: string): EventContent => {
    const resource = `engagement/${engagementId}`;
    const snapshot = `resource/Opportunity/${id}/template/OpportunitySummaryView/snapshot/${snapshots}`;
    return {
      type: 'Engagement Resource Snapshot Created',
      resources: [arnOf(catalog, resource)],
      detail: {
        schemaVersion: '1',
        catalog,
        resourceSnapshot: {
          arn: arnOf(catalog, `${resource}/${snapshot}`),
          engagementId,
          resourceId: id,
          resourceType: 'Opportunity',
          createdBy: accountId,
        },
      },
    };
  },

  invitation: (type: 'Created' | 'Accepted' | 'Rejected' | 'Expired', invitation: Invitation): EventContent => {
    const { catalog, id, engagementId, sender, receiver, participant, payloadType } = invitation;
    const arn = arnOf(catalog, `engagement-invitation/${id}`);
    return {
      type: `Engagement Invitation ${type}`,
      resources: [arn],
      detail: {
        catalog,
        schemaVersion: '1.0',
        engagementInvitation: {
          arn,
          id,
          engagementId,
          senderAccountId: sender.accountId,
          receiverAccountId: receiver.accountId,
          participantType: participant,
          payloadType,
          ...(type === 'Created'
            ? { senderCompanyName: sender.companyName, expirationDate: invitation.expirationDate }
            : {}),
        },
      },
    };
  },

  memberAdded: ({ catalog, id }: Engagement, { accountId, companyName }: Member): EventContent => ({
    type: 'Engagement Member Added',
    resources: [arnOf(catalog, `engagement/${id}`)],
    detail: { catalog, engagement: { id }, engagementMember: { accountId, companyName } },
  }),

  engagementCreated: ({ catalog, id, contexts, createdAt, createdBy }: Engagement): EventContent => {
    const engagementArn = arnOf(catalog, `engagement/${id}`);
    const ContextTypes = contexts.map(({ Type }) => Type);
    return {
      type: 'Engagement Created',
      resources: [engagementArn],
      detail: {
        catalog,
        engagement: { engagementArn, engagementId: id, CreatedAt: createdAt, CreatedBy: createdBy, ContextTypes },
      },
    };
  },

  engagementUpdated: ({ catalog, id, contexts, modifiedAt, modifiedBy }: Engagement): EventContent => {
    const engagementArn = arnOf(catalog, `engagement/${id}`);
    return {
      type: 'Engagement Updated',
      resources: [engagementArn],
      detail: {
        catalog,
        engagement: {
          engagementArn,
          engagementId: id,
          LastModifiedAt: modifiedAt,
          LastModifiedBy: modifiedBy,
          ContextTypes: contexts.map(({ Type }) => Type),
        },
      },
    };
  },
};

/** Puts an event into the envelope of EventBridge. Everything happens in us-east-1. */
export function envelope(content: EventContent, accountId: string, id: string, now: number): AwsEvent {
  return {
    version: '0',
    id,
    'detail-type': content.type,
    source: 'aws.partnercentral-selling',
    account: accountId,
    time: wholeSeconds(now),
    region: 'us-east-1',
    resources: content.resources,
    detail: content.detail,
  };
}
