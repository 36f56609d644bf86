import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubspot } from '../../../connectors/hubspot/connector.ts';
import type { WriteItem, WriteOutcome } from '../../../domain/model/snapshot.ts';
import type { SystemValues } from '../../../domain/model/value.ts';
import type { SystemPort } from '../../../domain/pipeline/ports.ts';
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
  stage.simulator.admin.seed(
    [
      { type: 'companies', id: '11', properties: { name: 'Acme' } },
      { type: 'companies', id: '12', properties: { name: 'Beta' } },
      { type: 'contacts', id: '21', properties: { email: 'ann@x.example', firstname: 'Ann', phone: '1' } },
      { type: 'contacts', id: '22', properties: { email: 'bob@x.example' } },
      { type: 'leads', id: '41', properties: { hs_lead_name: 'Known' } },
    ],
    [
      { fromType: 'leads', fromId: '41', toType: 'contacts', toId: '21', typeIds: [578] },
      { fromType: 'leads', fromId: '41', toType: 'companies', toId: '11' },
    ],
  );
  await port.account();
});
afterEach(() => stage.simulator.close());

const unifiedId = (index: number): string => `01J${String(index).padStart(23, '0')}`;

function create(index: number, values: SystemValues, over: Partial<WriteItem> = {}): WriteItem {
  return { operation: 'create', unifiedId: unifiedId(index), values, base: {}, ...over };
}

function update(values: SystemValues, base: SystemValues = { 'contact.id': '21' }, externalId = '41'): WriteItem {
  return { operation: 'update', unifiedId: unifiedId(0), externalId, values, base };
}

function write(items: readonly WriteItem[]): Promise<readonly WriteOutcome[]> {
  return port.write('lead', 'tributary_id', items);
}

function idOf(outcome: WriteOutcome | undefined): string {
  if (outcome?.outcome !== 'written') throw new Error(`Not written: ${JSON.stringify(outcome)}`);
  return outcome.externalId;
}

const contacts = () => stage.simulator.admin.records('contacts');
const contactOf = (leadId: string) =>
  stage.simulator.admin.associations('leads', leadId, 'contacts').map(({ id, typeIds }) => [id, typeIds.toSorted()]);
const person = (id: string) => stage.simulator.admin.record('contacts', id)?.properties;

describe('creating leads', () => {
  it('makes the person by e-mail address, then the lead with person and company, in two calls', async () => {
    stage.simulator.admin.resetStatistics();

    const outcomes = await write([
      create(1, {
        hs_lead_name: 'New',
        'contact.email': 'New@X.example',
        'contact.firstname': 'Nia',
        'association.company': '11',
      }),
      create(2, { hs_lead_name: 'Old', 'contact.email': 'ann@x.example', 'contact.phone': '2' }),
    ]);

    expect(stage.simulator.admin.statistics().calls.calls).toBe(2);
    expect(outcomes.map((each) => each.outcome === 'written' && each.created)).toEqual([true, true]);
    const [madeId = ''] = contactOf(idOf(outcomes[0]))[0] as [string];
    expect(person(madeId)).toMatchObject({ email: 'new@x.example', firstname: 'Nia' });
    expect(contactOf(idOf(outcomes[1]))).toEqual([['21', [578, 608]]]);
    expect(person('21')).toMatchObject({ firstname: 'Ann', phone: '2' });
    expect(stage.simulator.admin.associations('leads', idOf(outcomes[0]), 'companies')).toEqual([
      { id: '11', typeIds: [610] },
    ]);
  });

  it('gives two leads of one address the same contact', async () => {
    const outcomes = await write([
      create(1, { hs_lead_name: 'A', 'contact.email': 'same@x.example' }),
      create(2, { hs_lead_name: 'B', 'contact.email': ' SAME@x.example ', 'contact.firstname': 'Sam' }),
    ]);

    expect(contactOf(idOf(outcomes[0]))).toEqual(contactOf(idOf(outcomes[1])));
    expect(contacts().filter(({ properties }) => properties.email === 'same@x.example').length).toBe(1);
  });

  it('finds the contact that has the address as a second one, and leaves its first one alone', async () => {
    await stage.asPerson('POST', '/crm/v3/objects/contacts/merge', { primaryObjectId: '21', objectIdToMerge: '22' });

    const outcomes = await write([
      create(1, { hs_lead_name: 'A', 'contact.email': 'bob@x.example' }),
      create(2, { hs_lead_name: 'B', 'contact.email': 'other@x.example' }),
    ]);

    expect(contactOf(idOf(outcomes[0]))).toEqual([['21', [578, 608]]]);
    expect(person('21')?.email).toBe('ann@x.example');
    expect(contactOf(idOf(outcomes[1]))).not.toEqual(contactOf(idOf(outcomes[0])));
  });

  it('makes a contact for a person without an address', async () => {
    const [outcome] = await write([
      create(1, { hs_lead_name: 'A', 'contact.lastname': 'Noble', 'contact.email': null }),
    ]);

    const [contactId = ''] = contactOf(idOf(outcome))[0] as [string];
    expect(person(contactId)).toEqual({ lastname: 'Noble' });
  });

  it('takes the contact it is given', async () => {
    const [outcome] = await write([create(1, { hs_lead_name: 'A', 'contact.id': '22' })]);

    expect(contactOf(idOf(outcome))).toEqual([['22', [578, 608]]]);
  });

  it('is refused without any person, before anything is made', async () => {
    stage.simulator.admin.resetStatistics();

    const [outcome] = await write([create(1, { hs_lead_name: 'A', 'contact.email': null })]);

    expect(outcome).toMatchObject({ fault: { kind: 'rejected', code: 'LEAD_NEEDS_CONTACT', fields: [] } });
    expect(stage.simulator.admin.statistics().calls.calls).toBe(0);
  });

  it('names the lead’s field when the person’s address is refused, and makes the other leads', async () => {
    const outcomes = await write([
      create(1, { hs_lead_name: 'A', 'contact.email': 'no address' }),
      create(2, { hs_lead_name: 'B', 'contact.email': 'fine@x.example' }),
      create(3, { hs_lead_name: 'C', 'contact.email': 'also@x.example' }),
    ]);

    expect(outcomes[0]).toMatchObject({ fault: { kind: 'rejected', fields: ['contact.email'] } });
    expect(outcomes.slice(1).map((each) => each.outcome)).toEqual(['written', 'written']);
  });

  it('finds a lead whose answer was lost, so that neither it nor its person is made again', async () => {
    stage.simulator.admin.addFault({ kind: 'lose-answer', match: { pathIncludes: '/leads/batch/create' } });
    const item = create(1, { hs_lead_name: 'A', 'contact.lastname': 'Noble' });
    const [lost] = await write([item]);

    const found = await port.find('lead', 'tributary_id', [unifiedId(1), unifiedId(2)]);

    expect(lost).toMatchObject({ fault: { kind: 'uncertain' } });
    const made = stage.simulator.admin.records('leads').find(({ properties }) => properties.hs_lead_name === 'A');
    expect(found).toEqual({ ok: true, value: new Map([[unifiedId(1), made?.id]]) });
  });
});

