import { MarketplaceCatalogClient, StartChangeSetCommand } from '@aws-sdk/client-marketplace-catalog';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { creationOf, readDraft } from '../../connectors/aws-marketplace/offer-changes.ts';
import { refKey } from '../../domain/model/external-ref.ts';
import { describeRecord } from '../../domain/pipeline/describe-record.ts';
import { jsonCall } from '../../local/cli/demo/json-call.ts';
import { SAMPLE_PRODUCT_ID } from '../../local/simulators/aws-marketplace/sample-products.ts';
import type { AwsMarketplaceSimulator } from '../../local/simulators/aws-marketplace/start-aws-marketplace-simulator.ts';
import { type ConnectedHub, connectedHub } from '../support/connected-hub.ts';

const buyer = '444455556666';
let world: ConnectedHub;

beforeEach(async () => {
  world = await connectedHub({ hasMarketplace: true });
  await world.firstSync();
});

afterEach(async () => {
  await world.close();
});

function aws(): AwsMarketplaceSimulator {
  if (world.marketplace === undefined) throw new Error('There is no marketplace.');
  return world.marketplace;
}

/** A person's own calls to the simulated HubSpot. */
async function hubspot<T>(method: string, path: string, body?: unknown): Promise<T> {
  return jsonCall<T>(`${world.hubspot.url}${path}`, method, { authorization: 'Bearer simulated-hubspot-token' }, body);
}

const deals = () => world.hubspot.admin.records('deals').map(({ properties }) => properties);
const opportunities = () => world.salesforce.records('Opportunity').filter(({ IsDeleted }) => IsDeleted !== true);
const privateOffers = () =>
  (aws().admin.records('offers') as readonly { readonly id: string; readonly positiveTargeting?: object }[]).filter(
    ({ positiveTargeting }) => positiveTargeting !== undefined,
  );

async function causes(): Promise<readonly string[]> {
  const { problems } = await world.store.listProblems({ limit: 100 });
  return problems.map(({ cause, field, message }) => `${cause}:${field ?? ''} ${message}`);
}

/** Who, as `hub record` says it, says what a deal tells of its offer's error. */
async function provenance(dealId: string): Promise<string> {
  const ref = { connection: 'hubspot', object: 'deal', externalId: dealId };
  const unifiedId = (await world.store.readRefs([ref])).get(refKey(ref)) ?? '';
  return (await describeRecord(world.hub, 'deal', unifiedId))?.fields.offerError?.why ?? '';
}

/** A deal in HubSpot that asks for a private offer. */
async function askForOffer(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const made = await hubspot<{ id: string }>('POST', '/crm/v3/objects/deals', {
    properties: {
      dealname: 'Nordlicht – rollout',
      amount: '48000.25',
      deal_currency_code: 'USD',
      closedate: '2027-05-31T00:00:00.000Z',
      dealstage: 'qualifiedtobuy',
      contract_months: '12',
      aws_product_id: SAMPLE_PRODUCT_ID,
      aws_dimension: 'platform',
      aws_buyer_account: buyer,
      aws_offer_expiry: '2027-03-31',
      aws_offer_requested: 'true',
      ...more,
    },
  });
  return made.id;
}

