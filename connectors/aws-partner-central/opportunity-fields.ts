import * as z from 'zod';
import type { SystemValue } from '../../domain/model/value.ts';
import { asObject, asObjects, asText, asTexts, type Json } from './json.ts';

/** Where a field stands in what `GetOpportunity` answers, and what AWS takes for it. */
interface FieldShape {
  read(opportunity: Json): SystemValue | undefined;
  /** What may be sent; absent: AWS alone writes it, or it is written by a call of its own. */
  readonly sent?: z.ZodType;
}

/** Texts are counted in code points, as AWS counts them. */
function text(min: number, max: number): z.ZodType {
  const pattern = new RegExp(`^.{${min},${max}}$`, 'su');
  return z.string().regex(pattern, `must have ${min === 0 ? 'at most' : `${min} to`} ${max} characters`);
}

const day = z.iso.date('must be a date');
const amount = z
  .string()
  .regex(/^(0|[1-9]\d{0,30})(\.\d{0,2})?$/, 'must be an amount of nought or more with at most two decimals');
const currency = z.string().regex(/^[A-Z]{3}$/, 'must be a currency code');
const months = z
  .string()
  .regex(/^\d{1,3}$/, 'must be a whole number of months')
  .refine((value) => Number(value) >= 1 && Number(value) <= 144, 'must be 1 to 144 months');

const stages = [
  'Prospect',
  'Qualified',
  'Technical Validation',
  'Business Validation',
  'Committed',
  'Launched',
  'Closed Lost',
];

function at(path: string, sent?: z.ZodType): readonly [string, FieldShape] {
  return [path, { read: (opportunity) => plainAt(opportunity, path), ...(sent === undefined ? {} : { sent }) }];
}

/** The two kinds of spend: what AWS will earn each month, and what the partner's own contract is worth as a whole. */
const spendCompanies = ['AWS', 'Self'] as const;

const spendFields = spendCompanies.flatMap((company) =>
  (['Amount', 'CurrencyCode'] as const).map((member): readonly [string, FieldShape] => [
    spendField(company, member),
    {
      read: (opportunity) => asText(spendOf(opportunity, company)?.[member]) ?? null,
      sent: member === 'Amount' ? amount : currency,
    },
  ]),
);

/** The path of a spend's amount or currency. */
export function spendField(company: 'AWS' | 'Self', member: 'Amount' | 'CurrencyCode'): string {
  return `Project.ExpectedCustomerSpend.${company}.${member}`;
}

/** The path of the contract's length, in months. */
export const durationField = 'Project.ExpectedContractDuration.Value';
/** The solution that is associated; AWS keeps a list, of which the hub keeps one. */
export const solutionField = 'RelatedEntityIdentifiers.Solution';
/** The private offer that is associated, by its id (`offer-…`); AWS keeps its ARN. */
export const offerField = 'RelatedEntityIdentifiers.AwsMarketplaceOffer';
/** Whether the opportunity was handed to AWS for review. */
export const submissionField = 'AwsSubmission';
/** How AWS is to take part, said when it is handed over. */
export const involvementField = 'AwsSubmission.InvolvementType';
export const reviewStatusField = 'LifeCycle.ReviewStatus';
export const stageField = 'LifeCycle.Stage';

/**
 * Every field of an opportunity a mapping may name, by its path in the vendor's answer. What is no plain member there has a path
 * of its own: spends by the company they go to, the one solution and offer, and the submission. Lists of options are lists.
 *
 * *Source* of the bounds: the service model of `CreateOpportunity` and `UpdateOpportunity`.
 */
