import * as z from 'zod';

/**
 * What AWS answers, as far as the hub reads it. Tolerant on purpose: unknown members are dropped, unknown words of an enumeration
 * pass (a lookup holds them), and what may be missing may be `null` as well. Numbers are text, see `exact-answer.ts`.
 *
 * *Source*: the service models marketplace-agreement 2020-03-01 and marketplace-catalog 2018-09-17.
 */
const text = z.string().nullish();
const list = <T extends z.ZodType>(element: T) =>
  z
    .array(element)
    .nullish()
    .transform((elements) => elements ?? []);

const resource = z.object({ id: text, type: text });
const party = z.object({ accountId: text }).nullish();
const proposalSummary = z.object({ resources: list(resource), offerId: text, offerSetId: text }).nullish();

const agreementHead = {
  agreementId: z.string(),
  agreementType: text,
  acceptor: party,
  proposer: party,
  acceptanceTime: text,
  startTime: text,
  endTime: text,
  proposalSummary,
  status: text,
};

export const agreementAnswer = z.object({
  ...agreementHead,
  estimatedCharges: z.object({ currencyCode: text, agreementValue: text }).nullish(),
});
export type AgreementAnswer = z.infer<typeof agreementAnswer>;

const agreementRow = z.object(agreementHead);
export type AgreementRow = z.infer<typeof agreementRow>;
export const agreementRows = z.object({ agreementViewSummaries: list(agreementRow), nextToken: text });

/** Of the sixteen kinds of term, the ones the hub reads something from; an agreement's price is in its `estimatedCharges`. */
const acceptedTerm = z.object({
  renewalTerm: z.object({ configuration: z.object({ enableAutoRenew: z.boolean() }).nullish() }).nullish(),
  validityTerm: z.object({ agreementDuration: text }).nullish(),
  paymentScheduleTerm: z
    .object({ currencyCode: text, schedule: list(z.object({ chargeDate: z.string(), chargeAmount: z.string() })) })
    .nullish(),
  fixedUpfrontPricingTerm: z
    .object({ currencyCode: text, price: text, grants: list(z.object({ dimensionKey: z.string() })) })
    .nullish(),
  configurableUpfrontPricingTerm: z
    .object({
      currencyCode: text,
      rateCards: list(
        z.object({
          selector: z.object({ value: text }).nullish(),
          rateCard: list(z.object({ dimensionKey: z.string(), price: z.string() })),
        }),
      ),
      configuration: z
        .object({
          selectorValue: text,
          dimensions: list(z.object({ dimensionKey: z.string(), dimensionValue: z.coerce.string() })),
        })
        .nullish(),
    })
    .nullish(),
});
export type AcceptedTerm = z.infer<typeof acceptedTerm>;
export const acceptedTerms = z.object({ acceptedTerms: list(acceptedTerm), nextToken: text });

const entitlement = z.object({ status: text, licenseArn: text });
export type EntitlementAnswer = z.infer<typeof entitlement>;
export const entitlements = z.object({ agreementEntitlements: list(entitlement), nextToken: text });

const invoice = z.object({
  invoiceId: text,
  invoiceType: text,
  issuedTime: text,
  pricingCurrencyAmount: z.object({ amount: z.string(), currencyCode: text }).nullish(),
});
export type InvoiceAnswer = z.infer<typeof invoice>;
export const invoices = z.object({ agreementInvoiceLineItemGroupSummaries: list(invoice), nextToken: text });

const cancellation = z.object({ status: z.string(), createdAt: text, updatedAt: text });
export type CancellationAnswer = z.infer<typeof cancellation>;
export const cancellations = z.object({ items: list(cancellation), nextToken: text });

const adjustment = z.object({
  adjustmentAmount: z.string(),
  currencyCode: text,
  status: text,
  updatedAt: text,
});
export type AdjustmentAnswer = z.infer<typeof adjustment>;
export const adjustments = z.object({ items: list(adjustment), nextToken: text });

export const entity = z.object({
  EntityType: text,
  /** `offer-…@3`: the id and its revision. */
  EntityIdentifier: z.string(),
  EntityArn: z.string(),
  LastModifiedDate: z.string(),
  DetailsDocument: z.unknown().optional(),
  Details: text,
});
export type EntityAnswer = z.infer<typeof entity>;

const entityRow = z.object({
  EntityId: z.string(),
  EntityArn: text,
  LastModifiedDate: text,
  OfferSummary: z.object({ ReleaseDate: text }).nullish(),
});
export type EntityRow = z.infer<typeof entityRow>;
export const entityRows = z.object({ EntitySummaryList: list(entityRow), NextToken: text });

export const tags = z.object({ Tags: list(z.object({ Key: z.string(), Value: z.string() })) });

const changeSetRow = z.object({
  ChangeSetId: z.string(),
  ChangeSetArn: text,
  ChangeSetName: text,
  StartTime: text,
  Status: z.string(),
  FailureCode: text,
});
export type ChangeSetRow = z.infer<typeof changeSetRow>;
export const changeSetRows = z.object({ ChangeSetSummaryList: list(changeSetRow), NextToken: text });

const errorDetail = z.object({ ErrorCode: text, ErrorMessage: text });
export const changeSet = z.object({
  ChangeSetId: z.string(),
  Status: z.string(),
  FailureCode: text,
  FailureDescription: text,
  ChangeSet: list(
    z.object({
      ChangeType: text,
      Entity: z.object({ Type: text, Identifier: text }).nullish(),
      ErrorDetailList: list(errorDetail),
    }),
  ),
});
export type ChangeSetAnswer = z.infer<typeof changeSet>;

export const startedChangeSet = z.object({ ChangeSetId: z.string() });
export const nothing = z.unknown();
