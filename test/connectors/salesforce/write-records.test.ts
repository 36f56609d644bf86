import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/connector.ts';
import type { WriteItem, WriteOutcome } from '../../../domain/model/snapshot.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import { type HttpRequest, jsonResponse } from '../../../local/simulators/shared/http-server.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { type ServedConnection, serveStage } from '../contract/served-connection.ts';
import { type SalesforceStage, startSalesforceStage } from './salesforce-stage.ts';
import { startStubOrg } from './stub-org.ts';

const hubIdField = 'Tributary_Id__c';
let clock: StepClock;
let stage: SalesforceStage;
let served: ServedConnection;

beforeEach(async () => {
  clock = stepClock();
  stage = await startSalesforceStage(clock);
  served = serveStage(salesforce, stage, clock);
});
afterEach(() => stage.close());

const routes = (): readonly string[] =>
  served.log.filter((line) => line.step === 'vendor-call').map((line) => String(line.facts.route));
const write = (object: string, items: readonly WriteItem[]): Promise<readonly WriteOutcome[]> =>
  served.port.write(object, hubIdField, items);
const create = (index: number, values: SystemValues): WriteItem => ({
  operation: 'create',
  unifiedId: `01J${String(index).padStart(23, '0')}`,
  values,
  base: {},
});
const update = (externalId: string, values: SystemValues, base: SystemValues = {}): WriteItem => ({
  operation: 'update',
  unifiedId: '01J00000000000000000000000',
  externalId,
  values,
  base,
});
const summary = (outcomes: readonly WriteOutcome[]): readonly string[] =>
  outcomes.map((each) => (each.outcome === 'failed' ? `${each.fault.kind} ${each.fault.code}` : each.outcome));

