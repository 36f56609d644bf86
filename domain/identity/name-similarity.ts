import { distance } from 'fastest-levenshtein';
import { normaliseCompanyName } from './company-name.ts';
import { normalisePersonName } from './person-name.ts';

/** Longer names are cut: likeness is then long decided. */
const LENGTH_MAX = 120;
/** Words less alike than this count as different words. */
const WORD_LIKENESS_MIN = 0.75;

/**
 * How alike two company names are, from 0 to 1. Symmetric; 1 when they are the same without legal forms, accents and
 * spaces. Words are paired off by likeness, so that their order does not matter, and weigh by their length.
 */
export function companyNameSimilarity(a: string, b: string): number {
  return similarity(normaliseCompanyName(a), normaliseCompanyName(b));
}

/** How alike two persons' names are, from 0 to 1. Symmetric; an initial is like any name it begins. */
export function personNameSimilarity(a: string, b: string): number {
  return similarity(normalisePersonName(a), normalisePersonName(b));
}

function similarity(a: string, b: string): number {
  const left = a.slice(0, LENGTH_MAX);
  const right = b.slice(0, LENGTH_MAX);
  if (left === '' || right === '') return 0;
  const compactLeft = left.replaceAll(' ', '');
  const compactRight = right.replaceAll(' ', '');
  if (compactLeft === compactRight) return 1;
  return Math.max(likeness(compactLeft, compactRight), pairedLikeness(left.split(' '), right.split(' ')));
}

/** 1 for the same text, 0 for nothing in common, by edit distance. */
function likeness(a: string, b: string): number {
  return 1 - distance(a, b) / Math.max(a.length, b.length);
}

/** Pairs words off, the most alike first, and weighs each pair by its length; words left over count against. */
function pairedLikeness(a: readonly string[], b: readonly string[]): number {
  const pairs = a
    .flatMap((left, i) => b.map((right, j) => ({ i, j, left, right, score: wordLikeness(left, right) })))
    .filter(({ score }) => score >= WORD_LIKENESS_MIN)
    .sort((x, y) => y.score - x.score || compare(x, y));
  const takenLeft = new Set<number>();
  const takenRight = new Set<number>();
  let common = 0;
  for (const { i, j, left, right, score } of pairs) {
    if (takenLeft.has(i) || takenRight.has(j)) continue;
    takenLeft.add(i);
    takenRight.add(j);
    common += score * (left.length + right.length);
  }
  const total = [...a, ...b].reduce((sum, word) => sum + word.length, 0);
  return common / total;
}

function wordLikeness(a: string, b: string): number {
  if (a === b) return 1;
  const isInitial = (a.length === 1 || b.length === 1) && a[0] === b[0];
  return isInitial ? 0.8 : likeness(a, b);
}

/** Among pairs equally alike the order must not depend on which name came first. */
function compare(x: { left: string; right: string }, y: { left: string; right: string }): number {
  const key = ({ left, right }: { left: string; right: string }) => [left, right].sort().join(' ');
  return key(x) < key(y) ? -1 : Number(key(x) > key(y));
}
