import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDoubtful, weighLikeness } from '../../../domain/identity/candidates.ts';
import type { Values } from '../../../domain/model/value.ts';
import { shippedVocabulary } from '../../mappings/shipped.ts';

const partners = shippedVocabulary('partner');
const contacts = shippedVocabulary('contact');
const weigh = (a: Values, b: Values) => weighLikeness('partner', a, b, partners);

describe('two companies', () => {
  test('with one name and nothing against it are a question', () => {
    const likeness = weigh(
      { name: 'Acme GmbH', domain: 'acme.example' },
      { name: 'ACME', domain: 'acme-group.example' },
    );

    expect(likeness).toEqual({ nameSimilarity: 1, shared: ['weak-name'], contradicting: ['domain'] });
    expect(isDoubtful(likeness)).toBe(true);
  });

  test('with different tax numbers are two', () => {
    const likeness = weigh(
      { name: 'Acme', taxId: '123456788', country: 'DE' },
      { name: 'Acme', taxId: '987654322', country: 'DE' },
    );

    expect(likeness.contradicting).toEqual(['tax-id']);
    expect(isDoubtful(likeness)).toBe(false);
  });

  test('with one phone number but names that have nothing in common are no question', () => {
    const phone = '+493012345678';

    expect(isDoubtful(weigh({ name: 'Acme', phone }, { name: 'Zebra Logistics', phone }))).toBe(false);
    expect(isDoubtful(weigh({ name: 'Acme Software', phone }, { name: 'Acme Softwear', phone }))).toBe(true);
    expect(isDoubtful(weigh({ phone }, { phone }))).toBe(true);
  });

  test('with names a letter apart are a question', () => {
    expect(isDoubtful(weigh({ name: 'Nordlicht Systeme' }, { name: 'Nordlicht Sisteme GmbH' }))).toBe(true);
    expect(isDoubtful(weigh({ name: 'Nordlicht Systeme' }, { name: 'Nordlicht Bau' }))).toBe(false);
    expect(isDoubtful(weigh({}, {}))).toBe(false);
  });
});

test('two people of one name in one company are a question', () => {
  const ann = { firstName: 'Ann', lastName: 'Lee', email: 'ann@acme.example' };
  const likeness = weighLikeness(
    'contact',
    ann,
    { firstName: 'LEE', lastName: 'Ann', email: 'a.lee@acme.example' },
    contacts,
  );

  expect(likeness).toEqual({ nameSimilarity: 1, shared: ['weak-name'], contradicting: ['email'] });
  expect(isDoubtful(likeness)).toBe(true);
});

test('deals have no likeness: only their registration says that they are one', () => {
  const likeness = weighLikeness('deal', { name: 'Rollout' }, { name: 'Rollout' }, shippedVocabulary('deal'));

  expect(likeness).toEqual({ nameSimilarity: undefined, shared: [], contradicting: [] });
  expect(isDoubtful(likeness)).toBe(false);
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
