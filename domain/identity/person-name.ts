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
  return [...nameWords(parts.join(' '))].sort().join(' ');
}

/** The words of a name in their order, without case, accents, punctuation and titles; none when there is none. */
export function nameWords(name: string): readonly string[] {
  const words = foldLetters(name)
    .replace(/['’`´.]/g, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');
  const named = words.filter((word) => !TITLES.has(word));
  return named.length > 0 ? named : words;
}
