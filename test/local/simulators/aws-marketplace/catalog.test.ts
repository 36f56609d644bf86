import {
  BatchDescribeEntitiesCommand,
  CancelChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeEntityCommand,
  ListChangeSetsCommand,
  ListEntitiesCommand,
  StartChangeSetCommand,
} from '@aws-sdk/client-marketplace-catalog';
import { describe, expect, it } from 'vitest';
import { SAMPLE_PRODUCT_ID } from '../../../../local/simulators/aws-marketplace/sample-products.ts';
import { BUYER, openMarket, privateOffer } from './market-session.ts';

const Catalog = 'AWSMarketplace';

describe('a change set that makes a private offer', () => {
  it('is prepared, applied and succeeds, and tells that it did and that the offer is released', async () => {
    const { catalog, pass, heard, events } = await openMarket();
    const { ChangeSetId } = await catalog.send(
      new StartChangeSetCommand({ Catalog, ChangeSet: privateOffer(), ChangeSetName: 'offer-for-deal-1' }),
    );
    const status = async () => (await catalog.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId }))).Status;

    const states = [await status()];
    pass(600);
    states.push(await status());
    expect(heard()).toEqual([]);
    pass(1_000);
    states.push(await status());

    expect(states).toEqual(['PREPARING', 'APPLYING', 'SUCCEEDED']);
    expect(heard()).toEqual(['Change Set Succeeded', 'Offer Released']);
    expect(events[1]?.detail).toMatchObject({
      offer: { name: 'Offer for Delta Works', expirationDate: '2026-03-31T23:59:59Z' },
      product: { id: SAMPLE_PRODUCT_ID },
      targetedBuyerAccountIds: [BUYER],
    });
    const list = await catalog.send(
      new ListChangeSetsCommand({ Catalog, FilterList: [{ Name: 'ChangeSetName', ValueList: ['offer-for-deal-1'] }] }),
    );
    expect(list.ChangeSetSummaryList).toMatchObject([{ ChangeSetId, Status: 'SUCCEEDED' }]);
    expect(events[1]?.detail.offer).toMatchObject({ id: list.ChangeSetSummaryList?.[0]?.EntityIdList?.[0] });
  });

  it('leaves an offer that DescribeEntity, BatchDescribeEntities and ListEntities show alike', async () => {
    const { catalog, offer } = await openMarket();
    const id = await offer();

    const entity = await catalog.send(new DescribeEntityCommand({ Catalog, EntityId: id }));
    const batch = await catalog.send(
      new BatchDescribeEntitiesCommand({
        EntityRequestList: [
          { Catalog, EntityId: id },
          { Catalog, EntityId: 'offer-none' },
        ],
      }),
    );
    const list = await catalog.send(
      new ListEntitiesCommand({
        Catalog,
        EntityType: 'Offer',
        EntityTypeFilters: {
          OfferFilters: { State: { ValueList: ['Released'] }, Targeting: { ValueList: ['BuyerAccounts'] } },
        },
      }),
    );

    expect(entity).toMatchObject({ EntityType: 'Offer@1.0', EntityIdentifier: `${id}@1` });
    expect(entity.DetailsDocument).toMatchObject({
      State: 'Released',
      ProductId: SAMPLE_PRODUCT_ID,
      Rules: [
        { Type: 'TargetingRule', PositiveTargeting: { BuyerAccounts: [BUYER] } },
        { Type: 'AvailabilityRule', AvailabilityEndDate: '2026-03-31T23:59:59.999Z' },
      ],
    });
    expect(JSON.parse(entity.Details ?? '')).toEqual(entity.DetailsDocument);
    expect(batch.EntityDetails?.[id]?.DetailsDocument).toEqual(entity.DetailsDocument);
    expect(batch.Errors?.['offer-none']).toMatchObject({ ErrorCode: 'ResourceNotFoundException' });
    expect(list.EntitySummaryList).toMatchObject([
      { EntityId: id, OfferSummary: { BuyerAccounts: [BUYER], AvailabilityEndDate: '2026-03-31T23:59:59Z' } },
    ]);
  });

  it('is started once, however often the same call with the same token comes', async () => {
    const { catalog, pass, market } = await openMarket();
    const request = { Catalog, ChangeSet: privateOffer(), ClientRequestToken: 'deal-1' };

    const first = await catalog.send(new StartChangeSetCommand(request));
    const second = await catalog.send(new StartChangeSetCommand(request));
    pass(10_000);
    const third = await catalog.send(new StartChangeSetCommand(request));

    expect(second).toMatchObject({ ChangeSetId: first.ChangeSetId });
    expect(third).toMatchObject({ ChangeSetId: first.ChangeSetId });
    expect(market.admin.records('offers')).toHaveLength(2);
    await expect(
      catalog.send(new StartChangeSetCommand({ ...request, ChangeSetName: 'another' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('survives the loss of its answer: the token finds it again', async () => {
    const { catalog, pass, market } = await openMarket();
    const request = { Catalog, ChangeSet: privateOffer(), ClientRequestToken: 'deal-1' };
    market.faults.add({ kind: 'lose-answer', match: { pathIncludes: 'Catalog.StartChangeSet' } });

    await expect(catalog.send(new StartChangeSetCommand(request))).rejects.toThrow();
    await catalog.send(new StartChangeSetCommand(request));
    pass(10_000);

    expect(market.admin.records('changeSets')).toHaveLength(1);
    expect(market.admin.records('offers')).toHaveLength(2);
  });

  it('does all of its changes or none, and says at the change what was wrong', async () => {
    const { change, market, heard } = await openMarket();

    const ended = await change({
      ChangeSet: privateOffer({
        details: { UpdateLegalTerms: null, UpdateAvailability: { AvailabilityEndDate: '2026-01-01' } },
      }),
    });

    expect(ended).toMatchObject({ Status: 'FAILED', FailureCode: 'CLIENT_ERROR' });
    const errors = Object.fromEntries(
      (ended.ChangeSet ?? []).map(({ ChangeType, ErrorDetailList }) => [
        ChangeType,
        ErrorDetailList?.map(({ ErrorCode }) => ErrorCode),
      ]),
    );
    expect(errors).toMatchObject({
      CreateOffer: [],
      UpdateAvailability: ['INVALID_AVAILABILITY_END_DATE'],
      ReleaseOffer: ['MISSING_MANDATORY_TERMS', 'MISSING_AVAILABILITY_END_DATE'],
    });
    expect(market.admin.records('offers')).toHaveLength(1);
    expect(heard()).toEqual(['Change Set Failed']);
  });

  it('ends as a fault of AWS when asked to', async () => {
    const { catalog, market, pass } = await openMarket();
    const { ChangeSetId = '' } = await catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet: privateOffer() }));

    market.admin.failChangeSet(ChangeSetId);
    pass(10_000);

    const ended = await catalog.send(new DescribeChangeSetCommand({ Catalog, ChangeSetId }));
    expect(ended).toMatchObject({ Status: 'FAILED', FailureCode: 'SERVER_FAULT' });
  });
});

describe('what is wrong with a request', () => {
  const cases: readonly (readonly [string, string, unknown])[] = [
    ['an account without 12 digits', 'UpdateTargeting', { PositiveTargeting: { BuyerAccounts: ['4444'] } }],
    [
      'a price with four decimal places',
      'UpdatePricingTerms',
      {
        PricingModel: 'Contract',
        Terms: [
          {
            Type: 'FixedUpfrontPricingTerm',
            CurrencyCode: 'USD',
            Price: '1.2345',
            Grants: [{ DimensionKey: 'platform', MaxQuantity: 1 }],
          },
        ],
      },
    ],
    [
      'a charge with three decimal places',
      'UpdatePaymentScheduleTerms',
      {
        Terms: [
          {
            Type: 'PaymentScheduleTerm',
            CurrencyCode: 'EUR',
            Schedule: [{ ChargeDate: '2026-07-01', ChargeAmount: '0.001' }],
          },
        ],
      },
    ],
    ['a day that is none', 'UpdateAvailability', { AvailabilityEndDate: '2026-02-30' }],
    ['details where there must be none', 'ReleaseOffer', { now: true }],
    ['a change type of another entity', 'AddDimensions', []],
  ];

  it.each(cases)('is answered at once: %s', async (_name, type, value) => {
    const { change, market } = await openMarket();

    const started = change({ ChangeSet: privateOffer({ details: { [type]: value } }) });

    await expect(started).rejects.toMatchObject({ name: 'ValidationException', $metadata: { httpStatusCode: 422 } });
    await expect(started).rejects.toThrow(type);
    expect(market.admin.records('changeSets')).toEqual([]);
  });

  it('is a product that is not there, an entity that is not there, or too many changes', async () => {
    const { change } = await openMarket();
    const create = { type: 'CreateOffer', details: { ProductId: 'prod-none' } };
    const offer = { Type: 'Offer@1.0', Identifier: 'offer-none' };

    await expect(change({ ChangeSet: privateOffer({ create }) })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(
      change({ ChangeSet: [{ ChangeType: 'ReleaseOffer', Entity: offer, DetailsDocument: {} }] }),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const many = Array.from({ length: 21 }, () => ({
      ChangeType: 'CreateOffer',
      Entity: { Type: 'Offer@1.0' },
      Details: '{}',
    }));
    await expect(change({ ChangeSet: many })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is the same change of one entity twice, a reference to nothing, or both forms of details', async () => {
    const { change } = await openMarket();
    const [create, information] = privateOffer();
    if (create === undefined || information === undefined) throw new Error('The offer has its changes.');
    const refused = { name: 'ValidationException' };

    await expect(change({ ChangeSet: [create, information, information] })).rejects.toMatchObject(refused);
    await expect(change({ ChangeSet: [information] })).rejects.toMatchObject(refused);
    await expect(change({ ChangeSet: [{ ...create, Details: '{}' }] })).rejects.toMatchObject(refused);
  });
});

describe('what only shows in the offer', () => {
  const schedule = (CurrencyCode: string, ...days: readonly string[]) => ({
    Terms: [
      {
        Type: 'PaymentScheduleTerm',
        CurrencyCode,
        Schedule: days.map((ChargeDate) => ({ ChargeDate, ChargeAmount: '10.00' })),
      },
    ],
  });
  const fixed = (Price: string, DimensionKey = 'platform') => ({
    PricingModel: 'Contract',
    Terms: [
      { Type: 'FixedUpfrontPricingTerm', CurrencyCode: 'EUR', Price, Grants: [{ DimensionKey, MaxQuantity: 1 }] },
    ],
  });
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    [
      'two payments while it can be accepted',
      { UpdatePaymentScheduleTerms: schedule('EUR', '2026-03-10', '2026-03-31', '2026-07-01') },
      'ReleaseOffer TOO_MANY_BACKDATED_CHARGES',
    ],
    [
      'a payment after the end',
      { UpdatePaymentScheduleTerms: schedule('EUR', '2026-03-10', '2027-06-01') },
      'ReleaseOffer INVALID_CHARGE_DATES',
    ],
    [
      'a payment that is past',
      { UpdatePaymentScheduleTerms: schedule('EUR', '2026-03-01') },
      'UpdatePaymentScheduleTerms INVALID_CHARGE_DATES',
    ],
    [
      'two payments on a day',
      { UpdatePaymentScheduleTerms: schedule('EUR', '2026-07-01', '2026-07-01') },
      'UpdatePaymentScheduleTerms DUPLICATE_CHARGE_DATES',
    ],
    ['a price beside its payments', { UpdatePricingTerms: fixed('10') }, 'ReleaseOffer INCOMPATIBLE_TERMS'],
    [
      'two currencies',
      { UpdatePaymentScheduleTerms: schedule('USD', '2026-07-01') },
      'ReleaseOffer INVALID_CURRENCY_CODE',
    ],
    [
      'a dimension the product does not have',
      { UpdatePricingTerms: fixed('0', 'rivers') },
      'UpdatePricingTerms INCOMPATIBLE_PRODUCT',
    ],
    ['no payments', { UpdatePaymentScheduleTerms: null }, 'ReleaseOffer MISSING_MANDATORY_TERMS'],
    ['no duration', { UpdateValidityTerms: null }, 'ReleaseOffer MISSING_MANDATORY_TERMS'],
    ['no description', { UpdateInformation: { Name: 'Only a name' } }, 'ReleaseOffer MISSING_DESCRIPTION'],
    ['no last day', { UpdateAvailability: null }, 'ReleaseOffer MISSING_AVAILABILITY_END_DATE'],
    ['no buyer, where there is a public offer', { UpdateTargeting: null }, 'ReleaseOffer TOO_MANY_OFFERS'],
    [
      'both a duration and an end',
      {
        UpdateValidityTerms: {
          Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P12M', AgreementEndDate: '2027-01-01' }],
        },
      },
      'UpdateValidityTerms INVALID_AGREEMENT_TIME_INTERVAL',
    ],
  ];

  it.each(cases)('fails its change set under the documented code: %s', async (_name, details, expected) => {
    const { change } = await openMarket();

    const ended = await change({ ChangeSet: privateOffer({ details }) });

    const errors = (ended.ChangeSet ?? []).flatMap(({ ChangeType, ErrorDetailList }) =>
      (ErrorDetailList ?? []).map(({ ErrorCode }) => `${ChangeType} ${ErrorCode}`),
    );
    expect(ended.Status).toBe('FAILED');
    expect(errors).toContain(expected);
  });
});

describe('an entity that a change set is running on', () => {
  it('is locked until the change set has ended, and can be changed then', async () => {
    const { catalog, change, offer, pass } = await openMarket();
    const Identifier = await offer();
    const expire = {
      Catalog,
      ChangeSet: [
        {
          ChangeType: 'UpdateAvailability',
          Entity: { Type: 'Offer@1.0', Identifier },
          DetailsDocument: { AvailabilityEndDate: '2026-01-01' },
        },
      ],
    };
    await catalog.send(new StartChangeSetCommand(expire));

    await expect(catalog.send(new StartChangeSetCommand(expire))).rejects.toMatchObject({
      name: 'ResourceInUseException',
      $metadata: { httpStatusCode: 423 },
    });
    pass(10_000);

    expect(await change(expire)).toMatchObject({ Status: 'SUCCEEDED' });
    const entity = await catalog.send(new DescribeEntityCommand({ Catalog, EntityId: Identifier }));
    expect(entity.EntityIdentifier).toBe(`${Identifier}@3`);
  });

  it('is free again when the change set is cancelled, which is possible while it is prepared', async () => {
    const { catalog, offer, pass, heard } = await openMarket();
    const Identifier = await offer();
    const ChangeSet = [
      { ChangeType: 'UpdateInformation', Entity: { Type: 'Offer@1.0', Identifier }, DetailsDocument: { Name: 'New' } },
    ];
    const first = await catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet }));
    heard();

    await catalog.send(new CancelChangeSetCommand({ Catalog, ChangeSetId: first.ChangeSetId }));
    const second = await catalog.send(new StartChangeSetCommand({ Catalog, ChangeSet }));
    pass(600);

    expect(heard()).toEqual(['Change Set Cancelled']);
    await expect(
      catalog.send(new CancelChangeSetCommand({ Catalog, ChangeSetId: second.ChangeSetId })),
    ).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });
});
