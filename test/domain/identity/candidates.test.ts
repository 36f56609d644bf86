import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { weighLikeness } from '../../../domain/identity/candidates.ts';
import { matchKeys } from '../../../domain/identity/match-keys.ts';
import type { Values } from '../../../domain/model/value.ts';
import type { Vocabulary } from '../../../domain/model/vocabulary.ts';
import { shippedVocabulary } from '../../mappings/shipped.ts';

const partners = shippedVocabulary('partner');
const contacts = shippedVocabulary('contact');
const weigh = (a: Values, b: Values) => weighLikeness('partner', a, partners)(b);
const isDoubtful = (a: Values, b: Values): boolean => weigh(a, b).isDoubtful;

describe('two companies', () => {
  test('with one name and nothing against it are a question', () => {
    expect(
      isDoubtful({ name: 'Acme GmbH', domain: 'acme.example' }, { name: 'ACME', domain: 'acme-group.example' }),
    ).toBe(true);
  });

  test('with different tax numbers are two', () => {
    const likeness = weigh(
      { name: 'Acme', taxId: '123456788', country: 'DE' },
      { name: 'Acme', taxId: '987654322', country: 'DE' },
    );

    expect(likeness).toMatchObject({ contradicting: ['tax-id'], isDoubtful: false });
  });

  test('with one phone number but names that have nothing in common are no question', () => {
    const phone = '+493012345678';

    expect(isDoubtful({ name: 'Acme', phone }, { name: 'Zebra Logistics', phone })).toBe(false);
    expect(isDoubtful({ name: 'Acme Software', phone }, { name: 'Acme Softwear', phone })).toBe(true);
    expect(isDoubtful({ phone }, { phone })).toBe(true);
  });

  test('with names a letter apart are a question', () => {
    expect(isDoubtful({ name: 'Nordlicht Systeme' }, { name: 'Nordlicht Sisteme GmbH' })).toBe(true);
    expect(isDoubtful({ name: 'Nordlicht Systeme' }, { name: 'Nordlicht Bau' })).toBe(false);
    expect(isDoubtful({}, {})).toBe(false);
  });
});

describe('two companies of other signs', () => {
  test('with one customer number are a question, whatever they are called, and never linked', () => {
    const [a, b] = [
      { name: 'Acme', customerNumber: '10-4711 A' },
      { name: 'Zebra Logistics', customerNumber: '104711a' },
    ];

    expect(isDoubtful(a, b)).toBe(true);
    expect(isDoubtful(a, { ...b, customerNumber: '104712a' })).toBe(false);
    expect(matchKeys('partner', a, partners).strong).toEqual([]);
    expect(matchKeys('partner', a, partners).weak).toContainEqual({
      kind: 'partner',
      type: 'weak-id',
      value: 'customernumber 104711A',
    });
  });

  test('with numbers of different kinds, placeholders or counters in common are none', () => {
    const many = (...customerNumber: string[]): Values => ({ customerNumber });

    expect(isDoubtful(many('vat: 4711-08', 'lei:5493001'), many('portal:99', 'VAT:471108'))).toBe(true);
    expect(isDoubtful(many('supplier:471108'), many('customer:471108'))).toBe(false);
    for (const value of ['n/a', '0000000', '12345', '471', 'none']) {
      expect(isDoubtful({ customerNumber: value }, { customerNumber: value }), value).toBe(false);
    }
  });

  test('in one street are a question in whatever order the line says it', () => {
    const one = { name: 'Harbour Exports', street: 'Chinatown Point, 133 New Bridge Road, 059413 Singapore' };
    const other = { name: 'Universal Exports', street: '133 New Bridge Road, Chinatown Point, Singapore 059413' };

    expect(isDoubtful(one, { ...other, name: 'Harbour Export Trading' })).toBe(true);
    expect(sharedKeys('partner', one, other, partners)).toContain('weak-street');
  });

  test('are found by the organisation where their names begin with a department', () => {
    const one = { name: 'Department of Pathology, Kestrel Cancer Center, Philadelphia, PA, USA' };
    const other = { name: 'Faculty of Economics, Kestrel Cancer Center, Boston' };

    expect(isDoubtful(one, other)).toBe(true);
    expect(sharedKeys('partner', one, other, partners)).toContain('weak-head');
    expect(isDoubtful(one, { name: 'Department of Pathology, Osprey University, Philadelphia, PA, USA' })).toBe(false);
  });
});

