import { type Answers, AwsRefusal, type Input } from './fake-marketplace.ts';
import { entityOf } from './small-catalog.ts';

/** What AWS holds of one agreement, in AWS's own form; times are seconds since the epoch. */
export interface AgreementHeld {
  readonly head: Readonly<Record<string, unknown>>;
  readonly terms?: readonly object[];
  readonly entitlements?: readonly object[];
  readonly invoices?: readonly object[];
  readonly cancellations?: readonly object[];
  readonly adjustments?: readonly object[];
}

export const seconds = (text: string): number => Date.parse(text) / 1_000;

/** An agreement on prod-1 that 444455556666 accepted of us on 1 March 2026. */
export function agreementHeld(id: string, head: Readonly<Record<string, unknown>> = {}): AgreementHeld {
  return {
    head: {
      agreementId: id,
      agreementType: 'PurchaseAgreement',
      acceptor: { accountId: '444455556666' },
      proposer: { accountId: '111122223333' },
      acceptanceTime: seconds('2026-03-01T09:00:00Z'),
      startTime: seconds('2026-03-02T00:00:00Z'),
      endTime: seconds('2027-03-01T23:59:59.999Z'),
      proposalSummary: { resources: [{ id: 'prod-1', type: 'SaaSProduct' }], offerId: 'offer-1' },
      estimatedCharges: { currencyCode: 'USD', agreementValue: '105000.00' },
      status: 'ACTIVE',
      ...head,
    },
  };
}

/** What is said of the offers behind agreements. */
export interface OffersHeld {
  /** Offers that are shown to named accounts only. */
  readonly privateOffers?: readonly string[];
  readonly buyers?: readonly string[];
  /** The hub's id that offers carry as a tag. */
  readonly dealId?: string;
}

/** AWS's agreement API over a list of agreements, and its catalog over the offers that they came of. */
export function agreementAnswers(
  held: readonly AgreementHeld[],
  { privateOffers = ['offer-1'], buyers = ['444455556666'], dealId }: OffersHeld = {},
): Answers {
  const of = (input: Input): AgreementHeld => {
    const found = held.find(({ head }) => head.agreementId === input.agreementId);
    if (found === undefined) throw new AwsRefusal('ResourceNotFoundException', 'no such agreement', 404);
    return found;
  };
  return {
    DescribeAgreement: (input) => of(input).head,
    GetAgreementTerms: (input) => ({ acceptedTerms: of(input).terms ?? [] }),
    GetAgreementEntitlements: (input) => ({ agreementEntitlements: of(input).entitlements ?? [] }),
    ListAgreementInvoiceLineItems: (input) => ({ agreementInvoiceLineItemGroupSummaries: of(input).invoices ?? [] }),
    ListAgreementCancellationRequests: (input) => ({ items: of(input).cancellations ?? [] }),
    ListBillingAdjustmentRequests: (input) => ({ items: of(input).adjustments ?? [] }),
    SearchAgreements: ({ filters }) => {
      // The request is the connector's own, in AWS's form.
      const buyer = (filters as readonly { name: string; values: readonly string[] }[]).find(
        ({ name }) => name === 'AcceptorAccountId',
      )?.values[0];
      const heads = held.map(({ head }) => head as { readonly acceptor: { readonly accountId: string } });
      return {
        agreementViewSummaries: heads.filter(({ acceptor }) => acceptor.accountId === (buyer ?? acceptor.accountId)),
      };
    },
    ListTagsForResource: () => ({
      Tags: dealId === undefined ? [] : [{ Key: 'tributary:deal', Value: dealId }],
    }),
    DescribeEntity: ({ entityId }) => {
      const isPrivate = privateOffers.includes(String(entityId));
      const targeting = isPrivate ? { BuyerAccounts: buyers } : { CountryCodes: ['US'] };
      return entityOf('Offer', String(entityId), { Rules: [{ Type: 'TargetingRule', PositiveTargeting: targeting }] });
    },
  };
}
