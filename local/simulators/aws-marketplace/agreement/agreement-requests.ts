import * as z from 'zod';

/** Requests of the Agreement service, by its model (2020-03-01), without its patterns of ids. */

const id = z.string().min(1).max(64);
const maxResults = z.int().min(1).max(50).default(50);
const nextToken = z.string().max(8192).optional();
const catalog = z.string().min(1).max(64).optional();
/** AWS JSON writes instants as seconds since the epoch, with fractions. */
const instant = z.number().transform((seconds) => seconds * 1000);
const cancellationStatus = z.enum(['PENDING_APPROVAL', 'APPROVED', 'REJECTED', 'CANCELLED', 'VALIDATION_FAILED']);
const agreementType = z.string().min(1).max(64).optional();
const partyType = z.enum(['Proposer', 'Acceptor']);

export const describeSchema = z.object({ agreementId: id });
export const pageOfAgreementSchema = z.object({ agreementId: id, maxResults, nextToken });

export const searchSchema = z.object({
  catalog,
  filters: z
    .array(z.object({ name: z.string().min(1).max(32), values: z.array(z.string().min(1).max(64)).length(1) }))
    .min(1)
    .max(10)
    .optional(),
  sort: z
    .object({
      sortBy: z.string().min(1).max(255).optional(),
      sortOrder: z.enum(['ASCENDING', 'DESCENDING']).optional(),
    })
    .optional(),
  maxResults,
  nextToken,
});

export const listChargesSchema = z.object({
  catalog,
  agreementId: id.optional(),
  agreementType,
  maxResults,
  nextToken,
});

export const listInvoicesSchema = z.object({
  agreementId: id,
  groupBy: z.literal('INVOICE_ID'),
  invoiceId: id.optional(),
  invoiceType: z.enum(['INVOICE', 'CREDIT_MEMO']).optional(),
  invoiceBillingPeriod: z.object({ month: z.int().min(1).max(12), year: z.int().min(2023).max(2050) }).optional(),
  beforeIssuedTime: instant.optional(),
  afterIssuedTime: instant.optional(),
  maxResults,
  nextToken,
});

const cancellationReason = z.enum([
  'INCORRECT_TERMS_ACCEPTED',
  'REPLACING_AGREEMENT',
  'TEST_AGREEMENT',
  'ALTERNATIVE_PROCUREMENT_CHANNEL',
  'PRODUCT_DISCONTINUED',
  'UNINTENDED_RENEWAL',
  'BUYER_DISSATISFACTION',
  'OTHER',
]);
const text = z.string().min(1).max(2000);

export const sendCancellationSchema = z.object({
  agreementId: id,
  reasonCode: cancellationReason,
  clientToken: id.optional(),
  description: text.optional(),
});
export const cancellationSchema = z.object({ agreementId: id, agreementCancellationRequestId: id });
export const withdrawCancellationSchema = cancellationSchema.extend({ cancellationReason: text });
export const rejectCancellationSchema = cancellationSchema.extend({ rejectionReason: text });
export const listCancellationsSchema = z.object({
  partyType,
  agreementId: id.optional(),
  status: cancellationStatus.optional(),
  agreementType,
  catalog,
  maxResults,
  nextToken,
});

const adjustmentReason = z.enum([
  'INCORRECT_TERMS_ACCEPTED',
  'INCORRECT_METERING',
  'TEST_ENVIRONMENT_CHARGES',
  'ALTERNATIVE_PROCUREMENT_CHANNEL',
  'UNINTENDED_RENEWAL',
  'BUYER_DISSATISFACTION',
  'OTHER',
]);

export const batchAdjustSchema = z.object({
  billingAdjustmentRequestEntries: z.array(
    z.object({
      agreementId: id,
      originalInvoiceId: z.string().min(1).max(255),
      adjustmentAmount: z.string().regex(/^\d+(?:\.\d{0,8})?$/),
      currencyCode: z.string().length(3),
      adjustmentReasonCode: adjustmentReason,
      description: z.string().min(1).max(500).optional(),
      clientToken: id,
    }),
  ),
});
export const adjustmentSchema = z.object({ agreementId: id, billingAdjustmentRequestId: id });
export const listAdjustmentsSchema = z.object({
  agreementId: id.optional(),
  status: z.enum(['PENDING', 'VALIDATION_FAILED', 'COMPLETED']).optional(),
  createdAfter: instant.optional(),
  createdBefore: instant.optional(),
  maxResults,
  catalog,
  agreementType,
  nextToken,
});