export const opportunityFields: ReadonlyMap<string, FieldShape> = new Map<string, FieldShape>([
  at('Id'),
  at('Arn'),
  at('CreatedDate'),
  at('LastModifiedDate'),
  at('PartnerOpportunityIdentifier', text(0, 64)),
  at('NationalSecurity', z.enum(['Yes', 'No'])),
  at('OpportunityType', z.enum(['Net New Business', 'Flat Renewal', 'Expansion'])),
  at('PrimaryNeedsFromAws', z.array(text(1, 100))),
  at('Customer.Account.CompanyName', text(1, 120)),
  at('Customer.Account.Industry', text(1, 100)),
  at('Customer.Account.OtherIndustry', text(0, 255)),
  at('Customer.Account.WebsiteUrl', text(4, 255)),
  at('Customer.Account.AwsAccountId', z.string().regex(/^(\d{12}|\w{1,12})$/, 'must be an AWS account id')),
  at('Customer.Account.Duns', z.string().regex(/^\d{9}$/, 'must be nine digits')),
  at('Customer.Account.Address.City', text(0, 255)),
  at('Customer.Account.Address.CountryCode', z.string().regex(/^[A-Z]{2}$/, 'must be a country code')),
  at('Customer.Account.Address.PostalCode', text(0, 20)),
  at('Customer.Account.Address.StateOrRegion', text(0, 100)),
  at('Customer.Account.Address.StreetAddress', text(0, 255)),
  at('Project.Title', text(1, 255)),
  at('Project.CustomerBusinessProblem', text(20, 2_000)),
  at('Project.CustomerUseCase', text(1, 255)),
  at('Project.DeliveryModels', z.array(text(1, 100))),
  at('Project.SalesActivities', z.array(text(1, 100))),
  at('Project.CompetitorName', text(0, 100)),
  at('Project.OtherCompetitorNames', text(0, 255)),
  at('Project.OtherSolutionDescription', text(0, 255)),
  at('Project.AdditionalComments', text(1, 255)),
  at('Project.RelatedOpportunityIdentifier', z.string().regex(/^O\d{1,19}$/, 'must be an opportunity id')),
  at(durationField, months),
  ...spendFields,
  at('Marketing.Source', z.enum(['Marketing Activity', 'None'])),
  at('Marketing.CampaignName', text(0, 255)),
  at('Marketing.AwsFundingUsed', z.enum(['Yes', 'No'])),
  at('SoftwareRevenue.DeliveryModel'),
  at('SoftwareRevenue.EffectiveDate'),
  at('SoftwareRevenue.ExpirationDate'),
  at('SoftwareRevenue.Value.Amount'),
  at('SoftwareRevenue.Value.CurrencyCode'),
  at(stageField, z.enum(stages)),
  at('LifeCycle.ClosedLostReason', text(1, 100)),
  at('LifeCycle.NextSteps', text(0, 255)),
  at('LifeCycle.TargetCloseDate', day),
  at(reviewStatusField),
  at('LifeCycle.ReviewComments'),
  at('LifeCycle.ReviewStatusReason'),
  [solutionField, { read: (opportunity) => related(opportunity).solutions[0] ?? null }],
  [offerField, { read: (opportunity) => related(opportunity).offers.map(offerIdOf)[0] ?? null }],
  [submissionField, { read: isSubmitted }],
  // AWS does not tell it of an opportunity it has; before, nothing has been said.
  [involvementField, { read: (opportunity) => (isSubmitted(opportunity) === false ? null : undefined) }],
]);

/** The field's value; `undefined` when there is no such field, or AWS does not tell it. A member left out holds nothing. */
export function readField(opportunity: Json, field: string): SystemValue | undefined {
  return opportunityFields.get(field)?.read(opportunity);
}

/** What is associated with an opportunity, in AWS's order. */
export function related(opportunity: Json): {
  readonly solutions: readonly string[];
  readonly offers: readonly string[];
} {
  const { Solutions, AwsMarketplaceOffers } = asObject(opportunity.RelatedEntityIdentifiers);
  return { solutions: asTexts(Solutions), offers: asTexts(AwsMarketplaceOffers) };
}

/** The offer's id in its ARN; some answers carry the id alone. */
export function offerIdOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** The spend that goes to a company; AWS's own is the only one of older opportunities. */
export function spendOf(opportunity: Json, company: string): Json | undefined {
  const spends = asObjects(asObject(opportunity.Project).ExpectedCustomerSpend);
  return spends.find(({ TargetCompany }) => String(TargetCompany).toLowerCase() === company.toLowerCase());
}

function isSubmitted(opportunity: Json): boolean | undefined {
  const status = plainAt(opportunity, reviewStatusField);
  return typeof status === 'string' ? status.toLowerCase() !== 'pending submission' : undefined;
}

/** A member by its path; lists as lists of texts. */
function plainAt(opportunity: Json, path: string): SystemValue {
  const names = path.split('.');
  const leaf = names.pop() ?? '';
  const value = names.reduce<Json>((json, name) => asObject(json[name]), opportunity)[leaf];
  if (Array.isArray(value)) return asTexts(value);
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' ? value : null;
}
