import {
  DescribeAgreementCommand,
  GetAgreementEntitlementsCommand,
  GetAgreementTermsCommand,
  ListAgreementChargesCommand,
  SearchAgreementsCommand,
} from '@aws-sdk/client-marketplace-agreement';
import { GetEntitlementsCommand } from '@aws-sdk/client-marketplace-entitlement-service';
import { describe, expect, it } from 'vitest';
import { SAMPLE_OFFER_ID, SAMPLE_PRODUCT_ID } from '../../../../local/simulators/aws-marketplace/sample-products.ts';
import { BUYER, dayMs, openMarket, result, withAgreement } from './market-session.ts';

const searchBy = (filters: Readonly<Record<string, string>>) =>
  new SearchAgreementsCommand({
    catalog: 'AWSMarketplace',
    filters: Object.entries(filters).map(([name, value]) => ({ name, values: [value] })),
  });

const asProposer = { PartyType: 'Proposer', AgreementType: 'PurchaseAgreement' };

describe('an offer that a buyer accepts', () => {
  it('becomes an agreement with its value, times and terms, and is told of', async () => {
    const { agreement, agreementId, offerId, heard, events } = await withAgreement();

    const described = await agreement.send(new DescribeAgreementCommand({ agreementId }));
    const { acceptedTerms } = await agreement.send(new GetAgreementTermsCommand({ agreementId }));

    expect(described).toMatchObject({
      status: 'ACTIVE',
      acceptor: { accountId: BUYER },
      proposer: { accountId: '111122223333' },
      estimatedCharges: { currencyCode: 'EUR', agreementValue: '36000.00' },
      proposalSummary: { offerId, resources: [{ id: SAMPLE_PRODUCT_ID, type: 'SaaSProduct' }] },
      acceptanceTime: new Date('2026-03-02T10:15:10Z'),
      endTime: new Date('2027-03-02T10:15:09Z'),
    });
    const schedule = acceptedTerms?.find(({ paymentScheduleTerm }) => paymentScheduleTerm)?.paymentScheduleTerm;
    expect(schedule?.schedule?.[1]).toEqual({ chargeDate: new Date('2026-07-01'), chargeAmount: '12000.00' });
    expect(heard()).toEqual(['Purchase Agreement Created - Proposer', 'License Updated - Manufacturer']);
    expect(events.at(-2)?.detail).toMatchObject({
      agreement: { id: agreementId, intent: 'NEW', endTime: '2027-03-02T10:15:09Z' },
    });
  });

  it('cannot be accepted by another buyer, twice, or when it is over', async () => {
    const { market, offerId, offer, pass } = await withAgreement();
    const another = await offer();

    expect(market.admin.accept(offerId, { buyerAccountId: '999999999999' })).toMatchObject({ ok: false });
    expect(market.admin.accept(offerId, { buyerAccountId: BUYER })).toMatchObject({ ok: false });
    pass(30 * dayMs);
    expect(market.admin.accept(another, { buyerAccountId: BUYER })).toMatchObject({ ok: false, reason: /expired/ });
  });

  it('lets the buyer choose where the offer does', async () => {
    const { market, agreement } = await openMarket();

    const { id: agreementId } = result(
      market.admin.accept(SAMPLE_OFFER_ID, { buyerAccountId: BUYER, dimensions: { platform: 1, users: 25 } }),
    );
    const refused = market.admin.accept(SAMPLE_OFFER_ID, { buyerAccountId: BUYER, dimensions: { rivers: 1 } });
    const { acceptedTerms } = await agreement.send(new GetAgreementTermsCommand({ agreementId }));

    expect(await agreement.send(new DescribeAgreementCommand({ agreementId }))).toMatchObject({
      estimatedCharges: { currencyCode: 'USD', agreementValue: '31200.00' },
    });
    expect(acceptedTerms?.[0]?.configurableUpfrontPricingTerm?.configuration).toEqual({
      selectorValue: 'P12M',
      dimensions: [
        { dimensionKey: 'platform', dimensionValue: 1 },
        { dimensionKey: 'users', dimensionValue: 25 },
      ],
    });
    expect(refused).toMatchObject({ ok: false });
  });

  it('of a channel partner is heard as the manufacturer, and is not the seller’s to read', async () => {
    const { market, agreement, heard, events } = await openMarket();
    const partner = { proposerAccountId: '777788889999', resaleAuthorizationId: 'resaleauthz-1' };

    const { id: agreementId } = result(market.admin.accept(SAMPLE_OFFER_ID, { buyerAccountId: BUYER, ...partner }));

    expect(heard()).toEqual(['Purchase Agreement Created - Manufacturer', 'License Updated - Manufacturer']);
    expect(events[0]?.detail).toMatchObject({ resaleAuthorization: { id: 'resaleauthz-1' } });
    await expect(agreement.send(new DescribeAgreementCommand({ agreementId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      resourceType: 'Agreement',
      resourceId: agreementId,
    });
  });
});

describe('the life of an agreement', () => {
  it('has notices before its end, ends by itself, and loses its licence an hour after', async () => {
    const { agreement, agreementId, heard, pass } = await withAgreement();
    heard();

    pass(364 * dayMs);
    const notices = heard().filter((type) => type === 'Purchase Agreement Ending - Proposer');
    pass(2 * dayMs);

    expect(notices).toHaveLength(5);
    expect(heard()).toEqual(['Purchase Agreement Ended - Proposer', 'License Deprovisioned - Manufacturer']);
    expect(await agreement.send(new DescribeAgreementCommand({ agreementId }))).toMatchObject({ status: 'EXPIRED' });
    expect(await agreement.send(new GetAgreementEntitlementsCommand({ agreementId }))).toMatchObject({
      agreementEntitlements: [{ status: 'DEPROVISIONED', statusReasonCode: 'AGREEMENT_INACTIVE' }],
    });
  });

  it('goes on in a new agreement when it renews itself', async () => {
    const { agreement, agreementId, events, heard, pass } = await withAgreement({ autoRenew: true });
    heard();

    pass(366 * dayMs);

    const types = heard().filter((type) => !type.includes('Ending'));
    expect(types.slice(0, 2)).toEqual(['Purchase Agreement Created - Proposer', 'Purchase Agreement Ended - Proposer']);
    const created = events.find(
      ({ detail }) => (detail.agreement as { intent?: string } | undefined)?.intent === 'RENEW',
    );
    expect(created?.detail).toMatchObject({ agreement: { previousAgreementId: agreementId } });
    const found = await agreement.send(searchBy({ ...asProposer, AcceptorAccountId: BUYER }));
    expect(found.agreementViewSummaries?.map(({ status }) => status)).toEqual(['ACTIVE', 'RENEWED']);
  });

  it('is renewed at a higher price when asked to', async () => {
    const { market, agreement, agreementId } = await withAgreement();

    const { id } = result(market.admin.renew(agreementId, '5'));

    expect(await agreement.send(new DescribeAgreementCommand({ agreementId: id }))).toMatchObject({
      estimatedCharges: { agreementValue: '37800.00' },
    });
    const { acceptedTerms } = await agreement.send(new GetAgreementTermsCommand({ agreementId: id }));
    expect(acceptedTerms?.find((term) => term.paymentScheduleTerm)?.paymentScheduleTerm?.schedule).toEqual([
      { chargeDate: new Date('2026-03-02'), chargeAmount: '37800.00' },
    ]);
  });

  it('is amended under its own id', async () => {
    const { market, agreement, agreementId, heard, events } = await withAgreement();
    heard();

    market.admin.amend(agreementId, { addedValue: '6000.5', autoRenew: true, dimensions: { users: 5 } });

    expect(heard()).toEqual(['Purchase Agreement Amended - Proposer', 'License Updated - Manufacturer']);
    expect(events.at(-2)?.detail).toMatchObject({ agreement: { intent: 'AMEND', autoRenewalEnabled: true } });
    expect(await agreement.send(new DescribeAgreementCommand({ agreementId }))).toMatchObject({
      estimatedCharges: { agreementValue: '42000.50' },
    });
  });

  it('is replaced by another when its buyer accepts a replacement offer', async () => {
    const { market, agreement, agreementId, offer, heard } = await withAgreement();
    const replacement = await offer({
      create: { type: 'CreateReplacementOffer', details: { AgreementId: agreementId } },
      details: {
        UpdateTargeting: null,
        UpdateValidityTerms: { Terms: [{ Type: 'ValidityTerm', AgreementEndDate: '2027-12-31' }] },
      },
    });
    heard();

    const { id } = result(market.admin.accept(replacement, { buyerAccountId: BUYER }));

    expect(heard()).toEqual([
      'Purchase Agreement Created - Proposer',
      'License Updated - Manufacturer',
      'Purchase Agreement Ended - Proposer',
    ]);
    expect(await agreement.send(new DescribeAgreementCommand({ agreementId }))).toMatchObject({ status: 'REPLACED' });
    expect(await agreement.send(new DescribeAgreementCommand({ agreementId: id }))).toMatchObject({
      status: 'ACTIVE',
      endTime: new Date('2027-12-31T23:59:59.999Z'),
    });
  });

  it('takes back what was not charged when it ends early', async () => {
    const { market, asBuyer, agreementId, heard } = await withAgreement();
    heard();

    expect(market.admin.end(agreementId, 'TERMINATED')).toMatchObject({ ok: true });
    expect(market.admin.end(agreementId, 'CANCELLED')).toMatchObject({ ok: false });

    expect(heard()).toEqual(['Purchase Agreement Ended - Proposer']);
    expect(await asBuyer.send(new ListAgreementChargesCommand({ agreementId }))).toMatchObject({ items: [] });
  });

  it('that begins later has a licence that is scheduled until then', async () => {
    const { market, agreement, heard, offer, pass } = await openMarket();
    const offerId = await offer({
      details: {
        UpdateValidityTerms: {
          Terms: [{ Type: 'ValidityTerm', AgreementStartDate: '2026-04-10', AgreementEndDate: '2027-04-09' }],
        },
      },
    });
    heard();
    const { id: agreementId } = result(market.admin.accept(offerId, { buyerAccountId: BUYER }));
    const entitlement = async () =>
      (await agreement.send(new GetAgreementEntitlementsCommand({ agreementId }))).agreementEntitlements?.[0]?.status;

    expect(heard()).toEqual(['Purchase Agreement Created - Proposer']);
    expect(await entitlement()).toBe('SCHEDULED');
    pass(40 * dayMs);
    expect(heard()).toEqual(['License Updated - Manufacturer']);
    expect(await entitlement()).toBe('PROVISIONED');
  });
});

describe('SearchAgreements', () => {
  it.each([
    [{}],
    [{ Status: 'ACTIVE' }],
    [{ ResourceIdentifier: SAMPLE_PRODUCT_ID, AfterEndTime: '2026-01-01T00:00:00Z' }],
    [{ AcceptorAccountId: BUYER, ResourceType: 'SaaSProduct', Status: 'ACTIVE' }],
    [{ AcceptorAccountId: BUYER, ResourceIdentifier: SAMPLE_PRODUCT_ID }],
  ])('finds what meets a combination that is documented: %j', async (filters) => {
    const { agreement, agreementId } = await withAgreement();

    const found = await agreement.send(searchBy({ ...asProposer, ...filters }));

    expect(found.agreementViewSummaries?.map((each) => each.agreementId)).toEqual([agreementId]);
  });

  it.each([
    [{ ...asProposer, Status: 'EXPIRED' }],
    [{ ...asProposer, BeforeEndTime: '2026-06-01T00:00:00Z' }],
    [{ ...asProposer, PartyType: 'Acceptor' }],
  ])('leaves out what does not: %j', async (filters) => {
    const { agreement } = await withAgreement();

    expect((await agreement.send(searchBy(filters))).agreementViewSummaries).toEqual([]);
  });

  it.each([
    [{}, 'UNSUPPORTED_FILTERS'],
    [{ PartyType: 'Proposer' }, 'UNSUPPORTED_FILTERS'],
    [{ ...asProposer, OfferId: 'offer-1', ResourceType: 'SaaSProduct' }, 'UNSUPPORTED_FILTERS'],
    [{ ...asProposer, PartyType: 'Acceptor', ResourceType: 'SaaSProduct', Status: 'ACTIVE' }, 'UNSUPPORTED_FILTERS'],
    [{ ...asProposer, AfterAcceptanceTime: '2026-01-01T00:00:00Z' }, 'INVALID_FILTER_NAME'],
    [{ ...asProposer, AfterEndTime: 'soon' }, 'INVALID_FILTER_VALUES'],
    [{ ...asProposer, PartyType: 'Broker' }, 'INVALID_FILTER_VALUES'],
  ])('refuses %j', async (filters, reason) => {
    const { agreement } = await withAgreement();
    const { filters: list, ...rest } = searchBy(filters).input;

    await expect(
      agreement.send(new SearchAgreementsCommand({ ...rest, ...(list?.length === 0 ? {} : { filters: list }) })),
    ).rejects.toMatchObject({ name: 'ValidationException', reason });
  });

  it('pages through them, the latest end first', async () => {
    const { market, agreement, offer, pass } = await openMarket();
    for (let count = 0; count < 3; count += 1) {
      market.admin.accept(await offer(), { buyerAccountId: BUYER });
      pass(dayMs);
    }
    const command = searchBy(asProposer);

    const first = await agreement.send(new SearchAgreementsCommand({ ...command.input, maxResults: 2 }));
    const { nextToken } = first;
    const second = await agreement.send(new SearchAgreementsCommand({ ...command.input, maxResults: 2, nextToken }));

    const ends = [first, second].flatMap((page) => (page.agreementViewSummaries ?? []).map((each) => each.endTime));
    expect(ends).toHaveLength(3);
    expect(ends).toEqual(ends.toSorted((a, b) => Number(b) - Number(a)));
    expect(second.nextToken).toBeUndefined();
  });
});

describe('GetEntitlements', () => {
  it('tells what each buyer may use, as the SDK asks for it', async () => {
    const { market, entitlement, agreementId } = await withAgreement();
    const [product] = market.admin.records('products') as readonly { readonly code: string }[];
    const ask = (Filter: Readonly<Record<string, string[]>>) =>
      entitlement.send(new GetEntitlementsCommand({ ProductCode: product?.code, Filter }));

    const found = await ask({ CUSTOMER_AWS_ACCOUNT_ID: [BUYER], DIMENSION: ['platform'] });

    expect(found.Entitlements).toMatchObject([
      { Dimension: 'platform', CustomerAWSAccountId: BUYER, Value: { IntegerValue: 1 } },
    ]);
    expect((await ask({ DIMENSION: ['users'] })).Entitlements).toEqual([]);
    market.admin.setEntitlement(agreementId, 'FAILED');
    expect((await ask({ CUSTOMER_AWS_ACCOUNT_ID: [BUYER] })).Entitlements).toEqual([]);
    await expect(entitlement.send(new GetEntitlementsCommand({ ProductCode: 'none' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});
