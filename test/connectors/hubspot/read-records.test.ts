import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubspot } from '../../../connectors/hubspot/connector.ts';
import type { ReadOutcome } from '../../../domain/model/snapshot.ts';
import type { SystemPort } from '../../../domain/pipeline/ports.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { serveStage } from '../contract/served-connection.ts';
import { type HubspotStage, startHubspotStage } from './hubspot-stage.ts';

let clock: StepClock;
let stage: HubspotStage;
let port: SystemPort;

async function start(options: Parameters<typeof startHubspotStage>[1] = {}): Promise<void> {
  clock = stepClock();
  stage = await startHubspotStage(clock, options);
  port = serveStage(hubspot, stage, clock).port;
}

beforeEach(() => start());
afterEach(() => stage.simulator.close());

async function read(
  object: string,
  ids: readonly string[],
  fields: readonly string[],
): Promise<readonly ReadOutcome[]> {
  const answer = await port.read(object, ids, fields);
  if (!answer.ok) throw new Error(`${answer.fault.kind} ${answer.fault.code}`);
  return answer.value;
}

/** How many calls something made. */
async function callsOf(act: () => Promise<unknown>): Promise<number> {
  stage.simulator.admin.resetStatistics();
  await act();
  const { calls, byRoute } = stage.simulator.admin.statistics().calls;
  return calls - (byRoute['POST /oauth/v1/token']?.calls ?? 0);
}

const dealFields = ['dealname', 'amount', 'tributary_id', 'association.company.primary', 'association.contact'];
const leadFields = ['hs_lead_name', 'association.company', 'contact.id', 'contact.email', 'contact.phone'];

function seedDeal(): void {
  stage.simulator.admin.seed(
    [
      { type: 'companies', id: '11', properties: { name: 'Acme' } },
      { type: 'companies', id: '12', properties: { name: 'Plain' } },
      { type: 'contacts', id: '21', properties: { email: 'a@x.example' } },
      { type: 'contacts', id: '22', properties: { email: 'b@x.example' } },
      { type: 'deals', id: '31', properties: { dealname: 'One', amount: '12500.50' } },
      { type: 'deals', id: '32', properties: { dealname: 'Alone' } },
    ],
    [
      { fromType: 'deals', fromId: '31', toType: 'companies', toId: '12' },
      { fromType: 'deals', fromId: '31', toType: 'companies', toId: '11', typeIds: [5] },
      { fromType: 'deals', fromId: '31', toType: 'contacts', toId: '22' },
      { fromType: 'deals', fromId: '31', toType: 'contacts', toId: '21' },
    ],
  );
}

function seedLead(): void {
  stage.simulator.admin.seed(
    [
      { type: 'companies', id: '11', properties: { name: 'Acme' } },
      { type: 'contacts', id: '21', properties: { email: 'a@x.example' }, modifiedAt: clock.now() - 5_000 },
      {
        type: 'contacts',
        id: '22',
        properties: { email: 'b@x.example', phone: '+49 1' },
        modifiedAt: clock.now() - 1_000,
      },
      { type: 'leads', id: '41', properties: { hs_lead_name: 'Lead' }, modifiedAt: clock.now() - 9_000 },
      { type: 'leads', id: '42', properties: { hs_lead_name: 'Nobody' } },
    ],
    [
      { fromType: 'leads', fromId: '41', toType: 'contacts', toId: '21' },
      { fromType: 'leads', fromId: '41', toType: 'contacts', toId: '22', typeIds: [578] },
      { fromType: 'leads', fromId: '41', toType: 'companies', toId: '11' },
    ],
  );
}

