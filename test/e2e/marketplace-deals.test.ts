import { MarketplaceCatalogClient, StartChangeSetCommand } from '@aws-sdk/client-marketplace-catalog';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { creationOf, readDraft } from '../../connectors/aws-marketplace/offer-changes.ts';
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

  test('an offer that AWS does not take says why on the deal', async () => {
    await askForOffer({ aws_offer_expiry: '2020-01-01' });
    await world.sync();
    await world.sync();

    expect(privateOffers()).toEqual([]);
    expect((await causes()).join('\n')).toContain('AWS Marketplace did not carry the private offer out.');
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
