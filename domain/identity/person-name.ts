import { foldLetters } from './fold-letters.ts';

const TITLES: ReadonlySet<string> = new Set(
  'mr mrs ms miss mx sir dr prof professor ing dipl mag herr frau mme mlle sr sra jr ii iii iv phd mba md esq'.split(
    ' ',
  ),
);

/**
 * A person's name without case, accents, punctuation, titles and the order of its parts: some systems swap first and last
 * name. Words separated by single spaces, in alphabetical order; empty when there is none. Idempotent.
 */
export function normalisePersonName(...parts: readonly string[]): string {
  const words = foldLetters(parts.join(' '))
    .replace(/['’`´.]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
    .split(' ');
  const named = words.filter((word) => !TITLES.has(word));
  return [...(named.length > 0 ? named : words)].sort().join(' ');
}
