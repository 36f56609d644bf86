import { distance } from 'fastest-levenshtein';

/** Longer names are cut: likeness is then long decided. */
const LENGTH_MAX = 120;
/** Words of a name that are compared one by one. */
const WORDS_MAX = 12;
/** Words less alike than this count as different words. */
const WORD_LIKENESS_MIN = 0.75;

/**
 * How alike two normalised names are, from 0 to 1. Symmetric; 1 when they are the same but for spaces. Words are paired off by
 * likeness, so that their order does not matter, and weigh by their length; an initial is like any word it begins.
 */
export function likenessOfNames(a: string, b: string): number {
  const left = a.slice(0, LENGTH_MAX);
  const right = b.slice(0, LENGTH_MAX);
  if (left === '' || right === '') return 0;
  const compactLeft = left.replaceAll(' ', '');
  const compactRight = right.replaceAll(' ', '');
  if (compactLeft === compactRight) return 1;
  return Math.max(likeness(compactLeft, compactRight), pairedLikeness(left.split(' '), right.split(' ')));
}

/**
 * How alike two words are, from 0 to 1, by the letters they have in common at about the same place, a common beginning
 * counting more (Jaro and Winkler): two letters that changed places cost little. Symmetric; 1 for the same word.
 */
export function likenessOfWords(a: string, b: string): number {
  if (a === b) return 1;
  if (a === '' || b === '') return 0;
  // The pairing below takes the first letter that fits, so that it depends on which word comes first.
  const [left = '', right = ''] = [a.slice(0, LENGTH_MAX), b.slice(0, LENGTH_MAX)].sort();
  const reach = Math.max(0, Math.floor(Math.max(left.length, right.length) / 2) - 1);
  const taken = new Uint8Array(right.length);
  let common = '';
  for (let i = 0; i < left.length; i += 1) {
    const last = Math.min(right.length - 1, i + reach);
    for (let j = Math.max(0, i - reach); j <= last; j += 1) {
      if (taken[j] === 1 || left[i] !== right[j]) continue;
      taken[j] = 1;
      common += left[i];
      break;
    }
  }
  if (common === '') return 0;
  let moved = 0;
  let place = 0;
  for (let j = 0; j < right.length; j += 1) {
    if (taken[j] !== 1) continue;
    if (right[j] !== common[place]) moved += 1;
    place += 1;
  }
  const jaro = (common.length / left.length + common.length / right.length + 1 - moved / 2 / common.length) / 3;
  let start = 0;
  while (start < PREFIX_MAX && start < left.length && left[start] === right[start]) start += 1;
  return jaro + start * PREFIX_WEIGHT * (1 - jaro);
}

/** As Winkler has them. */
const PREFIX_MAX = 4;
const PREFIX_WEIGHT = 0.1;

/** 1 for the same text, 0 for nothing in common, by edit distance. */
function likeness(a: string, b: string): number {
  return 1 - distance(a, b) / Math.max(a.length, b.length);
}

/** Pairs words off, the most alike first, and weighs each pair by its length; words left over count against. */
function pairedLikeness(a: readonly string[], b: readonly string[]): number {
  const pairs: { i: number; j: number; left: string; right: string; score: number }[] = [];
  for (const [i, left] of a.slice(0, WORDS_MAX).entries()) {
    for (const [j, right] of b.slice(0, WORDS_MAX).entries()) {
      const score = wordLikeness(left, right);
      if (score >= WORD_LIKENESS_MIN) pairs.push({ i, j, left, right, score });
    }
  }
  if (pairs.length === 0) return 0;
  pairs.sort((x, y) => y.score - x.score || compare(x, y));
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
  if (isInitial) return 0.8;
  // Words of too different lengths cannot be alike enough; most pairs of words are left out by this.
  const [short, long] = a.length < b.length ? [a.length, b.length] : [b.length, a.length];
  return short / long < WORD_LIKENESS_MIN ? 0 : likeness(a, b);
}

/** Among pairs equally alike the order must not depend on which name came first. */
function compare(x: { left: string; right: string }, y: { left: string; right: string }): number {
  const key = ({ left, right }: { left: string; right: string }) => [left, right].sort().join(' ');
  return key(x) < key(y) ? -1 : Number(key(x) > key(y));
}