describe('reading deals', () => {
  it('gives the primary company and all contacts as fields, and nothing where there are none', async () => {
    seedDeal();

    const [one, alone] = await read('deal', ['31', '32'], dealFields);

    expect(one).toMatchObject({
      snapshot: {
        values: {
          dealname: 'One',
          amount: '12500.50',
          tributary_id: null,
          'association.company.primary': '11',
          'association.contact': ['21', '22'],
        },
      },
    });
    expect(alone).toMatchObject({
      snapshot: { values: { dealname: 'Alone', 'association.company.primary': null, 'association.contact': [] } },
    });
  });

  it('says which properties the account does not have, and makes no value of them', async () => {
    seedDeal();

    const [deal] = await read('deal', ['31'], ['dealname', 'no_such_property', 'description']);

    expect(deal).toMatchObject({ snapshot: { unseen: ['no_such_property'] } });
    expect(deal?.outcome === 'found' && Object.keys(deal.snapshot.values)).toEqual(['dealname', 'description']);
  });

  it('costs one call for 100 records, and one more for each association field asked for', async () => {
    seedDeal();
    const ids = Array.from({ length: 100 }, (_, index) => String(5_000 + index));
    stage.simulator.admin.seed(ids.map((id) => ({ type: 'deals', id, properties: { dealname: id } })));
    await read('deal', ['31'], ['dealname']);

    expect(await callsOf(() => read('deal', ids, ['dealname']))).toBe(1);
    expect(await callsOf(() => read('deal', ids, ['dealname', 'association.contact']))).toBe(2);
    expect(await callsOf(() => read('deal', ids, dealFields))).toBe(3);
  });

  it('reads the associations of a merged deal’s survivor', async () => {
    seedDeal();
    await stage.asPerson('POST', '/crm/v3/objects/deals/merge', { primaryObjectId: '31', objectIdToMerge: '32' });

    const [loser] = await read('deal', ['32'], dealFields);

    expect(loser).toMatchObject({ snapshot: { externalId: '31', values: { 'association.company.primary': '11' } } });
  });

  it('reads on where one record has more associations than HubSpot answers at once', async () => {
    const contactIds = Array.from({ length: 1_250 }, (_, index) => String(100_000 + index));
    stage.simulator.admin.seed(
      [
        { type: 'deals', id: '31', properties: { dealname: 'Crowded' } },
        ...contactIds.map((id) => ({ type: 'contacts', id, properties: { email: `c${id}@x.example` } })),
      ],
      contactIds.map((toId) => ({ fromType: 'deals', fromId: '31', toType: 'contacts', toId })),
    );

    const [crowded] = await read('deal', ['31'], ['association.contact']);

    expect(crowded).toMatchObject({ snapshot: { values: { 'association.contact': contactIds.toSorted() } } });
  });

  it('fails as a whole when the associations cannot be read: an unreadable one is not a removed one', async () => {
    seedDeal();
    await read('deal', ['31'], ['dealname']);
    stage.simulator.admin.addFault({ kind: 'unavailable', count: 20, match: { pathIncludes: '/associations/' } });

    const answer = await port.read('deal', ['31'], dealFields);

    expect(answer).toMatchObject({ ok: false, fault: { kind: 'transient' } });
  });
});

describe('reading contacts', () => {
  it('gives the primary company, and times from the contact’s own property', async () => {
    stage.simulator.admin.seed(
      [
        { type: 'companies', id: '11', properties: { name: 'Acme' } },
        { type: 'contacts', id: '21', properties: { email: 'a@x.example' }, createdAt: 1_000, modifiedAt: 2_000 },
      ],
      [{ fromType: 'contacts', fromId: '21', toType: 'companies', toId: '11', typeIds: [1] }],
    );

    const [outcome] = await read('contact', ['21'], ['email', 'association.company.primary']);

    expect(outcome).toEqual({
      outcome: 'found',
      snapshot: {
        externalId: '21',
        createdAt: 1_000,
        modifiedAt: 2_000,
        values: { email: 'a@x.example', 'association.company.primary': '11' },
      },
    });
  });
});

