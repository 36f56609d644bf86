import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  BatchCreateBillingAdjustmentRequestCommand,
  CancelAgreementCancellationRequestCommand,
  SendAgreementCancellationRequestCommand,
} from '@aws-sdk/client-marketplace-agreement';
import {
  CancelChangeSetCommand,
  StartChangeSetCommand,
  type StartChangeSetRequest,
} from '@aws-sdk/client-marketplace-catalog';
import { describe, expect, it } from 'vitest';
import type { AwsEvent } from '../../../../local/simulators/aws/aws-event.ts';
import { SAMPLE_OFFER_ID } from '../../../../local/simulators/aws-marketplace/sample-products.ts';
import { BUYER, dayMs, type MarketSession, openMarket, privateOffer } from './market-session.ts';

const folder = resolve(process.env.TRIBUTARY_SHARED ?? '../shared', 'contracts/aws');
const isThere = existsSync(folder);
const title = isThere ? '' : ' (skipped: the shared contract files are not there)';

describe.skipIf(!isThere)(`the vendor’s events${title}`, () => {
  it('are those the simulator emits: the same sources, types and members', async () => {
    const file = resolve(folder, 'events/marketplace.events.synthetic.json');
    const samples = JSON.parse(readFileSync(file, 'utf8')) as readonly AwsEvent[];

    const emitted = new Set([...(await sellerEvents()), ...(await acceptorEvents())].map(formOf));

    expect(samples.length).toBeGreaterThan(20);
    expect(samples.map(formOf).filter((form) => !emitted.has(form))).toEqual([]);
  });

  /** Everything that can happen to a seller, who also makes what a channel partner sells. */
  async function sellerEvents(): Promise<readonly AwsEvent[]> {
    const session = await openMarket();
    const { market, catalog, change, events, offer, pass } = session;
    const { admin } = market;
    const offerId = await offer();
    await change({ ChangeSet: privateOffer({ details: { UpdateLegalTerms: null } }) });
    const { ChangeSetId } = await catalog.send(
      new StartChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSet: privateOffer() }),
    );
    await catalog.send(new CancelChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSetId }));
    admin.releaseOfferSet('offerset-1', 'Example', [offerId]);

    const first = accept(session, offerId);
    accept(session, SAMPLE_OFFER_ID, { resaleAuthorizationId: 'resaleauthz-1' });
    admin.amend(first, { addedValue: '10' });
    admin.noticeEnding(first, 90);
    admin.finalizeRenewalTerms(first, '5');
    admin.announceRenewal(first, '5');
    admin.advise(first, 'Issued');
    admin.advise(first, 'Resolved');
    await adjust(session, first);
    const replacement = await offer({
      create: { type: 'CreateReplacementOffer', details: { AgreementId: first } },
      details: {
        UpdateTargeting: null,
        UpdateValidityTerms: { Terms: [{ Type: 'ValidityTerm', AgreementEndDate: '2027-12-31' }] },
      },
    });
    const renewed = admin.renew(accept(session, replacement));
    await requestCancellations(session, renewed.ok ? renewed.result.id : '');
    pass(dayMs);

    const partner = { proposerAccountId: '777788889999', resaleAuthorizationId: 'resaleauthz-1' };
    const partners = accept(session, SAMPLE_OFFER_ID, partner);
    admin.amend(partners, {});
    admin.end(partners, 'CANCELLED');
    admin.pauseDisbursement();
    admin.reportSecurity(1);
    return events;
  }

  /** What a buyer hears. */
  async function acceptorEvents(): Promise<readonly AwsEvent[]> {
    const session = await openMarket({ accountId: BUYER });
    const id = accept(session, SAMPLE_OFFER_ID, { proposerAccountId: '111122223333' });
    session.market.admin.amend(id, {});
    session.market.admin.end(id, 'CANCELLED');
    return session.events;
  }

  function accept({ market }: MarketSession, offerId: string, more = {}): string {
    const accepted = market.admin.accept(offerId, { buyerAccountId: BUYER, ...more });
    if (!accepted.ok) throw new Error(accepted.reason);
    return accepted.result.id;
  }

  async function adjust({ agreement, market }: MarketSession, agreementId: string): Promise<void> {
    const invoice = market.admin.invoiceNext(agreementId);
    const entry = {
      agreementId,
      originalInvoiceId: invoice.ok ? invoice.result.id : '',
      adjustmentAmount: '1.00',
      currencyCode: 'EUR',
      adjustmentReasonCode: 'OTHER' as const,
    };
    const made = await agreement.send(
      new BatchCreateBillingAdjustmentRequestCommand({
        billingAdjustmentRequestEntries: ['a', 'b'].map((clientToken) => ({ ...entry, clientToken })),
      }),
    );
    const [first, second] = made.items ?? [];
    market.admin.settleAdjustment(first?.billingAdjustmentRequestId ?? '', 'COMPLETED');
    market.admin.settleAdjustment(second?.billingAdjustmentRequestId ?? '', 'VALIDATION_FAILED');
  }

  async function requestCancellations({ agreement, market }: MarketSession, agreementId: string): Promise<void> {
    for (const status of ['REJECTED', 'VALIDATION_FAILED', undefined, 'APPROVED'] as const) {
      const sent = await agreement.send(
        new SendAgreementCancellationRequestCommand({ agreementId, reasonCode: 'OTHER', description: 'A test' }),
      );
      const { agreementCancellationRequestId = '' } = sent;
      if (status !== undefined) market.admin.answerCancellation(agreementCancellationRequestId, status);
      else
        await agreement.send(
          new CancelAgreementCancellationRequestCommand({
            agreementId,
            agreementCancellationRequestId,
            cancellationReason: 'Never mind',
          }),
        );
    }
  }

  /** An event without its values: source, type, the paths of its members, and how many resources it names. */
  function formOf(event: AwsEvent): string {
    const { source, resources, detail, 'detail-type': type } = event;
    return [source, type, `${resources.length} resources`, ...pathsOf(detail, '').toSorted()].join(' | ');
  }

  function pathsOf(value: unknown, path: string): readonly string[] {
    if (Array.isArray(value)) return pathsOf(value[0], `${path}[]`);
    if (typeof value !== 'object' || value === null) return [path];
    return Object.entries(value).flatMap(([key, member]) => pathsOf(member, `${path}.${key}`));
  }
});

