import type { ReviewStatus } from '@aws-sdk/client-partnercentral-selling';
import { changedPaths } from './changed-paths.ts';
import type { OpportunityFields } from './opportunity-requests.ts';
import type { Opportunity } from './records.ts';
import type { FieldError } from './service-faults.ts';

/**
 * What may be edited when.
 *
 * *Source*: https://docs.aws.amazon.com/partner-central/latest/developer-guide/working-with-opportunity-updates.md
 * (read November 2026); for what stays open once an opportunity is launched or lost, the list of fields in AWS's samples of
 * the same interface.
 */
const OPEN_IN_ACTION_REQUIRED = [
  'Customer.Account.Address.City',
  'Customer.Account.Address.CountryCode',
  'Customer.Account.Address.PostalCode',
  'Customer.Account.Address.StateOrRegion',
  'Customer.Account.Address.StreetAddress',
  'Customer.Account.WebsiteUrl',
  'LifeCycle.TargetCloseDate',
  'Project.ExpectedCustomerSpend',
  'Project.CustomerBusinessProblem',
  'PartnerOpportunityIdentifier',
];

const CLOSED_AFTER_APPROVAL = [
  'Customer.Account.Address.CountryCode',
  'Customer.Account.Address.PostalCode',
  'Customer.Account.Industry',
  'Customer.Account.WebsiteUrl',
  'Project.CustomerBusinessProblem',
  'PartnerOpportunityIdentifier',
  'Project.Title',
];

const OPEN_AFTER_THE_END = ['Project.DeliveryModels', 'Project.AdditionalComments', 'SoftwareRevenue'];

/** Members of `LifeCycle` that the service writes and a partner's update does not touch. */
const SERVICE_OWNED = ['ReviewStatus', 'ReviewComments', 'ReviewStatusReason', 'NextStepsHistory'].map(
  (name) => `LifeCycle.${name}`,
);

/** Whether AWS has the opportunity in its hands, so that nothing of it may be edited. */
export function isUnderReview(status: ReviewStatus): boolean {
  return status === 'Submitted' || status === 'In review';
}

/** Why an update may not be made in the opportunity's present state; empty when it may. */
export function updateHindrances(
  held: Opportunity,
  update: OpportunityFields,
  { isOpenAfterTheEnd }: { readonly isOpenAfterTheEnd: boolean },
): readonly FieldError[] {
  const { status } = held.review;
  if (isUnderReview(status) || status === 'Rejected') return [readOnly(status)];
  const changed = changedPaths(held.fields, update).filter((path) => !SERVICE_OWNED.includes(path));
  const hasEnded = !isOpenAfterTheEnd && isAtItsEnd(held);
  return changed.filter((path) => !isOpen(held, path, hasEnded)).map((path) => closedField(path, status));
}

function isOpen(held: Opportunity, path: string, hasEnded: boolean): boolean {
  const { status } = held.review;
  if (status === 'Pending Submission') return true;
  if (status === 'Action Required') return isWithin(path, OPEN_IN_ACTION_REQUIRED);
  return hasEnded ? isWithin(path, OPEN_AFTER_THE_END) : !isWithin(path, CLOSED_AFTER_APPROVAL);
}

function isAtItsEnd({ fields }: Opportunity): boolean {
  return fields.LifeCycle?.Stage === 'Launched' || fields.LifeCycle?.Stage === 'Closed Lost';
}

function isWithin(path: string, fields: readonly string[]): boolean {
  return fields.some((field) => path === field || path.startsWith(`${field}.`));
}

function readOnly(status: ReviewStatus): FieldError {
  return {
    FieldName: 'LifeCycle.ReviewStatus',
    Message: `The opportunity is read-only while its review status is ${status}.`,
    Code: 'ACTION_NOT_PERMITTED',
  };
}

function closedField(path: string, status: ReviewStatus): FieldError {
  return {
    FieldName: path,
    Message: `The field cannot be updated while the review status is ${status}.`,
    Code: 'ACTION_NOT_PERMITTED',
  };
}