describe('updating leads', () => {
  it('writes the person to the contact and the rest to the lead', async () => {
    const [outcome] = await write([
      update({ hs_lead_name: 'Renamed', 'contact.phone': '3', 'contact.firstname': null }),
    ]);

    expect(outcome).toMatchObject({ outcome: 'written', externalId: '41', created: false });
    expect(stage.simulator.admin.record('leads', '41')?.properties.hs_lead_name).toBe('Renamed');
    expect(person('21')).toEqual({ email: 'ann@x.example', phone: '3' });
  });

  it('asks the lead for its contact where the last read did not tell', async () => {
    await write([update({ 'contact.phone': '4' }, {})]);

    expect(person('21')?.phone).toBe('4');
    expect(contacts().length).toBe(2);
  });

  it('gives a lead that lost its contact a new one', async () => {
    await stage.asPerson('DELETE', '/crm/v4/objects/leads/41/associations/contacts/21');

    await write([update({ 'contact.email': 'bob@x.example' }, { 'contact.id': null })]);

    expect(contactOf('41')).toEqual([['22', [578, 608]]]);
  });

  it('changes the company by making the new association and removing the former one', async () => {
    await write([update({ 'association.company': '12' }, { 'contact.id': '21', 'association.company': '11' })]);

    expect(stage.simulator.admin.associations('leads', '41', 'companies')).toEqual([{ id: '12', typeIds: [610] }]);
  });

  it('refuses only the field when the new address belongs to another contact', async () => {
    const [outcome] = await write([update({ 'contact.email': 'bob@x.example' })]);

    expect(outcome).toMatchObject({ fault: { kind: 'rejected', fields: ['contact.email'] } });
  });

  it('is decided again when the contact is gone: the lead is not', async () => {
    const [outcome] = await write([update({ 'contact.phone': '5' }, { 'contact.id': '999' })]);

    expect(outcome).toMatchObject({ fault: { kind: 'conflict', code: 'CONTACT_MISSING' } });
  });

  it('writes two leads of one contact in one batch', async () => {
    stage.simulator.admin.seed(
      [{ type: 'leads', id: '42', properties: { hs_lead_name: 'Second' } }],
      [{ fromType: 'leads', fromId: '42', toType: 'contacts', toId: '21', typeIds: [578] }],
    );

    const outcomes = await write([
      update({ 'contact.phone': '6' }),
      update({ 'contact.firstname': 'Anna' }, { 'contact.id': '21' }, '42'),
    ]);

    expect(outcomes.map((each) => each.outcome)).toEqual(['written', 'written']);
    expect(person('21')).toMatchObject({ phone: '6', firstname: 'Anna' });
  });
});
