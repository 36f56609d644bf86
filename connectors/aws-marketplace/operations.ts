import type { AwsPermission } from '../kit/aws/aws-permission.ts';
import type { Budget } from '../kit/connector.ts';

const catalogQuotas = 'https://docs.aws.amazon.com/marketplace/latest/developerguide/catalog-service-quotas.md';
const agreementQuotas = 'https://docs.aws.amazon.com/marketplace/latest/developerguide/agreement-service-quotas.md';

/** What is known of an operation beside its shape. */
interface OperationFacts {
  /** Calls a second and AWS account. */
  readonly limit: number;
  /** Where AWS says so; both pages checked November 2026. */
  readonly source: string;
  /** What the hub does with it. */
  readonly why: string;
}

/**
 * Every operation the connector calls, and nothing else: what is budgeted is what is permitted.
 *
 * Each operation has a limit of its own, so each is a budget of its own. *Source of the actions*: the service authorization
 * reference, https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsmarketplacecatalog.html and
 * …/list_awsmarketplace.html; the Agreement API's newer operations are named there as the API names them.
 */
export const OPERATIONS = {
  DescribeEntity: {
    limit: 20,
    source: catalogQuotas,
    why: 'reads offers, and the dimensions of a product to be offered',
  },
  ListEntities: { limit: 10, source: catalogQuotas, why: 'finds private offers that changed, and offers made before' },
  ListTagsForResource: { limit: 5, source: catalogQuotas, why: 'reads which deal an offer or change set was made for' },
  StartChangeSet: { limit: 5, source: catalogQuotas, why: 'makes and releases private offers, and moves their expiry' },
  ListChangeSets: { limit: 5, source: catalogQuotas, why: 'looks whether an offer is being made already' },
  DescribeChangeSet: { limit: 10, source: catalogQuotas, why: 'reads how a change set ended, and why' },
  TagResource: { limit: 5, source: catalogQuotas, why: 'tags offers it makes, and notes that a failure was told' },
  SearchAgreements: { limit: 5, source: agreementQuotas, why: 'finds agreements, and the one that another renews' },
  DescribeAgreement: { limit: 5, source: agreementQuotas, why: 'reads agreements' },
  GetAgreementTerms: { limit: 10, source: agreementQuotas, why: 'reads renewal, duration and payment schedule' },
  GetAgreementEntitlements: {
    limit: 10,
    source: agreementQuotas,
    why: 'reads licences and whether they are provisioned',
  },
  ListAgreementInvoiceLineItems: { limit: 10, source: agreementQuotas, why: 'sums up what was invoiced' },
  ListAgreementCancellationRequests: { limit: 5, source: agreementQuotas, why: 'reads what became of cancellations' },
  ListBillingAdjustmentRequests: { limit: 5, source: agreementQuotas, why: 'sums up billing adjustments' },
} as const satisfies Readonly<Record<string, OperationFacts>>;

/** One of {@link OPERATIONS}. */
export type Operation = keyof typeof OPERATIONS;

/** The limits as the kit wants them: one budget an operation. */
export const budgets: readonly Budget[] = Object.entries(OPERATIONS).map(([name, { limit, source }]) => ({
  name,
  limit,
  windowMs: 1_000,
  source,
}));

/** What the connector's role must be allowed: one action an operation, named like it. None can be limited to a resource before that exists. */
export const permissions: readonly AwsPermission[] = Object.entries(OPERATIONS).map(([name, { why }]) => ({
  action: `aws-marketplace:${name}`,
  why,
}));
