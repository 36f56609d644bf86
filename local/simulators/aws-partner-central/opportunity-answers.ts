import type { JsonObject } from '../aws/aws-result.ts';
import { type Contact, NO_NEED, type OpportunityFields } from './opportunity-requests.ts';
import type { PartnerAccount } from './partner-account.ts';
import { arnOf } from './record-ids.ts';
import type { Opportunity } from './records.ts';
import { PERSON, SPEND, withNulls } from './with-nulls.ts';

/** The answer of GetOpportunity: every member is there, those without a value as `null`, as recorded. */
export function opportunityAnswer(opportunity: Opportunity, account: PartnerAccount): JsonObject {
  const { id, catalog, fields, review, related, submission } = opportunity;
  const { LifeCycle } = fields;
  return {
    Arn: arnOf(catalog, `opportunity/${id}`, account.id),
    Catalog: catalog,
    CreatedDate: opportunity.createdDate,
    Customer: customerOf(fields.Customer),
    Id: id,
    LastModifiedDate: opportunity.lastModifiedDate,
    LifeCycle: {
      ClosedLostReason: LifeCycle?.ClosedLostReason ?? null,
      NextSteps: LifeCycle?.NextSteps ?? null,
      NextStepsHistory: opportunity.stepsHistory,
      ReviewComments: review.comments,
      ReviewStatus: review.status,
      ReviewStatusReason: review.reason,
      Stage: LifeCycle?.Stage ?? null,
      TargetCloseDate: LifeCycle?.TargetCloseDate ?? null,
    },
    Marketing: withNulls(fields.Marketing ?? {}, MARKETING),
    NationalSecurity: fields.NationalSecurity ?? null,
    OpportunityTeam: opportunity.team.map(person),
    OpportunityType: fields.OpportunityType ?? null,
    PartnerOpportunityIdentifier: fields.PartnerOpportunityIdentifier ?? null,
    PrimaryNeedsFromAws: needsOf(fields, submission),
    Project: {
      ...withNulls(fields.Project ?? {}, PROJECT),
      ExpectedCustomerSpend: (fields.Project?.ExpectedCustomerSpend ?? []).map((spend) => withNulls(spend, SPEND)),
    },
    RelatedEntityIdentifiers: related,
    SoftwareRevenue: fields.SoftwareRevenue ? withNulls(fields.SoftwareRevenue, SOFTWARE_REVENUE) : null,
  };
}

/**
 * An opportunity in the answer of ListOpportunities: less of it, and amounts without a fraction get one, as recorded
 * (`531` there is `531.0` here).
 */
export function opportunitySummary(opportunity: Opportunity, account: PartnerAccount): JsonObject {
  const { id, catalog, fields, review } = opportunity;
  const { Customer, Project, LifeCycle } = fields;
  const customer = Customer?.Account;
  return {
    Arn: arnOf(catalog, `opportunity/${id}`, account.id),
    Catalog: catalog,
    CreatedDate: opportunity.createdDate,
    Customer: {
      Account: {
        Address: withNulls(customer?.Address ?? {}, ['City', 'CountryCode', 'PostalCode', 'StateOrRegion']),
        CompanyName: customer?.CompanyName ?? null,
        Industry: customer?.Industry ?? null,
        OtherIndustry: customer?.OtherIndustry ?? null,
        WebsiteUrl: customer?.WebsiteUrl ?? null,
      },
    },
    Id: id,
    LastModifiedDate: opportunity.lastModifiedDate,
    LifeCycle: {
      ClosedLostReason: LifeCycle?.ClosedLostReason ?? null,
      NextSteps: LifeCycle?.NextSteps ?? null,
      ReviewComments: review.comments,
      ReviewStatus: review.status,
      ReviewStatusReason: review.reason,
      Stage: LifeCycle?.Stage ?? null,
      TargetCloseDate: LifeCycle?.TargetCloseDate ?? null,
    },
    OpportunityType: fields.OpportunityType ?? null,
    PartnerOpportunityIdentifier: fields.PartnerOpportunityIdentifier ?? null,
    Project: {
      DeliveryModels: Project?.DeliveryModels ?? null,
      ExpectedCustomerSpend: (Project?.ExpectedCustomerSpend ?? []).map((spend) => ({
        ...withNulls(spend, SPEND),
        Amount: spend.Amount && !spend.Amount.includes('.') ? `${spend.Amount}.0` : (spend.Amount ?? null),
      })),
    },
  };
}

/** The answer of GetAwsOpportunitySummary. */
export function awsSummaryAnswer(opportunity: Opportunity): JsonObject {
  const { catalog, fields, submission, aws, related } = opportunity;
  return {
    Catalog: catalog,
    Customer: { Contacts: (fields.Customer?.Contacts ?? []).map(person) },
    Insights: aws?.insights ?? null,
    InvolvementType: submission?.involvement ?? 'Co-Sell',
    InvolvementTypeChangeReason: aws?.involvementChangeReason ?? null,
    LifeCycle: aws?.lifeCycle ?? null,
    OpportunityTeam: [
      { BusinessTitle: 'PDM', Email: 'pdm@amazon.example', FirstName: 'Partner', LastName: 'Development Manager' },
    ],
    Origin: opportunity.origin,
    Project: {
      AwsPartition: fields.Project?.AwsPartition ?? null,
      ExpectedCustomerSpend: (fields.Project?.ExpectedCustomerSpend ?? []).map((spend) => withNulls(spend, SPEND)),
    },
    RelatedEntityIds: { AwsProducts: related.AwsProducts, Solutions: related.Solutions },
    RelatedOpportunityId: opportunity.id,
    Visibility: submission?.visibility ?? 'Full',
  };
}

function customerOf(customer: OpportunityFields['Customer']): JsonObject {
  const account = customer?.Account ?? null;
  return {
    Account:
      account === null ? null : { ...withNulls(account, ACCOUNT), Address: withNulls(account.Address ?? {}, ADDRESS) },
    Contacts: (customer?.Contacts ?? []).map(person),
  };
}

function needsOf(fields: OpportunityFields, submission: Opportunity['submission']): readonly string[] | null {
  if (submission?.involvement === 'For Visibility Only') return [NO_NEED];
  return fields.PrimaryNeedsFromAws ?? null;
}

function person(contact: Contact): JsonObject {
  return withNulls(contact, PERSON);
}

const ADDRESS = ['City', 'CountryCode', 'PostalCode', 'StateOrRegion', 'StreetAddress'];
const ACCOUNT = ['Address', 'AwsAccountId', 'CompanyName', 'Duns', 'Industry', 'OtherIndustry', 'WebsiteUrl'];
const MARKETING = ['AwsFundingUsed', 'CampaignName', 'Channels', 'Source', 'UseCases'];
const SOFTWARE_REVENUE = ['DeliveryModel', 'EffectiveDate', 'ExpirationDate', 'Value'];
const PROJECT = [
  'AdditionalComments',
  'ApnPrograms',
  'AwsPartition',
  'CompetitorName',
  'CustomerBusinessProblem',
  'CustomerUseCase',
  'DeliveryModels',
  'ExpectedContractDuration',
  'ExpectedCustomerSpend',
  'OtherCompetitorNames',
  'OtherSolutionDescription',
  'RelatedOpportunityIdentifier',
  'SalesActivities',
  'Title',
];
