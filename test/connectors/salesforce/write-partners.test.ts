import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/connector.ts';
import type { WriteItem } from '../../../domain/model/snapshot.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import { jsonResponse } from '../../../local/simulators/shared/http-server.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { drain, type ServedConnection, serveStage } from '../contract/served-connection.ts';
import { type SalesforceStage, startSalesforceStage } from './salesforce-stage.ts';
import { startStubOrg } from './stub-org.ts';

const RESELLERS = 'OpportunityPartnersFrom.VAR/Reseller';
const INTEGRATORS = 'OpportunityPartnersFrom.System Integrator';
const dealValues = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-31' };

let clock: StepClock;
let stage: SalesforceStage;
let served: ServedConnection;
let a = '';
let b = '';
let c = '';

beforeAll(async () => {
  clock = stepClock();
  stage = await startSalesforceStage(clock, 'Opportunity');
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.simulator.faults.clear();
  served = serveStage(salesforce, stage, clock);
  [a = '', b = '', c = ''] = stage.simulator
    .seed(['A', 'B', 'C'].map((Name) => ({ object: 'Account', values: { Name } })))
    .toSorted();
});

const deal = (): string => stage.simulator.seed([{ object: 'Opportunity', values: dealValues }])[0] ?? '';
const update = (externalId: string, values: SystemValues, base: SystemValues = {}): WriteItem => ({
  operation: 'update',
  unifiedId: '01HUB',
  externalId,
  values,
  base,
});
const write = (...items: readonly WriteItem[]) => served.port.write('Opportunity', 'Tributary_Id__c', items);

async function read(id: string): Promise<SystemValues | undefined> {
  const answer = await served.port.read('Opportunity', [id], ['Name', RESELLERS, INTEGRATORS]);
  const [outcome] = answer.ok ? answer.value : [];
  return outcome?.outcome === 'found' ? outcome.snapshot.values : undefined;
}

describe('partners of an opportunity', () => {
  it('are made with it, each in its role, and read by it', async () => {
    const values = { ...dealValues, [RESELLERS]: [b, a], [INTEGRATORS]: [a] };
    const [outcome] = await write({ operation: 'create', unifiedId: '01HUBDEALWITHPARTNERS00001', values, base: {} });

    const id = outcome?.outcome === 'written' ? outcome.externalId : '';
    expect(await read(id)).toEqual({ Name: 'Deal', [RESELLERS]: [a, b], [INTEGRATORS]: [a] });
  });

  it('change by what differs from what was read last, also in other roles and by other people', async () => {
    const id = deal();
    await write(update(id, { [RESELLERS]: [a], [INTEGRATORS]: [a] }));
    const other = { OpportunityId: id, AccountToId: c, Role: 'VAR/Reseller' };
    const consultant = { OpportunityId: id, AccountToId: a, Role: 'Consultant' };
    stage.simulator.seed([other, consultant].map((values) => ({ object: 'OpportunityPartner', values })));

    const outcomes = await write(update(id, { [RESELLERS]: [b] }, { [RESELLERS]: [a] }));

    expect(outcomes).toMatchObject([{ outcome: 'written' }]);
    expect(await read(id)).toMatchObject({ [RESELLERS]: [b, c], [INTEGRATORS]: [a] });
    const roles = stage.simulator.records('OpportunityPartner').filter((row) => row.OpportunityId === id);
    expect(roles.filter(({ IsDeleted }) => IsDeleted !== true).map(({ Role }) => Role)).toContain('Consultant');
  });

  it('are not made twice by a repetition whose first answer was lost', async () => {
    const id = deal();
    stage.inject({ kind: 'lose-answer', match: { method: 'POST', pathIncludes: '/composite/sobjects' } });

    const first = await write(update(id, { [RESELLERS]: [a] }));
    const second = await write(update(id, { [RESELLERS]: [a] }));

    expect(first).toMatchObject([{ outcome: 'failed', fault: { kind: 'uncertain' } }]);
    expect(second).toMatchObject([{ outcome: 'written' }]);
    expect(stage.simulator.records('OpportunityPartner').filter((row) => row.OpportunityId === id)).toHaveLength(1);
  });

  it('that are refused fail their own opportunity, by their fields', async () => {
    const outcomes = await write(
      update(deal(), { [RESELLERS]: ['001Tb00000zzzzzIAA'] }),
      update(deal(), { [RESELLERS]: [a] }),
    );

    expect(outcomes).toMatchObject([
      { outcome: 'failed', fault: { kind: 'rejected', fields: [RESELLERS] } },
      { outcome: 'written' },
    ]);
  });

  it('that the hub’s user may not see fail by that field, not the connection', async () => {
    const stub = await startStubOrg(() => jsonResponse(400, [{ errorCode: 'INVALID_TYPE', message: '' }]));

    const outcomes = await serveStage(salesforce, stub, clock).port.write('Opportunity', 'Tributary_Id__c', [
      update('006Tb00000zzzzzIAA', { [RESELLERS]: [a] }),
    ]);
    await stub.close();

    expect(outcomes).toMatchObject([{ fault: { kind: 'rejected', fields: [RESELLERS] } }]);
  });

  it('lead a sweep to their opportunity when only they changed', async () => {
    const id = deal();
    const connectedAt = clock.now();
    clock.advance(3_600_000);
    const before = await drain(served.port, 'Opportunity', 'changes', { position: undefined, connectedAt });
    clock.advance(3_600_000);
    stage.simulator.seed([{ object: 'OpportunityPartner', values: { OpportunityId: id, AccountToId: a } }]);
    clock.advance(60_000);

    const position = before.at(-1)?.position;
    const after = await drain(served.port, 'Opportunity', 'changes', { position, connectedAt });

    expect(after.flatMap(({ ids }) => ids)).toEqual([id]);
  });
});