describe('private offers and agreements in the pipeline', () => {
  test('a deal is offered, accepted, won, and renewed as another deal', async () => {
    await askForOffer();
    await world.sync();
    await world.sync();
    const [offer] = privateOffers();
    expect(await causes()).toEqual([]);
    expect(privateOffers()).toHaveLength(1);
    expect(deals()).toMatchObject([
      { aws_offer_id: offer?.id, aws_offer_state: 'released', dealstage: 'decisionmakerboughtin' },
    ]);

    const accepted = aws().admin.accept(offer?.id ?? '', { buyerAccountId: buyer, autoRenew: true });
    const agreementId = accepted.ok ? accepted.result.id : '';
    await world.sync();

    const won = { aws_agreement_id: agreementId, aws_agreement_status: 'active', dealstage: 'closedwon' };
    expect(deals()).toMatchObject([{ ...won, dealname: 'Nordlicht – rollout', amount: '48000.25' }]);
    expect(opportunities()).toMatchObject([{ StageName: 'Closed Won', AWS_Agreement_Id__c: agreementId }]);
    expect(await causes()).toEqual([]);

    world.clock.now += 86_400_000;
    const renewed = aws().admin.renew(agreementId, '5');
    await world.sync();
    await world.sync();

    expect(renewed.ok).toBe(true);
    expect(deals()).toHaveLength(2);
    expect(opportunities()).toHaveLength(2);
    expect(deals()).toContainEqual(
      expect.objectContaining({ aws_agreement_id: renewed.ok && renewed.result.id, dealstage: 'closedwon' }),
    );
    expect(deals()).toContainEqual(expect.objectContaining({ ...won, aws_agreement_status: 'renewed' }));
    expect(await causes()).toEqual([]);
    expect(privateOffers()).toHaveLength(1);
  });

  test('an edit of the deal while its offer is being made is not set back, and makes no second offer', async () => {
    const id = await askForOffer();
    world.clock.now += 30_000;
    await world.outbox.sweep([{ schema: 1, connection: 'hubspot', object: 'deal', mode: 'changes', attempts: 0 }], 0);
    await world.settle(() => aws().admin.records('changeSets').length > 0);
    await hubspot('PATCH', `/crm/v3/objects/deals/${id}`, { properties: { amount: '50000' } });
    expect(privateOffers()).toEqual([]);

    await world.sync();
    await world.sync();

    expect(privateOffers()).toHaveLength(1);
    expect(deals()).toMatchObject([{ amount: '50000', aws_offer_state: 'released' }]);
    expect(opportunities()).toMatchObject([{ Amount: 50_000 }]);
    expect(await causes()).toEqual([]);
  });

  test('an offer that AWS does not take says why on the deal, in both CRMs, until a mended deal is offered', async () => {
    const schedule = '2026-12-01 24000; 2026-12-01 24000.25';
    const id = await askForOffer({ aws_payment_schedule: schedule, aws_offer_expiry: '2026-12-31' });
    await world.sync();
    await world.sync();

    expect(privateOffers()).toEqual([]);
    const reason =
      'AWS Marketplace did not carry the private offer out. The payments: There can be one charge on each day.';
    expect(deals()).toMatchObject([{ aws_offer_request: 'refused', aws_offer_error: reason }]);
    expect(opportunities()).toMatchObject([{ AWS_Offer_Request__c: 'Refused', AWS_Offer_Error__c: reason }]);
    expect(await provenance(id)).toMatch(/aws-marketplace, change set \w+/);
    expect((await causes()).join('\n')).toContain('refused-value:paymentSchedule');

    await hubspot('PATCH', `/crm/v3/objects/deals/${id}`, {
      properties: { aws_payment_schedule: '2026-12-01 24000; 2027-02-01 24000.25' },
    });
    await world.sync();
    await world.sync();

    expect(privateOffers()).toHaveLength(1);
    expect(deals()).toMatchObject([{ aws_offer_request: 'made', aws_offer_state: 'released' }]);
    expect(deals()[0]?.aws_offer_error ?? '').toBe('');
    expect(opportunities()).toMatchObject([{ AWS_Offer_Request__c: 'Made', AWS_Offer_Error__c: null }]);
  });

  test('nothing is offered without what the deal says of its payments', async () => {
    await askForOffer({ aws_payment_schedule: 'half now, half later' });
    await world.sync();
    await world.sync();

    expect(privateOffers()).toEqual([]);
    expect(deals()).toMatchObject([
      {
        aws_offer_request: 'refused',
        aws_offer_error: expect.stringContaining('each payment must be a date and an amount'),
      },
    ]);
  });

  test.each([
    ['nothing to accept it by', { aws_offer_expiry: '' }, 'incomplete', 'Not sent: offer expiry is empty.'],
    [
      'a last day that is past',
      { aws_offer_expiry: '2020-01-01' },
      'refused',
      'The private offer cannot be made as it is: the last day to accept it is past (today is 2026-11-22).',
    ],
    [
      'a product AWS does not know',
      { aws_product_id: 'prod-nobodysells' },
      'refused',
      'AWS Marketplace knows no such product of this seller.',
    ],
  ])(
    'what the hub finds before it sends anything is said on the deal as well: %s',
    async (_what, flaw, request, error) => {
      const id = await askForOffer(flaw);
      await world.sync();
      await world.sync();

      expect(aws().admin.records('changeSets')).toEqual([]);
      expect(deals()).toMatchObject([{ aws_offer_request: request, aws_offer_error: error }]);
      expect(opportunities()).toMatchObject([{ AWS_Offer_Error__c: error }]);
      expect(await provenance(id)).toContain('hub, check before sending to aws-marketplace');

      const asked = { aws_offer_expiry: '2027-03-31', aws_product_id: SAMPLE_PRODUCT_ID };
      await hubspot('PATCH', `/crm/v3/objects/deals/${id}`, { properties: asked });
      await world.sync();
      await world.sync();

      expect(deals()).toMatchObject([{ aws_offer_request: 'made' }]);
      expect(deals()[0]?.aws_offer_error ?? '').toBe('');
      expect(privateOffers()).toHaveLength(1);
    },
  );

  test('a deal that asks for no offer says nothing of one, and one that asks no more neither', async () => {
    const id = await askForOffer({ aws_offer_requested: 'false', aws_offer_expiry: '2020-01-01' });
    await world.sync();
    expect(deals()[0]?.aws_offer_request ?? '').toBe('');

    await hubspot('PATCH', `/crm/v3/objects/deals/${id}`, { properties: { aws_offer_requested: 'true' } });
    await world.sync();
    expect(deals()).toMatchObject([{ aws_offer_request: 'refused' }]);

    await hubspot('PATCH', `/crm/v3/objects/deals/${id}`, { properties: { aws_offer_requested: 'false' } });
    await world.sync();
    expect([deals()[0]?.aws_offer_request ?? '', deals()[0]?.aws_offer_error ?? '']).toEqual(['', '']);
  });

  test('an offer somebody made in AWS is a deal in both CRMs, and finds the open one of its buyer and product', async () => {
    await askForOffer({ aws_offer_requested: 'false', dealname: 'Known' });
    await world.sync();
    const known = await offerInAws(buyer);
    const unknown = await offerInAws('777788889999');
    await world.sync();

    expect(deals()).toHaveLength(2);
    expect(deals()).toContainEqual(expect.objectContaining({ aws_offer_id: known, aws_buyer_account: buyer }));
    expect(deals()).toContainEqual(
      expect.objectContaining({
        aws_offer_id: unknown,
        dealname: 'Made in AWS',
        amount: '1200',
        contract_months: '24',
      }),
    );
    expect(opportunities().map(({ AWS_Offer_Id__c: offer }) => offer)).toEqual(
      expect.arrayContaining([known, unknown]),
    );
  });
});

/** Somebody makes and releases a private offer in AWS, past the hub. */
async function offerInAws(account: string): Promise<string> {
  const before = new Set(privateOffers().map(({ id }) => id));
  const client = new MarketplaceCatalogClient({
    endpoint: aws().url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDPERSON', secretAccessKey: 'made-up' },
  });
  const draft = readDraft({
    Name: 'Made in AWS',
    ProductId: SAMPLE_PRODUCT_ID,
    'Targeting.BuyerAccounts': account,
    Price: '1200',
    CurrencyCode: 'USD',
    AgreementMonths: '24',
    AvailabilityEndDate: '2027-01-31',
  });
  if (!draft.ok) throw new Error(draft.fault.message);
  const changes = creationOf(draft.value, ['users'], 'nobody', {}).map(({ EntityTags, ...change }) => change);
  await client.send(new StartChangeSetCommand({ Catalog: 'AWSMarketplace', ChangeSet: changes }));
  client.destroy();
  world.clock.now += 180_000;
  aws().runDue();
  return privateOffers().find(({ id }) => !before.has(id))?.id ?? '';
}
