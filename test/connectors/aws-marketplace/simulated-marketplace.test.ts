import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsMarketplace } from '../../../connectors/aws-marketplace/connector.ts';
import type { WriteItem, WriteOutcome } from '../../../domain/model/snapshot.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import type { AwsEvent } from '../../../local/simulators/aws/aws-event.ts';
import { SAMPLE_OFFER_ID, SAMPLE_PRODUCT_ID } from '../../../local/simulators/aws-marketplace/sample-products.ts';
import {
  type AwsMarketplaceSimulator,
  startAwsMarketplaceSimulator,
} from '../../../local/simulators/aws-marketplace/start-aws-marketplace-simulator.ts';
import { shippedMapping } from '../../mappings/shipped.ts';
import { stepClock } from '../contract/contract-stage.ts';
import { drain, type ServedConnection, serveStage } from '../contract/served-connection.ts';
import { settings } from './fake-marketplace.ts';

const buyer = '444455556666';
const minuteMs = 60_000;
const offerFields = shippedMapping('aws-marketplace', 'Offer').theirFields;
const agreementFields = shippedMapping('aws-marketplace', 'Agreement').theirFields;

const offered: SystemValues = {
  Name: 'Nordlicht – rollout',
  ProductId: SAMPLE_PRODUCT_ID,
  'Targeting.BuyerAccounts': buyer,
  Price: '48000.25',
  CurrencyCode: 'USD',
  AgreementMonths: '12',
  AvailabilityEndDate: '2026-06-01T00:00:00.000Z',
  DimensionKey: 'platform',
};

let clock: ReturnType<typeof stepClock>;
let aws: AwsMarketplaceSimulator;
let events: AwsEvent[];
let served: ServedConnection;
const startedAt = Date.UTC(2026, 4, 4, 9);

beforeEach(async () => {
  clock = stepClock(startedAt);
  events = [];
  aws = await startAwsMarketplaceSimulator({
    now: clock.now,
    setTimer: 'none',
    delays: { preparingMs: minuteMs, applyingMs: minuteMs },
    publish: (event) => events.push(event),
  });
  const credentials = { accessKeyId: 'AKIDSELLER', secretAccessKey: 'made-up' };
  served = serveStage(awsMarketplace, { settings: { ...settings, baseUrl: aws.url }, credentials }, clock);
});

afterEach(() => aws.close());

