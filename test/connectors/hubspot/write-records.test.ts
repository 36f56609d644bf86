import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubspot } from '../../../connectors/hubspot/connector.ts';
import type { WriteItem, WriteOutcome } from '../../../domain/model/snapshot.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import type { SystemPort } from '../../../domain/pipeline/ports.ts';
import type { ObjectType } from '../../../local/simulators/hubspot/object-types.ts';
import { type StepClock, stepClock } from '../contract/contract-stage.ts';
import { serveStage } from '../contract/served-connection.ts';
import { type HubspotStage, startHubspotStage } from './hubspot-stage.ts';

let clock: StepClock;
let stage: HubspotStage;
let port: SystemPort;

beforeEach(async () => {
  clock = stepClock();
  stage = await startHubspotStage(clock);
  port = serveStage(hubspot, stage, clock).port;
  stage.simulator.admin.seed([
    { type: 'companies', id: '11', properties: { name: 'Acme' } },
    { type: 'companies', id: '12', properties: { name: 'Beta' } },
    { type: 'contacts', id: '21', properties: { email: 'a@x.example' } },
    { type: 'contacts', id: '22', properties: { email: 'b@x.example' } },
    { type: 'contacts', id: '23', properties: { email: 'c@x.example' } },
    { type: 'deals', id: '31', properties: { dealname: 'Deal' } },
  ]);
  await port.account();
});
afterEach(() => stage.simulator.close());

const unifiedId = (index: number): string => `01J${String(index).padStart(23, '0')}`;

function create(index: number, values: SystemValues, over: Partial<WriteItem> = {}): WriteItem {
  return { operation: 'create', unifiedId: unifiedId(index), values, base: {}, ...over };
}

function update(externalId: string, values: SystemValues, base: SystemValues = {}): WriteItem {
  return { operation: 'update', unifiedId: unifiedId(0), externalId, values, base };
}

function write(object: string, items: readonly WriteItem[]): Promise<readonly WriteOutcome[]> {
  return port.write(object, 'tributary_id', items);
}

function idOf(outcome: WriteOutcome | undefined): string {
  if (outcome?.outcome !== 'written') throw new Error(`Not written: ${JSON.stringify(outcome)}`);
  return outcome.externalId;
}

function linked(type: ObjectType, id: string, to: ObjectType): Record<string, readonly number[]> {
  const ends = stage.simulator.admin.associations(type, id, to).map((end) => [end.id, end.typeIds.toSorted()] as const);
  return Object.fromEntries(ends);
}

async function callsOf(act: () => Promise<unknown>): Promise<number> {
  stage.simulator.admin.resetStatistics();
  await act();
  return stage.simulator.admin.statistics().calls.calls;
}

describe('creating', () => {
  it('makes a batch of deals with their company and contacts in one call', async () => {
    const values = {
      dealname: 'New',
      products: ['platform', 'support'],
      'association.company.primary': '11',
      'association.contact': ['21', '22'],
    };
    const items = Array.from({ length: 100 }, (_, index) => create(index, { ...values, products: null }));

    let outcomes: readonly WriteOutcome[] = [];
    const calls = await callsOf(async () => {
      outcomes = await write('deal', items);
    });

    expect(calls).toBe(1);
    expect(outcomes.every((each) => each.outcome === 'written' && each.created)).toBe(true);
    const id = idOf(outcomes[7]);
    expect(stage.simulator.admin.record('deals', id)?.properties.tributary_id).toBe(unifiedId(7));
    expect(linked('deals', id, 'companies')).toEqual({ '11': [341, 5] });
    expect(Object.keys(linked('deals', id, 'contacts'))).toEqual(['21', '22']);
  });

  it('tells the modification time the answer carried', async () => {
    const [outcome] = await write('company', [create(1, { name: 'New' })]);

    expect(outcome).toMatchObject({ created: true, modifiedAt: clock.now() });
  });

  it('fails the bad ones alone, whatever their place in the batch', async () => {
    const items = Array.from({ length: 20 }, (_, index) =>
      create(index, { name: `Company ${index}`, ...(index % 3 === 0 ? { industry: 'NO_SUCH' } : {}) }),
    );

    const outcomes = await write('company', items);

    outcomes.forEach((outcome, index) => {
      expect(outcome.outcome, `item ${index}`).toBe(index % 3 === 0 ? 'failed' : 'written');
      if (outcome.outcome === 'written') {
        expect(stage.simulator.admin.record('companies', outcome.externalId)?.properties.name).toBe(`Company ${index}`);
      }
    });
  });

  it('updates the record an earlier, forgotten creation made, also without being told to look', async () => {
    const [first] = await write('company', [create(1, { name: 'First try' })]);

    const [second, other] = await write('company', [create(1, { name: 'Second try' }), create(2, { name: 'Other' })]);

    expect(second).toMatchObject({ outcome: 'written', created: false, externalId: idOf(first) });
    expect(stage.simulator.admin.record('companies', idOf(first))?.properties.name).toBe('Second try');
    expect(other).toMatchObject({ created: true });
  });

  it('writes the associations of a creation that turns out to be there', async () => {
    const [first] = await write('deal', [create(1, { dealname: 'First' })]);

    await write('deal', [create(1, { dealname: 'First', 'association.company.primary': '12' })]);

    expect(linked('deals', idOf(first), 'companies')).toEqual({ '12': [341, 5] });
  });

  it('is a conflict for the domain when another record holds the e-mail address', async () => {
    const [outcome] = await write('contact', [create(1, { email: 'a@x.example', lastname: 'Twin' })]);

    const [holder] = stage.simulator.admin
      .records('contacts')
      .filter(({ properties }) => properties.email === 'a@x.example');
    expect(outcome).toMatchObject({ outcome: 'failed', fault: { kind: 'conflict', heldBy: holder?.id } });
    expect(stage.simulator.admin.records('contacts').length).toBe(3);
  });

  it('is refused when a company it is to be associated with is not there', async () => {
    const [bad, good] = await write('deal', [
      create(1, { dealname: 'Bad', 'association.company.primary': '999' }),
      create(2, { dealname: 'Good', 'association.company.primary': '11' }),
    ]);

    expect(bad).toMatchObject({ outcome: 'failed' });
    expect(good).toMatchObject({ outcome: 'written' });
  });
});

