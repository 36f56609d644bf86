import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { salesforce } from '../../../connectors/salesforce/connector.ts';
import { recordIdOf } from '../../../connectors/salesforce/record-id.ts';
import { jsonResponse } from '../../../local/simulators/shared/http-server.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { type ServedConnection, serveStage } from '../contract/served-connection.ts';
import { type SalesforceStage, startSalesforceStage } from './salesforce-stage.ts';
import { startStubOrg } from './stub-org.ts';

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
const accounts = (count: number): Promise<readonly string[]> =>
  stage.create(Array.from({ length: count }, (_, index) => ({ Name: `Account ${index}` })));

describe('reading from Salesforce', () => {
  it('costs one call for 200 records of 60 fields', async () => {
    const ids = await accounts(200);
    const fields = ['Name', 'Description', ...Array.from({ length: 58 }, () => 'BillingPostalCode')];

    const answer = await served.port.read('Account', ids, fields);

    expect(answer.ok && answer.value.every((each) => each.outcome === 'found')).toBe(true);
    expect(routes()).toEqual(['Account.read']);
  });

  it('keeps an address that would become too long in several', async () => {
    const ids = await accounts(200);
    const longNames = Array.from({ length: 260 }, (_, index) => `A_field_of_the_longest_name_there_is_${index}__c`);

    const answer = await served.port.read('Account', ids, ['Name', ...longNames]);

    expect(answer.ok && answer.value.filter((each) => each.outcome === 'found')).toHaveLength(200);
    expect(routes()).toContain('Account.describe');
    expect(Object.keys(stage.calls().byStatus)).not.toContain('414');
  });

  it('answers a 15-character id under the 18-character one, also twice', async () => {
    const [id = ''] = await accounts(1);

    const answer = await served.port.read('Account', [id.slice(0, 15), id], ['Name']);

    expect(answer).toMatchObject({ value: [{ snapshot: { externalId: id } }, { snapshot: { externalId: id } }] });
  });

  it('asks once which fields there are when one is not, and knows it from then on', async () => {
    const [id = ''] = await accounts(1);
    const fields = ['Name', 'Hidden_One__c', 'Hidden_Two__c', 'Owner.Email', 'Nothing.Email'];

    const first = await served.port.read('Account', [id], fields);
    await served.port.read('Account', [id], fields);

    expect(first).toMatchObject({
      value: [{ snapshot: { values: { Name: 'Account 0', 'Owner.Email': 'integration@tributary.example' } } }],
    });
    const values = first.ok && first.value[0]?.outcome === 'found' ? first.value[0].snapshot.values : {};
    expect(Object.keys(values).toSorted()).toEqual(['Name', 'Owner.Email']);
    const unseen = ['Hidden_One__c', 'Hidden_Two__c', 'Nothing.Email'];
    expect(first).toMatchObject({ value: [{ snapshot: { unseen } }] });
    expect(routes()).toEqual(['Account.read', 'Account.describe', 'Account.read', 'Account.read']);
  });

  it('leaves out lists of rows whose own fields the hub’s user may not see, and reads the rest', async () => {
    const describe = { fields: [{ name: 'Name' }], childRelationships: [{ relationshipName: 'OpportunityLineItems' }] };
    const row = { Id: '006Tb00000zzzzzIAA', SystemModstamp: '2026-05-01T00:00:00.000+0000', Name: 'Deal' };
    const stub = await startStubOrg((request) => {
      if (request.path.endsWith('/describe')) return jsonResponse(200, describe);
      return request.query.get('q')?.includes('Product2.ProductCode') === true
        ? jsonResponse(400, [{ errorCode: 'INVALID_FIELD', message: "No such column 'ProductCode'" }])
        : jsonResponse(200, { done: true, records: [row] });
    });
    const { port } = serveStage(salesforce, stub, clock);

    const first = await port.read('Opportunity', [row.Id], ['Name', 'OpportunityLineItems']);
    const calls = stub.requests.length;
    await port.read('Opportunity', [row.Id], ['Name', 'OpportunityLineItems']);
    await stub.close();

    expect(first).toMatchObject({
      value: [{ snapshot: { values: { Name: 'Deal' }, unseen: ['OpportunityLineItems'] } }],
    });
    // It is remembered: the second read asks for no more than can be seen.
    expect(stub.requests.length - calls).toBe(1);
  });

  it('refuses a field name that no query may hold, and asks nobody', async () => {
    const answer = await served.port.read('Account', ['001Tb00000zzzzzIAA'], ['Name FROM User']);

    expect(answer).toMatchObject({ ok: false, fault: { kind: 'defect', code: 'BAD_FIELD_NAME' } });
    expect(routes()).toEqual([]);
  });

  it('keeps values in the system’s own form', async () => {
    const [id = ''] = await stage.create([
      {
        Name: 'A',
        AnnualRevenue: 1_234_567.89,
        NumberOfEmployees: 12,
        Specializations__c: 'Security;Data',
        BillingCity: 'Oslo',
      },
    ]);

    const answer = await served.port.read(
      'Account',
      [id],
      [
        'AnnualRevenue',
        'NumberOfEmployees',
        'Specializations__c',
        'Website',
        'IsDeleted',
        'CreatedDate',
        'BillingAddress',
      ],
    );

    const values = answer.ok && answer.value[0]?.outcome === 'found' ? answer.value[0].snapshot.values : {};
    expect(values).toEqual({
      AnnualRevenue: 1_234_567.89,
      NumberOfEmployees: 12,
      Specializations__c: 'Security;Data',
      Website: null,
      IsDeleted: false,
      CreatedDate: '2026-05-04T09:00:00.000+0000',
    });
  });

  it('names the survivor of a merge, over several merges step by step', async () => {
    const [first = '', second = '', third = ''] = await accounts(3);
    await stage.merge(second, first);
    clock.advance(1_000);
    await stage.merge(third, second);

    const answer = await served.port.read('Account', [first, second, third], ['Name']);

    expect(answer).toMatchObject({
      value: [
        { outcome: 'deleted', mergedInto: second },
        { outcome: 'deleted', mergedInto: third },
        { outcome: 'found' },
      ],
    });
  });

  it('reads the contacts of an opportunity with it, sorted, each once', async () => {
    const [account = ''] = await accounts(1);
    const contacts = stage.simulator.seed(
      ['Zed', 'Amy', 'Bo'].map((LastName) => ({ object: 'Contact', values: { LastName, AccountId: account } })),
    );
    const [deal = '', bare = ''] = stage.simulator.seed(
      ['Deal', 'Bare'].map((Name) => ({
        object: 'Opportunity',
        values: { Name, StageName: 'Prospecting', CloseDate: '2026-12-31' },
      })),
    );
    const [former = ''] = stage.simulator.seed([{ object: 'Contact', values: { LastName: 'Former' } }]);
    const roleOf = (ContactId: string | undefined, IsDeleted: boolean) => ({
      object: 'OpportunityContactRole',
      values: { OpportunityId: deal, ContactId, IsDeleted },
    });
    stage.simulator.seed([...contacts.toReversed(), contacts[0]].map((contact) => roleOf(contact, false)));
    stage.simulator.seed([roleOf(former, true)]);

    const answer = await served.port.read('Opportunity', [deal, bare], ['Name', 'OpportunityContactRoles']);

    expect(answer).toMatchObject({
      value: [
        { snapshot: { values: { Name: 'Deal', OpportunityContactRoles: contacts.toSorted() } } },
        { snapshot: { values: { Name: 'Bare', OpportunityContactRoles: [] } } },
      ],
    });
    expect(routes()).toEqual(['Opportunity.read']);
  });
});