describe('on the simulated marketplace', () => {
  it('a deal becomes a released offer, its agreement is read, amended, renewed and followed', async () => {
    const offerId = await makeOffer('01DEAL0000000000000000000A');
    const offer = await valuesOf('Offer', offerId, offerFields);
    const accepted = aws.admin.accept(offerId, { buyerAccountId: buyer, autoRenew: true });
    const agreementId = accepted.ok ? accepted.result.id : '';
    const first = await valuesOf('Agreement', agreementId, agreementFields);
    aws.admin.amend(agreementId, { addedValue: '100.01' });
    const amended = await valuesOf('Agreement', agreementId, agreementFields);
    clock.advance(40 * 86_400_000);
    const renewed = aws.admin.renew(agreementId, '5');
    const renewalId = renewed.ok ? renewed.result.id : '';
    const second = await valuesOf('Agreement', renewalId, agreementFields);
    const before = await valuesOf('Agreement', agreementId, agreementFields);

    expect(offer).toMatchObject({
      ...offered,
      AvailabilityEndDate: '2026-06-01T23:59:59.999Z',
      State: 'Released',
      Targeting: 'BuyerAccounts',
      PaymentSchedule: '2026-06-01 48000.25',
      'tributary:deal': '01DEAL0000000000000000000A',
    });
    expect(first).toMatchObject({
      status: 'ACTIVE',
      privateOfferId: offerId,
      'acceptor.accountId': buyer,
      'resource.id': SAMPLE_PRODUCT_ID,
      'estimatedCharges.agreementValue': expect.stringMatching(/^48000\.250*$/),
      'charges.nextAmount': '48000.25',
      'validityTerm.months': '12',
      predecessorId: null,
    });
    expect(Number(amended['estimatedCharges.agreementValue'])).toBe(48_100.26);
    expect(second).toMatchObject({ status: 'ACTIVE', predecessorId: agreementId, privateOfferId: null });
    expect(before).toMatchObject({ status: 'RENEWED', privateOfferId: offerId, predecessorId: null });
  });

  it('is never offered twice by two workers at once, whose answers get lost', async () => {
    const item = newItem('01DEAL0000000000000000000B');
    aws.faults.add({ kind: 'lose-answer', count: 2, match: { pathIncludes: 'StartChangeSet' } });

    for (let round = 0; round < 4; round += 1) {
      await Promise.all([write(item), write({ ...item, values: { ...offered, Price: '50000' } })]);
      clock.advance(minuteMs);
    }

    expect(privateOffers()).toHaveLength(1);
    expect(await served.port.find('Offer', 'tributary:deal', [item.unifiedId])).toEqual({
      ok: true,
      value: new Map([[item.unifiedId, privateOffers()[0]]]),
    });
  });

  it('tells what AWS finds wrong with an offer, at its field', async () => {
    const item = newItem('01DEAL0000000000000000000C', { AvailabilityEndDate: '2026-05-01' });

    await write(item);
    clock.advance(3 * minuteMs);
    const outcome = await write(item);

    expect(outcome).toMatchObject({ outcome: 'failed', fault: { kind: 'rejected' } });
    expect(outcome.outcome === 'failed' && outcome.fault.fields).toContain('AvailabilityEndDate');
    expect(privateOffers()).toEqual([]);
  });

  it('moves the last day of a released offer, which the next read sees', async () => {
    const unifiedId = '01DEAL0000000000000000000D';
    const externalId = await makeOffer(unifiedId);
    const update: WriteItem = {
      operation: 'update',
      unifiedId,
      externalId,
      values: { AvailabilityEndDate: '2026-07-01T00:00:00.000Z' },
      base: offered,
    };

    expect(await write(update)).toMatchObject({ fault: { code: 'CHANGE_SET_RUNNING' } });
    clock.advance(3 * minuteMs);

    expect(await valuesOf('Offer', externalId, offerFields)).toMatchObject({
      AvailabilityEndDate: '2026-07-01T23:59:59.999Z',
      Availability: 'Released',
    });
  });

  it('shows an offer as expired when its last day is over by AWS’s clock', async () => {
    const offerId = await makeOffer('01DEAL0000000000000000000E');
    clock.advance(60 * 86_400_000);

    expect(await valuesOf('Offer', offerId, offerFields)).toMatchObject({ State: 'Released', Availability: 'Expired' });
  });

  it('is swept: private offers by their change, agreements by what is new, all of both in a walk', async () => {
    const offerId = await makeOffer('01DEAL0000000000000000000F');
    const accepted = aws.admin.accept(offerId, { buyerAccountId: buyer });
    const publicly = aws.admin.accept(SAMPLE_OFFER_ID, {
      buyerAccountId: buyer,
      selector: 'P12M',
      dimensions: { users: 1 },
    });
    const agreements = [accepted, publicly].map((each) => (each.ok ? each.result.id : '')).toSorted();
    const from = { position: undefined, connectedAt: startedAt };

    const ids = async (object: string, mode: 'changes' | 'walk') =>
      (await drain(served.port, object, mode, from)).flatMap((page) => page.ids).toSorted();

    expect(await ids('Offer', 'changes')).toEqual([offerId]);
    expect(await ids('Offer', 'walk')).toEqual([offerId]);
    expect(await ids('Agreement', 'changes')).toEqual(agreements);
    expect(await ids('Agreement', 'walk')).toEqual(agreements);
    const [open] = await Promise.all(agreements.map((id) => valuesOf('Agreement', id, agreementFields)));
    expect(open).toBeDefined();
  });

  it('ties no deal to a public offer', async () => {
    const accepted = aws.admin.accept(SAMPLE_OFFER_ID, {
      buyerAccountId: buyer,
      selector: 'P12M',
      dimensions: { users: 1 },
    });

    const values = await valuesOf('Agreement', accepted.ok ? accepted.result.id : '', agreementFields);

    expect(values).toMatchObject({ privateOfferId: null, title: expect.stringContaining('agmt-') });
  });

  it('sends events that name what to read', async () => {
    const offerId = await makeOffer('01DEAL0000000000000000000G');
    const accepted = aws.admin.accept(offerId, { buyerAccountId: buyer });
    aws.admin.pauseDisbursement();
    const agreementId = accepted.ok ? accepted.result.id : '';

    const receipts = events.map(({ 'detail-type': detailType, ...rest }) =>
      awsMarketplace.events?.receive({ ...rest, detailType, region: 'us-east-1' }, settings),
    );

    const hints = receipts.flatMap((receipt) => receipt?.hints ?? []);
    expect(hints).toContainEqual({ object: 'Offer', externalId: offerId });
    expect(hints).toContainEqual({ object: 'Agreement', externalId: agreementId });
    expect(receipts.filter((receipt) => receipt?.kept !== undefined)).toHaveLength(1);
    expect(receipts.filter((receipt) => receipt?.kept?.why === 'unknown-type')).toEqual([]);
  });

  it('keeps AWS’s limits by itself', async () => {
    for (let offer = 0; offer < 6; offer += 1) await write(newItem(`01DEAL000000000000000000${10 + offer}`));
    clock.advance(3 * minuteMs);
    const ids = privateOffers();

    await served.port.read('Offer', [...ids, ...ids], offerFields);

    expect(ids).toHaveLength(6);
    expect(aws.statistics().throttled).toEqual({});
  });
});

function newItem(unifiedId: string, more: SystemValues = {}): WriteItem {
  return { operation: 'create', unifiedId, values: { ...offered, ...more }, base: {} };
}

async function write(item: WriteItem): Promise<WriteOutcome> {
  const [outcome] = await served.port.write('Offer', 'tributary:deal', [item]);
  if (outcome === undefined) throw new Error('One item, no outcome.');
  return outcome;
}

async function makeOffer(unifiedId: string): Promise<string> {
  await write(newItem(unifiedId));
  clock.advance(3 * minuteMs);
  const made = await write(newItem(unifiedId));
  if (made.outcome !== 'written') throw new Error(made.fault.message);
  return made.externalId;
}

function privateOffers(): readonly string[] {
  aws.runDue();
  const offers = aws.admin.records('offers') as readonly { readonly id: string; readonly positiveTargeting?: object }[];
  return offers.filter(({ positiveTargeting }) => positiveTargeting !== undefined).map(({ id }) => id);
}

async function valuesOf(object: string, id: string, fields: readonly string[]): Promise<SystemValues> {
  const answer = await served.port.read(object, [id], fields);
  const [outcome] = answer.ok ? answer.value : [];
  if (outcome?.outcome !== 'found') throw new Error(JSON.stringify(outcome ?? answer));
  return outcome.snapshot.values;
}