describe('writing to Salesforce', () => {
  it('costs one call for 200 creates and one for 200 updates', async () => {
    const created = await write(
      'Account',
      Array.from({ length: 200 }, (_, index) => create(index, { Name: `A${index}` })),
    );
    const ids = created.map((each) => (each.outcome === 'written' ? each.externalId : ''));

    await write(
      'Account',
      ids.map((id) => update(id, { Description: 'x' })),
    );

    expect(routes()).toEqual(['Account.create', 'Account.update']);
  });

  it('narrows a refusal of the whole request down to the row that caused it', async () => {
    const items = Array.from({ length: 40 }, (_, index) =>
      create(index, { Name: `A${index}`, ...(index === 17 ? { AnnualRevenue: 'not a number' } : {}) }),
    );

    const outcomes = await write('Account', items);

    expect(summary(outcomes).filter((each) => each === 'written')).toHaveLength(39);
    expect(outcomes[17]).toMatchObject({ outcome: 'failed', fault: { kind: 'rejected', code: 'JSON_PARSER_ERROR' } });
    expect(routes().length).toBeLessThanOrEqual(15);
  });

  it('stops narrowing within its bound when many rows are bad', async () => {
    const items = Array.from({ length: 200 }, (_, index) =>
      create(index, { Name: `A${index}`, ...(index % 2 === 0 ? { AnnualRevenue: 'not a number' } : {}) }),
    );

    const outcomes = await write('Account', items);

    expect(outcomes).toHaveLength(200);
    expect(outcomes.filter((each) => each.outcome === 'failed').length).toBeGreaterThanOrEqual(100);
    expect(routes().length).toBeLessThanOrEqual(24);
  });

  it('names every column the org does not have, and writes the other rows', async () => {
    const outcomes = await write('Account', [
      create(0, { Name: 'A' }),
      create(1, { Name: 'B', Gone__c: 'x', Lost__c: true, Website: 'b.example' }),
    ]);

    const gone = ['Gone__c', 'Lost__c'];
    expect(outcomes).toMatchObject([
      { outcome: 'written' },
      { outcome: 'failed', fault: { kind: 'rejected', code: 'INVALID_FIELD', fields: gone, unseen: gone } },
    ]);
  });

  it('takes a locked row for a passing thing', async () => {
    stage.inject({ kind: 'fail-rows', object: 'Account', field: 'Name', value: 'B', code: 'UNABLE_TO_LOCK_ROW' });

    const outcomes = await write('Account', [create(0, { Name: 'A' }), create(1, { Name: 'B' })]);

    expect(summary(outcomes)).toEqual(['written', 'transient UNABLE_TO_LOCK_ROW']);
  });

  it('takes a doubled hub id for a race when creating, and a doubled other key for bad data', async () => {
    const duplicate = (field: string) =>
      jsonResponse(200, [
        {
          success: false,
          errors: [{ statusCode: 'DUPLICATE_VALUE', message: 'duplicate value found', fields: [field] }],
        },
      ]);
    const race = await startStubOrg(() => duplicate(hubIdField));
    const [raced] = await serveStage(salesforce, race, clock).port.write('Account', hubIdField, [
      create(0, { Name: 'A' }),
    ]);
    const [taken] = await serveStage(salesforce, race, clock).port.write('Account', hubIdField, [
      update('001Tb00000zzzzzIAA', { Tributary_Id__c: 'x' }),
    ]);
    await race.close();

    expect(raced).toMatchObject({ fault: { kind: 'transient', code: 'DUPLICATE_VALUE' } });
    expect(taken).toMatchObject({ fault: { kind: 'rejected', code: 'DUPLICATE_VALUE', fields: [hubIdField] } });
  });

  it('finds a doubled hub id by the message too, where Salesforce names no field', async () => {
    const [first = '', second = ''] = await stage.create([{ Name: 'A', Tributary_Id__c: 'one' }, { Name: 'B' }]);

    const outcomes = await write('Account', [update(second, { Tributary_Id__c: 'one' }), update(first, { Name: 'C' })]);

    expect(outcomes[0]).toMatchObject({ fault: { kind: 'rejected', fields: [hubIdField] } });
  });

  it('names the records a duplicate rule found', async () => {
    const [existing = ''] = await stage.create([{ Name: 'Twin', Website: 'https://twin.example' }]);
    stage.simulator.setDuplicateRules([
      { object: 'Account', name: 'Same_Website', fields: ['Website'], allowSave: false },
    ]);

    const [outcome] = await write('Account', [create(0, { Name: 'Twin 2', Website: 'https://twin.example' })]);

    expect(outcome).toMatchObject({ fault: { kind: 'rejected', code: 'DUPLICATES_DETECTED' } });
    expect(outcome?.outcome === 'failed' && outcome.fault.message).toContain(existing);
  });

  it('tells an administrator when the org lacks the field for the hub’s id', async () => {
    const outcomes = await served.port.write('Account', 'Other_Id__c', [create(0, { Name: 'A' })]);

    expect(outcomes).toMatchObject([{ fault: { kind: 'credential', code: 'HUB_ID_FIELD_MISSING' } }]);
    expect(outcomes[0]?.outcome === 'failed' && outcomes[0].fault.message).toContain('Other_Id__c');
  });

  it('takes a record that is gone already for deleted, and one that never was for missing', async () => {
    const [id = ''] = await stage.create([{ Name: 'A' }]);
    const remove = (externalId: string): WriteItem => ({ ...update(externalId, {}), operation: 'delete' });

    const first = await write('Account', [remove(id)]);
    const second = await write('Account', [remove(id), remove('001Tb00000zzzzzIAA'), remove('no id, at all')]);

    expect(summary(first)).toEqual(['written']);
    expect(summary(second)).toEqual(['written', 'missing INVALID_CROSS_REFERENCE_KEY', 'missing MALFORMED_ID']);
  });

  it('blames a reference that does not resolve on the values, not on the record', async () => {
    const [lead = ''] = stage.simulator.seed([{ object: 'Lead', values: { LastName: 'L', Company: 'C' } }]);

    const outcomes = await write('Lead', [
      update(lead, { Partner__c: '001Tb00000zzzzzIAA' }),
      update('00QTb00000zzzzzIAA', { Title: 'x' }),
    ]);

    expect(outcomes[0]).toMatchObject({ fault: { kind: 'rejected' } });
    expect(outcomes[1]).toMatchObject({ fault: { kind: 'missing' } });
  });

  it('refuses to write a converted lead, as a matter for people', async () => {
    const [lead = ''] = stage.simulator.seed([{ object: 'Lead', values: { LastName: 'L', Company: 'C' } }]);
    stage.simulator.convertLead({ leadId: lead });

    expect(await write('Lead', [update(lead, { Title: 'x' })])).toMatchObject([
      { fault: { kind: 'rejected', code: 'CANNOT_UPDATE_CONVERTED_LEAD' } },
    ]);
  });

  it('lets assignment rules act only on new records whose owner the hub does not name', async () => {
    const headersOf: Record<string, string> = {};
    const stub = await startStubOrg((request: HttpRequest) => {
      const { records } = JSON.parse(request.body.toString('utf8')) as { records: readonly { Name: string }[] };
      for (const { Name } of records) headersOf[Name] = String(request.headers['sforce-auto-assign']);
      return jsonResponse(
        200,
        records.map((_, index) => ({ id: `00QTb000000000${index}`, success: true, created: true, errors: [] })),
      );
    });

    const outcomes = await serveStage(salesforce, stub, clock).port.write('Lead', hubIdField, [
      create(0, { Name: 'unowned' }),
      create(1, { Name: 'owned', OwnerId: '005Tb0000000001AAA' }),
      update('00QTb00000zzzzzIAA', { Name: 'known' }),
    ]);
    await stub.close();

    expect(summary(outcomes)).toEqual(['written', 'written', 'written']);
    expect(headersOf).toEqual({ unowned: 'undefined', owned: 'FALSE', known: 'FALSE' });
  });

  it('sends rows of one parent one after the other, and still answers in order', async () => {
    const parents: string[] = [];
    const stub = await startStubOrg((request: HttpRequest) => {
      const { records } = JSON.parse(request.body.toString('utf8')) as {
        records: readonly { AccountId?: string; LastName: string }[];
      };
      parents.push(...records.map((row) => row.AccountId ?? ''));
      return jsonResponse(
        200,
        records.map((row) => ({ id: `003Tb0000000${row.LastName}`, success: true, created: true, errors: [] })),
      );
    });

    const outcomes = await serveStage(salesforce, stub, clock).port.write('Contact', hubIdField, [
      create(0, { LastName: '001', AccountId: 'B' }),
      create(1, { LastName: '002', AccountId: 'A' }),
      create(2, { LastName: '003', AccountId: 'B' }),
    ]);
    await stub.close();

    expect(parents).toEqual(['A', 'B', 'B']);
    expect(outcomes.map((each) => each.outcome === 'written' && each.externalId.slice(12, 15))).toEqual([
      '001',
      '002',
      '003',
    ]);
  });

  it('sends nothing more after the limit is reached, and calls the rest not uncertain after a lost answer', async () => {
    const [id = ''] = await stage.create([{ Name: 'A' }]);
    await served.port.read('Account', [id], ['Name']);
    stage.inject({ kind: 'daily-limit', count: 10 });

    const outcomes = await write('Account', [create(0, { Name: 'B' }), update(id, { Name: 'C' })]);

    expect(summary(outcomes)).toEqual(['throttled REQUEST_LIMIT_EXCEEDED', 'throttled REQUEST_LIMIT_EXCEEDED']);
    expect(routes().filter((route) => route !== 'Account.read')).toEqual(['Account.create']);
  });
});