describe('contact roles the hub’s user may not see', () => {
  it('are absent from the snapshot, and do not take the opportunity down with them', async () => {
    const id = recordIdOf('006Tb0000000001') ?? '';
    const stub = await startStubOrg((request) => {
      if (request.path.endsWith('/describe')) {
        return jsonResponse(200, { fields: [{ name: 'Name' }], childRelationships: [{ relationshipName: null }] });
      }
      if (request.query.get('q')?.includes('OpportunityContactRoles')) {
        const message = "Didn't understand relationship 'OpportunityContactRoles' in FROM part of query call.";
        return jsonResponse(400, [{ errorCode: 'INVALID_TYPE', message }]);
      }
      const SystemModstamp = '2026-05-04T08:00:00.000+0000';
      return jsonResponse(200, { done: true, records: [{ Id: id, IsDeleted: false, SystemModstamp, Name: 'Deal' }] });
    });

    const answer = await serveStage(salesforce, stub, clock).port.read(
      'Opportunity',
      [id],
      ['Name', 'OpportunityContactRoles'],
    );
    await stub.close();

    expect(answer).toMatchObject({ ok: true, value: [{ outcome: 'found', snapshot: { values: { Name: 'Deal' } } }] });
    const values = answer.ok && answer.value[0]?.outcome === 'found' ? answer.value[0].snapshot.values : {};
    expect(Object.keys(values)).toEqual(['Name']);
  });
});