describe('reading leads', () => {
  it('gives the person of the primary contact, with the times at which that contact changed', async () => {
    const seededAt = clock.now();
    seedLead();

    const [lead] = await read('lead', ['41'], leadFields);

    expect(lead).toMatchObject({
      snapshot: {
        modifiedAt: seededAt - 9_000,
        values: {
          hs_lead_name: 'Lead',
          'association.company': '11',
          'contact.id': '22',
          'contact.email': 'b@x.example',
          'contact.phone': '+49 1',
        },
        fieldTimes: { 'contact.email': seededAt - 1_000, 'contact.phone': seededAt - 1_000 },
      },
    });
  });

  it('names all companies of a lead that has several and none marked', async () => {
    seedLead();
    stage.simulator.admin.seed(
      [{ type: 'companies', id: '12', properties: { name: 'Other' } }],
      [{ fromType: 'leads', fromId: '41', toType: 'companies', toId: '12' }],
    );

    const [crowded, nobody] = await read('lead', ['41', '42'], leadFields);

    expect(crowded).toMatchObject({
      snapshot: { values: { 'association.company': '11' }, among: { 'association.company': ['11', '12'] } },
    });
    expect(nobody?.outcome === 'found' && nobody.snapshot.among).toBeUndefined();
  });

  it('gives nobody where there is nobody', async () => {
    seedLead();

    const [, nobody] = await read('lead', ['41', '42'], leadFields);

    expect(nobody).toMatchObject({
      snapshot: { values: { 'contact.id': null, 'contact.email': null, 'association.company': null } },
    });
  });

  it('costs four calls for a batch, and fewer when less is asked for', async () => {
    seedLead();
    await read('lead', ['41'], ['hs_lead_name']);

    expect(await callsOf(() => read('lead', ['41', '42'], leadFields))).toBe(4);
    expect(await callsOf(() => read('lead', ['41', '42'], ['hs_lead_name', 'contact.id']))).toBe(2);
    expect(await callsOf(() => read('lead', ['41', '42'], ['hs_lead_name']))).toBe(1);
  });
});

describe('reading what is gone', () => {
  it('tells deleted from never there, with the time of the deletion, for one more call', async () => {
    stage.simulator.admin.seed([
      { type: 'companies', id: '11', properties: { name: 'Kept' } },
      { type: 'companies', id: '12', properties: { name: 'Gone' } },
    ]);
    await stage.asPerson('DELETE', '/crm/v3/objects/companies/12');
    await read('company', ['11'], ['name']);

    const calls = await callsOf(async () => {
      expect(await read('company', ['12', '999', '11', 'no id', '12'], ['name'])).toMatchObject([
        { outcome: 'deleted', at: clock.now() },
        { outcome: 'missing' },
        { outcome: 'found' },
        { outcome: 'missing' },
        { outcome: 'deleted' },
      ]);
    });

    expect(calls).toBe(2);
  });

  it('finds a restored record again', async () => {
    stage.simulator.admin.seed([{ type: 'companies', id: '12', properties: { name: 'Back' } }]);
    await stage.asPerson('DELETE', '/crm/v3/objects/companies/12');
    stage.simulator.admin.restore('companies', '12');

    expect(await read('company', ['12'], ['name'])).toMatchObject([{ outcome: 'found' }]);
  });

  it.each([false, true])(
    'attributes several merged ids in one batch (a third id for the survivor: %s)',
    async (mergeMakesNewId) => {
      await stage.simulator.close();
      await start({ mergeMakesNewId });
      const ids = ['11', '12', '13', '14'];
      stage.simulator.admin.seed(ids.map((id) => ({ type: 'companies', id, properties: { name: `Company ${id}` } })));
      const merge = async (primaryObjectId: string, objectIdToMerge: string): Promise<string> => {
        const body = { primaryObjectId, objectIdToMerge };
        return ((await stage.asPerson('POST', '/crm/v3/objects/companies/merge', body)) as { id: string }).id;
      };
      const first = await merge('11', '12');
      const second = await merge('13', '14');

      const outcomes = await read('company', ['14', '12', first, '13'], ['name']);

      expect(outcomes.map((each) => each.outcome === 'found' && each.snapshot.externalId)).toEqual([
        second,
        first,
        first,
        second,
      ]);
      expect(outcomes[0]).toMatchObject({ snapshot: { values: { name: 'Company 13' } } });
    },
  );

  it('does not take a privacy-deleted contact for a deleted one: nothing is left that says so', async () => {
    stage.simulator.admin.seed([{ type: 'contacts', id: '21', properties: { email: 'a@x.example' } }]);
    await stage.asPerson('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: '21' });

    expect(await read('contact', ['21'], ['email'])).toEqual([{ outcome: 'missing' }]);
  });
});
