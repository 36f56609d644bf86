import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/connector.ts';
import type { WriteItem } from '../../../domain/model/snapshot.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import { jsonResponse } from '../../../local/simulators/shared/http-server.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { type ServedConnection, serveStage } from '../contract/served-connection.ts';
import { type SalesforceStage, startSalesforceStage } from './salesforce-stage.ts';
import { startStubOrg } from './stub-org.ts';

const hubIdField = 'Tributary_Id__c';
const dealValues = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-31', CurrencyIsoCode: 'EUR' };

let clock: StepClock;
let stage: SalesforceStage;
let served: ServedConnection;
let standard = '';

beforeAll(async () => {
  clock = stepClock();
  stage = await startSalesforceStage(clock, 'Opportunity');
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.simulator.faults.clear();
  served = serveStage(salesforce, stage, clock);
  [standard = ''] = stage.simulator.seed([
    { object: 'Pricebook2', values: { Id: '01sTb00000STND1', Name: 'Standard', IsActive: true, IsStandard: true } },
  ]);
});

/** Puts a product on sale; answers its entry's id. */
function sell(code: string | null, name: string, currency = 'EUR', book = standard): string {
  const [product = ''] = stage.simulator.seed([
    { object: 'Product2', values: { Name: name, ProductCode: code, IsActive: true } },
  ]);
  const [entry = ''] = stage.simulator.seed([
    {
      object: 'PricebookEntry',
      values: { Pricebook2Id: book, Product2Id: product, UnitPrice: 100, IsActive: true, CurrencyIsoCode: currency },
    },
  ]);
  return entry;
}

let serial = 0;
function next(): number {
  serial += 1;
  return serial;
}

/** A product of its own for each test. */
function sellNew(): string {
  const code = `CODE-${next()}`;
  sell(code, `Product ${code}`);
  return code;
}

const create = (values: SystemValues): WriteItem => ({
  operation: 'create',
  unifiedId: `01HUBLINES${String(next()).padStart(16, '0')}`,
  values,
  base: {},
});
const update = (externalId: string, values: SystemValues, base: SystemValues = {}): WriteItem => ({
  operation: 'update',
  unifiedId: '01HUB',
  externalId,
  values,
  base,
});

const write = (...items: readonly WriteItem[]) => served.port.write('Opportunity', hubIdField, items);

async function read(id: string): Promise<SystemValues> {
  const answer = await served.port.read('Opportunity', [id], ['Amount', 'OpportunityLineItems']);
  const [outcome] = answer.ok ? answer.value : [];
  if (outcome?.outcome !== 'found') throw new Error('not read');
  return outcome.snapshot.values;
}

async function madeWith(values: SystemValues): Promise<string> {
  const [outcome] = await write(create({ ...dealValues, ...values }));
  if (outcome?.outcome !== 'written') throw new Error('not written');
  return outcome.externalId;
}

const rowsOf = (deal: string) =>
  stage.simulator.records('OpportunityLineItem').filter((row) => row.OpportunityId === deal && row.IsDeleted !== true);

