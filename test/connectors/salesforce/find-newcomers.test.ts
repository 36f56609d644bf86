import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/connector.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { type ServedConnection, serveStage } from '../contract/served-connection.ts';
import { type SalesforceStage, startSalesforceStage } from './salesforce-stage.ts';

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

describe('newcomers of an org', () => {
  it('are the records people made since, the newest first: not the hub’s own, older or deleted ones', async () => {
    await stage.create([{ Name: 'Older' }]);
    await clock.sleep(60_000);
    const since = clock.now();
    const [first = ''] = await stage.create([{ Name: 'First' }]);
    await clock.sleep(1_000);
    await served.port.write('Account', hubIdField, [
      { operation: 'create', unifiedId: '01J00000000000000000000000', values: { Name: 'Ours' }, base: {} },
    ]);
    const [gone = ''] = await stage.create([{ Name: 'Gone' }]);
    await stage.remove(gone);
    await clock.sleep(1_000);
    const [second = ''] = await stage.create([{ Name: 'Second' }]);

    expect(await served.port.newcomers('Account', hubIdField, since)).toEqual({ ok: true, value: [second, first] });
  });

  it('cost one call and are 200 at most', async () => {
    const since = clock.now();
    await stage.create(Array.from({ length: 230 }, (_, index) => ({ Name: `A${index}` })));

    const answer = await served.port.newcomers('Account', hubIdField, since);

    expect(answer.ok && answer.value.length).toBe(200);
    expect(served.log.filter(({ facts }) => facts.route === 'Account.newcomers')).toHaveLength(1);
  });

  it('need the field for the hub’s id, and say so', async () => {
    expect(await served.port.newcomers('Account', 'No_Such_Field__c', 0)).toMatchObject({
      ok: false,
      fault: { kind: 'credential', code: 'HUB_ID_FIELD_MISSING' },
    });
  });
});
