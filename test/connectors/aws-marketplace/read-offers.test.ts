import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OFFER_FIELDS } from '../../../connectors/aws-marketplace/offer-document.ts';
import { readOffers } from '../../../connectors/aws-marketplace/read-offers.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import { AwsRefusal, type FakeMarketplace, startFakeMarketplace } from './fake-marketplace.ts';
import { arnOf, entityOf } from './small-catalog.ts';

const fields = [...OFFER_FIELDS, 'tributary:deal'];

const details = {
  Id: 'offer-1',
  Name: 'Nordlicht – rollout',
  Description: 'Rollout',
  ProductId: 'prod-1',
  Terms: [
    { Type: 'LegalTerm', Documents: [{ Type: 'StandardEula', Version: '2022-07-14' }] },
    {
      Type: 'FixedUpfrontPricingTerm',
      CurrencyCode: 'USD',
      Price: '0',
      Grants: [{ DimensionKey: 'seats', MaxQuantity: 2 }],
    },
    { Type: 'ValidityTerm', AgreementDuration: 'P1Y6M' },
    {
      Type: 'PaymentScheduleTerm',
      CurrencyCode: 'USD',
      Schedule: [
        { ChargeDate: '2026-08-01T00:00:00.000Z', ChargeAmount: '10.5' },
        { ChargeDate: '2027-08-01T00:00:00.000Z', ChargeAmount: '0.1000000001' },
      ],
    },
  ],
  Rules: [
    { Type: 'AvailabilityRule', AvailabilityEndDate: '2026-07-01T23:59:59.999Z' },
    { Type: 'TargetingRule', PositiveTargeting: { BuyerAccounts: ['222222222222', '333333333333'] } },
  ],
  State: 'Released',
};

let aws: FakeMarketplace;

beforeEach(async () => {
  aws = await startFakeMarketplace();
  aws.answer({
    ListEntities: () => ({
      EntitySummaryList: [{ EntityId: 'offer-1', OfferSummary: { ReleaseDate: '2026-02-01T08:00:00Z' } }],
    }),
    DescribeEntity: ({ entityId }) => entityOf('Offer', String(entityId), details),
    ListTagsForResource: ({ ResourceArn }) => ({
      ResourceArn,
      Tags: ResourceArn === arnOf('Offer', 'offer-1') ? [{ Key: 'tributary:deal', Value: '01DEAL' }] : [],
    }),
  });
});

afterEach(() => aws.close());