describe('products of an opportunity', () => {
  it('are made with it, in the price book that has them, and are its amount', async () => {
    const [a, b] = [sellNew(), sellNew()];

    const deal = await madeWith({ OpportunityLineItems: [`${a} | 2 × 150.5`, `${b} | 1 × 99`] });

    expect(await read(deal)).toEqual({ Amount: 400, OpportunityLineItems: [`${a} | 2 × 150.5`, `${b} | 1 × 99`] });
  });

  it('are changed as differences, in the row that is there', async () => {
    const [a, b, c] = [sellNew(), sellNew(), sellNew()];
    const before = [`${a} | 2 × 150`, `${b} | 1 × 99`];
    const deal = await madeWith({ OpportunityLineItems: before });
    const kept = rowsOf(deal).find(({ UnitPrice }) => UnitPrice === 150)?.Id;

    const wanted = [`${a} | 3 × 140`, `${c} | 1 × 10`];
    const outcomes = await write(update(deal, { OpportunityLineItems: wanted }, { OpportunityLineItems: before }));

    expect(outcomes).toMatchObject([{ outcome: 'written' }]);
    expect((await read(deal)).OpportunityLineItems).toEqual(wanted);
    expect(rowsOf(deal).find(({ UnitPrice }) => UnitPrice === 140)?.Id).toBe(kept);
  });

  it('are not made twice by a repetition whose first answer was lost', async () => {
    const a = sellNew();
    const deal = await madeWith({});
    stage.inject({ kind: 'lose-answer', match: { method: 'POST', pathIncludes: '/composite/sobjects' } });
    const item = update(deal, { OpportunityLineItems: [`${a} | 1 × 10`] }, { OpportunityLineItems: [] });

    const first = await write(item);
    const second = await write(item);

    expect(first).toMatchObject([{ outcome: 'failed', fault: { kind: 'uncertain' } }]);
    expect(second).toMatchObject([{ outcome: 'written' }]);
    expect(rowsOf(deal)).toHaveLength(1);
  });

  it('that somebody changed since the last read are left as they are', async () => {
    const [a, b] = [sellNew(), sellNew()];
    const deal = await madeWith({ OpportunityLineItems: [`${a} | 7 × 10`] });

    const wanted = [`${a} | 2 × 10`, `${b} | 1 × 5`];
    await write(update(deal, { OpportunityLineItems: wanted }, { OpportunityLineItems: [`${a} | 1 × 10`] }));

    expect((await read(deal)).OpportunityLineItems).toEqual([`${a} | 7 × 10`, `${b} | 1 × 5`]);
  });

  it('are found by name where they have no code, and read with their discount', async () => {
    sell(null, 'Setup, once');
    const deal = await madeWith({ OpportunityLineItems: ['Setup, once | 1 × 500'] });
    const [row] = rowsOf(deal);
    stage.simulator.seed([{ object: 'OpportunityLineItem', values: { Id: row?.Id, Discount: 10 } }]);

    expect((await read(deal)).OpportunityLineItems).toEqual(['Setup, once | 1 × 450']);
  });

  it('lose a discount when their price is set', async () => {
    const a = sellNew();
    const deal = await madeWith({ OpportunityLineItems: [`${a} | 1 × 500`] });
    stage.simulator.seed([{ object: 'OpportunityLineItem', values: { Id: rowsOf(deal)[0]?.Id, Discount: 10 } }]);

    const base = { OpportunityLineItems: [`${a} | 1 × 450`] };
    await write(update(deal, { OpportunityLineItems: [`${a} | 1 × 400`] }, base));

    expect(await read(deal)).toEqual({ Amount: 400, OpportunityLineItems: [`${a} | 1 × 400`] });
  });

  it('that no price book entry is for are refused by name, and nothing of that deal is written', async () => {
    const a = sellNew();
    const deal = await madeWith({ OpportunityLineItems: [`${a} | 1 × 10`] });

    const wanted = [`${a} | 2 × 10`, 'NO-SUCH-PRODUCT | 1 × 5'];
    const [outcome] = await write(
      update(deal, { OpportunityLineItems: wanted }, { OpportunityLineItems: [`${a} | 1 × 10`] }),
    );

    expect(outcome).toMatchObject({
      outcome: 'failed',
      fault: { kind: 'rejected', code: 'PRODUCT_NOT_FOUND', fields: ['OpportunityLineItems'] },
    });
    expect(outcome?.outcome === 'failed' && outcome.fault.message).toContain('NO-SUCH-PRODUCT');
    expect((await read(deal)).OpportunityLineItems).toEqual([`${a} | 1 × 10`]);
  });

  it('are sought in the opportunity’s own price book and currency', async () => {
    const [own = ''] = stage.simulator.seed([{ object: 'Pricebook2', values: { Name: 'Own', IsActive: true } }]);
    const entry = sell('BOOKED', 'Booked', 'EUR', own);
    sell('BOOKED', 'Booked');
    sell('IN-DOLLARS', 'In dollars', 'USD');
    const deal = await madeWith({});
    stage.simulator.seed([{ object: 'Opportunity', values: { Id: deal, Pricebook2Id: own } }]);

    const [found] = await write(update(deal, { OpportunityLineItems: ['BOOKED | 1 × 10'] }));
    const [elsewhere] = await write(create({ ...dealValues, OpportunityLineItems: ['IN-DOLLARS | 1 × 10'] }));

    expect(found).toMatchObject({ outcome: 'written' });
    expect(rowsOf(deal).map(({ PricebookEntryId }) => PricebookEntryId)).toEqual([entry]);
    expect(elsewhere).toMatchObject({ fault: { code: 'PRODUCT_NOT_FOUND' } });
  });

  it('that several products could be are for a person', async () => {
    sell('TWICE', 'One');
    sell('TWICE', 'Other');

    const [outcome] = await write(create({ ...dealValues, OpportunityLineItems: ['TWICE | 1 × 10'] }));

    expect(outcome).toMatchObject({ fault: { kind: 'rejected', code: 'PRODUCT_AMBIGUOUS' } });
  });

  it('are no reason to fail where an org has none', async () => {
    const stub = await startStubOrg(() => jsonResponse(400, [{ errorCode: 'INVALID_TYPE', message: '' }]));

    const outcomes = await serveStage(salesforce, stub, clock).port.write('Opportunity', hubIdField, [
      update('006Tb00000zzzzzIAA', { OpportunityLineItems: ['A | 1 × 1'] }),
    ]);
    await stub.close();

    expect(outcomes).toMatchObject([{ fault: { kind: 'rejected', fields: ['OpportunityLineItems'] } }]);
  });
});

describe('the amount of an opportunity with products', () => {
  it('is left to Salesforce when it is their sum', async () => {
    const a = sellNew();
    const deal = await madeWith({ Amount: 300, OpportunityLineItems: [`${a} | 2 × 150`] });

    expect(await read(deal)).toMatchObject({ Amount: 300 });
  });

  it('is refused when it is another one, instead of being ignored without a word', async () => {
    const a = sellNew();
    const deal = await madeWith({ OpportunityLineItems: [`${a} | 2 × 150`] });

    const base = { Amount: 300, OpportunityLineItems: [`${a} | 2 × 150`] };
    const outcomes = await write(update(deal, { Amount: 280, NextStep: 'call' }, base));

    expect(outcomes).toMatchObject([{ outcome: 'failed', fault: { kind: 'rejected', fields: ['Amount'] } }]);
    expect(await read(deal)).toMatchObject({ Amount: 300 });
  });

  it('is taken again once the last product is gone', async () => {
    const a = sellNew();
    const lines = [`${a} | 2 × 150`];
    const deal = await madeWith({ OpportunityLineItems: lines });

    const outcomes = await write(
      update(deal, { Amount: 280, OpportunityLineItems: [] }, { Amount: 300, OpportunityLineItems: lines }),
    );

    expect(outcomes).toMatchObject([{ outcome: 'written' }]);
    expect(await read(deal)).toEqual({ Amount: 280, OpportunityLineItems: [] });
  });
});
