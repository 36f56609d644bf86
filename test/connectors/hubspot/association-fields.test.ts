import { describe, expect, it } from 'vitest';
import {
  associationFields,
  associationValue,
  associationValues,
  byNumber,
  leadPerson,
  pickOne,
} from '../../../connectors/hubspot/association-fields.ts';

const primaryCompany = associationFields.deal.find(({ holds }) => holds === 'one');
const contacts = associationFields.deal.find(({ holds }) => holds === 'many');
const leadCompany = associationFields.lead[0];
if (primaryCompany === undefined || contacts === undefined || leadCompany === undefined)
  throw new Error('Fields gone.');

describe('association fields', () => {
  it('mean the company marked primary, not the others beside it', () => {
    const associated = [
      { id: '1', typeIds: [341] },
      { id: '2', typeIds: [341, 5, 4711] },
    ];

    expect(associationValue(primaryCompany, associated)).toBe('2');
    expect(associationValue(primaryCompany, associated.slice(0, 1))).toBeNull();
    expect(associationValue(primaryCompany, [])).toBeNull();
  });

  it('hold all contacts, each once, in one order', () => {
    const associated = ['30', '4', '200', '4'].map((id) => ({ id, typeIds: [3] }));

    expect(associationValue(contacts, associated)).toEqual(['200', '30', '4']);
  });

  it('take the marked company of a lead, else the one that was there first', () => {
    const plain = [
      { id: '100', typeIds: [610] },
      { id: '99', typeIds: [610] },
    ];

    expect(associationValue(leadCompany, plain)).toBe('99');
    expect(associationValue(leadCompany, [...plain, { id: '300', typeIds: [610, 580] }])).toBe('300');
  });

  it('tell a write all companies of a lead where there are several and none need be marked', () => {
    const [one, other] = [
      { id: '100', typeIds: [610] },
      { id: '99', typeIds: [610] },
    ];

    expect(associationValues(leadCompany, [one])).toEqual({ 'association.company': '100' });
    expect(associationValues(leadCompany, [one, other])).toEqual({
      'association.company': '99',
      'association.company.all': ['100', '99'],
    });
    expect(associationValues(primaryCompany, [one, other])).toEqual({ 'association.company.primary': null });
  });

  it('take the primary contact of a lead', () => {
    const associated = [
      { id: '1', typeIds: [608] },
      { id: '2', typeIds: [608, 578] },
    ];

    expect(pickOne(leadPerson, associated)).toBe('2');
    expect(pickOne(leadPerson, associated.slice(0, 1))).toBe('1');
  });

  it('order ids by number, also beyond what a float holds', () => {
    const ids = ['9007199254740993', '9007199254740992', '12', '9'];

    expect(ids.toSorted(byNumber)).toEqual(['9', '12', '9007199254740992', '9007199254740993']);
  });
});
