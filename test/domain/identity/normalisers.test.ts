import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { domainStanding } from '../../../domain/identity/domain-standing.ts';
import { normalisePersonName } from '../../../domain/identity/person-name.ts';
import { isPlaceholder } from '../../../domain/identity/placeholder.ts';
import { normaliseRegistrationId } from '../../../domain/identity/registration-id.ts';
import { isRoleMailbox } from '../../../domain/identity/role-mailboxes.ts';
import { normaliseTaxId } from '../../../domain/identity/tax-id.ts';
import { domainFacts } from '../../../domain/mapping/canonical/web.ts';

describe('a person’s name', () => {
  test.each([
    [['Ann', 'Lee'], 'ann lee'],
    [['LEE', 'Ann'], 'ann lee'],
    [['Dr. Ann', 'O’Neil-Smith'], 'ann oneil smith'],
    [['José', 'Núñez Jr.'], 'jose nunez'],
    [['Dr.', ''], 'dr'],
    [['', ''], ''],
  ])('%j is %j', (parts, normal) => {
    expect(normalisePersonName(...parts)).toBe(normal);
  });

  test('does not depend on the order of its parts and is in normal form once it is normalised', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (first, last) => {
        const normal = normalisePersonName(first, last);

        expect(normalisePersonName(last, first)).toBe(normal);
        expect(normalisePersonName(normal)).toBe(normal);
      }),
    );
  });
});

describe('a tax number', () => {
  test.each([
    ['DE 123.456.788', undefined, 'DE123456788'],
    ['123456788', 'DE', 'DE123456788'],
    ['DE123456788', 'DE', 'DE123456788'],
    ['USt-IdNr. DE123456788', 'DE', 'DE123456788'],
    ['EL123456783', 'GR', 'GR123456783'],
    ['12-3456780', 'US', 'US123456780'],
    ['CHE-123.456.788 MWST', 'CH', 'CHE123456788'],
    ['GB123456788', 'US', 'GB123456788'],
    ['B12345674', 'ES', 'ESB12345674'],
  ])('%j of a company in %s is %s', (taxId, country, expected) => {
    expect(normaliseTaxId(taxId, country)).toBe(expected);
  });

  test.each([
    ['without a country', '123456788', undefined],
    ['n/a', 'n/a', 'DE'],
    ['noughts', '000000000', 'DE'],
    ['counting up', '123456789', 'DE'],
    ['too short', '1234', 'DE'],
    ['letters only', 'PENDING', 'DE'],
    ['a letter that is no country', 'QQ12345678', undefined],
  ])('is no evidence: %s', (_why, taxId, country) => {
    expect(normaliseTaxId(taxId, country)).toBeUndefined();
  });

  test('is in normal form once it is normalised', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Z0-9 .-]{3,16}$/),
        fc.constantFrom('DE', 'US', 'GB', undefined),
        (taxId, country) => {
          const normal = normaliseTaxId(taxId, country);
          if (normal !== undefined) expect(normaliseTaxId(normal, normal.slice(0, 2))).toBe(normal);
        },
      ),
    );
  });
});

describe('an identifier somebody typed to fill the field', () => {
  test.each(['n/a', 'N.A.', 'none', 'TBD', '---', '', '0000', 'xxxx', '12345', '987654'])(
    '%j is a placeholder',
    (identifier) => {
      expect(isPlaceholder(identifier)).toBe(true);
    },
  );

  test.each(['REG-2026-0042', '123456788', 'x1'])('%j is none', (identifier) => {
    expect(isPlaceholder(identifier)).toBe(false);
  });
});

describe('a registration id', () => {
  test('is compared without case and white space', () => {
    expect(normaliseRegistrationId(' reg-2026 0042')).toBe('REG-20260042');
    expect(normaliseRegistrationId('REG-20260042')).toBe('REG-20260042');
  });

  test.each(['n/a', 'REG', '12', '1111', 'PENDING', ''])('%j is none', (id) => {
    expect(normaliseRegistrationId(id)).toBeUndefined();
  });
});

describe('a mailbox', () => {
  test.each([
    'info@acme.example',
    'sales+eu@acme.example',
    'info2@acme.example',
    'kontakt@acme.example',
    'no-reply@acme.example',
  ])('%s is a role’s', (email) => {
    expect(isRoleMailbox(email)).toBe(true);
  });

  test.each(['ann@acme.example', 'informatica.ann@acme.example', 'salesman@acme.example'])(
    '%s is a person’s',
    (email) => {
      expect(isRoleMailbox(email)).toBe(false);
    },
  );
});

describe('whose a domain is', () => {
  test.each([
    ['acme.com', 'own'],
    ['acme.co.uk', 'own'],
    ['acme.uk.com', 'own'],
    ['acme.myshopify.com', 'hosted'],
    ['acme.github.io', 'hosted'],
    ['gmail.com', 'shared'],
    ['yahoo.co.jp', 'shared'],
    ['t-online.de', 'shared'],
    ['www.facebook.com', 'shared'],
    ['apps.apple.com', 'shared'],
    ['www.apple.com', 'own'],
  ])('%s: %s', (host, standing) => {
    const facts = domainFacts(host);

    expect(facts && domainStanding(facts)).toBe(standing);
  });
});
