import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalPhone } from '../../../../domain/mapping/canonical/phone.ts';

describe('a phone number', () => {
  test.each([
    ['+1 (415) 555-0123', '+14155550123'],
    ['tel:+1-415-555-0123', '+14155550123'],
    ['+49 (0)30 1234567', '+49301234567'],
    ['0049 30 1234567', '+49301234567'],
    ['+39 02 1234567', '+39021234567'],
    ['+1 415 555 0123 x5', '+14155550123 ext. 5'],
  ])('with its country code, %j, is %j', (typed, expected) => {
    expect(canonicalPhone(typed, undefined)).toBe(expected);
  });

  test.each(['(415) 555-0123', '030 1234567', 'call me', '+1 415 555 0123 / +1 415 555 0124', '+999 123'])(
    'that cannot be read for certain, %j, stays as typed',
    (typed) => {
      expect(canonicalPhone(`  ${typed}\n`, undefined)).toBe(typed);
    },
  );

  test('of a country is read where the vocabulary says which', () => {
    expect(canonicalPhone('(415) 555-0123', 'US')).toBe('+14155550123');
    expect(canonicalPhone('030 1234567', 'DE')).toBe('+49301234567');
    expect(canonicalPhone('+1 415 555 0123', 'DE')).toBe('+14155550123');
  });

  test('is in normal form once it is read', () => {
    const typed = fc.stringMatching(/^[+0-9 ()./x-]{1,20}$/);
    fc.assert(
      fc.property(typed, fc.constantFrom(undefined, 'US', 'DE', 'IT', 'AR'), (text, region) => {
        const normal = canonicalPhone(text, region);

        expect(canonicalPhone(normal, region)).toBe(normal);
      }),
      { numRuns: 2_000 },
    );
  });
});
