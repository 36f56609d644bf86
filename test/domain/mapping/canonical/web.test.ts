import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalEmail } from '../../../../domain/mapping/canonical/email.ts';
import { canonicalDomain, canonicalUrl, domainFacts } from '../../../../domain/mapping/canonical/web.ts';

describe('a web address', () => {
  test.each([
    ['www.Acme.com', 'https://www.acme.com'],
    ['HTTP://Acme.COM/', 'http://acme.com'],
    ['acme.com:8080/', 'https://acme.com:8080'],
    ['https://acme.com/About?Us=1#Top', 'https://acme.com/About?Us=1#Top'],
  ])('%j is %j', (typed, expected) => {
    expect(canonicalUrl(typed)).toBe(expected);
  });

  test.each(['n/a', 'coming soon', 'acme', 'ftp://files.acme.com', 'ann@acme.com'])(
    'that is none, %j, stays as typed',
    (typed) => {
      expect(canonicalUrl(` ${typed}`)).toBe(typed);
    },
  );

  test('is in normal form once it is read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string()), (text) => {
        expect(canonicalUrl(canonicalUrl(text))).toBe(canonicalUrl(text));
      }),
    );
  });
});

describe('a domain', () => {
  test.each([
    ['https://shop.acme.co.uk/path', 'acme.co.uk'],
    ['WWW.ACME.COM.', 'acme.com'],
    ['http://user@host.acme.com:80/', 'acme.com'],
    ['müller.de', 'xn--mller-kva.de'],
    ['https://www.münchen-bäder.example/ort', 'xn--mnchen-bder-s8a81a.example'],
    ['acme.myshopify.com', 'acme.myshopify.com'],
    ['sales.acme.example', 'acme.example'],
  ])('of %j is %j', (typed, expected) => {
    expect(canonicalDomain(typed)).toBe(expected);
  });

  test.each(['co.uk', 'myshopify.com', '10.0.0.1', 'localhost', 'n/a', 'two words.com', 'n.a', ''])(
    'of %j there is none',
    (typed) => {
      expect(canonicalDomain(typed)).toBeUndefined();
    },
  );

  test('tells whose suffix it stands on', () => {
    expect(domainFacts('www.acme.myshopify.com')).toEqual({
      domain: 'acme.myshopify.com',
      host: 'www.acme.myshopify.com',
      suffix: 'myshopify.com',
      isOnPrivateSuffix: true,
    });
  });

  test('is its own domain', () => {
    fc.assert(
      fc.property(fc.domain(), (host) => {
        const found = canonicalDomain(host);
        if (found !== undefined) expect(canonicalDomain(found)).toBe(found);
      }),
    );
  });
});

describe('an e-mail address', () => {
  test.each([
    [' Ann.Lee+CRM@Example.COM ', 'ann.lee+crm@example.com'],
    ['mailto:ann@example.com', 'ann@example.com'],
    ["o'neil@example.com", "o'neil@example.com"],
    ['jörg@müller.example', 'jörg@müller.example'],
  ])('%j is %j', (typed, expected) => {
    expect(canonicalEmail(typed)).toBe(expected);
  });

  test.each([
    '',
    'n/a',
    'ann@',
    '@example.com',
    'ann@example',
    'ann@exa mple.com',
    'a@example.com, b@example.com',
    'Ann <a@example.com>',
    'a@b@c.de',
    'a@.de',
  ])('%j is none', (typed) => {
    expect(canonicalEmail(typed)).toBeUndefined();
  });

  test('is in normal form once it is read', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (typed) => {
        const normal = canonicalEmail(typed);

        expect(normal).toBe(typed.toLowerCase());
        expect(canonicalEmail(normal ?? '')).toBe(normal);
      }),
    );
  });
});
