import type { SystemValue } from '../../domain/model/value.ts';
import { asObject, asText, asTexts, type Json } from './json.ts';
import { spendOf } from './opportunity-fields.ts';

/** What we answered, as AWS's status says it: `ACCEPTED`, `REJECTED`, or nothing yet. */
export const decisionField = 'Decision';
/** Why we declined; AWS has one of declined invitations only. */
export const reasonField = 'RejectionReason';
/** The opportunity that came of an accepted invitation; it is looked up, not a member. */
export const opportunityField = 'OpportunityId';

/**
 * Every field of an invitation a mapping may name. An invitation is to an opportunity or to a lead, each under a member of its own; here
 * both begin with `Payload`, and what one of them lacks holds nothing.
 */
const readers: Readonly<Record<string, (invitation: Json) => SystemValue | undefined>> = {
  ...Object.fromEntries(
    [
      'Id',
      'Arn',
      'EngagementId',
      'EngagementTitle',
      'EngagementDescription',
      'InvitationMessage',
      'InvitationDate',
      'ExpirationDate',
      'PayloadType',
      'SenderAwsAccountId',
      'SenderCompanyName',
      'Status',
    ].map((name) => [name, (invitation: Json) => asText(invitation[name]) ?? null]),
  ),
  [decisionField]: ({ Status }) => (Status === 'ACCEPTED' || Status === 'REJECTED' ? Status : null),
  // While it waits there is none; so one that was written down beforehand goes out again with the decision.
  [reasonField]: ({ Status, RejectionReason }) =>
    Status === 'REJECTED' || Status === 'PENDING' ? (asText(RejectionReason) ?? null) : undefined,
  'Payload.Customer.CompanyName': (invitation) => memberOf(invitation, 'Customer', 'CompanyName'),
  'Payload.Customer.CountryCode': (invitation) => memberOf(invitation, 'Customer', 'CountryCode'),
  'Payload.Customer.Industry': (invitation) => memberOf(invitation, 'Customer', 'Industry'),
  'Payload.Customer.WebsiteUrl': (invitation) => memberOf(invitation, 'Customer', 'WebsiteUrl'),
  'Payload.Project.Title': (invitation) => memberOf(invitation, 'Project', 'Title'),
  'Payload.Project.BusinessProblem': (invitation) => memberOf(invitation, 'Project', 'BusinessProblem'),
  'Payload.Project.TargetCompletionDate': (invitation) => memberOf(invitation, 'Project', 'TargetCompletionDate'),
  'Payload.Project.ExpectedCustomerSpend.Amount': (invitation) => spendMember(invitation, 'Amount'),
  'Payload.Project.ExpectedCustomerSpend.CurrencyCode': (invitation) => spendMember(invitation, 'CurrencyCode'),
  'Payload.Interaction.Usecase': (invitation) => memberOf(invitation, 'Interaction', 'Usecase'),
  'Payload.ReceiverResponsibilities': (invitation) => asTexts(payloadOf(invitation).ReceiverResponsibilities),
};

/** The field's value; `undefined` when there is no such field, or AWS does not tell it. */
export function readInvitationField(invitation: Json, field: string): SystemValue | undefined {
  return Object.hasOwn(readers, field) ? readers[field]?.(invitation) : undefined;
}

function payloadOf({ Payload }: Json): Json {
  const { OpportunityInvitation, LeadInvitation } = asObject(Payload);
  return { ...asObject(LeadInvitation), ...asObject(OpportunityInvitation) };
}

function memberOf(invitation: Json, part: string, name: string): string | null {
  return asText(asObject(payloadOf(invitation)[part])[name]) ?? null;
}

/** What the customer is expected to spend on AWS each month. */
function spendMember(invitation: Json, name: string): string | null {
  return asText(spendOf(payloadOf(invitation), 'AWS')?.[name]) ?? null;
}
