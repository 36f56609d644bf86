import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { weighLikeness } from '../../../domain/identity/candidates.ts';
import type { Values } from '../../../domain/model/value.ts';
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