describe.skipIf(!isThere)(`the vendor’s change sets for offers${title}`, () => {
  /** When the samples were written: their dates are of the end of 2023 and later. */
  const then = Date.UTC(2023, 5, 1);

  /** What comes of each: an error by its change, or nothing. Where a sample cannot work, because of what it says itself. */
  const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
    'CreateDraftPrivateOffer.json': [],
    'CreatePrivateOfferWithContractPricingForAmiProduct.json': [],
    'CreatePrivateOfferWithContractPricingForContainerProduct.json': [],
    'CreatePrivateOfferWithContractPricingWithFlexiblePaymentScheduleForSaas.json': [],
    'CreatePrivateOfferWithContractWithPayAsYouGoPricingForSaas.json': [],
    'CreatePrivateOfferWithHourlyAnnualPricingAndFlexiblePaymentScheduleForAmi.json': [],
    'CreatePrivateOfferWithHourlyAnnualPricingForAmiProduct.json': [],
    'CreatePrivateOfferWithHourlyPricingForAmi.json': [],
    'CreatePrivateOfferWithSubscriptionPricingForSaas.json': [],
    'CreatePrivateOfferWithTieredContractPricingForSaas.json': [],
    'CreatePublicFreeTrialOfferWithSubscriptionPricingForSaas.json': [],
    'CreateReplacementPrivateOfferWithContractPricing.json': [],
    'CreateSaasProductCustomDimensionAndPrivateOffer.json': [],
    'ExpirePrivateOffer.json': [],
    // The offer of these is private and released; its terms are what the buyer was offered.
    'UpdateEula.json': ['UpdateLegalTerms INCOMPATIBLE_TERMS'],
    'UpdateOfferWithContractAndPayAsYouGoPricing.json': ['UpdatePricingTerms INCOMPATIBLE_TERMS'],
    'UpdateOfferWithHourlyAnnualPricing.json': ['UpdatePricingTerms INCOMPATIBLE_TERMS'],
    'UpdateFreeTrialDurationOfPublicFreeTrialOfferForSass.json': ['UpdatePricingTerms INCOMPATIBLE_TERMS'],
    'UpdateRefundPolicy.json': ['UpdateSupportTerms INCOMPATIBLE_TERMS'],
    'UpdateOfferTargeting.json': ['UpdateTargeting INCOMPATIBLE_TARGETING'],
    'UpdateOfferExpirationDateOfPrivateOffer.json': [],
    'UpdateOfferNameAndDescription.json': [],
  };

  const files = isThere ? readdirSync(resolve(folder, 'marketplace-changesets/offers')) : [];

  it('are all known here', () => {
    expect(files.toSorted()).toEqual(Object.keys(OUTCOMES).toSorted());
  });

  it.each(files)('%s comes to what the guide says', async (file) => {
    const session = await openMarket({ startAt: then, isSeeded: false });
    const text = readFileSync(resolve(folder, 'marketplace-changesets/offers', file), 'utf8');
    const request = JSON.parse(await withIds(session, text)) as StartChangeSetRequest;

    const ended = await session.change(request);

    const errors = (ended.ChangeSet ?? []).flatMap(({ ChangeType, ErrorDetailList }) =>
      (ErrorDetailList ?? []).map(({ ErrorCode }) => `${ChangeType} ${ErrorCode}`),
    );
    expect(errors).toEqual(OUTCOMES[file]);
    expect(ended.Status).toBe(errors.length === 0 ? 'SUCCEEDED' : 'FAILED');
  });

  /** Puts what a sample names in the market: a product with all its dimensions, an offer, an agreement. */
  async function withIds({ market, change }: MarketSession, text: string): Promise<string> {
    const id = 'prod-1111111111111';
    const own = /"Key": ?"(\w+)"/.exec(text)?.[1];
    const keys = [...new Set([...text.matchAll(/"DimensionKey": ?"([^"]+)"/g)].map(([, key = '']) => key))];
    const dimensions = [...keys.filter((key) => key !== own), 'platform'].map((Key) => ({
      Key,
      Name: Key,
      Description: Key,
      Unit: 'Units',
      Types: ['Entitled'],
    }));
    market.admin.addProduct({
      id,
      title: 'Product of the samples',
      code: 'samples',
      visibility: 'Public',
      description: 'A product',
      dimensions,
    });
    if (!text.includes('offer-1111111111111') && !text.includes('agmt-')) return text;
    const made = await change({
      ChangeSet: privateOffer({
        create: { type: 'CreateOffer', details: { ProductId: id } },
        details: {
          UpdateAvailability: { AvailabilityEndDate: '2023-06-30' },
          UpdatePaymentScheduleTerms: {
            Terms: [
              {
                Type: 'PaymentScheduleTerm',
                CurrencyCode: 'EUR',
                Schedule: [{ ChargeDate: '2023-06-30', ChargeAmount: '100.00' }],
              },
            ],
          },
        },
      }),
    });
    const offerId = made.ChangeSet?.[0]?.Entity?.Identifier?.replace(/@\d+$/, '') ?? '';
    const accepted = market.admin.accept(offerId, { buyerAccountId: BUYER });
    return text
      .replaceAll('offer-1111111111111', offerId)
      .replaceAll('agmt-1111111111111111111111111', accepted.ok ? accepted.result.id : '');
  }
});
