import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { retryProblem } from '../../domain/pipeline/problems/retry-problem.ts';
import { jsonCall } from '../../local/cli/demo/json-call.ts';
import { SAMPLE_PRODUCT_ID } from '../../local/simulators/aws-marketplace/sample-products.ts';
import { type ConnectedHub, connectedHub } from '../support/connected-hub.ts';

let world: ConnectedHub;
afterEach(() => world.close());

/** A person's own calls to the simulated HubSpot. */
async function hubspot<T>(method: string, path: string, body?: unknown): Promise<T> {
  return jsonCall<T>(`${world.hubspot.url}${path}`, method, { authorization: 'Bearer simulated-hubspot-token' }, body);
}

/** A person's own calls to the simulated Salesforce. */
async function salesforce<T>(method: string, path: string, body?: unknown): Promise<T> {
  const token = world.salesforce.openSession('maya.lindqvist@tributary.example') ?? '';
  const url = `${world.salesforce.url}/services/data/v67.0${path}`;
  return jsonCall<T>(url, method, { authorization: `Bearer ${token}` }, body);
}

function sell(...codes: readonly string[]): void {
  for (const code of codes) {
    const [book = ''] = world.salesforce.seed([
      {
        object: 'Pricebook2',
        values: { Id: '01sTb00000STND1', Name: 'Standard', IsActive: true, IsStandard: true },
      },
    ]);
    const [product = ''] = world.salesforce.seed([
      { object: 'Product2', values: { Name: code, ProductCode: code, IsActive: true } },
    ]);
    const values = { Pricebook2Id: book, Product2Id: product, UnitPrice: 1, CurrencyIsoCode: 'EUR', IsActive: true };
    world.salesforce.seed([{ object: 'PricebookEntry', values }]);
  }
}

/** A person makes a deal with line items in HubSpot. */
async function makeDeal(properties: object, items: readonly (readonly [string, string, string])[]): Promise<string> {
  const { id } = await hubspot<{ id: string }>('POST', '/crm/v3/objects/deals', {
    properties: {
      dealname: 'Rollout',
      dealstage: 'qualifiedtobuy',
      pipeline: 'default',
      closedate: '2027-03-31T00:00:00.000Z',
      deal_currency_code: 'EUR',
      ...properties,
    },
  });
  for (const [hs_sku, quantity, price] of items) {
    await hubspot('POST', '/crm/v3/objects/line_items', {
      properties: { hs_sku, name: hs_sku, quantity, price },
      associations: [{ to: { id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 20 }] }],
    });
  }
  return id;
}

const opportunity = () => world.salesforce.records('Opportunity').find(({ Name }) => Name === 'Rollout');
const rows = () =>
  world.salesforce
    .records('OpportunityLineItem')
    .filter(({ IsDeleted }) => IsDeleted !== true)
    .map(({ Id, ProductCode, Quantity, UnitPrice }) => ({ Id, ProductCode, Quantity, UnitPrice }));
const items = () =>
  world.hubspot.admin
    .records('line_items')
    .filter(({ isArchived }) => !isArchived)
    .map(({ properties }) => `${properties.hs_sku} ${properties.quantity} ${properties.price}`)
    .toSorted();

/** How often something was written to either side. */
function writes(): number {
  const { byRoute } = world.salesforce.statistics().calls;
  const there = Object.entries(byRoute).filter(([route]) => !route.startsWith('GET'));
  const here = Object.entries(world.hubspot.admin.statistics().calls.byRoute).filter(([route]) =>
    /create|update|archive/.test(route),
  );
  return [...there, ...here].reduce((sum, [, { calls }]) => sum + calls, 0);
}

async function problems(): Promise<readonly string[]> {
  const found = await world.store.listProblems({ limit: 100 });
  return found.problems.map(({ cause, field }) => (field === undefined ? cause : `${cause}:${field}`));
}

