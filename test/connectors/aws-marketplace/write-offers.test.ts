import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findOffers, writeOffers } from '../../../connectors/aws-marketplace/write-offers.ts';
import type { WriteItem, WriteOutcome } from '../../../domain/model/snapshot.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import { type FakeMarketplace, type SentRequest, startFakeMarketplace } from './fake-marketplace.ts';
import { offered, running, taken, unifiedId } from './offered-deal.ts';
import { arnOf, SmallCatalog } from './small-catalog.ts';

let aws: FakeMarketplace;
let catalog: SmallCatalog;

beforeEach(async () => {
  aws = await startFakeMarketplace();
  catalog = new SmallCatalog();
  aws.answer(catalog.answers);
});

afterEach(() => aws.close());

describe('creating a private offer', () => {
  it('starts one change set that makes, targets, prices and releases it, and follows it to its end', async () => {
    expect(await create()).toEqual(running);
    expect(await create()).toEqual(running);
    catalog.end('SUCCEEDED');
    const last = await create();

    expect(last).toEqual(taken);
    expect(catalog.changeSets).toHaveLength(1);
    const [started] = startedOf(aws);
    const changes = started?.input.ChangeSet as readonly {
      readonly ChangeType: string;
      readonly DetailsDocument: object;
    }[];
    expect(changes.map(({ ChangeType, DetailsDocument }) => [ChangeType, DetailsDocument])).toEqual([
      ['CreateOffer', { ProductId: 'prod-1' }],
      ['UpdateInformation', { Name: 'Nordlicht – rollout', Description: 'Nordlicht – rollout' }],
      ['UpdateTargeting', { PositiveTargeting: { BuyerAccounts: ['444455556666'] } }],
      [
        'UpdatePricingTerms',
        {
          PricingModel: 'Contract',
          Terms: [
            {
              Type: 'FixedUpfrontPricingTerm',
              CurrencyCode: 'EUR',
              Price: '0.0',
              Grants: [{ DimensionKey: 'seats', MaxQuantity: 1 }],
            },
          ],
        },
      ],
      ['UpdateValidityTerms', { Terms: [{ Type: 'ValidityTerm', AgreementDuration: 'P36M' }] }],
      [
        'UpdatePaymentScheduleTerms',
        {
          Terms: [
            {
              Type: 'PaymentScheduleTerm',
              CurrencyCode: 'EUR',
              Schedule: [{ ChargeDate: '2026-07-01', ChargeAmount: '48000.25' }],
            },
          ],
        },
      ],
      [
        'UpdateLegalTerms',
        { Terms: [{ Type: 'LegalTerm', Documents: [{ Type: 'StandardEula', Version: '2022-07-14' }] }] },
      ],
      ['UpdateAvailability', { AvailabilityEndDate: '2026-07-01' }],
      ['ReleaseOffer', {}],
    ]);
    expect(catalog.tags.get(arnOf('Offer', 'offer-1'))?.get('tributary:deal')).toBe(unifiedId);
  });

  it('takes the connection’s own licence agreement where it names one', async () => {
    await aws.close();
    aws = await startFakeMarketplace({ eulaUrl: 'https://example.com/eula.pdf' });
    aws.answer(catalog.answers);

    await create();

    expect(JSON.stringify(startedOf(aws)[0]?.input)).toContain(
      '"Documents":[{"Type":"CustomEula","Url":"https://example.com/eula.pdf"}]',
    );
  });

  it('offers the payments the deal names, and refuses those that do not add up', async () => {
    await create({ ...offered, PaymentSchedule: '2026-08-01 24000.25; 2027-08-01 24000' });
    const wrong = await create({ ...offered, PaymentSchedule: '2026-08-01 24000' }, '01OTHER');

    expect(JSON.stringify(startedOf(aws)[0]?.input)).toContain(
      '"Schedule":[{"ChargeDate":"2026-08-01","ChargeAmount":"24000.25"},{"ChargeDate":"2027-08-01","ChargeAmount":"24000"}]',
    );
    expect(wrong).toMatchObject({ fault: { kind: 'rejected', fields: ['PaymentSchedule'] } });
    expect(catalog.changeSets).toHaveLength(1);
  });

  it('names every field that is missing or malformed, and starts nothing', async () => {
    const outcome = await create({
      ...offered,
      'Targeting.BuyerAccounts': '4444',
      AgreementMonths: '12.5',
      Price: '-1',
    });

    expect(outcome).toMatchObject({
      fault: {
        kind: 'rejected',
        code: 'OFFER_INCOMPLETE',
        fields: ['Targeting.BuyerAccounts', 'Price', 'AgreementMonths'],
      },
    });
    expect(catalog.changeSets).toHaveLength(0);
  });

  it.each([
    [{ Price: '1000.125' }, ['Price']],
    [{ Price: '1000.25', PaymentSchedule: '2026-08-01 500.125; 2026-09-01 500.125' }, ['PaymentSchedule']],
  ])('names the amount that AWS would refuse for its third decimal place: %j', async (values, fields) => {
    expect(await create({ ...offered, ...values })).toMatchObject({ fault: { code: 'OFFER_INCOMPLETE', fields } });
    expect(catalog.changeSets).toHaveLength(0);
  });

  it('is not tried with a last day that is past by AWS’s own clock', async () => {
    const outcome = await create({ ...offered, AvailabilityEndDate: '2020-01-01' });

    expect(outcome).toMatchObject({ fault: { fields: ['AvailabilityEndDate'], toldBy: 'check before sending' } });
    expect(messageOf(outcome)).toBe(
      'The private offer cannot be made as it is: the last day to accept it is past (today is 2026-03-02).',
    );
    expect(catalog.changeSets).toHaveLength(0);
  });

  it('asks for a dimension where the product has several, with their names', async () => {
    catalog.dimensions = [
      { Key: 'basic', Name: 'Basic service', Types: ['Entitled'] },
      { Key: 'premium', Name: 'Premium service', Types: ['Entitled'] },
      { Key: 'calls', Name: 'Calls', Types: ['ExternallyMetered'] },
    ];

    const ambiguous = await create();
    const unknown = await create({ ...offered, DimensionKey: 'calls' });
    const named = await create({ ...offered, DimensionKey: 'premium' });

    expect(ambiguous).toMatchObject({
      fault: { kind: 'rejected', code: 'DIMENSION_AMBIGUOUS', fields: ['DimensionKey'] },
    });
    expect(messageOf(ambiguous)).toContain('basic (Basic service), premium (Premium service)');
    expect(messageOf(ambiguous)).not.toContain('calls');
    expect(unknown).toMatchObject({ fault: { kind: 'rejected', code: 'DIMENSION_UNKNOWN' } });
    expect(named).toEqual(running);
  });
});