describe('contact roles of an opportunity', () => {
  const roles = (deal: string) =>
    stage.simulator
      .records('OpportunityContactRole')
      .filter((role) => role.OpportunityId === deal && role.IsDeleted !== true)
      .map(({ ContactId, IsPrimary }) => ({ ContactId: String(ContactId), IsPrimary }))
      .toSorted((a, b) => (a.ContactId < b.ContactId ? -1 : 1));
  let contacts: readonly string[];
  let a = '';
  let b = '';
  let c = '';
  const dealValues = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-31' };

  beforeEach(() => {
    contacts = stage.simulator.seed(['A', 'B', 'C'].map((LastName) => ({ object: 'Contact', values: { LastName } })));
    [a = '', b = '', c = ''] = contacts;
  });

  it('are made with the opportunity; the first contact becomes the primary one', async () => {
    const [outcome] = await write('Opportunity', [create(0, { ...dealValues, OpportunityContactRoles: [b, a] })]);
    const deal = outcome?.outcome === 'written' ? outcome.externalId : '';

    expect(outcome).toMatchObject({ outcome: 'written', created: true });
    expect(roles(deal)).toEqual([
      { ContactId: a, IsPrimary: true },
      { ContactId: b, IsPrimary: false },
    ]);
  });

  it('change by what differs from what was read last; a role somebody added meanwhile stays', async () => {
    const [deal = ''] = stage.simulator.seed([{ object: 'Opportunity', values: dealValues }]);
    stage.simulator.seed(
      [a, c].map((ContactId) => ({ object: 'OpportunityContactRole', values: { OpportunityId: deal, ContactId } })),
    );

    const outcomes = await write('Opportunity', [
      update(deal, { OpportunityContactRoles: [b] }, { OpportunityContactRoles: [a] }),
    ]);

    expect(summary(outcomes)).toEqual(['written']);
    expect(roles(deal).map((role) => role.ContactId)).toEqual([b, c].toSorted());
    expect(roles(deal).some((role) => role.IsPrimary === true)).toBe(false);
  });

  it('are all that is written when nothing else differs, and are not written twice', async () => {
    const [deal = ''] = stage.simulator.seed([{ object: 'Opportunity', values: dealValues }]);
    const item = update(deal, { OpportunityContactRoles: [a] }, { OpportunityContactRoles: [] });

    await write('Opportunity', [item]);
    await write('Opportunity', [item]);

    expect(roles(deal)).toEqual([{ ContactId: a, IsPrimary: true }]);
    expect(routes()).toEqual([
      'OpportunityContactRole.read',
      'OpportunityContactRole.create',
      'OpportunityContactRole.read',
    ]);
  });

  it('are cleared by an empty list, and left alone when they are not in the values', async () => {
    const [deal = ''] = stage.simulator.seed([{ object: 'Opportunity', values: dealValues }]);
    await write('Opportunity', [update(deal, { OpportunityContactRoles: [a, b] })]);
    await write('Opportunity', [update(deal, { NextStep: 'call' }, { OpportunityContactRoles: [a, b] })]);
    const kept = roles(deal).length;

    await write('Opportunity', [update(deal, { OpportunityContactRoles: [] }, { OpportunityContactRoles: [a, b] })]);

    expect([kept, roles(deal).length]).toEqual([2, 0]);
  });

  it('that are refused fail their own opportunity, by that field', async () => {
    const outcomes = await write('Opportunity', [
      create(0, { ...dealValues, OpportunityContactRoles: ['003Tb00000zzzzzIAA'] }),
      create(1, { ...dealValues, OpportunityContactRoles: [a] }),
    ]);

    expect(outcomes).toMatchObject([
      { outcome: 'failed', fault: { kind: 'rejected', fields: ['OpportunityContactRoles'] } },
      { outcome: 'written' },
    ]);
  });

  it('that the hub’s user may not see fail by that field, not the connection', async () => {
    const stub = await startStubOrg(() => jsonResponse(400, [{ errorCode: 'INVALID_TYPE', message: '' }]));

    const outcomes = await serveStage(salesforce, stub, clock).port.write('Opportunity', hubIdField, [
      update('006Tb00000zzzzzIAA', { OpportunityContactRoles: [a] }),
    ]);
    await stub.close();

    expect(outcomes).toMatchObject([{ fault: { kind: 'rejected', fields: ['OpportunityContactRoles'] } }]);
  });

  it('that are too many to look through are not written at all', async () => {
    const stub = await startStubOrg(() =>
      jsonResponse(200, { done: true, records: Array.from({ length: 10_000 }, () => ({ Id: 'x' })) }),
    );

    const outcomes = await serveStage(salesforce, stub, clock).port.write('Opportunity', hubIdField, [
      update('006Tb00000zzzzzIAA', { OpportunityContactRoles: [a] }),
    ]);
    await stub.close();

    expect(summary(outcomes)).toEqual(['defect TOO_MANY_ROLES']);
    expect(stub.requests).toHaveLength(1);
  });

  it('whose answer was lost are looked for before they are made again', async () => {
    const [deal = ''] = stage.simulator.seed([{ object: 'Opportunity', values: dealValues }]);
    stage.inject({ kind: 'lose-answer', match: { method: 'POST', pathIncludes: '/composite/sobjects' } });
    const item = update(deal, { OpportunityContactRoles: [a] });

    const first = await write('Opportunity', [item]);
    const second = await write('Opportunity', [item]);

    expect(first).toMatchObject([{ outcome: 'failed', fault: { kind: 'uncertain' } }]);
    expect(summary(second)).toEqual(['written']);
    expect(roles(deal)).toHaveLength(1);
  });
});
