import type { AwsFault, JsonObject } from '../../aws/aws-result.ts';
import type { AwsCall, ValidationIssue } from '../../aws/aws-service.ts';

/*
 * Exceptions of the Agreement service.
 * Reasons: https://docs.aws.amazon.com/marketplace/latest/developerguide/agreement-apis.html#agreement-error-codes
 * (read 2026-11-27).
 */

export function invalid(
  { requestId }: AwsCall,
  reason: string,
  fields: readonly { readonly name: string; readonly message: string }[],
): AwsFault {
  const message = fields.map((field) => `${field.name}: ${field.message}`).join('; ');
  return fault('ValidationException', message, { requestId, reason, fields });
}

/** The reason by the first member that is wrong: `MISSING_AGREEMENT_ID`, `INVALID_MAX_RESULTS`, else `OTHER`. */
export function invalidRequest(issues: readonly ValidationIssue[], call: AwsCall): AwsFault {
  const [first] = issues;
  const member = REASON_WORDS[first?.name.split('.')[0] ?? ''];
  const reason = member === undefined ? 'OTHER' : `${first?.isMissing === true ? 'MISSING' : 'INVALID'}_${member}`;
  return invalid(call, reason, issues);
}

const REASON_WORDS: Readonly<Record<string, string>> = {
  agreementId: 'AGREEMENT_ID',
  agreementCancellationRequestId: 'AGREEMENT_CANCELLATION_REQUEST_ID',
  adjustmentAmount: 'ADJUSTMENT_AMOUNT',
  adjustmentReasonCode: 'REASON_CODE',
  billingAdjustmentRequestEntries: 'BILLING_ADJUSTMENT_REQUEST_ENTRY',
  catalog: 'CATALOG',
  filters: 'FILTERS',
  invoiceId: 'INVOICE_ID',
  maxResults: 'MAX_RESULTS',
  nextToken: 'NEXT_TOKEN',
  partyType: 'PARTY_TYPE',
  reasonCode: 'REASON',
  status: 'STATUS',
};

type ResourceType = 'Agreement' | 'AgreementCancellationRequest' | 'BillingAdjustmentRequest' | 'Invoice';

/** What belongs to others is as unknown as what is not there. */
export function notFound({ requestId }: AwsCall, resourceType: ResourceType, resourceId: string): AwsFault {
  const members = { requestId, resourceType, resourceId };
  return fault('ResourceNotFoundException', `The ${resourceType} was not found.`, members);
}

export function conflict(
  { requestId }: AwsCall,
  message: string,
  resourceType: ResourceType,
  resourceId: string,
): AwsFault {
  return fault('ConflictException', message, { requestId, resourceType, resourceId });
}

export function denied({ requestId }: AwsCall, message: string): AwsFault {
  return fault('AccessDeniedException', message, { requestId, reason: 'INVALID_ACCESS' });
}

export function fault(type: string, message: string, members: JsonObject, status = 400): AwsFault {
  return { type, message, status, members };
}
