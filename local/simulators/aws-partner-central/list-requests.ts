import {
  EngagementContextType,
  EngagementInvitationPayloadType,
  EngagementSortName,
  InvitationStatus,
  ListTasksSortName,
  OpportunityEngagementInvitationSortName,
  OpportunitySortName,
  ParticipantType,
  ReviewStatus,
  SolutionSortName,
  SolutionStatus,
  SortOrder,
  Stage,
  TaskStatus,
} from '@aws-sdk/client-partnercentral-selling';
import * as z from 'zod';
import {
  awsAccount,
  catalog,
  engagementIdentifier,
  given,
  instant,
  invitationIdentifier,
  isoDate,
  oneOf,
  opportunityId,
  pageSize,
  solutionId,
  taskIdentifier,
  text,
} from './request-values.ts';

function sortBy<const Names extends Readonly<Record<string, string>>>(names: Names) {
  return given(z.object({ SortOrder: oneOf(SortOrder), SortBy: oneOf(names) }));
}

const paged = { Catalog: catalog, MaxResults: given(pageSize(100)), NextToken: given(z.string()) };

export const listOpportunitiesRequest = z.object({
  ...paged,
  Sort: sortBy(OpportunitySortName),
  LastModifiedDate: given(z.object({ AfterLastModifiedDate: given(instant), BeforeLastModifiedDate: given(instant) })),
  Identifier: given(z.array(opportunityId).max(20)),
  LifeCycleStage: given(z.array(oneOf(Stage)).max(10)),
  LifeCycleReviewStatus: given(z.array(oneOf(ReviewStatus)).max(10)),
  CustomerCompanyName: given(z.array(z.string()).max(10)),
  CreatedDate: given(z.object({ AfterCreatedDate: given(instant), BeforeCreatedDate: given(instant) })),
  TargetCloseDate: given(z.object({ AfterTargetCloseDate: given(isoDate), BeforeTargetCloseDate: given(isoDate) })),
});
export type ListOpportunitiesRequest = z.infer<typeof listOpportunitiesRequest>;

export const listSolutionsRequest = z.object({
  ...paged,
  Sort: sortBy(SolutionSortName),
  Status: given(z.array(oneOf(SolutionStatus)).max(10)),
  Identifier: given(z.array(solutionId).max(20)),
  Category: given(z.array(z.string()).max(10)),
  AwsMarketplaceSolutionArn: given(z.array(z.string().regex(/^arn:.{0,2044}$/)).max(10)),
});
export type ListSolutionsRequest = z.infer<typeof listSolutionsRequest>;

export const listInvitationsRequest = z.object({
  ...paged,
  Sort: sortBy(OpportunityEngagementInvitationSortName),
  PayloadType: given(z.array(oneOf(EngagementInvitationPayloadType))),
  ParticipantType: oneOf(ParticipantType),
  Status: given(z.array(oneOf(InvitationStatus)).min(1).max(10)),
  EngagementIdentifier: given(z.array(engagementIdentifier).min(1).max(10)),
  SenderAwsAccountId: given(z.array(awsAccount).min(1).max(10)),
});
export const listEngagementsRequest = z.object({
  ...paged,
  Sort: sortBy(EngagementSortName),
  CreatedBy: given(z.array(awsAccount).min(1).max(10)),
  ExcludeCreatedBy: given(z.array(awsAccount).min(1).max(10)),
  ContextTypes: given(z.array(oneOf(EngagementContextType)).max(5)),
  ExcludeContextTypes: given(z.array(oneOf(EngagementContextType)).max(5)),
  EngagementIdentifier: given(z.array(engagementIdentifier).min(1).max(10)),
});
const tasks = {
  Catalog: catalog,
  MaxResults: given(pageSize(1_000)),
  NextToken: given(text(1, 2_048)),
  Sort: sortBy(ListTasksSortName),
  TaskStatus: given(z.array(oneOf(TaskStatus)).min(1).max(3)),
  TaskIdentifier: given(z.array(taskIdentifier).min(1).max(10)),
  OpportunityIdentifier: given(z.array(opportunityId).min(1).max(10)),
};

export const listEngagementFromOpportunityTasksRequest = z.object({
  ...tasks,
  EngagementIdentifier: given(z.array(engagementIdentifier).min(1).max(10)),
});

export const listEngagementByAcceptingTasksRequest = z.object({
  ...tasks,
  EngagementInvitationIdentifier: given(z.array(invitationIdentifier).min(1).max(10)),
});
