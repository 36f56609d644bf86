import type { SalesInvolvementType } from '@aws-sdk/client-partnercentral-selling';
import type { OpportunityFields } from './opportunity-requests.ts';
import type { Opportunity } from './records.ts';
import type { FieldError } from './service-faults.ts';

/**
 * Rules that every write of an opportunity's fields keeps; `held` is what it was before.
 * *Sources*: the model's documentation of each field; for solutions,
 * https://docs.aws.amazon.com/partner-central/latest/developer-guide/associating-disassociating-assigning-opportunities.md.
 */
export function brokenRules(
  fields: OpportunityFields,
  { held, today }: { readonly held: Opportunity | undefined; readonly today: string },
): readonly FieldError[] {
  const { LifeCycle, Customer, NationalSecurity } = fields;
  const date = LifeCycle?.TargetCloseDate;
  const isNewDate = date !== held?.fields.LifeCycle?.TargetCloseDate;
  const stage = LifeCycle?.Stage;
  const isSold = (stage === 'Committed' || stage === 'Launched') && stage !== held?.fields.LifeCycle?.Stage;
  return [
    ...(held !== undefined && !stage ? [missing('LifeCycle.Stage')] : []),
    ...(date && isNewDate && date < today
      ? [
          {
            FieldName: 'LifeCycle.TargetCloseDate',
            Message: 'The date is in the past.',
            Code: 'INVALID_VALUE',
          } as const,
        ]
      : []),
    ...(stage === 'Closed Lost' && !LifeCycle?.ClosedLostReason ? [missing('LifeCycle.ClosedLostReason')] : []),
    ...(isSold && held !== undefined && soldCount(held) === 0 ? [missing('RelatedEntityIdentifiers.Solutions')] : []),
    ...(NationalSecurity === 'Yes' && Customer?.Account?.Industry !== 'Government'
      ? [{ FieldName: 'NationalSecurity', Message: 'Only in the industry Government.', Code: 'INVALID_VALUE' } as const]
      : []),
  ];
}

/**
 * What an opportunity lacks to be submitted. A draft may lack all of it: one of the industry Other without a name for it is
 * recorded as created.
 *
 * *Source*: the list of fields in AWS's samples (mandatory ones, with their conditions); solutions by
 * https://docs.aws.amazon.com/partner-central/latest/developer-guide/working-with-your-opportunities.md. An opportunity
 * without a solution but with a description of another one is recorded as submitted.
 */
export function lacksForSubmission(
  { fields, related }: Opportunity,
  involvement: SalesInvolvementType,
): readonly FieldError[] {
  const { Customer, Project, LifeCycle, Marketing, OpportunityType, PrimaryNeedsFromAws } = fields;
  const account = Customer?.Account;
  const isSecret = fields.NationalSecurity === 'Yes';
  const needed: Readonly<Record<string, unknown>> = {
    'Customer.Account.CompanyName': isSecret || account?.CompanyName,
    'Customer.Account.WebsiteUrl': isSecret || account?.WebsiteUrl,
    'Customer.Account.Industry': account?.Industry,
    'Customer.Account.OtherIndustry': account?.Industry !== 'Other' || account.OtherIndustry,
    'Customer.Account.Address.CountryCode': account?.Address?.CountryCode,
    'Customer.Account.Address.StateOrRegion':
      isSecret || account?.Address?.CountryCode !== 'US' || account.Address.StateOrRegion,
    PrimaryNeedsFromAws: involvement === 'For Visibility Only' || PrimaryNeedsFromAws?.length,
    'LifeCycle.TargetCloseDate': LifeCycle?.TargetCloseDate,
    'Marketing.AwsFundingUsed': Marketing?.Source !== 'Marketing Activity' || Marketing.AwsFundingUsed,
    'Project.Title': Project?.Title,
    'Project.CustomerBusinessProblem': Project?.CustomerBusinessProblem,
    'Project.CustomerUseCase': Project?.CustomerUseCase,
    'Project.DeliveryModels': Project?.DeliveryModels?.length,
    'Project.ExpectedCustomerSpend': Project?.ExpectedCustomerSpend?.length,
    'Project.OtherCompetitorNames': Project?.CompetitorName !== '*Other' || Project.OtherCompetitorNames,
    'Project.RelatedOpportunityIdentifier': OpportunityType !== 'Flat Renewal' || Project?.RelatedOpportunityIdentifier,
    'RelatedEntityIdentifiers.Solutions': Project?.OtherSolutionDescription || soldCount({ related }) > 0,
  };
  const lacking = Object.keys(needed).filter((name) => !needed[name]);
  const isLost = LifeCycle?.Stage === 'Closed Lost';
  return [
    ...lacking.map(missing),
    ...(isLost
      ? [
          {
            FieldName: 'LifeCycle.Stage',
            Message: 'A lost opportunity cannot be submitted.',
            Code: 'INVALID_VALUE',
          } as const,
        ]
      : []),
  ];
}

/** How many solutions and marketplace products an opportunity names: what it is going to sell. */
export function soldCount({ related }: Pick<Opportunity, 'related'>): number {
  return related.Solutions.length + related.AwsMarketplaceSolutions.length + related.AwsMarketplaceProducts.length;
}

function missing(field: string): FieldError {
  return { FieldName: field, Message: 'The field is required.', Code: 'REQUIRED_FIELD_MISSING' };
}
