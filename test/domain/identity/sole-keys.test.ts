import { describe, expect, test } from 'vitest';
import { mayBelongTo, openKeys, seekingKeys, wordsFor } from '../../../domain/identity/sole-keys.ts';
import { readRecord } from '../../../domain/mapping/read-record.ts';
import { directory, shippedMapping, shippedVocabulary } from '../../mappings/shipped.ts';

const vocabulary = shippedVocabulary('deal');
const deal = { buyerAccount: '123456789013', marketplaceProduct: 'prod-example', stage: 'qualified' };
const key = { type: 'sole-buyer-product', value: '123456789013 prod-example' };

describe('an open deal', () => {
  test('can be found by its buyer and product, however they were typed', () => {
    expect(openKeys(deal, vocabulary)).toEqual([key]);
    const typed = { ...deal, buyerAccount: ' 1234-5678-9013 ', marketplaceProduct: 'PROD-example' };
    expect(openKeys(typed, vocabulary)).toEqual([key]);
  });

  test.each([
    ['it was won', { stage: 'won' }],
    ['it was lost', { stage: 'lost' }],
    ['it has an offer', { offerId: 'offer-1' }],
    ['it has an agreement', { agreementId: 'agmt-1' }],
    ['nobody knows the buyer', { buyerAccount: null }],
    ['the buyer is a placeholder', { buyerAccount: '000000000000' }],
    ['nobody knows the product', { marketplaceProduct: '' }],
  ])('cannot be found when %s', (_name, change) => {
    expect(openKeys({ ...deal, ...change }, vocabulary)).toEqual([]);
  });
});

describe('what looks for an open deal', () => {
  test.each([
    ['aws-marketplace', 'Offer', { offerState: 'released' }, true],
    ['aws-marketplace', 'Offer', { offerState: 'expired' }, false],
    ['aws-marketplace', 'Offer', {}, false],
    ['aws-marketplace', 'Agreement', { agreementStatus: 'active', stage: 'won' }, true],
    ['aws-marketplace', 'Agreement', { agreementStatus: 'expired' }, false],
    ['salesforce', 'Opportunity', { offerState: 'released' }, false],
  ])('is of %s the %s with %o: %s', (system, object, values, isSeeking) => {
    const keys = seekingKeys(system, object, { ...deal, ...values }, vocabulary);

    expect(keys).toEqual(isSeeking ? [key] : []);
  });
});

test.each([
  ['Offer', { OfferId: 'offer-1', ProductId: 'prod-example', State: 'Released', Availability: 'Released' }],
  [
    'Agreement',
    { agreementId: 'agmt-1', 'resource.id': 'prod-example', 'acceptor.accountId': '123456789013', status: 'ACTIVE' },
  ],
])('the shipped mapping of the marketplace’s %s tells what it looks with', (object, held) => {
  const mapping = shippedMapping('aws-marketplace', object);
  const buyer = mapping.byField.get('buyerAccount')?.theirs ?? '';
  const { values } = readRecord(mapping, { [buyer]: '123456789013', ...held }, directory);

  expect(seekingKeys('aws-marketplace', object, values, vocabulary)).toEqual([key]);
});

test('a record may belong to another one with the same key until that one has ended', () => {
  expect(mayBelongTo({ ...deal, stage: 'won' }, { ...deal, offerId: 'offer-1' }, vocabulary)).toBe(true);
  expect(mayBelongTo(deal, { ...deal, stage: 'lost' }, vocabulary)).toBe(false);
  expect(mayBelongTo(deal, { ...deal, buyerAccount: '123456789014' }, vocabulary)).toBe(false);
});

test('people are told of the buyer and the product', () => {
  expect(wordsFor('deal', key)).toBe('open deal of buyer 123456789013 and product prod-example');
});
