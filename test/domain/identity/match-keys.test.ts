import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchKeys, strongKeys } from '../../../domain/identity/match-keys.ts';
import type { Kind } from '../../../domain/model/kind.ts';
import type { Values } from '../../../domain/model/value.ts';
import { canonicalValue } from '../../mappings/arbitraries.ts';
import { shippedVocabulary } from '../../mappings/shipped.ts';

/** The keys of a record by the shipped identity rules, as `type:value`. */
function keysOf(kind: Kind, values: Values): { strong: string[]; weak: string[] } {
  const keys = matchKeys(kind, values, shippedVocabulary(kind));
  const text = ({ type, value }: { type: string; value: string }) => `${type}:${value}`;
  return { strong: keys.strong.map(text), weak: keys.weak.map(text) };
}

describe('a partner', () => {
  test('is known by its domain and tax number, and resembles others by name and phone', () => {
    const values = {
      name: 'Acme GmbH',
      domain: 'acme.example',
      taxId: '123 456 788',
      country: 'DE',
      phone: '+493012345678',
    };

    expect(keysOf('partner', values)).toEqual({
      strong: ['domain:acme.example', 'tax-id:DE123456788'],
      weak: ['weak-name:acme', 'weak-sound:akm', 'weak-head:acme -', 'weak-head-land:acme DE', 'weak-phone:8765432'],
    });
  });

  test.each(['gmail.com', 'facebook.com', 'wordpress.com'])('is not known by %s, which many share', (domain) => {
    expect(keysOf('partner', { domain })).toEqual({ strong: [], weak: [] });
  });

  test('with a place at a hosting company only resembles others', () => {
    expect(keysOf('partner', { domain: 'acme.myshopify.com' })).toEqual({
      strong: [],
      weak: ['weak-domain:acme.myshopify.com'],
    });
  });

  test('gives no key for an extension, a placeholder or nothing', () => {
    const values = { name: '-', domain: null, taxId: 'n/a', country: 'DE', phone: '12345' };

    expect(keysOf('partner', values)).toEqual({ strong: [], weak: [] });
    expect(keysOf('partner', {})).toEqual({ strong: [], weak: [] });
  });
});

describe('a contact', () => {
  test('is known by an address of their own, and resembles others of that name in that company', () => {
    expect(keysOf('contact', { firstName: 'Ann', lastName: 'Lee', email: 'ann.lee@mail.acme.example' })).toEqual({
      strong: ['email:ann.lee@mail.acme.example'],
      weak: ['weak-name:ann lee@acme.example', 'weak-mailbox:annlee', 'weak-host:acme.example ann', 'weak-person:an l'],
    });
  });

  test('is not known by a shared mailbox', () => {
    expect(keysOf('contact', { email: 'info@acme.example' })).toEqual({
      strong: [],
      weak: ['weak-email:info@acme.example'],
    });
  });

  test('with a private address is known by it, tags and dots as they are, and resembles nobody by its provider', () => {
    expect(keysOf('contact', { firstName: 'Ann', lastName: 'Lee', email: 'a.lee+x@gmail.com' })).toEqual({
      strong: ['email:a.lee+x@gmail.com'],
      weak: ['weak-mailbox:aleex', 'weak-person:an l'],
    });
  });
});

describe('a lead', () => {
  const person = { firstName: 'Ann', lastName: 'Lee', email: 'ann@acme.example', companyName: 'Acme Ltd' };

  test('is known by its address while it is open', () => {
    expect(keysOf('lead', { ...person, status: 'working' })).toEqual({
      strong: ['email:ann@acme.example'],
      weak: [
        'weak-name:ann lee@acme.example',
        'weak-name:ann lee@acme',
        'weak-mailbox:ann acm',
        'weak-host:acme.example ann',
        'weak-person:an l',
      ],
    });
  });

  test.each(['qualified', 'unqualified'])('that is %s gives up its keys', (status) => {
    expect(keysOf('lead', { ...person, status })).toEqual({ strong: [], weak: [] });
  });
});

describe('a deal', () => {
  test.each([
    ['offerId', 'offer-id', ' Offer-ab3dexample ', 'offer-ab3dexample'],
    ['offerId', 'offer-id', 'arn:aws:aws-marketplace:us-east-1::catalog/offer-ab3dexample', 'offer-ab3dexample'],
    ['agreementId', 'agreement-id', 'agmt-EXAMPLE', 'agmt-example'],
    ['coSellId', 'co-sell-id', 'O1234567', 'o1234567'],
  ])('is known by its %s, in any spelling', (field, type, typed, value) => {
    expect(keysOf('deal', { [field]: typed }).strong).toEqual([`${type}:${value}`]);
  });

  test.each(['n/a', 'x', '0000', 'offer of May, see mail', `offer-${'a'.repeat(80)}`])(
    'is not known by what is no id: %s',
    (typed) => {
      expect(keysOf('deal', { offerId: typed, agreementId: typed, coSellId: typed }).strong).toEqual([]);
    },
  );

  test('is known by its registration and by nothing else', () => {
    const values = { name: 'Acme rollout', partner: '01J', amount: '5', registrationId: 'reg-2026-0042' };

    expect(keysOf('deal', values)).toEqual({ strong: ['registration-id:REG-2026-0042'], weak: [] });
    expect(keysOf('deal', { ...values, registrationId: null })).toEqual({ strong: [], weak: [] });
  });
});

test('a vocabulary without identity rules gives no keys', () => {
  const { identity: _rules, ...vocabulary } = shippedVocabulary('partner');

  expect(matchKeys('partner', { domain: 'acme.example' }, vocabulary)).toEqual({ strong: [], weak: [] });
});

test.each(['partner', 'contact', 'deal', 'lead'] as const)(
  'the keys of a %s do not depend on the order of its fields, and its strong ones not on the weak',
  (kind) => {
    const vocabulary = shippedVocabulary(kind);
    const filled = [...vocabulary.fields.values()].map((field) =>
      canonicalValue(field).map((value) => [field.name, value] as const),
    );
    const record = fc
      .tuple(...filled)
      .chain((entries) => fc.subarray(entries))
      .map((entries) => Object.fromEntries(entries));
    fc.assert(
      fc.property(record, (values) => {
        const reversed = Object.fromEntries(Object.entries(values).reverse());

        const keys = matchKeys(kind, values, vocabulary);

        expect(matchKeys(kind, reversed, vocabulary)).toEqual(keys);
        expect(strongKeys(kind, (field) => values[field], vocabulary)).toEqual(keys.strong);
        for (const { value } of [...keys.strong, ...keys.weak]) expect(value).not.toBe('');
      }),
    );
  },
);