function sharedKeys(kind: 'partner' | 'contact', a: Values, b: Values, vocabulary: Vocabulary): readonly string[] {
  const theirs = matchKeys(kind, b, vocabulary).weak.map(({ type, value }) => `${type}:${value}`);
  return matchKeys(kind, a, vocabulary)
    .weak.filter(({ type, value }) => theirs.includes(`${type}:${value}`))
    .map(({ type }) => type);
}

describe('two people', () => {
  const isAsked = (a: Values, b: Values): boolean => weighLikeness('contact', a, contacts)(b).isDoubtful;
  const ann = { firstName: 'Ann', lastName: 'Lee', email: 'ann@acme.example' };

  test('of one name in one company are a question, also with the names swapped, shortened or mistyped', () => {
    expect(isAsked(ann, { firstName: 'LEE', lastName: 'Ann', email: 'a.lee@acme.example' })).toBe(true);
    expect(isAsked(ann, { firstName: 'Annie', lastName: 'Lee', email: 'al@acme.example' })).toBe(true);
    const bob = { firstName: 'Robert', lastName: 'Kowalski', phone: '+12025550123' };
    expect(isAsked(bob, { firstName: 'Bob', lastName: 'Kowaslki', phone: '202-555-0123' })).toBe(true);
  });

  test('of one name at two companies are none', () => {
    expect(isAsked(ann, { firstName: 'Ann', lastName: 'Lee', email: 'ann.lee@zebra.example' })).toBe(false);
  });

  test('who share a door, a switchboard and an employer only are colleagues', () => {
    const door = { street: '12 Main Street', postalCode: '10001', city: 'New York', phone: '+12125550100' };
    const colleague = { firstName: 'Carl', lastName: 'Moss', email: 'carl@acme.example', ...door };

    expect(isAsked({ ...ann, ...door }, colleague)).toBe(false);
    expect(isAsked({ ...ann, ...door }, { ...colleague, firstName: 'Ann' })).toBe(false);
  });

  test('whose names are in different scripts are judged by the rest', () => {
    const door = { street: '12 Constitution Street', city: 'Hong Kong', phone: '+85221234567' };

    expect(isAsked({ lastName: '王杰', ...door }, { firstName: 'Jie', lastName: 'Wang', ...door })).toBe(true);
  });
});

describe('one person', () => {
  test.each<[how: string, Values, Values]>([
    ['in Chinese signs', { lastName: '张秀英' }, { firstName: 'Xiu Ying', lastName: 'Zhang' }],
    ['in Chinese signs, by parts', { firstName: '伟', lastName: '张' }, { firstName: 'Wei', lastName: 'Zhang' }],
    ['in Arabic letters', { firstName: 'فيصل', lastName: 'صديقي' }, { firstName: 'Faisal', lastName: 'Siddiqui' }],
    ['in Khmer letters', { firstName: 'តារា', lastName: 'គឹម' }, { firstName: 'Dara', lastName: 'Kim' }],
    ['by a nickname', { firstName: 'Margaret', lastName: 'Charney' }, { firstName: 'Peggie', lastName: 'Charney' }],
    ['in one field', { lastName: 'Susan Moss' }, { firstName: 'Susan', lastName: 'Moss' }],
  ])('is found under another writing: %s', (_how, a, b) => {
    const phone = '+85221234567';
    const asked = weighLikeness('contact', { ...a, phone }, contacts)({ ...b, phone });

    expect(asked.isDoubtful).toBe(true);
    expect(sharedKeys('contact', a, b, contacts)).toContain('weak-person');
  });

  test('is not another one whose name in another script differs', () => {
    const [a, b] = [{ lastName: '王杰' }, { firstName: 'Xiu Ying', lastName: 'Zhang' }];

    expect(weighLikeness('contact', a, contacts)(b).evidence).toBe(0);
  });
});

test('deals have no likeness: only their registration says that they are one', () => {
  const likeness = weighLikeness('deal', { name: 'Rollout' }, shippedVocabulary('deal'))({ name: 'Rollout' });

  expect(likeness.isDoubtful).toBe(false);
});

test('likeness does not depend on which record comes first', () => {
  const name = fc
    .array(fc.constantFrom('Acme', 'Acne', 'Group', 'GmbH', 'Nord', 'Norden'), { minLength: 1, maxLength: 4 })
    .map((words) => words.join(' '));
  const partner = fc.record({
    name,
    phone: fc.constantFrom('+493012345678', '+493012345679'),
    domain: fc.constantFrom('a.example', 'b.example'),
  });
  fc.assert(
    fc.property(partner, partner, (a, b) => {
      expect(weigh(b, a)).toEqual(weigh(a, b));
    }),
  );
});
