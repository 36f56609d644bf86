import type { JsonObject } from '../aws/aws-result.ts';
import type { EngagementContext, InvitationPayload } from './engagement-requests.ts';
import { arnOf } from './record-ids.ts';
import type { Engagement, Invitation } from './records.ts';
import { PERSON, SPEND, withNulls } from './with-nulls.ts';

/** An invitation in the answer of ListEngagementInvitations. */
export function invitationSummary(invitation: Invitation, engagement: Engagement | undefined): JsonObject {
  return {
    ...invitationHead(invitation, engagement),
    // An invitation that is accepted expires no more; lists say so, the single answer does not.
    ExpirationDate: invitation.status === 'ACCEPTED' ? null : invitation.expirationDate,
    ParticipantType: invitation.participant,
  };
}

/** The answer of GetEngagementInvitation. */
export function invitationAnswer(invitation: Invitation, engagement: Engagement | undefined): JsonObject {
  return {
    ...invitationHead(invitation, engagement),
    EngagementDescription: engagement?.description ?? null,
    ExistingMembers: (engagement?.members ?? []).map(({ companyName, websiteUrl }) => ({
      CompanyName: companyName,
      WebsiteUrl: websiteUrl,
    })),
    InvitationMessage: invitation.message,
    Payload: payloadAnswer(invitation.payload),
    RejectionReason: invitation.rejectionReason,
  };
}

/** An engagement in the answer of ListEngagements. */
export function engagementSummary(engagement: Engagement): JsonObject {
  return { ...engagementHead(engagement), ContextTypes: engagement.contexts.map(({ Type }) => Type) };
}

/** The answer of GetEngagement. Its contexts are numbered. */
export function engagementAnswer(engagement: Engagement): JsonObject {
  return {
    ...engagementHead(engagement),
    Contexts: engagement.contexts.map((context, at) => ({
      Id: String(at + 1),
      Payload: contextPayload(context, engagement.createdAt),
      Type: context.Type,
    })),
    Description: engagement.description,
  };
}

function invitationHead(invitation: Invitation, engagement: Engagement | undefined): JsonObject {
  const { id, catalog, sender, receiver } = invitation;
  return {
    Arn: arnOf(catalog, `engagement-invitation/${id}`),
    Catalog: catalog,
    EngagementId: invitation.engagementId,
    EngagementTitle: engagement?.title ?? null,
    ExpirationDate: invitation.expirationDate,
    Id: id,
    InvitationDate: invitation.invitationDate,
    PayloadType: invitation.payloadType,
    Receiver: { Account: { Alias: receiver.alias, AwsAccountId: receiver.accountId } },
    SenderAwsAccountId: sender.accountId,
    SenderCompanyName: sender.companyName,
    Status: invitation.status,
  };
}

function payloadAnswer({ OpportunityInvitation, LeadInvitation }: InvitationPayload): JsonObject {
  if (LeadInvitation) {
    const { Customer, Interaction } = LeadInvitation;
    return {
      LeadInvitation: {
        Customer: withNulls(Customer, LEAD_CUSTOMER),
        Interaction: withNulls(Interaction, LEAD_INTERACTION),
      },
    };
  }
  if (!OpportunityInvitation) return {};
  const { Project, SenderContacts } = OpportunityInvitation;
  return {
    OpportunityInvitation: {
      ...OpportunityInvitation,
      Project: {
        ...Project,
        ExpectedCustomerSpend: Project.ExpectedCustomerSpend.map((spend) => withNulls(spend, SPEND)),
      },
      SenderContacts: SenderContacts?.map((contact) => withNulls(contact, PERSON)) ?? null,
    },
  };
}

function engagementHead(engagement: Engagement): JsonObject {
  return {
    Arn: arnOf(engagement.catalog, `engagement/${engagement.id}`),
    CreatedAt: engagement.createdAt,
    CreatedBy: engagement.createdBy,
    Id: engagement.id,
    MemberCount: engagement.members.length,
    ModifiedAt: engagement.modifiedAt,
    ModifiedBy: engagement.modifiedBy,
    Title: engagement.title,
  };
}

/** Interactions without a date have that of the engagement. */
function contextPayload({ Payload }: EngagementContext, createdAt: string): JsonObject | null {
  if (!Payload) return null;
  const { CustomerProject, Lead } = Payload;
  if (!Lead) return CustomerProject ? { CustomerProject } : null;
  const { Customer, Interactions, QualificationStatus } = Lead;
  return {
    Lead: {
      Customer: {
        ...withNulls(Customer, CONTEXT_CUSTOMER),
        Address: withNulls(Customer.Address ?? {}, ['City', 'CountryCode', 'PostalCode', 'StateOrRegion']),
      },
      Interactions: Interactions.map((interaction) => ({
        ...withNulls(interaction, CONTEXT_INTERACTION),
        Contact: withNulls(interaction.Contact, PERSON),
        InteractionDate: interaction.InteractionDate ?? createdAt,
      })),
      QualificationStatus: QualificationStatus ?? null,
    },
  };
}

const LEAD_CUSTOMER = ['AwsMaturity', 'CompanyName', 'CountryCode', 'Industry', 'MarketSegment', 'WebsiteUrl'];
const LEAD_INTERACTION = ['ContactBusinessTitle', 'SourceId', 'SourceName', 'SourceType', 'Usecase'];
const CONTEXT_CUSTOMER = ['Address', 'AwsMaturity', 'CompanyName', 'Industry', 'MarketSegment', 'WebsiteUrl'];
const CONTEXT_INTERACTION = [
  'BusinessProblem',
  'Contact',
  'CustomerAction',
  'InteractionDate',
  'SourceId',
  'SourceName',
  'SourceType',
  'Usecase',
];