describe('reading offers', () => {
  it('tells an offer’s fields flat and exactly, with the day of release as its time of creation', async () => {
    const [outcome] = await read(['offer-1']);

    expect(outcome).toEqual({
      outcome: 'found',
      snapshot: {
        externalId: 'offer-1',
        modifiedAt: Date.UTC(2026, 2, 1, 9),
        createdAt: Date.UTC(2026, 1, 1, 8),
        values: {
          OfferId: 'offer-1',
          Name: 'Nordlicht – rollout',
          Description: 'Rollout',
          ProductId: 'prod-1',
          State: 'Released',
          Availability: 'Released',
          Targeting: 'BuyerAccounts',
          'Targeting.BuyerAccounts': '222222222222, 333333333333',
          Price: '10.6000000001',
          CurrencyCode: 'USD',
          DimensionKey: 'seats',
          AgreementMonths: '18',
          PaymentSchedule: '2026-08-01 10.5; 2027-08-01 0.1000000001',
          AvailabilityEndDate: '2026-07-01T23:59:59.999Z',
          LastModifiedDate: '2026-03-01T09:00:00Z',
          'tributary:deal': '01DEAL',
        },
      },
    });
    expect(aws.asked()).toEqual(['ListEntities', 'DescribeEntity', 'ListTagsForResource']);
  });

  it('asks for no tags where nobody asks for them', async () => {
    await readOffers(aws.call, ['offer-1'], ['Name']);

    expect(aws.asked()).toEqual(['ListEntities', 'DescribeEntity']);
  });

  it('calls an offer expired once its last day is over by AWS’s clock, and not in the course of it', async () => {
    const availability = async (end: string): Promise<unknown> => {
      const rules = [{ Type: 'AvailabilityRule', AvailabilityEndDate: end }];
      aws.answer({ DescribeEntity: () => entityOf('Offer', 'offer-1', { ...details, Rules: rules }) });
      return (await valuesOf('offer-1')).Availability;
    };

    expect(await availability('2026-03-01T23:59:59.999Z')).toBe('Expired');
    expect(await availability('2026-03-02T23:59:59.999Z')).toBe('Released');
    expect(await availability('2026-03-02')).toBe('Released');
    expect(await availability('2026-03-01')).toBe('Expired');
  });

  it('tells a price that is none in words, and leaves out what the kind of pricing does not have', async () => {
    aws.answer({
      DescribeEntity: () =>
        entityOf('Offer', 'offer-1', {
          ...details,
          Terms: [
            { Type: 'UsageBasedPricingTerm', CurrencyCode: 'USD' },
            { Type: 'PaymentScheduleTerm', Schedule: [{ ChargeDate: '2026-08-01', ChargeAmount: '12,50' }] },
          ],
        }),
    });
    const odd = await valuesOf('offer-1');
    aws.answer({
      DescribeEntity: () =>
        entityOf('Offer', 'offer-1', { ...details, Terms: [{ Type: 'UsageBasedPricingTerm', CurrencyCode: 'USD' }] }),
    });
    const byUse = await valuesOf('offer-1');

    expect(odd.Price).toBe('12,50 is not an amount');
    expect(byUse).not.toHaveProperty('Price');
    expect(byUse).not.toHaveProperty('AgreementMonths');
  });

  it('keeps numbers AWS sends as numbers to the last digit', async () => {
    const text = JSON.stringify(entityOf('Offer', 'offer-1', details)).replace('"10.5"', '12345678901234567.89');
    aws.answer({ DescribeEntity: () => text });

    expect((await valuesOf('offer-1')).Price).toBe('12345678901234567.9900000001');
  });

  it('answers each id in order: what is missing, what is no id, what has no shape anybody knows', async () => {
    aws.answer({
      DescribeEntity: ({ entityId }) => {
        if (entityId === 'offer-2') throw new AwsRefusal('ResourceNotFoundException', 'none', 404);
        return entityOf('Offer', String(entityId), entityId === 'offer-3' ? { Terms: 'none' } : details);
      },
    });

    const outcomes = await read(['no id at all', 'offer-2', 'offer-3', 'offer-1']);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['missing', 'missing', 'failed', 'found']);
    expect(outcomes[2]).toMatchObject({ fault: { kind: 'defect', code: 'UNKNOWN_OFFER_SHAPE' } });
  });

  it('ends at a refusal that the other offers would meet as well', async () => {
    aws.answer({
      DescribeEntity: () => {
        throw new AwsRefusal('ThrottlingException', 'slow down', 429);
      },
    });

    const answer = await readOffers(aws.call, ['offer-1', 'offer-2'], fields);

    expect(answer).toMatchObject({ ok: false, fault: { kind: 'throttled' } });
    expect(aws.asked().filter((operation) => operation === 'DescribeEntity')).toHaveLength(1);
  });

  it('keeps what it read before such a refusal, so that the next try gets on', async () => {
    aws.answer({
      DescribeEntity: ({ entityId }) => {
        if (entityId !== 'offer-1') throw new AwsRefusal('ThrottlingException', 'slow down', 429);
        return entityOf('Offer', 'offer-1', details);
      },
    });

    const outcomes = await read(['offer-1', 'offer-2', 'offer-3']);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['found', 'failed', 'failed']);
    expect(aws.asked().filter((operation) => operation === 'DescribeEntity')).toHaveLength(2);
  });

  it('reads the older form of a document, as text', async () => {
    const { DetailsDocument, ...rest } = entityOf('Offer', 'offer-1', details) as Record<string, unknown>;
    aws.answer({ DescribeEntity: () => ({ ...rest, Details: JSON.stringify(DetailsDocument) }) });

    expect(await valuesOf('offer-1')).toMatchObject({ Name: 'Nordlicht – rollout', Price: '10.6000000001' });
  });
});

async function read(ids: readonly string[]) {
  const answer = await readOffers(aws.call, ids, fields);
  if (!answer.ok) throw new Error(answer.fault.message);
  return answer.value;
}

async function valuesOf(id: string): Promise<SystemValues> {
  const [outcome] = await read([id]);
  if (outcome?.outcome !== 'found') throw new Error('The offer was not found.');
  return outcome.snapshot.values;
}