describe('the products of a deal', () => {
  test('travel with it, change on either side, and their sum is the amount everywhere', async () => {
    world = await connectedHub();
    sell('ANALYTICS', 'SUPPORT');
    await world.firstSync();
    await makeDeal({ amount: '2500' }, [
      ['ANALYTICS', '2', '1000'],
      ['SUPPORT', '1', '500'],
    ]);
    await world.sync();

    expect(opportunity()).toMatchObject({ Amount: 2500, CurrencyIsoCode: 'EUR' });
    expect(rows()).toMatchObject([
      { ProductCode: 'ANALYTICS', Quantity: 2, UnitPrice: 1000 },
      { ProductCode: 'SUPPORT', Quantity: 1, UnitPrice: 500 },
    ]);

    const line = rows().find(({ ProductCode }) => ProductCode === 'ANALYTICS');
    await salesforce('PATCH', `/sobjects/OpportunityLineItem/${String(line?.Id)}`, { Quantity: 3 });
    await world.sync();

    expect(items()).toEqual(['ANALYTICS 3 1000', 'SUPPORT 1 500']);
    expect(world.hubspot.admin.records('deals').map(({ properties }) => properties.amount)).toEqual(['3500']);
    expect(await problems()).toEqual([]);

    const before = writes();
    await world.sync();
    expect(writes()).toBe(before);
    expect(rows()).toHaveLength(2);
  });

  test('that Salesforce does not sell hold up nothing else, and go there once they are sold', async () => {
    world = await connectedHub();
    sell('ANALYTICS');
    await world.firstSync();
    await makeDeal({ amount: '900', hs_next_step: 'call' }, [['CUSTOM', '1', '900']]);
    await world.sync();

    expect(opportunity()).toMatchObject({ Amount: 900, NextStep: 'call' });
    expect(rows()).toEqual([]);
    expect(await problems()).toEqual(['refused-value:lineItems']);

    sell('CUSTOM');
    const [problem] = (await world.store.listProblems({ limit: 1 })).problems;
    await retryProblem(world.hub, problem?.id ?? '');
    await world.sync();

    expect(rows()).toMatchObject([{ ProductCode: 'CUSTOM', Quantity: 1, UnitPrice: 900 }]);
    expect(await problems()).toEqual([]);
  });

  test('make an amount that is not their sum a person’s matter in Salesforce', async () => {
    world = await connectedHub();
    sell('ANALYTICS');
    await world.firstSync();
    const id = await makeDeal({ amount: '1000' }, [['ANALYTICS', '1', '1000']]);
    await world.sync();

    await hubspot('PATCH', `/crm/v3/objects/deals/${id}`, { properties: { amount: '800', hs_next_step: 'discount' } });
    await world.sync();

    expect(opportunity()).toMatchObject({ Amount: 1000, NextStep: 'discount' });
    expect(await problems()).toEqual(['refused-value:amount']);
  });
});

test('CRMs without the fields of the marketplace carry everything else, and one problem for each names them', async () => {
  const fieldsOf = (file: string): readonly string[] => {
    const { fields } = parse(readFileSync(file, 'utf8')) as { fields: readonly { hub: string; theirs: string }[] };
    return fields.filter(({ hub }) => hub.startsWith('coSell') || hub.startsWith('offer')).map(({ theirs }) => theirs);
  };
  const deals = fieldsOf('mappings/hubspot/deal.deal.yaml');
  const opportunities = fieldsOf('mappings/salesforce/Opportunity.deal.yaml');
  world = await connectedHub({
    missing: { salesforce: opportunities.map((name) => `Opportunity.${name}`), deals: deals.slice(1) },
  });
  await world.firstSync();
  await makeDeal({ amount: '1200', [deals[0] ?? '']: 'true' }, []);
  await world.sync();
  await world.sync();

  expect(opportunity()).toMatchObject({ Amount: 1200, CloseDate: '2027-03-31' });
  const { problems: found } = await world.store.listProblems({ limit: 100 });
  expect(found.map(({ cause, connection, object }) => `${cause} ${connection} ${object}`).toSorted()).toEqual([
    'missing-field hubspot deal',
    'missing-field salesforce Opportunity',
  ]);
  for (const name of opportunities) expect(found.map(({ message }) => message).join(' ')).toContain(name);
});

describe('what a buyer agreed to on the marketplace', () => {
  const buyer = '444455556666';

  /** A deal that HubSpot sells, offered and accepted; AWS sells its dimension under the product's id. */
  async function agree(products: string): Promise<void> {
    world = await connectedHub({ hasMarketplace: true, products });
    await world.firstSync();
    sell('DATA-36', 'QUOTED');
    await makeDeal(
      {
        amount: '48000.25',
        contract_months: '12',
        aws_product_id: SAMPLE_PRODUCT_ID,
        aws_dimension: 'platform',
        aws_buyer_account: buyer,
        aws_offer_expiry: '2027-03-31',
        aws_offer_requested: 'true',
      },
      [['QUOTED', '1', '48000.25']],
    );
    await world.sync();
    await world.sync();
    const offers = world.marketplace?.admin.records('offers') as readonly { id: string; positiveTargeting?: object }[];
    const offer = offers.find(({ positiveTargeting }) => positiveTargeting !== undefined);
    expect(world.marketplace?.admin.accept(offer?.id ?? '', { buyerAccountId: buyer }).ok).toBe(true);
    world.clock.now += 60_000;
    await world.sync();
    await world.sync();
  }

  test('is what both CRMs show as sold, once the product is listed', async () => {
    await agree(`note: Ours.\nproducts:\n  - { code: DATA-36, aws-marketplace: ${SAMPLE_PRODUCT_ID}/platform }\n`);

    expect(items()).toEqual(['DATA-36 1 48000.25']);
    expect(rows()).toMatchObject([{ ProductCode: 'DATA-36', Quantity: 1, UnitPrice: 48_000.25 }]);
    expect(opportunity()).toMatchObject({ Amount: 48_000.25, CurrencyIsoCode: 'EUR', StageName: 'Closed Won' });
    expect((await world.store.listProblems({ limit: 10 })).problems).toEqual([]);
  });

  test('leaves the products of the deal alone where nobody listed its dimension', async () => {
    await agree('note: Nothing.\nproducts: []\n');

    expect(items()).toEqual(['QUOTED 1 48000.25']);
    expect(rows()).toMatchObject([{ ProductCode: 'QUOTED' }]);
    expect((await world.store.listProblems({ limit: 10 })).problems).toEqual([]);
  });
});