describe('an object the hub’s user may not see', () => {
  it('is an administrator’s matter, and no record of it is called missing', async () => {
    const stub = await startStubOrg((request) =>
      request.path.endsWith('/describe')
        ? jsonResponse(404, [{ errorCode: 'NOT_FOUND', message: '' }])
        : jsonResponse(400, [{ errorCode: 'INVALID_TYPE', message: "sObject type 'Account' is not supported." }]),
    );

    const answer = await serveStage(salesforce, stub, clock).port.read('Account', ['001Tb00000zzzzzIAA'], ['Name']);
    await stub.close();

    expect(answer).toMatchObject({ ok: false, fault: { kind: 'credential', code: 'INVALID_TYPE' } });
  });
});

describe('records that no query finds any more', () => {
  const gone = '001Tb00000zzzzzIAA';
  const other = '001Tb00000yyyyyIAA';
  const respond = (log: ReturnType<typeof jsonResponse>) =>
    startStubOrg((request) =>
      request.path.endsWith('/deleted/') ? log : jsonResponse(200, { done: true, records: [] }),
    );

  it('are deleted when the log of deletions names them, and missing otherwise', async () => {
    const stub = await respond(
      jsonResponse(200, {
        deletedRecords: [{ id: gone, deletedDate: '2026-05-04T08:00:00.000+0000' }],
        earliestDateAvailable: '2026-04-19T00:00:00.000+0000',
        latestDateCovered: '2026-05-04T09:00:00.000+0000',
      }),
    );

    const answer = await serveStage(salesforce, stub, clock).port.read('Account', [gone, other], ['Name']);
    await stub.close();

    expect(answer).toEqual({
      ok: true,
      value: [{ outcome: 'deleted', at: Date.UTC(2026, 4, 4, 8) }, { outcome: 'missing' }],
    });
    expect(stub.requests).toHaveLength(2);
  });

  it('stay missing when the log refuses, and fail when it cannot be reached', async () => {
    const refusing = await respond(jsonResponse(400, [{ errorCode: 'EXCEEDED_ID_LIMIT', message: '' }]));
    const refused = await serveStage(salesforce, refusing, clock).port.read('Account', [gone], ['Name']);
    await refusing.close();
    const down = await respond({ status: 503 });
    const failed = await serveStage(salesforce, down, clock).port.read('Account', [gone], ['Name']);
    await down.close();

    expect(refused).toEqual({ ok: true, value: [{ outcome: 'missing' }] });
    expect(failed).toMatchObject({ ok: false, fault: { kind: 'transient' } });
  });
});

describe('answers in several pages', () => {
  it('are followed to their end, those of a subquery too', async () => {
    const row = (id: string, roles: unknown) => ({
      Id: id,
      IsDeleted: false,
      SystemModstamp: '2026-05-04T08:00:00.000+0000',
      OpportunityContactRoles: roles,
    });
    const ids = ['006Tb0000000001', '006Tb0000000002'].map((id) => recordIdOf(id) ?? '');
    const next = (name: string): string => `/services/data/v64.0/query/${name}`;
    const stub = await startStubOrg((request) => {
      if (request.path.endsWith('/rows-2'))
        return jsonResponse(200, { done: true, records: [row(ids[1] ?? '', null)] });
      if (request.path.endsWith('/roles-2')) return jsonResponse(200, { done: true, records: [{ ContactId: '003B' }] });
      const roles = {
        done: false,
        nextRecordsUrl: next('roles-2'),
        records: [{ ContactId: '003C' }, { ContactId: '003A' }],
      };
      return jsonResponse(200, { done: false, nextRecordsUrl: next('rows-2'), records: [row(ids[0] ?? '', roles)] });
    });

    const answer = await serveStage(salesforce, stub, clock).port.read('Opportunity', ids, ['OpportunityContactRoles']);
    await stub.close();

    expect(answer).toMatchObject({
      value: [
        { snapshot: { values: { OpportunityContactRoles: ['003A', '003B', '003C'] } } },
        { snapshot: { values: { OpportunityContactRoles: [] } } },
      ],
    });
  });

  it('that are no answers are a defect, not an empty list', async () => {
    const stub = await startStubOrg(() => jsonResponse(200, { done: true }));

    const answer = await serveStage(salesforce, stub, clock).port.read('Account', ['001Tb00000zzzzzIAA'], ['Name']);
    await stub.close();

    expect(answer).toMatchObject({ ok: false, fault: { kind: 'defect' } });
  });
});
