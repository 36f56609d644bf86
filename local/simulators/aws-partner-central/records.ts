import type {
  EngagementInvitationPayloadType,
  InvitationStatus,
  OpportunityOrigin,
  ParticipantType,
  ReasonCode,
  RelatedEntityType,
  ReviewStatus,
  SalesInvolvementType,
  TaskStatus,
  Visibility,
} from '@aws-sdk/client-partnercentral-selling';
import type { JsonObject } from '../aws/aws-result.ts';
import type { EngagementContext, InvitationPayload } from './engagement-requests.ts';
import type { Contact, OpportunityFields } from './opportunity-requests.ts';

/** What the simulated account keeps. Records are replaced whole; ids are unique over both catalogs. */

export type Catalog = 'AWS' | 'Sandbox';

export interface StepNote {
  readonly Value: string;
  /** An instant. */
  readonly Time: string;
}

/** AWS's own opportunity beside the partner's, as far as a partner sees it. */
export interface AwsSide {
  readonly lifeCycle: {
    readonly Stage: string | null;
    readonly NextSteps: string | null;
    readonly NextStepsHistory: readonly StepNote[] | null;
    readonly TargetCloseDate: string | null;
    readonly ClosedLostReason: string | null;
  } | null;
  readonly insights: JsonObject | null;
  readonly involvementChangeReason: string | null;
}

export interface Opportunity {
  readonly id: string;
  readonly catalog: Catalog;
  readonly origin: OpportunityOrigin;
  /** Whole seconds. */
  readonly createdDate: string;
  /** The lock of updates, in exactly the text that was given out. */
  readonly lastModifiedDate: string;
  /** Whether the partner may see it: a referral of AWS only after its invitation is accepted. */
  readonly isVisible: boolean;
  readonly fields: OpportunityFields;
  readonly review: {
    readonly status: ReviewStatus;
    readonly comments: string | null;
    readonly reason: string | null;
  };
  readonly stepsHistory: readonly StepNote[] | null;
  readonly related: Readonly<Record<RelatedEntityType, readonly string[]>>;
  /** The owner first. */
  readonly team: readonly Contact[];
  readonly submission: {
    readonly involvement: SalesInvolvementType;
    readonly visibility: Visibility;
  } | null;
  /** Snapshots of it that engagements were given. */
  readonly snapshots: number;
  readonly engagementId: string | null;
  readonly aws: AwsSide | null;
}

export interface Member {
  /** 12 digits, or `aws`. */
  readonly accountId: string;
  readonly companyName: string;
  readonly websiteUrl: string;
}

export interface Engagement {
  readonly id: string;
  readonly catalog: Catalog;
  readonly title: string;
  readonly description: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly modifiedAt: string;
  readonly modifiedBy: string;
  readonly contexts: readonly EngagementContext[];
  readonly members: readonly Member[];
}

export interface Invitation {
  readonly id: string;
  readonly catalog: Catalog;
  readonly engagementId: string;
  /** Which end of it the account is. */
  readonly participant: ParticipantType;
  readonly payloadType: EngagementInvitationPayloadType;
  readonly payload: InvitationPayload;
  readonly message: string;
  readonly sender: Member;
  readonly receiver: { readonly accountId: string; readonly alias: string | null };
  readonly status: InvitationStatus;
  readonly invitationDate: string;
  readonly expirationDate: string;
  /** Epoch ms of `expirationDate`. */
  readonly expiresAt: number;
  readonly rejectionReason: string | null;
  /** The opportunity that comes with it. */
  readonly opportunityId: string | null;
}

export interface EngagementTask {
  readonly id: string;
  readonly catalog: Catalog;
  readonly kind: 'engagement-from-opportunity' | 'engagement-by-accepting-invitation';
  readonly startTime: string;
  /** Epoch ms when it comes to its end. */
  readonly endsAt: number;
  readonly status: TaskStatus;
  readonly message: string | null;
  readonly reasonCode: ReasonCode | null;
  readonly opportunityId: string | null;
  readonly engagementId: string | null;
  readonly invitationId: string | null;
  readonly snapshotJobId: string | null;
  readonly submission: Opportunity['submission'];
}

export interface Solution {
  readonly id: string;
  readonly catalog: Catalog;
  readonly name: string;
  readonly status: 'Active' | 'Inactive' | 'Draft';
  readonly category: string;
  readonly createdDate: string;
}

/** What a client token was used for, so that a repeated call is recognised. */
export interface UsedToken {
  /** Operation, catalog and token. */
  readonly id: string;
  /** The request as it came first, in one normal form. */
  readonly request: string;
  readonly answer: JsonObject;
}

/** A number that only rises, kept with the records so that no id comes twice. */
export interface Sequence {
  readonly id: 'sequence';
  readonly last: number;
}
