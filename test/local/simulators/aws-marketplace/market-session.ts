import { MarketplaceAgreementClient } from '@aws-sdk/client-marketplace-agreement';
import {
  DescribeChangeSetCommand,
  type DescribeChangeSetResponse,
  MarketplaceCatalogClient,
  StartChangeSetCommand,
  type StartChangeSetRequest,
} from '@aws-sdk/client-marketplace-catalog';
import { MarketplaceEntitlementServiceClient } from '@aws-sdk/client-marketplace-entitlement-service';
import { onTestFinished } from 'vitest';
import type { AwsEvent } from '../../../../local/simulators/aws/aws-event.ts';
import type { ActionOutcome } from '../../../../local/simulators/aws-marketplace/business/action.ts';
import { SAMPLE_PRODUCT_ID } from '../../../../local/simulators/aws-marketplace/sample-products.ts';
import {
  type AwsMarketplaceSimulator,
  type AwsMarketplaceSimulatorOptions,
  startAwsMarketplaceSimulator,
} from '../../../../local/simulators/aws-marketplace/start-aws-marketplace-simulator.ts';

export const startOfTests = Date.UTC(2026, 2, 2, 10, 15, 0);
export const BUYER = '444455556666';
export const dayMs = 86_400_000;

/** A marketplace on a clock the test moves, with the SDK's clients pointed at it. */
export interface MarketSession {
  readonly market: AwsMarketplaceSimulator;
  readonly events: AwsEvent[];
  readonly catalog: MarketplaceCatalogClient;
  readonly agreement: MarketplaceAgreementClient;
  /** The same service, called by the buyer. */
  readonly asBuyer: MarketplaceAgreementClient;
  readonly entitlement: MarketplaceEntitlementServiceClient;
  pass(ms: number): void;
  /** Starts a change set, lets it come to its end, and answers how it ended. */
  change(request: Partial<StartChangeSetRequest>): Promise<DescribeChangeSetResponse>;
  /** Makes and releases a private offer; answers its id. */
  offer(options?: OfferOptions): Promise<string>;
  /** Detail types of the events since the last call. */
  heard(): readonly string[];
}

export async function openMarket(
  options: AwsMarketplaceSimulatorOptions & { readonly startAt?: number } = {},
): Promise<MarketSession> {
  const clock = { now: options.startAt ?? startOfTests };
  const events: AwsEvent[] = [];
  let heardUpTo = 0;
  const market = await startAwsMarketplaceSimulator({
    now: () => clock.now,
    setTimer: 'none',
    hasLimits: false,
    accessKeys: { BUYER },
    publish: (event) => events.push(event),
    onDefect: (defect) => {
      throw defect;
    },
    ...options,
  });
  onTestFinished(() => market.close());
  const config = (accessKeyId: string) => ({
    endpoint: market.url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const clients = {
    catalog: new MarketplaceCatalogClient(config('SELLER')),
    agreement: new MarketplaceAgreementClient(config('SELLER')),
    asBuyer: new MarketplaceAgreementClient(config('BUYER')),
    entitlement: new MarketplaceEntitlementServiceClient(config('SELLER')),
  };
  onTestFinished(() => {
    for (const client of Object.values(clients)) client.destroy();
  });
  const pass = (ms: number): void => {
    clock.now += ms;
    market.runDue();
  };
  const change = async (request: Partial<StartChangeSetRequest>): Promise<DescribeChangeSetResponse> => {
    const { ChangeSetId } = await clients.catalog.send(
      new StartChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSet: [], ...request }),
    );
    pass(10_000);
    return clients.catalog.send(new DescribeChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSetId }));
  };
  return {
    ...clients,
    market,
    events,
    pass,
    change,
    async offer(offerOptions) {
      const ended = await change({ ChangeSet: privateOffer(offerOptions) });
      if (ended.Status !== 'SUCCEEDED') throw new Error(JSON.stringify(ended.ChangeSet));
      return ended.ChangeSet?.[0]?.Entity?.Identifier?.replace(/@\d+$/, '') ?? '';
    },
    heard() {
      const types = events.slice(heardUpTo).map((event) => event['detail-type']);
      heardUpTo = events.length;
      return types;
    },
  };
}

/** What an action answered; fails the test when it could not be done. */
export function result<Result>(outcome: ActionOutcome<Result>): Result {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.result;
}

/** A market in which the buyer has accepted a private offer of 36,000 EUR in three payments. */
export async function withAgreement(choice: { readonly autoRenew?: boolean } = {}) {
  const session = await openMarket();
  const offerId = await session.offer();
  session.heard();
  const { id: agreementId } = result(session.market.admin.accept(offerId, { buyerAccountId: BUYER, ...choice }));
  return { ...session, offerId, agreementId };
}

export interface OfferOptions {
  /** In place of the change of that type; `null` leaves it out. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly create?: { readonly type: string; readonly details: unknown };
}

const REFERENCE = '$Create.Entity.Identifier';

/** The changes that make and release a private offer of the sample product: 36,000 USD in three payments. */
export function privateOffer({
  details = {},
  create,
}: OfferOptions = {}): NonNullable<StartChangeSetRequest['ChangeSet']> {
  const changes: Readonly<Record<string, unknown>> = {
    UpdateInformation: { Name: 'Offer for Delta Works', Description: 'Twelve months of the platform' },
    UpdateTargeting: { PositiveTargeting: { BuyerAccounts: [BUYER] } },
    UpdatePricingTerms: {
      PricingModel: 'Contract',
      Terms: [
        {
          Type: 'FixedUpfrontPricingTerm',
          CurrencyCode: 'EUR',
          Price: '0',
          Grants: [{ DimensionKey: 'platform', MaxQuantity: 1 }],
        },
      ],
    },
    UpdateValidityTerms: { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P12M' }] },
    UpdatePaymentScheduleTerms: {
      Terms: [
        {
          Type: 'PaymentScheduleTerm',
          CurrencyCode: 'EUR',
          Schedule: [
            { ChargeDate: '2026-03-15', ChargeAmount: '12000.00' },
            { ChargeDate: '2026-07-01', ChargeAmount: '12000.00' },
            { ChargeDate: '2026-11-01', ChargeAmount: '12000.00' },
          ],
        },
      ],
    },
    UpdateLegalTerms: {
      Terms: [{ Type: 'LegalTerm', Documents: [{ Type: 'StandardEula', Version: '2022-07-14' }] }],
    },
    UpdateAvailability: { AvailabilityEndDate: '2026-03-31' },
    ReleaseOffer: {},
    ...details,
  };
  return [
    {
      ChangeType: create?.type ?? 'CreateOffer',
      ChangeName: 'Create',
      Entity: { Type: 'Offer@1.0' },
      // The SDK's document type is narrower than `unknown`; these are JSON.
      DetailsDocument: (create?.details ?? { ProductId: SAMPLE_PRODUCT_ID }) as never,
    },
    ...Object.entries(changes)
      .filter(([, value]) => value !== null)
      .map(([ChangeType, value]) => ({
        ChangeType,
        Entity: { Type: 'Offer@1.0', Identifier: REFERENCE },
        DetailsDocument: value as never,
      })),
  ];
}
