import {
  AwsFundingUsed,
  AwsPartition,
  Channel,
  ClosedLostReason,
  CompetitorName,
  CountryCode,
  CurrencyCode,
  DeliveryModel,
  ExpectedContractDurationTerm,
  Industry,
  MarketingSource,
  NationalSecurity,
  OpportunityOrigin,
  OpportunityType,
  PaymentFrequency,
  PrimaryNeedFromAws,
  RelatedEntityType,
  RevenueModel,
  ReviewStatus,
  SalesActivity,
  SalesInvolvementType,
  Stage,
  Visibility,
} from '@aws-sdk/client-partnercentral-selling';
import * as z from 'zod';
import {
  awsAccount,
  catalog,
  clientToken,
  email,
  given,
  instant,
  isoDate,
  oneOf,
  opportunityId,
  phone,
  tags,
  text,
} from './request-values.ts';

/** A person of the customer or of the partner. */
export const contact = z.object({
  Email: given(email),
  FirstName: given(text(0, 80)),
  LastName: given(text(0, 80)),
  BusinessTitle: given(text(0, 80)),
  Phone: given(phone),
});
export type Contact = z.infer<typeof contact>;

/**
 * What a customer is expected to spend. The form of `EstimationUrl` is not checked: the model wants an address of the AWS
 * pricing calculator, and others are recorded as accepted.
 */
export const expectedSpend = z.object({
  Amount: given(z.string().regex(/^((0|([1-9][0-9]{0,30}))(\.[0-9]{0,2})?)?$/)),
  CurrencyCode: oneOf(CurrencyCode),
  Frequency: oneOf(PaymentFrequency),
  TargetCompany: text(1, 80),
  EstimationUrl: given(z.string()),
});

const address = z.object({
  City: given(text(0, 255)),
  PostalCode: given(text(0, 20)),
  StateOrRegion: given(z.string()),
  CountryCode: given(oneOf(CountryCode)),
  StreetAddress: given(text(0, 255)),
});

const customer = z.object({
  Account: given(
    z.object({
      Industry: given(oneOf(Industry)),
      OtherIndustry: given(text(0, 255)),
      CompanyName: text(0, 120),
      WebsiteUrl: given(text(4, 255)),
      AwsAccountId: given(awsAccount),
      Address: given(address),
      Duns: given(z.string().regex(/^[0-9]{9}$/)),
    }),
  ),
  Contacts: given(z.array(contact)),
});

const project = z.object({
  DeliveryModels: given(z.array(oneOf(DeliveryModel))),
  ExpectedCustomerSpend: given(z.array(expectedSpend).max(10)),
  ExpectedContractDuration: given(z.object({ Term: oneOf(ExpectedContractDurationTerm), Value: z.string() })),
  Title: given(text(0, 255)),
  ApnPrograms: given(z.array(z.string())),
  CustomerBusinessProblem: given(text(20, 2000)),
  CustomerUseCase: given(z.string()),
  RelatedOpportunityIdentifier: given(opportunityId),
  SalesActivities: given(z.array(oneOf(SalesActivity))),
  CompetitorName: given(oneOf(CompetitorName)),
  OtherCompetitorNames: given(text(0, 255)),
  OtherSolutionDescription: given(text(0, 255)),
  AdditionalComments: given(text(1, 255)),
  AwsPartition: given(oneOf(AwsPartition)),
});

const marketing = z.object({
  CampaignName: given(z.string()),
  Source: given(oneOf(MarketingSource)),
  UseCases: given(z.array(z.string())),
  Channels: given(z.array(oneOf(Channel))),
  AwsFundingUsed: given(oneOf(AwsFundingUsed)),
});

const softwareRevenue = z.object({
  DeliveryModel: given(oneOf(RevenueModel)),
  Value: given(
    z.object({
      Amount: z.string().regex(/^(0|([1-9][0-9]{0,30}))(\.[0-9]{0,2})?$/),
      CurrencyCode: oneOf(CurrencyCode),
    }),
  ),
  EffectiveDate: given(isoDate),
  ExpirationDate: given(isoDate),
});

/** The review's members are the service's own: they are checked, and otherwise ignored. */
const lifeCycle = z.object({
  Stage: given(oneOf(Stage)),
  ClosedLostReason: given(oneOf(ClosedLostReason)),
  NextSteps: given(text(0, 255)),
  TargetCloseDate: given(isoDate),
  ReviewStatus: given(oneOf(ReviewStatus)),
  ReviewComments: given(z.string()),
  ReviewStatusReason: given(z.string()),
  NextStepsHistory: given(z.array(z.object({ Value: z.string(), Time: instant })).max(50)),
});

const fields = {
  PrimaryNeedsFromAws: given(z.array(oneOf(PrimaryNeedFromAws))),
  NationalSecurity: given(oneOf(NationalSecurity)),
  PartnerOpportunityIdentifier: given(text(0, 64)),
  Customer: given(customer),
  Project: given(project),
  OpportunityType: given(oneOf(OpportunityType)),
  Marketing: given(marketing),
  SoftwareRevenue: given(softwareRevenue),
  LifeCycle: given(lifeCycle),
};

/** What a partner writes of an opportunity, in creations and updates alike. */
export const opportunityFields = z.object(fields);
export type OpportunityFields = z.infer<typeof opportunityFields>;

export const createOpportunityRequest = z.object({
  ...fields,
  Catalog: catalog,
  ClientToken: clientToken,
  Origin: given(oneOf(OpportunityOrigin)),
  OpportunityTeam: given(z.array(contact).max(10)),
  Tags: given(tags),
});
export type CreateOpportunityRequest = z.infer<typeof createOpportunityRequest>;

/** What the service answers as the need of an opportunity it was only shown; not a value of the model's enumeration. */
export const NO_NEED = 'Do Not Need Support from AWS Sales Rep';

export const updateOpportunityRequest = z.object({
  ...fields,
  // Whether it may be written back, the update decides by what is held.
  PrimaryNeedsFromAws: given(z.array(z.enum([...Object.values(PrimaryNeedFromAws), NO_NEED]))),
  Catalog: catalog,
  Identifier: opportunityId,
  LastModifiedDate: instant,
});
export type UpdateOpportunityRequest = z.infer<typeof updateOpportunityRequest>;

export const getOpportunityRequest = z.object({ Catalog: catalog, Identifier: opportunityId });

export const getAwsOpportunitySummaryRequest = z.object({
  Catalog: catalog,
  RelatedOpportunityIdentifier: opportunityId,
});

export const associateOpportunityRequest = z.object({
  Catalog: catalog,
  OpportunityIdentifier: opportunityId,
  RelatedEntityType: oneOf(RelatedEntityType),
  RelatedEntityIdentifier: text(1, 255),
});
export type AssociateOpportunityRequest = z.infer<typeof associateOpportunityRequest>;

export const assignOpportunityRequest = z.object({
  Catalog: catalog,
  Identifier: opportunityId,
  Assignee: z.object({
    Email: email,
    FirstName: text(0, 80),
    LastName: text(0, 80),
    Phone: given(phone),
    BusinessTitle: text(0, 80),
  }),
});

const submission = { InvolvementType: oneOf(SalesInvolvementType), Visibility: given(oneOf(Visibility)) };

export const submitOpportunityRequest = z.object({ ...submission, Catalog: catalog, Identifier: opportunityId });

export const startEngagementFromOpportunityRequest = z.object({
  Catalog: catalog,
  ClientToken: clientToken,
  Identifier: opportunityId,
  AwsSubmission: z.object(submission),
  Tags: given(tags),
});