describe('updating', () => {
  it('costs one call for a batch of plain properties', async () => {
    const items = ['11', '12'].map((id) => update(id, { phone: '+49 1', description: null }));

    expect(await callsOf(() => write('company', items))).toBe(1);
  });

  it('refuses the one field whose unique value somebody else holds', async () => {
    const [outcome] = await write('contact', [update('22', { email: 'a@x.example' })]);

    expect(outcome).toMatchObject({ fault: { kind: 'rejected', fields: ['email'] } });
  });

  it('writes text, numbers, yes and no, and sets as HubSpot takes them', async () => {
    await write('company', [update('11', { numberofemployees: 12, specializations: [], description: 'x' })]);

    expect(stage.simulator.admin.record('companies', '11')?.properties).toMatchObject({ numberofemployees: '12' });
  });
});

describe('associations of a record that exists', () => {
  const company = 'association.company.primary';

  it('moves the primary mark to another company and keeps the former one as a plain association', async () => {
    await write('deal', [update('31', { [company]: '11' })]);

    const [outcome] = await write('deal', [update('31', { [company]: '12' }, { [company]: '11' })]);

    expect(outcome).toMatchObject({ outcome: 'written' });
    expect(linked('deals', '31', 'companies')).toEqual({ '11': [341], '12': [341, 5] });
  });

  it('parts the deal from its company when the field is cleared', async () => {
    await write('deal', [update('31', { [company]: '11' })]);

    await write('deal', [update('31', { [company]: null }, { [company]: '11' })]);

    expect(linked('deals', '31', 'companies')).toEqual({});
  });

  it('adds and removes contacts as differences, leaving those it does not know of alone', async () => {
    await write('deal', [update('31', { 'association.contact': ['21', '22'] })]);
    await stage.asPerson('PUT', '/crm/v4/objects/deals/31/associations/default/contacts/23');

    await write('deal', [update('31', { 'association.contact': ['22'] }, { 'association.contact': ['21', '22'] })]);

    expect(Object.keys(linked('deals', '31', 'contacts'))).toEqual(['22', '23']);
  });

  it('costs a call for each direction of each field, for a whole batch', async () => {
    await write('deal', [update('31', { [company]: '11', 'association.contact': ['21'] })]);
    const base = { [company]: '11', 'association.contact': ['21'] };

    const item = update('31', { dealname: 'Renamed', [company]: '12', 'association.contact': ['22'] }, base);

    expect(await callsOf(() => write('deal', [item]))).toBe(4);
  });

  it('makes no call when nothing differs', async () => {
    const base = { [company]: '11', 'association.contact': ['21'] };

    expect(await callsOf(() => write('deal', [update('31', base, base)]))).toBe(0);
  });

  it('is decided again when the record at the other end is gone, and the rest of the batch is written', async () => {
    stage.simulator.admin.seed([{ type: 'deals', id: '32', properties: { dealname: 'Other' } }]);

    const [bad, good] = await write('deal', [update('31', { [company]: '999' }), update('32', { [company]: '12' })]);

    expect(bad).toMatchObject({ outcome: 'failed', fault: { kind: 'conflict', code: 'ASSOCIATION_TARGET_MISSING' } });
    expect(good).toMatchObject({ outcome: 'written' });
    expect(linked('deals', '32', 'companies')).toEqual({ '12': [341, 5] });
  });

  it('marks a contact’s primary company by the contact’s own type', async () => {
    await write('contact', [update('21', { [company]: '11' })]);

    expect(linked('contacts', '21', 'companies')).toEqual({ '11': [1, 279] });
  });
});

describe('deleting', () => {
  it('archives, and again does no harm', async () => {
    const item: WriteItem = { ...update('12', {}), operation: 'delete' };

    const first = await write('company', [item]);
    const second = await write('company', [item]);

    expect([...first, ...second].map((each) => each.outcome)).toEqual(['written', 'written']);
    expect(stage.simulator.admin.record('companies', '12')?.isArchived).toBe(true);
  });
});
