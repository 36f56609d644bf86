import type { JsonObject } from '../../aws/aws-result.ts';
import { startOfDay } from '../calendar.ts';
import type { Adjustment, Agreement, Cancellation, Charge, Invoice } from '../records.ts';

/** AWS JSON writes instants as seconds since the epoch. */
export function seconds(epochMs: number): number {
  return epochMs / 1000;
}

/** An agreement as DescribeAgreement answers it. */
export function describeAgreement(agreement: Agreement): JsonObject {
  return {
    ...summary(agreement),
    estimatedCharges: { currencyCode: agreement.currencyCode, agreementValue: agreement.value },
  };
}

/** An agreement as SearchAgreements answers it. */
export function summarizeAgreement(agreement: Agreement): JsonObject {
  return { ...summary(agreement), entitlements: [{ licenseArn: agreement.licenseArn }] };
}

function summary(agreement: Agreement): JsonObject {
  return {
    agreementId: agreement.id,
    acceptor: { accountId: agreement.acceptorId },
    proposer: { accountId: agreement.proposerId },
    startTime: seconds(agreement.startAt),
    endTime: agreement.endAt === undefined ? undefined : seconds(agreement.endAt),
    acceptanceTime: seconds(agreement.acceptedAt),
    agreementType: 'PurchaseAgreement',
    proposalSummary: {
      resources: [{ id: agreement.productId, type: 'SaaSProduct' }],
      offerId: agreement.offerId,
    },
    status: agreement.status,
  };
}

/**
 * The terms as GetAgreementTerms answers them: each under its name, members in the service's own spelling, dates as
 * instants, and what the buyer chose beside what was offered.
 */
export function acceptedTerms(agreement: Agreement): readonly JsonObject[] {
  return agreement.terms.map((term, index) => {
    const name = lowerFirst(term.Type);
    // The model says no more of a renewal than whether it is on.
    const body = name === 'renewalTerm' ? { type: term.Type } : (respell(term) as JsonObject);
    return { [name]: { ...body, id: `term-${index + 1}`, ...configurationOf(name, agreement) } };
  });
}

function configurationOf(name: string, { autoRenew, selector, grants }: Agreement): JsonObject {
  if (name === 'renewalTerm') return { configuration: { enableAutoRenew: autoRenew } };
  if (name !== 'configurableUpfrontPricingTerm' || selector === undefined) return {};
  const dimensions = grants.map(({ dimensionKey, quantity }) => ({ dimensionKey, dimensionValue: quantity }));
  return { configuration: { selectorValue: selector, dimensions } };
}

const DAYS = new Set(['chargeDate', 'agreementStartDate', 'agreementEndDate']);

/** The Catalog begins members with capitals, the Agreement service does not; and days are instants there. */
function respell(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(respell);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const name = lowerFirst(key);
      return [name, DAYS.has(name) ? seconds(startOfDay(String(member))) : respell(member)];
    }),
  );
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}

/** Why an entitlement is as it is, by its status. */
const STATUS_REASONS: Readonly<Record<Agreement['entitlementStatus'], string>> = {
  PROVISIONED: 'AGREEMENT_ACTIVE',
  SCHEDULED: 'FUTURE_START_DATE',
  PENDING: 'PROVISIONING_IN_PROGRESS',
  FAILED: 'INVALID_PAYMENT_INSTRUMENT',
  DEPROVISIONED: 'AGREEMENT_INACTIVE',
};

export function entitlementsOf(agreement: Agreement): readonly JsonObject[] {
  return [
    {
      resource: { id: agreement.productId, type: 'SaaSProduct' },
      type: 'License',
      status: agreement.entitlementStatus,
      statusReasonCode: STATUS_REASONS[agreement.entitlementStatus],
      licenseArn: agreement.licenseArn,
    },
  ];
}

export function describeCharge(charge: Charge): JsonObject {
  return {
    id: charge.id,
    revision: charge.revision,
    agreementId: charge.agreementId,
    agreementType: 'PurchaseAgreement',
    purchaseOrderReference: charge.purchaseOrder,
    currencyCode: charge.currencyCode,
    amount: charge.amount,
    time: seconds(charge.at),
  };
}

/** An invoice's lines of one agreement, summed; `adjustable` is what may still be given back. */
export function describeInvoice(invoice: Invoice, adjustable: string): JsonObject {
  const issued = new Date(invoice.issuedAt);
  return {
    agreementId: invoice.agreementId,
    invoiceId: invoice.id,
    pricingCurrencyAmount: {
      amount: invoice.amount,
      ...(invoice.type === 'INVOICE' ? { maxAdjustmentAmount: adjustable } : {}),
      currencyCode: invoice.currencyCode,
    },
    invoiceBillingPeriod: { month: issued.getUTCMonth() + 1, year: issued.getUTCFullYear() },
    issuedTime: seconds(invoice.issuedAt),
    invoiceType: invoice.type,
    invoicingEntity: { legalName: 'Amazon Web Services, Inc.', branchName: 'AWS Marketplace' },
  };
}

export function describeCancellation(cancellation: Cancellation): JsonObject {
  return {
    ...cancellationSummary(cancellation),
    description: cancellation.description,
    statusMessage: cancellation.statusMessage,
  };
}

/** What Send and Accept answer: no message, as there is none yet. */
export function cancellationReceipt(cancellation: Cancellation): JsonObject {
  return { ...cancellationSummary(cancellation), description: cancellation.description };
}

export function summarizeCancellation(cancellation: Cancellation): JsonObject {
  return { ...cancellationSummary(cancellation), agreementType: 'PurchaseAgreement', catalog: 'AWSMarketplace' };
}

function cancellationSummary({ id, agreementId, reasonCode, status, createdAt, updatedAt }: Cancellation): JsonObject {
  return {
    agreementCancellationRequestId: id,
    agreementId,
    reasonCode,
    status,
    createdAt: seconds(createdAt),
    updatedAt: seconds(updatedAt),
  };
}

export function describeAdjustment(adjustment: Adjustment): JsonObject {
  const { description, reasonCode, statusMessage } = adjustment;
  return { ...adjustmentSummary(adjustment), adjustmentReasonCode: reasonCode, description, statusMessage };
}

export function summarizeAdjustment(adjustment: Adjustment): JsonObject {
  return { ...adjustmentSummary(adjustment), agreementType: 'PurchaseAgreement', catalog: 'AWSMarketplace' };
}

function adjustmentSummary(adjustment: Adjustment): JsonObject {
  const { id, agreementId, invoiceId, amount, currencyCode, status, createdAt, updatedAt } = adjustment;
  return {
    billingAdjustmentRequestId: id,
    agreementId,
    originalInvoiceId: invoiceId,
    adjustmentAmount: amount,
    currencyCode,
    status,
    createdAt: seconds(createdAt),
    updatedAt: seconds(updatedAt),
  };
}
