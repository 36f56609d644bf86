import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, likeMatcher } from '../../../../../local/simulators/salesforce/soql/text-literal.ts';

describe('decodeText', () => {
  it.each([
    [String.raw`O\'Neill`, "O'Neill"],
    [String.raw`back\\slash`, 'back\\slash'],
    [String.raw`a\nb\tc`, 'a\nb\tc'],
    [String.raw`\u00e9t\u00E9`, 'été'],
    [String.raw`50\% \_ \"x\"`, '50% _ "x"'],
  ])('reads %s', (raw, text) => {
    expect(decodeText(raw)).toBe(text);
  });

  it.each([String.raw`\q`, String.raw`\u12`, '\\'])('refuses %s', (raw) => {
    expect(decodeText(raw)).toBeUndefined();
  });
});

describe('likeMatcher', () => {
  it.each([
    ['acme%', 'ACME Ltd', true],
    ['%ltd', 'Acme Ltd', true],
    ['a%e%d', 'Acme Ltd', true],
    ['a_me%', 'Acme Ltd', true],
    ['a_me', 'Acme Ltd', false],
    [String.raw`50\%`, '50%', true],
    [String.raw`50\%`, '500', false],
    ['%', '', true],
    ['_', '', false],
    ['%%x', 'x', true],
  ])('%s fits %j: %s', (pattern, text, expected) => {
    expect(likeMatcher(pattern)?.(text)).toBe(expected);
  });

  it('agrees with a regular expression of the same meaning', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    fc.assert(
      fc.property(pattern, text, (like, candidate) => {
        const expression = new RegExp(`^${like.replaceAll('%', '.*').replaceAll('_', '.')}$`);
        expect(likeMatcher(like)?.(candidate)).toBe(expression.test(candidate));
      }),
    );
  });
});
