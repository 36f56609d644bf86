import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasSharedData, sharedRows } from '../../../bench/identity/shared-rows.ts';
import { normaliseCompanyName } from '../../../domain/identity/company-name.ts';
import { foldLetters } from '../../../domain/identity/fold-letters.ts';
import { likenessOfNames, likenessOfWords } from '../../../domain/identity/name-similarity.ts';

const companyNameSimilarity = (a: string, b: string): number =>
  likenessOfNames(normaliseCompanyName(a), normaliseCompanyName(b));

describe('how alike two company names are', () => {
  test.each([
    ['Acme GmbH', 'ACME, Inc.', 1],
    ['Data Works Ltd', 'Dataworks', 1],
    ['Systems Acme', 'Acme Systems', 1],
    ['', 'Acme', 0],
  ])('%j and %j: %d', (a, b, expected) => {
    expect(companyNameSimilarity(a, b)).toBe(expected);
  });

  test('falls with every difference that means something', () => {
    const typo = companyNameSimilarity('Nordlicht Systeme', 'Nordlicht Sisteme');
    const branch = companyNameSimilarity('Nordlicht Systeme', 'Nordlicht Systeme Nord');
    const stranger = companyNameSimilarity('Nordlicht Systeme', 'Zebra Logistics');

    expect(typo).toBeGreaterThan(0.9);
    expect(branch).toBeLessThan(typo);
    expect(stranger).toBeLessThan(0.4);
  });

  test('is between 0 and 1, the same both ways, and 1 for the same name', () => {
    const name = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .array(fc.constantFrom('Acme', 'Acne', 'A', 'Nord', 'Norden', 'GmbH'), { maxLength: 5 })
        .map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(name, name, (a, b) => {
        const likeness = companyNameSimilarity(a, b);

        expect(likeness).toBeGreaterThanOrEqual(0);
        expect(likeness).toBeLessThanOrEqual(1);
        expect(companyNameSimilarity(b, a)).toBe(likeness);
        // A name that ends in the middle ("Smith &", "Smith y") becomes another one by what follows.
        const folded = foldLetters(a);
        const isWhole = /[\p{L}\p{N}]$/u.test(folded) && !/(?:^|[^\p{L}\p{N}])(?:and|und|et|y|och|og)$/u.test(folded);
        expect(companyNameSimilarity(a, `${a} Ltd`) === 1 || !isWhole).toBe(true);
      }),
    );
  });
});

describe('how alike two words are', () => {
  test('by what they have in common, letters that changed places among it', () => {
    expect(likenessOfWords('martha', 'marhta')).toBeCloseTo(0.961, 3);
    expect(likenessOfWords('dixon', 'dicksonx')).toBeCloseTo(0.813, 3);
    expect(likenessOfWords('meier', 'zola')).toBeLessThan(0.5);
    expect(likenessOfWords('', 'zola')).toBe(0);
  });

  test('is between 0 and 1, the same both ways, and 1 for the same word', () => {
    const word = fc.oneof(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd') }), fc.string());
    fc.assert(
      fc.property(word, word, (a, b) => {
        const likeness = likenessOfWords(a, b);

        expect(likeness).toBeGreaterThanOrEqual(0);
        expect(likeness).toBeLessThanOrEqual(1);
        expect(likenessOfWords(b, a)).toBe(likeness);
        expect(likenessOfWords(a, a)).toBe(1);
      }),
    );
  });
});

describe.skipIf(!hasSharedData)('against labelled names (skipped where ../shared is not there)', () => {
  test('what is asked of a person at 0.85 is right in 94 of 100 cases and finds 8 of 10 matches', () => {
    const pairs = sharedRows('er-org/name-bench/company_name_pairs.csv').map(
      ({ name1 = '', name2 = '', is_match }) => ({
        isMatch: is_match === 'true',
        isAsked: companyNameSimilarity(name1, name2) >= 0.85,
      }),
    );
    const asked = pairs.filter(({ isAsked }) => isAsked);
    const right = asked.filter(({ isMatch }) => isMatch).length;

    expect(right / asked.length).toBeGreaterThanOrEqual(0.94);
    expect(right / pairs.filter(({ isMatch }) => isMatch).length).toBeGreaterThanOrEqual(0.8);
  });

  test('among 500 disturbed names hardly two different ones are alike', () => {
    const pairs = sharedRows('er-org/dnb-names/pairs.csv');
    let alike = 0;
    let compared = 0;
    for (const [i, { name = '' }] of pairs.entries()) {
      // A twentieth of the quarter of a million pairs tells as much in a twentieth of the time.
      for (let j = (i + 1) % 20; j < pairs.length; j += 20) {
        if (i === j) continue;
        compared += 1;
        if (companyNameSimilarity(name, pairs[j]?.name_disturbed ?? '') >= 0.85) alike += 1;
      }
    }

    expect(compared).toBeGreaterThan(12_000);
    expect(alike / compared).toBeLessThan(0.001);
  });
});