describe('looking for an offer whose making was not followed to its end', () => {
  it('answers nothing while it is being made, then its id, and tags it where AWS did not', async () => {
    await create();
    const during = await findOffers(aws.call, [unifiedId]);
    catalog.end('SUCCEEDED');
    catalog.tags.delete(arnOf('Offer', 'offer-1'));
    const after = await findOffers(aws.call, ['01NEVER', unifiedId]);

    expect(during.ok && during.value.get(unifiedId)).toMatchObject({ kind: 'throttled', code: 'CHANGE_SET_RUNNING' });
    expect(after).toEqual({ ok: true, value: new Map([[unifiedId, 'offer-1']]) });
    expect(catalog.tags.get(arnOf('Offer', 'offer-1'))?.get('tributary:deal')).toBe(unifiedId);
  });

  it('finds nothing where it failed, so that it is told', async () => {
    await create();
    catalog.end('FAILED', 'CLIENT_ERROR');

    expect(await findOffers(aws.call, [unifiedId])).toEqual({ ok: true, value: new Map() });
  });

  it('leaves what was sent to be recognised: the answer to a start is still open', async () => {
    expect(await create()).toMatchObject({ fault: { isUnderWay: true } });
    expect(await create()).toMatchObject({ fault: { isUnderWay: true } });
  });
});

