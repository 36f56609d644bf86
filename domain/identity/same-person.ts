import { distance } from 'fastest-levenshtein';
import type { Values } from '../model/value.ts';
import type { Vocabulary } from '../model/vocabulary.ts';
import { areNicknames } from './nicknames.ts';
import { isPlaceholder } from './placeholder.ts';
import { isLatin } from './romanise.ts';
import { soundOf } from './sound.ts';
import { isOwnMailbox, traitsOf } from './traits.ts';

/**
 * Whether two records that share an e-mail address can be one person by their names. They cannot when the first names do not
 * fit each other, or, where one has no first name, the last names do not: then the mailbox is shared, or was handed on. A last
 * name alone may differ (people marry), first and last name may be swapped; nicknames, initials, mistakes of a letter and other
 * scripts fit. Symmetric; `true` where there is nothing to compare.
 */
export function mayBeOnePerson(a: Values, b: Values, vocabulary: Vocabulary): boolean {
  const [first, last] = namesOf(a, vocabulary);
  const [otherFirst, otherLast] = namesOf(b, vocabulary);
  const isSwapped = doFit(first, otherLast) || doFit(last, otherFirst);
  const areFull = [first, last, otherFirst, otherLast].every((words) => words.length > 0);
  if (areFull) return doFit(first, otherFirst) || (doFit(first, otherLast) && doFit(last, otherFirst));
  if (isSwapped) return true;
  if (first.length > 0 && otherFirst.length > 0) return doFit(first, otherFirst);
  return last.length === 0 || otherLast.length === 0 || doFit(last, otherLast);
}

/** Whether two records tell one e-mail address of their own. */
export function haveOneMailbox(a: Values, b: Values, vocabulary: Vocabulary): boolean {
  const { email } = traitsOf((field) => a[field], vocabulary);
  return isOwnMailbox(email) && email === traitsOf((field) => b[field], vocabulary).email;
}

/** The words of a first and a last name that name somebody. A single letter is an initial. */
function namesOf(values: Values, vocabulary: Vocabulary): readonly [first: readonly string[], last: readonly string[]] {
  const { first, last } = traitsOf((field) => values[field], vocabulary);
  const isName = (word: string): boolean => word.length === 1 || !isPlaceholder(word);
  return [first.filter(isName), last.filter(isName)];
}

/** Whether a record tells a person's first and last name, so that another one can contradict it. */
export function hasFullName(values: Values, vocabulary: Vocabulary): boolean {
  const [first, last] = namesOf(values, vocabulary);
  return first.length > 0 && last.length > 0;
}

function doFit(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return false;
  return a.some((word) => b.some((other) => isOneName(word, other))) || isOneName(a.join(''), b.join(''));
}

function isOneName(a: string, b: string): boolean {
  if (areNicknames(a, b)) return true;
  if (isLatin(a) !== isLatin(b)) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length === 1 || short.length >= PREFIX_MIN) {
    if (long.startsWith(short)) return true;
  }
  // Of other scripts the sound is guessed, and of short names little is left: good for a question, not to link two people.
  const sound = isLatin(a) ? soundOf(a) : '';
  if (sound.length >= SOUND_MIN && sound === soundOf(b)) return true;
  const mistakes = short.length >= 8 ? 2 : short.length >= 5 ? 1 : 0;
  return distance(a, b) <= mistakes;
}

const PREFIX_MIN = 3;
/** Of Tim and Tom, Dan and Don the sound is the same two letters. */
const SOUND_MIN = 3;
