import {
  CountryCode,
  EngagementContextType,
  Industry,
  ReceiverResponsibility,
} from '@aws-sdk/client-partnercentral-selling';
import * as z from 'zod';
import { expectedSpend } from './opportunity-requests.ts';
import {
  awsAccount,
  catalog,
  clientToken,
  engagementIdentifier,
  given,
  instant,
  invitationIdentifier,
  isoDate,
  oneOf,
  phone,
  tags,
  text,
} from './request-values.ts';

export const getInvitationRequest = z.object({ Catalog: catalog, Identifier: invitationIdentifier });

/** A reason is printable text. */
export const rejectInvitationRequest = z.object({
  Catalog: catalog,
  Identifier: invitationIdentifier,
  RejectionReason: given(z.string().regex(/^[ -~\u00A0-\uD7FF\uE000-\uFFFD]{1,80}$/u)),
});

export const startEngagementByAcceptingRequest = z.object({
  Catalog: catalog,
  ClientToken: clientToken,
  Identifier: invitationIdentifier,
  Tags: given(tags),
});

export const getEngagementRequest = z.object({ Catalog: catalog, Identifier: engagementIdentifier });

/** Wider than an opportunity's: capitals are allowed. */
const senderEmail = z.string().regex(/^(?=.{1,80}$)[a-zA-Z0-9.!#$%&'*+/=?^_{|}~-]+@[a-zA-Z0-9-]+(?:.[a-zA-Z0-9-]+)*$/);

const engagementCustomer = z.object({
  Industry: oneOf(Industry),
  CompanyName: text(1, 120),
  WebsiteUrl: text(4, 255),
  CountryCode: oneOf(CountryCode),
});

const opportunityPayload = z.object({
  SenderContacts: given(
    z
      .array(
        z.object({
          Email: senderEmail,
          FirstName: given(text(0, 80)),
          LastName: given(text(0, 80)),
          BusinessTitle: given(text(0, 80)),
          Phone: given(phone),
        }),
      )
      .min(1)
      .max(3),
  ),
  ReceiverResponsibilities: z.array(oneOf(ReceiverResponsibility)),
  Customer: engagementCustomer,
  Project: z.object({
    BusinessProblem: text(20, 2000),
    Title: text(1, 255),
    TargetCompletionDate: isoDate,
    ExpectedCustomerSpend: z.array(expectedSpend).max(10),
  }),
});
const leadPayload = z.object({
  Customer: z.object({
    Industry: given(text(0, 255)),
    CompanyName: text(1, 120),
    WebsiteUrl: given(text(0, 255)),
    CountryCode: given(text(0, 10)),
    AwsMaturity: given(text(0, 255)),
    MarketSegment: given(text(0, 255)),
  }),
  Interaction: z.object({
    SourceType: given(text(0, 255)),
    SourceId: given(text(0, 255)),
    SourceName: given(text(0, 255)),
    Usecase: given(text(0, 255)),
    ContactBusinessTitle: text(0, 80),
  }),
});
/** A union: exactly one member. */
export const invitationPayload = z
  .object({ OpportunityInvitation: given(opportunityPayload), LeadInvitation: given(leadPayload) })
  .refine(({ OpportunityInvitation, LeadInvitation }) => !OpportunityInvitation !== !LeadInvitation, {
    error: 'has exactly one member',
  });
export type InvitationPayload = z.infer<typeof invitationPayload>;

export const createInvitationRequest = z.object({
  Catalog: catalog,
  ClientToken: clientToken,
  EngagementIdentifier: engagementIdentifier,
  Invitation: z.object({
    Message: text(1, 255),
    Receiver: z.object({ Account: z.object({ Alias: given(text(0, 80)), AwsAccountId: awsAccount }) }),
    Payload: invitationPayload,
  }),
});

const leadContext = z.object({
  QualificationStatus: given(text(1, 255)),
  Customer: z.object({
    Industry: given(text(0, 255)),
    CompanyName: text(1, 120),
    WebsiteUrl: given(text(0, 255)),
    Address: given(
      z.object({
        City: given(text(0, 255)),
        PostalCode: given(text(0, 20)),
        StateOrRegion: given(text(0, 255)),
        CountryCode: given(text(0, 10)),
      }),
    ),
    AwsMaturity: given(text(0, 255)),
    MarketSegment: given(text(0, 255)),
  }),
  Interactions: z
    .array(
      z.object({
        SourceType: given(text(0, 255)),
        SourceId: given(text(0, 255)),
        SourceName: given(text(0, 255)),
        Usecase: given(text(0, 255)),
        InteractionDate: given(instant),
        CustomerAction: given(text(0, 255)),
        BusinessProblem: given(text(0, 2000)),
        Contact: z.object({
          BusinessTitle: text(0, 255),
          Email: text(1, 255),
          FirstName: text(0, 80),
          LastName: text(0, 80),
          Phone: given(text(0, 255)),
        }),
      }),
    )
    .min(1)
    .max(10),
});

const projectContext = z.object({
  Customer: given(engagementCustomer),
  Project: given(z.object({ Title: text(1, 255), BusinessProblem: text(20, 2000), TargetCompletionDate: isoDate })),
});

export const engagementContext = z.object({
  Id: given(text(1, 3)),
  Type: oneOf(EngagementContextType),
  Payload: given(z.object({ CustomerProject: given(projectContext), Lead: given(leadContext) })),
});
export type EngagementContext = z.infer<typeof engagementContext>;

export const createEngagementRequest = z.object({
  Catalog: catalog,
  ClientToken: clientToken,
  Title: given(text(0, 40)),
  Description: given(text(0, 255)),
  Contexts: given(z.array(engagementContext).max(5)),
});