describe('a change set that failed', () => {
  it('is told once, at the field AWS complains of, and a retry starts another', async () => {
    await create();
    catalog.end('FAILED', 'CLIENT_ERROR', {
      UpdateTargeting: { ErrorCode: 'INVALID_BUYER_ACCOUNTS', ErrorMessage: 'There is no such account.' },
    });

    const told = await create();
    const retried = await create();

    expect(told).toMatchObject({
      outcome: 'failed',
      fault: { kind: 'rejected', code: 'INVALID_BUYER_ACCOUNTS', fields: ['Targeting.BuyerAccounts'] },
    });
    expect(messageOf(told)).toBe(
      'AWS Marketplace did not carry the private offer out. The buyer’s account: There is no such account.',
    );
    expect(told).toMatchObject({ fault: { toldBy: expect.stringMatching(/^change set \S+$/) } });
    expect(retried).toEqual(running);
    expect(catalog.changeSets).toHaveLength(2);
  });

  it('is not told of something else: a deal that was changed is offered at once', async () => {
    await create();
    catalog.end('FAILED', 'CLIENT_ERROR');

    expect(await create({ ...offered, Price: '5' })).toEqual(running);
    expect(catalog.changeSets).toHaveLength(2);
  });

  it('by AWS’s own fault is started anew, and told at the third time', async () => {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(await create()).toEqual(running);
      catalog.end('FAILED', 'SERVER_FAULT');
    }

    expect(await create()).toMatchObject({ fault: { kind: 'rejected', code: 'SERVER_FAULT' } });
    expect(catalog.changeSets).toHaveLength(3);
  });

  it('because somebody cancelled it waits for a person', async () => {
    await create();
    catalog.end('CANCELLED');

    expect(await create()).toMatchObject({ fault: { kind: 'rejected', code: 'CHANGE_SET_CANCELLED' } });
    expect(catalog.changeSets).toHaveLength(1);
  });

  it('of no one field is the record’s as a whole', async () => {
    await create();
    catalog.end('FAILED', 'CLIENT_ERROR', {
      ReleaseOffer: { ErrorCode: 'MISSING_MANDATORY_TERMS', ErrorMessage: 'The offer needs a term.' },
    });

    const told = await create();

    expect(told).toMatchObject({ fault: { kind: 'rejected', code: 'MISSING_MANDATORY_TERMS' } });
    expect(told.outcome === 'failed' && told.fault.fields).toBeFalsy();
  });
});

describe('updating an offer', () => {
  it('moves its last day by a change set, and starts no second one while it runs', async () => {
    const first = await update({ AvailabilityEndDate: '2026-08-01T00:00:00.000Z' });
    const second = await update({ AvailabilityEndDate: '2026-08-01T00:00:00.000Z' });

    expect([first, second]).toEqual([running, running]);
    expect(startedOf(aws).map(({ input }) => input.ChangeSet)).toEqual([
      [
        {
          ChangeType: 'UpdateAvailability',
          Entity: { Type: 'Offer@1.0', Identifier: 'offer-9' },
          DetailsDocument: { AvailabilityEndDate: '2026-08-01' },
        },
      ],
    ]);
  });

  it('refuses what a released offer keeps, by field and without trying', async () => {
    const outcome = await update({ Price: '1', AvailabilityEndDate: '2026-08-01' });

    expect(outcome).toMatchObject({ fault: { kind: 'rejected', code: 'OFFER_KEEPS_ITS_TERMS', fields: ['Price'] } });
    expect(aws.requests).toHaveLength(0);
  });

  it('begins anew when a later edit differs from what an update did', async () => {
    await update({ AvailabilityEndDate: '2026-08-01' });
    catalog.end('SUCCEEDED');

    expect(await update({ AvailabilityEndDate: '2026-09-01' })).toEqual(running);
    expect(catalog.changeSets).toHaveLength(2);
  });

  it('does not delete', async () => {
    const [outcome] = await writeOffers(aws.call, [
      { operation: 'delete', unifiedId, externalId: 'offer-9', values: {}, base: {} },
    ]);

    expect(outcome).toMatchObject({ fault: { kind: 'rejected', code: 'OFFER_STAYS' } });
    expect(aws.requests).toHaveLength(0);
  });
});

async function create(values: SystemValues = offered, id = unifiedId): Promise<WriteOutcome> {
  return writeOne({ operation: 'create', unifiedId: id, values, base: {} });
}

async function update(values: SystemValues): Promise<WriteOutcome> {
  return writeOne({ operation: 'update', unifiedId, externalId: 'offer-9', values, base: {} });
}

async function writeOne(item: WriteItem): Promise<WriteOutcome> {
  const [outcome] = await writeOffers(aws.call, [item]);
  if (outcome === undefined) throw new Error('One item, no outcome.');
  return outcome;
}

function startedOf({ requests }: FakeMarketplace): readonly SentRequest[] {
  return requests.filter(({ operation }) => operation === 'StartChangeSet');
}

function messageOf(outcome: WriteOutcome): string {
  return outcome.outcome === 'failed' ? outcome.fault.message : '';
}
