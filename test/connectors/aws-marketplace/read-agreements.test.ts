import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAgreements } from '../../../connectors/aws-marketplace/read-agreements.ts';
import type { ReadOutcome, Snapshot } from '../../../domain/model/snapshot.ts';
import { shippedMapping } from '../../mappings/shipped.ts';
import { AwsRefusal, type FakeMarketplace, startFakeMarketplace } from './fake-marketplace.ts';
import { type AgreementHeld, agreementAnswers, agreementHeld, seconds } from './small-agreements.ts';

const fields = shippedMapping('aws-marketplace', 'Agreement').theirFields;

let aws: FakeMarketplace;

beforeEach(async () => {
  aws = await startFakeMarketplace();
});

afterEach(() => aws.close());

describe('reading agreements', () => {
  it('tells what it is, what was charged and invoiced, and what comes next', async () => {
    hold({
      ...agreementHeld('agmt-1'),
      terms: [
        { renewalTerm: { configuration: { enableAutoRenew: true } } },
        { validityTerm: { agreementDuration: 'P12M' } },
        { fixedUpfrontPricingTerm: { price: '0.0' } },
        {
          paymentScheduleTerm: {
            currencyCode: 'USD',
            schedule: [
              { chargeDate: seconds('2026-09-01T00:00:00Z'), chargeAmount: '52500.00' },
              { chargeDate: seconds('2026-03-02T00:00:00Z'), chargeAmount: '52500.00' },
            ],
          },
        },
      ],
      entitlements: [{ status: 'PROVISIONED', licenseArn: 'aws:license-manager:us-east-1:444455556666:l-01' }],
      invoices: [
        invoice('52500.00', '2026-03-02T01:00:00Z'),
        { ...invoice('-100.25', '2026-03-02T02:00:00Z'), invoiceType: 'CREDIT_MEMO' },
      ],
      adjustments: [
        adjustment('100.25', 'COMPLETED', '2026-03-02T02:30:00Z'),
        adjustment('7', 'VALIDATION_FAILED', '2026-03-02T03:00:00Z'),
      ],
    });

    const { values, modifiedAt, createdAt, fieldTimes } = await snapshotOf('agmt-1');

    expect(values).toEqual({
      agreementId: 'agmt-1',
      agreementType: 'PurchaseAgreement',
      status: 'ACTIVE',
      privateOfferId: 'offer-1',
      'resource.id': 'prod-1',
      'acceptor.accountId': '444455556666',
      'estimatedCharges.agreementValue': '105000.00',
      'estimatedCharges.currencyCode': 'USD',
      acceptanceTime: '2026-03-01T09:00:00.000Z',
      startTime: '2026-03-02T00:00:00.000Z',
      endTime: '2027-03-01T23:59:59.999Z',
      'renewalTerm.enableAutoRenew': true,
      'validityTerm.months': '12',
      predecessorId: null,
      'entitlement.licenseArn': 'arn:aws:license-manager:us-east-1:444455556666:l-01',
      'entitlement.status': 'PROVISIONED',
      'charges.charged': '52500',
      'charges.nextDate': '2026-09-01T00:00:00.000Z',
      'charges.nextAmount': '52500.00',
      'invoices.amount': '52500',
      'adjustments.amount': '-100.25',
      'cancellation.status': null,
    });
    expect([modifiedAt, createdAt]).toEqual([Date.UTC(2026, 2, 1, 9), Date.UTC(2026, 2, 1, 9)]);
    expect(fieldTimes).toEqual({
      'invoices.amount': Date.UTC(2026, 2, 2, 1),
      'adjustments.amount': Date.UTC(2026, 2, 2, 2, 30),
    });
  });

  it.each([
    ['ACTIVE', false, 8],
    ['ACTIVE', true, 9],
    ['CANCELLED', true, 8],
    ['EXPIRED', false, 6],
    ['A_NEW_ONE', false, 8],
  ])('costs so many calls while it is %s (invoiced: %s): %i', async (status, isInvoiced, calls) => {
    hold({
      ...agreementHeld('agmt-1', { status }),
      invoices: isInvoiced ? [invoice('1', '2026-03-02T01:00:00Z')] : [],
    });

    await snapshotOf('agmt-1');

    expect(aws.requests).toHaveLength(calls);
    expect(aws.asked().includes('GetAgreementTerms')).toBe(status === 'ACTIVE' || status === 'A_NEW_ONE');
  });

  it('dates a cancellation by its approval, and takes back what would have been charged', async () => {
    hold({
      ...agreementHeld('agmt-1', { status: 'CANCELLED' }),
      cancellations: [
        cancellation('REJECTED', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z'),
        cancellation('APPROVED', '2026-03-02T08:00:00Z', '2026-03-02T09:30:00Z'),
      ],
    });

    const { values, modifiedAt, fieldTimes } = await snapshotOf('agmt-1');

    expect(values).toMatchObject({ status: 'CANCELLED', 'cancellation.status': 'APPROVED', 'charges.nextDate': null });
    expect(fieldTimes).toMatchObject({
      status: Date.UTC(2026, 2, 2, 9, 30),
      'cancellation.status': Date.UTC(2026, 2, 2, 9, 30),
    });
    expect(modifiedAt).toBe(Date.UTC(2026, 2, 1, 9));
  });

  it.each(['EXPIRED', 'RENEWED'])('says by no later time that it was won when it is %s', async (status) => {
    hold(agreementHeld('agmt-1', { status, endTime: seconds('2026-03-01T12:00:00Z') }));

    expect((await snapshotOf('agmt-1')).fieldTimes).not.toHaveProperty('status');
  });

  it('keeps nanoseconds, and never rounds a day up to the next', async () => {
    const text = JSON.stringify(agreementHeld('agmt-1').head)
      .replace(String(seconds('2026-03-01T09:00:00Z')), '1772355600.123456789')
      .replace(String(seconds('2027-03-01T23:59:59.999Z')), '1803945599.999999999');
    aws.answer(agreementAnswers([agreementHeld('agmt-1')]));
    aws.answer({ DescribeAgreement: () => text });

    const { values, modifiedAt } = await snapshotOf('agmt-1');

    expect(values.acceptanceTime).toBe('2026-03-01T09:00:00.123456789Z');
    expect(values.endTime).toBe('2027-03-01T23:59:59.999999999Z');
    expect(modifiedAt).toBe(Date.UTC(2026, 2, 1, 9, 0, 0, 123));
  });

  it('sums odd decimals exactly, and tells in words what is no sum', async () => {
    const invoiced = async (...invoices: readonly object[]): Promise<unknown> => {
      hold({ ...agreementHeld('agmt-1'), invoices });
      return (await snapshotOf('agmt-1')).values['invoices.amount'];
    };

    expect(await invoiced(invoice('0.1', ''), invoice('0.2', ''), invoice('1234567890123456.00000001', ''))).toBe(
      '1234567890123456.30000001',
    );
    expect(await invoiced(invoice('1.000,50', ''))).toBe('1.000,50 is not an amount');
    expect(await invoiced(invoice('1', ''), invoice('2', '', 'EUR'))).toBe('2 is in EUR, not in USD');
  });

  it('takes a value of nought for what AWS means by it: not known', async () => {
    hold(agreementHeld('agmt-1', { estimatedCharges: { currencyCode: 'USD', agreementValue: '0.00' }, endTime: null }));

    const { values } = await snapshotOf('agmt-1');

    expect(values).not.toHaveProperty(['estimatedCharges.agreementValue']);
    expect(values).not.toHaveProperty(['charges.charged']);
    expect(values.endTime).toBeNull();
  });

  it('finds what it renews by itself, leaves the old deal its offer, and takes a name', async () => {
    hold(
      agreementHeld('agmt-2'),
      agreementHeld('agmt-1', {
        status: 'RENEWED',
        acceptanceTime: seconds('2025-03-01T09:00:00Z'),
        startTime: seconds('2025-03-02T00:00:00Z'),
        endTime: seconds('2026-03-01T23:59:59.999Z'),
      }),
    );

    const { values, fieldTimes } = await snapshotOf('agmt-2');

    expect(values).toMatchObject({
      predecessorId: 'agmt-1',
      privateOfferId: null,
      title: 'AWS Marketplace agmt-2',
    });
    expect(fieldTimes?.title).toBe(0);
  });

  it('is not tied to a public offer, which is everybody’s', async () => {
    aws.answer(agreementAnswers([agreementHeld('agmt-1')], { privateOffers: [] }));

    expect((await snapshotOf('agmt-1')).values.privateOfferId).toBeNull();
  });

  it('names the deal that the hub made its offer for, by the offer’s tag', async () => {
    aws.answer(agreementAnswers([agreementHeld('agmt-1')], { dealId: '01J00000000000000000000001' }));

    const { values } = await snapshotOf('agmt-1');

    expect(values).toMatchObject({ privateOfferId: 'offer-1', 'tributary:deal': '01J00000000000000000000001' });
  });

  describe('of an offer to several accounts', () => {
    const accepted = (id: string, accountId: string, start: string): AgreementHeld =>
      agreementHeld(id, { acceptor: { accountId }, startTime: seconds(start), acceptanceTime: seconds(start) });
    const offers = { buyers: ['444455556666', '555566667777'], dealId: '01J00000000000000000000001' };
    const one = accepted('agmt-1', '444455556666', '2026-03-02T09:00:00Z');
    const other = accepted('agmt-2', '555566667777', '2026-03-01T09:00:00Z');

    it('the first is the offer’s deal, and every other one a deal of its own', async () => {
      aws.answer(agreementAnswers([one, other], offers));

      const [own, first] = [await snapshotOf('agmt-1'), await snapshotOf('agmt-2')];

      expect(first.values).toMatchObject({ privateOfferId: 'offer-1', 'tributary:deal': offers.dealId });
      expect(own.values).toMatchObject({ privateOfferId: null, title: 'AWS Marketplace agmt-1' });
      expect(own.values).not.toHaveProperty('tributary:deal');
    });

    it('an amendment of the first makes no other one the first', async () => {
      const amended = { ...other, head: { ...other.head, acceptanceTime: seconds('2026-03-05T09:00:00Z') } };
      aws.answer(agreementAnswers([one, amended], offers));

      expect((await snapshotOf('agmt-2')).values.privateOfferId).toBe('offer-1');
      expect((await snapshotOf('agmt-1')).values.privateOfferId).toBeNull();
    });

    it('who accepted is looked up only where there are several', async () => {
      aws.answer(agreementAnswers([agreementHeld('agmt-1')]));
      await snapshotOf('agmt-1');
      const alone = aws.asked().filter((operation) => operation === 'SearchAgreements').length;
      aws.answer(agreementAnswers([one, other], offers));
      await snapshotOf('agmt-1');

      expect(alone).toBe(1);
      expect(aws.asked().filter((operation) => operation === 'SearchAgreements')).toHaveLength(3);
    });
  });

  it('says nothing of an offer it may not read', async () => {
    hold(agreementHeld('agmt-1'));
    aws.answer({
      DescribeEntity: () => {
        throw new AwsRefusal('ResourceNotFoundException', 'none', 404);
      },
    });

    const { values } = await snapshotOf('agmt-1');

    expect(values).not.toHaveProperty('privateOfferId');
    expect(values).not.toHaveProperty('title');
  });

  it('asks once for an offer that several agreements of one read share', async () => {
    hold(agreementHeld('agmt-1'), agreementHeld('agmt-2', { status: 'EXPIRED' }));

    await read(['agmt-1', 'agmt-2']);

    expect(aws.asked().filter((operation) => operation === 'DescribeEntity')).toHaveLength(1);
  });

  describe('lines', () => {
    const configured = (units: object[], card: object[], more: object = {}): object => ({
      configurableUpfrontPricingTerm: {
        currencyCode: 'USD',
        rateCards: [
          { selector: { type: 'Duration', value: 'P36M' }, rateCard: [{ dimensionKey: 'seats', price: '1' }] },
          { selector: { type: 'Duration', value: 'P12M' }, rateCard: card },
        ],
        configuration: { selectorValue: 'P12M', dimensions: units },
        ...more,
      },
    });
    const seats = { dimensionKey: 'seats', price: '2000.50' };
    const units = { dimensionKey: 'seats', dimensionValue: 30 };
    const fixed = (price: string, ...keys: string[]): object => ({
      fixedUpfrontPricingTerm: {
        currencyCode: 'USD',
        price,
        grants: keys.map((dimensionKey) => ({ dimensionKey, maxQuantity: 1 })),
      },
    });
    const payments = (...amounts: string[]): object => ({
      paymentScheduleTerm: {
        currencyCode: 'USD',
        schedule: amounts.map((chargeAmount) => ({ chargeDate: seconds('2026-09-01T00:00:00Z'), chargeAmount })),
      },
    });

    it.each([
      [
        'what the buyer configured, at the prices of the card it chose',
        '61015.00',
        [
          configured(
            [units, { dimensionKey: 'support', dimensionValue: 1 }],
            [seats, { dimensionKey: 'support', price: '1000' }],
          ),
        ],
        ['prod-1/seats | 30 × 2000.5', 'prod-1/support | 1 × 1000'],
      ],
      ['a fixed price for one dimension', '1200.25', [fixed('1200.25', 'seats')], ['prod-1/seats | 1 × 1200.25']],
      [
        'a fixed price in payments',
        '1000',
        [fixed('0.0', 'seats'), payments('400', '600')],
        ['prod-1/seats | 1 × 1000'],
      ],
    ])('tell %s', async (_what, agreementValue, terms, lines) => {
      hold({ ...agreementHeld('agmt-1', { estimatedCharges: { currencyCode: 'USD', agreementValue } }), terms });

      expect((await snapshotOf('agmt-1')).values.lineItems).toEqual(lines);
    });

    it.each([
      ['one price is for several dimensions', '1200', [fixed('1200', 'seats', 'support')]],
      ['they are not all that was agreed on', '70000', [configured([units], [seats])]],
      ['a dimension has no price', '60015', [configured([units], [])]],
      ['they are in another currency', '60015', [configured([units], [seats], { currencyCode: 'EUR' })]],
      [
        'all is billed by use',
        '0',
        [{ usageBasedPricingTerm: { currencyCode: 'USD', rateCards: [{ rateCard: [seats] }] } }],
      ],
    ])('are not told where %s', async (_why, agreementValue, terms) => {
      hold({ ...agreementHeld('agmt-1', { estimatedCharges: { currencyCode: 'USD', agreementValue } }), terms });

      expect('lineItems' in (await snapshotOf('agmt-1')).values).toBe(false);
    });
  });

  it('answers each id in order, also what is missing, no id, or without a time', async () => {
    hold(agreementHeld('agmt-1'), agreementHeld('agmt-2', { acceptanceTime: null }));

    const outcomes = await read(['agmt-9', 'not/an id!', 'agmt-2', 'agmt-1']);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['missing', 'missing', 'failed', 'found']);
    expect(outcomes[2]).toMatchObject({ fault: { kind: 'defect', code: 'AGREEMENT_UNDATED' } });
  });

  it('reads lists to their end, and not for ever', async () => {
    hold(agreementHeld('agmt-1'));
    aws.answer({
      ListAgreementInvoiceLineItems: ({ nextToken }) => ({
        agreementInvoiceLineItemGroupSummaries: [invoice('1', '')],
        ...(nextToken === 'p3' ? {} : { nextToken: nextToken === undefined ? 'p2' : 'p3' }),
      }),
    });
    const whole = await snapshotOf('agmt-1');
    aws.answer({ ListAgreementInvoiceLineItems: () => ({ nextToken: 'again' }) });
    const [endless] = await read(['agmt-1']);

    expect(whole.values['invoices.amount']).toBe('3');
    expect(endless).toMatchObject({ fault: { kind: 'defect', code: 'LIST_TOO_LONG' } });
  });
});

function hold(...held: readonly AgreementHeld[]): void {
  aws.answer(agreementAnswers(held));
}

function invoice(amount: string, issuedTime: string, currencyCode = 'USD'): object {
  return {
    invoiceId: 'inv',
    invoiceType: 'INVOICE',
    ...(issuedTime === '' ? {} : { issuedTime: seconds(issuedTime) }),
    pricingCurrencyAmount: { amount, currencyCode },
  };
}

function adjustment(adjustmentAmount: string, status: string, updatedAt: string): object {
  return { adjustmentAmount, status, currencyCode: 'USD', updatedAt: seconds(updatedAt) };
}

function cancellation(status: string, createdAt: string, updatedAt: string): object {
  return { status, createdAt: seconds(createdAt), updatedAt: seconds(updatedAt) };
}

async function read(ids: readonly string[]): Promise<readonly ReadOutcome[]> {
  const answer = await readAgreements(aws.call, ids, fields);
  if (!answer.ok) throw new Error(answer.fault.message);
  return answer.value;
}

async function snapshotOf(id: string): Promise<Snapshot> {
  const [outcome] = await read([id]);
  if (outcome?.outcome !== 'found') throw new Error(JSON.stringify(outcome));
  return outcome.snapshot;
}
