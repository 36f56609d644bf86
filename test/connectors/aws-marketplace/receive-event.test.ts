import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventSources, receiveEvent } from '../../../connectors/aws-marketplace/receive-event.ts';
import type { VendorEvent } from '../../../connectors/kit/connector.ts';
import { settings } from './fake-marketplace.ts';

const agreementEvent: VendorEvent = {
  id: '5f2b1c1e-0000-4000-8000-000349723309',
  source: 'aws.agreement-marketplace',
  detailType: 'Purchase Agreement Created - Proposer',
  account: '111122223333',
  region: 'us-east-1',
  time: '2026-03-02T10:15:00.123456789Z',
  resources: [],
  detail: {
    catalog: 'AWSMarketplace',
    agreement: { id: 'agmt-1', intent: 'RENEW', previousAgreementId: 'agmt-0' },
    acceptor: { accountId: '444455556666' },
    proposer: { accountId: '111122223333' },
    offer: { id: 'offer-1' },
  },
};

const offerEvent: VendorEvent = {
  ...agreementEvent,
  source: 'aws.marketplacecatalog',
  detailType: 'Offer Released',
  detail: {
    catalog: 'AWSMarketplace',
    offer: { id: 'offer-1', name: 'A name' },
    sellerOfRecord: { accountId: '111122223333' },
  },
};

const receive = (event: VendorEvent, changed: Partial<typeof settings> = {}) =>
  receiveEvent(event, { ...settings, ...changed });
const withDetail = (event: VendorEvent, more: object): VendorEvent => ({
  ...event,
  detail: { ...(event.detail as object), ...more },
});

describe('an event of AWS Marketplace', () => {
  it('of an agreement names it, and the one it followed', () => {
    expect(receive(agreementEvent)).toEqual({
      hints: [
        { object: 'Agreement', externalId: 'agmt-1' },
        { object: 'Agreement', externalId: 'agmt-0' },
      ],
      ignored: {},
    });
  });

  it('of an offer names it, and a set names all of its offers', () => {
    const set = {
      ...offerEvent,
      detailType: 'OfferSet Released',
      detail: {
        catalog: 'AWSMarketplace',
        associatedOffers: [{ offer: { id: 'offer-1' } }, { offer: { id: 'offer-2' } }],
      },
    };

    expect(receive(offerEvent).hints).toEqual([{ object: 'Offer', externalId: 'offer-1' }]);
    expect(receive(set).hints.map(({ externalId }) => externalId)).toEqual(['offer-1', 'offer-2']);
  });

  it.each([
    ['other-account', { ...agreementEvent, account: '999999999999' }],
    ['other-catalog', withDetail(agreementEvent, { catalog: 'Sandbox' })],
    ['bought-by-us', { ...agreementEvent, detailType: 'Purchase Agreement Created - Acceptor' }],
    ['offer-of-another-seller', withDetail(offerEvent, { sellerOfRecord: { accountId: '999999999999' } })],
    [
      'change-set',
      { ...offerEvent, detailType: 'Change Set Failed', detail: { Catalog: 'AWSMarketplace', ChangeSetId: 'c' } },
    ],
    [
      'other-catalog',
      { ...offerEvent, detailType: 'Change Set Failed', detail: { Catalog: 'Elsewhere', ChangeSetId: 'c' } },
    ],
  ])('is ignored as %s', (reason, event) => {
    expect(receive(event)).toEqual({ hints: [], ignored: { [reason]: 1 } });
  });

  it('is ignored where the connection does not sync its object', () => {
    expect(receive(agreementEvent, { objects: ['Offer'] })).toEqual({ hints: [], ignored: { 'object-not-synced': 1 } });
  });

  it.each([
    ['unknown-type', { ...agreementEvent, detailType: 'Purchase Agreement Paused - Proposer' }],
    ['unknown-type', { ...agreementEvent, detailType: 'Purchase Agreement Created' }],
    ['unknown-type', { ...agreementEvent, detailType: 'Purchase Agreement Created - Distributor' }],
    ['unknown-type', { ...agreementEvent, detailType: 'toString' }],
    ['unknown-schema', withDetail(agreementEvent, { schemaVersion: '2.0' })],
  ])('of a kind nobody knows is kept (%s), and what it names is read all the same', (why, event) => {
    const receipt = receive(event);

    expect(receipt.kept).toMatchObject({ why, nextStep: expect.any(String) });
    expect(receipt.hints).toContainEqual({ object: 'Agreement', externalId: 'agmt-1' });
  });

  it.each([
    ['no detail', { ...agreementEvent, detail: null }],
    ['no agreement', withDetail(agreementEvent, { agreement: undefined })],
    ['an id that is none', withDetail(agreementEvent, { agreement: { id: { deep: true } } })],
    ['an offer’s id that is an agreement’s', withDetail(offerEvent, { offer: { id: 'agmt-1' } })],
  ])('with %s is kept as malformed', (_, event) => {
    expect(receive(event)).toMatchObject({ hints: [], ignored: {}, kept: { why: 'malformed' } });
  });

  it('about a channel partner’s agreement is kept: only the partner can read it', () => {
    const event = withDetail(
      { ...agreementEvent, detailType: 'Purchase Agreement Created - Manufacturer' },
      { proposer: { accountId: '999999999999' } },
    );

    expect(receive(event)).toMatchObject({
      hints: [],
      kept: { why: 'no-record', facts: { 'agreement.id': 'agmt-1', 'proposer.accountId': '999999999999' } },
    });
  });

  it.each([
    ['aws.marketplace', 'Disbursement Paused', 'paused the payments'],
    ['aws.marketplacecatalog', 'Products Security Report Created', 'security of your products'],
  ])('without a record behind it (%s, %s) is kept, with what to do', (source, detailType, words) => {
    const receipt = receive({ ...agreementEvent, source, detailType, detail: { newIssuesFound: true } });

    expect(receipt).toMatchObject({ hints: [], kept: { why: 'no-record', nextStep: expect.any(String) } });
    expect(receipt.kept?.message).toContain(words);
  });

  it('keeps ids, states and amounts, and no names', () => {
    const { kept } = receive({ ...withDetail(offerEvent, { offer: { id: 'agmt-1', name: 'Jo Doe' } }) });

    expect(JSON.stringify(kept)).not.toContain('Jo Doe');
  });

  it('never throws and is never lost, whatever it holds', () => {
    const types = [agreementEvent.detailType, offerEvent.detailType, 'OfferSet Released', 'Disbursement Paused', 'x'];
    fc.assert(
      fc.property(
        fc.constantFrom(...eventSources, 'aws.other'),
        fc.constantFrom(...types),
        fc.oneof(
          fc.jsonValue(),
          fc.record({ agreement: fc.jsonValue(), offer: fc.jsonValue(), catalog: fc.jsonValue() }),
        ),
        (source, detailType, detail) => {
          const { hints, ignored, kept } = receive({ ...agreementEvent, source, detailType, detail });

          expect(hints.length + Object.keys(ignored).length + (kept === undefined ? 0 : 1)).toBeGreaterThan(0);
          expect(Object.keys(kept?.facts ?? {}).length).toBeLessThanOrEqual(20);
          for (const fact of Object.values(kept?.facts ?? {})) expect(fact.length).toBeLessThanOrEqual(255);
        },
      ),
    );
  });
});
