import { type AwsResult, answered, type JsonObject } from '../aws/aws-result.ts';
import type { AwsOperation } from '../aws/aws-service.ts';
import { readCall } from './define-call.ts';
import {
  type ListOpportunitiesRequest,
  type ListSolutionsRequest,
  listOpportunitiesRequest,
  listSolutionsRequest,
} from './list-requests.ts';
import { opportunitySummary } from './opportunity-answers.ts';
import { type PageRequest, pageOfRecords } from './page-of-records.ts';
import type { PartnerAccount } from './partner-account.ts';
import { arnOf } from './record-ids.ts';
import type { Opportunity, Solution } from './records.ts';
import { invalidRequest } from './service-faults.ts';
import { compareStamps, instantKey } from './stamps.ts';

/** Lists of opportunities and of the partner's solutions. */
export function listOperations(account: PartnerAccount): readonly AwsOperation[] {
  return [
    readCall('ListOpportunities', listOpportunitiesRequest, (input) => listOpportunities(account, input)),
    readCall('ListSolutions', listSolutionsRequest, (input) => listSolutions(account, input)),
  ];
}

function listOpportunities(account: PartnerAccount, input: ListOpportunitiesRequest): AwsResult {
  const found = account.opportunities.all().filter((each) => isWanted(each, input));
  const by = input.Sort?.SortBy ?? 'LastModifiedDate';
  return listed('OpportunitySummaries', found, input, {
    sortKey: OPPORTUNITY_KEYS[by],
    summary: (opportunity) => opportunitySummary(opportunity, account),
  });
}

/** From an instant on, the instant included, as documented; before another, itself left out. */
function isWanted(opportunity: Opportunity, input: ListOpportunitiesRequest): boolean {
  const { fields, lastModifiedDate, createdDate } = opportunity;
  const { AfterLastModifiedDate, BeforeLastModifiedDate } = input.LastModifiedDate ?? {};
  const { AfterCreatedDate, BeforeCreatedDate } = input.CreatedDate ?? {};
  const { AfterTargetCloseDate, BeforeTargetCloseDate } = input.TargetCloseDate ?? {};
  const closes = fields.LifeCycle?.TargetCloseDate ?? '';
  return (
    opportunity.isVisible &&
    opportunity.catalog === input.Catalog &&
    isBetween(lastModifiedDate, AfterLastModifiedDate, BeforeLastModifiedDate) &&
    isBetween(createdDate, AfterCreatedDate, BeforeCreatedDate) &&
    (!AfterTargetCloseDate || closes >= AfterTargetCloseDate) &&
    (!BeforeTargetCloseDate || (closes !== '' && closes < BeforeTargetCloseDate)) &&
    isOneOf(opportunity.id, input.Identifier) &&
    isOneOf(fields.LifeCycle?.Stage ?? '', input.LifeCycleStage) &&
    isOneOf(opportunity.review.status, input.LifeCycleReviewStatus) &&
    isOneOf(fields.Customer?.Account?.CompanyName ?? '', input.CustomerCompanyName)
  );
}

const OPPORTUNITY_KEYS: Readonly<Record<string, (opportunity: Opportunity) => string>> = {
  LastModifiedDate: ({ lastModifiedDate }) => instantKey(lastModifiedDate),
  CreatedDate: ({ createdDate }) => instantKey(createdDate),
  Identifier: ({ id }) => id.slice(1).padStart(19, '0'),
  CustomerCompanyName: ({ fields }) => fields.Customer?.Account?.CompanyName ?? '',
  TargetCloseDate: ({ fields }) => fields.LifeCycle?.TargetCloseDate ?? '',
};

function listSolutions(account: PartnerAccount, input: ListSolutionsRequest): AwsResult {
  const found = account.solutions.all().filter(
    ({ catalog, id, status, category }) =>
      catalog === input.Catalog &&
      isOneOf(status, input.Status) &&
      isOneOf(id, input.Identifier) &&
      isOneOf(category, input.Category) &&
      // None of the partner's solutions is listed on the marketplace.
      !input.AwsMarketplaceSolutionArn?.length,
  );
  return listed('SolutionSummaries', found, input, {
    sortKey: SOLUTION_KEYS[input.Sort?.SortBy ?? 'Identifier'],
    summary: ({ id, catalog, name, status, category, createdDate }) => ({
      Arn: arnOf(catalog, `solution/${id}`, account.id),
      Catalog: catalog,
      Category: category,
      CreatedDate: createdDate,
      Id: id,
      Name: name,
      Status: status,
    }),
  });
}

const SOLUTION_KEYS: Readonly<Record<string, (solution: Solution) => string>> = {
  Identifier: ({ id }) => id,
  Name: ({ name }) => name,
  Status: ({ status }) => status,
  Category: ({ category }) => category,
  CreatedDate: ({ createdDate }) => instantKey(createdDate),
};

/** The answer of a list operation: one page of summaries under the operation's own name for them. */
export function listed<Item extends { readonly id: string }>(
  member: string,
  found: readonly Item[],
  request: PageRequest,
  how: { readonly sortKey: ((item: Item) => string) | undefined; readonly summary: (item: Item) => JsonObject },
): AwsResult {
  const page = pageOfRecords(found, request, how.sortKey ?? (({ id }) => id));
  if (page === 'invalid-token') {
    return invalidRequest([{ FieldName: 'NextToken', Message: 'The token is not valid.', Code: 'INVALID_VALUE' }]);
  }
  return answered({ [member]: page.items.map(how.summary), NextToken: page.nextToken });
}

/** Whether a filter names a value; a filter that is not given, or empty, lets all through. */
export function isOneOf(value: string, named: readonly string[] | null | undefined): boolean {
  return !named?.length || named.includes(value);
}

function isBetween(stamp: string, from: string | null | undefined, before: string | null | undefined): boolean {
  return (!from || compareStamps(stamp, from) >= 0) && (!before || compareStamps(stamp, before) < 0);
}
