import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
async function askForOffer(more: Readonly<Record<string, string>> = {}): Promise<void> {
  const properties = {
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
  };
  const authorization = 'Bearer simulated-hubspot-token';
  await jsonCall(`${world.hubspot.url}/crm/v3/objects/deals`, 'POST', { authorization }, { properties });
}

describe('an agreement', () => {
  test('an agreement that the hub hears of before it knows its own offer is the deal’s, also when it was renewed by then', async () => {
    await askForOffer();
    world.clock.now += 30_000;
    await world.outbox.sweep([{ schema: 1, connection: 'hubspot', object: 'deal', mode: 'changes', attempts: 0 }], 0);
    await world.settle(() => aws().admin.records('changeSets').length > 0);
    world.clock.now += 180_000;
    aws().runDue();
    const accepted = aws().admin.accept(privateOffers()[0]?.id ?? '', { buyerAccountId: buyer, autoRenew: true });
    const agreementId = accepted.ok ? accepted.result.id : '';
    world.clock.now += 60_000;
    aws().admin.renew(agreementId, '5');
    await world.outbox.notice(
      [
        {
          schema: 1,
          connection: 'aws-marketplace',
          object: 'Agreement',
          ids: [agreementId],
          reason: 'webhook',
          attempts: 0,
          correlationId: 'c',
        },
      ],
      0,
    );
    await world.settle(() => false);

    await world.sync();
    await world.sync();

    expect(deals()).toHaveLength(2);
    expect(deals()).toContainEqual(
      expect.objectContaining({
        dealname: 'Nordlicht – rollout',
        aws_agreement_id: agreementId,
        dealstage: 'closedwon',
      }),
    );
    expect(await causes()).toEqual([]);
  });
});

describe('a private offer to several accounts', () => {
  const other = '555566667777';

  /** The offer of a deal that is to be offered to two accounts. */
  async function offered(): Promise<string> {
    await askForOffer({ aws_buyer_account: `${buyer}, ${other}` });
    await world.sync();
    await world.sync();
    const [offer] = privateOffers();
    return offer?.id ?? '';
  }

  /** A buyer accepts it; answers the agreement. */
  async function accept(offerId: string, buyerAccountId: string): Promise<string> {
    world.clock.now += 60_000;
    const accepted = aws().admin.accept(offerId, { buyerAccountId });
    await world.sync();
    return accepted.ok ? accepted.result.id : '';
  }

  test('is the deal of the first who accepts, and every other agreement is a deal of its own', async () => {
    const offerId = await offered();

    const first = await accept(offerId, other);
    const second = await accept(offerId, buyer);

    const won = { dealstage: 'closedwon', amount: '48000.25' };
    const own = { ...won, aws_agreement_id: first, aws_offer_id: offerId, dealname: 'Nordlicht – rollout' };
    const theirs = { ...won, aws_agreement_id: second, aws_buyer_account: buyer };
    expect(deals()).toHaveLength(2);
    expect(deals()).toEqual([expect.objectContaining(own), expect.objectContaining(theirs)]);
    expect(opportunities().map(({ AWS_Agreement_Id__c: id }) => id)).toEqual([first, second]);
    expect(await causes()).toEqual([]);
  });

  test('brings the agreement of another buyer to the open deal of that one, where there is one', async () => {
    const offerId = await offered();
    await askForOffer({ dealname: 'Waiting', aws_buyer_account: other, aws_offer_requested: 'false', amount: '1' });
    await world.sync();

    await accept(offerId, buyer);
    const second = await accept(offerId, other);

    expect(deals()).toHaveLength(2);
    expect(deals()).toContainEqual(
      expect.objectContaining({ dealname: 'Waiting', aws_agreement_id: second, dealstage: 'closedwon' }),
    );
    expect(await causes()).toEqual([]);
  });

  test('asks a person where the agreement of another buyer may belong to several open deals', async () => {
    const offerId = await offered();
    for (const dealname of ['Waiting', 'Waiting too'])
      await askForOffer({ dealname, aws_buyer_account: other, aws_offer_requested: 'false' });
    await world.sync();

    await accept(offerId, buyer);
    const second = await accept(offerId, other);
    const asked = await world.store.listProblems({ limit: 10 });

    expect(asked.problems).toMatchObject([{ cause: 'doubtful-match', object: 'Agreement', externalId: second }]);
    expect(asked.problems[0]?.candidates?.length).toBeGreaterThanOrEqual(2);
    expect(deals().filter(({ aws_agreement_id: id }) => id === second)).toEqual([]);
  });
});
