import { foldLetters } from './fold-letters.ts';
import { ATTACHED_FORMS, LEADING_FORMS, type LegalForm, TRAILING_FORMS } from './legal-forms.ts';

const CONJUNCTIONS: ReadonlySet<string> = new Set(['and', 'und', 'et', 'y', 'och', 'og']);
/** Names settle after two or three rounds; the bound is for hostile ones. */
const ROUNDS_MAX = 10;

/**
 * A company's name without what differs between systems and means nothing: case, accents, punctuation, legal forms of
 * many countries, conjunctions, a leading "the". Greek and Cyrillic are written in Latin letters. Words separated by
 * single spaces; empty only when there is no letter or digit in it. Idempotent.
 *
 * @example normaliseCompanyName('Müller & Söhne GmbH & Co. KG') // 'muller sohne'
 */
export function normaliseCompanyName(name: string): string {
  let normal = normaliseOnce(name);
  for (let round = 1; round < ROUNDS_MAX; round += 1) {
    const next = normaliseOnce(normal);
    if (next === normal) break;
    normal = next;
  }
  return normal;
}

function normaliseOnce(name: string): string {
  const words = joinInitials(withoutConjunctions(wordsOf(name)));
  const named = withoutForms(words);
  return (named[0] === 'the' && named.length > 1 ? named.slice(1) : named).join(' ');
}

function wordsOf(name: string): readonly string[] {
  let folded = foldLetters(name);
  for (const form of ATTACHED_FORMS) {
    const without = folded.replaceAll(form.normalize('NFKC'), ' ');
    if (/[\p{L}\p{N}]/u.test(without)) folded = without;
  }
  const spaced = folded
    .replace(/['’`´"“”]/g, '')
    // Dots between letters abbreviate (S.p.A.); other dots separate.
    .replace(/(?<=(?:^|[^\p{L}\p{N}])(?:\p{L}\.)*\p{L})\.(?=\p{L}(?:[^\p{L}\p{N}]|$))/gu, '')
    .replace(/[&+]/g, ' and ')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  return spaced === '' ? [] : spaced.split(' ');
}

/** Conjunctions join words; at an end they are part of the name. */
function withoutConjunctions(words: readonly string[]): readonly string[] {
  return words.filter((word, index) => index === 0 || index === words.length - 1 || !CONJUNCTIONS.has(word));
}

/** Letters that stand alone side by side are one abbreviation: `j p morgan` and `a s`. */
function joinInitials(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let isOpen = false;
  for (const word of words) {
    const isInitial = /^[a-z]$/.test(word);
    const last = joined.at(-1);
    if (isInitial && isOpen && last !== undefined) joined[joined.length - 1] = last + word;
    else joined.push(word);
    isOpen = isInitial;
  }
  return joined;
}

/** Takes legal forms off both ends, one after the other, as long as something is left. */
function withoutForms(words: readonly string[]): readonly string[] {
  let named = words;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const trailing = TRAILING_FORMS.get(named.at(-1) ?? '')?.find((form) => endsWith(named, form));
    if (trailing !== undefined) {
      named = named.slice(0, -trailing.length);
      continue;
    }
    const leading = LEADING_FORMS.get(named[0] ?? '')?.find((form) => startsWith(named, form));
    if (leading === undefined) break;
    named = named.slice(leading.length);
  }
  return named;
}

function endsWith(words: readonly string[], form: LegalForm): boolean {
  const start = words.length - form.length;
  return start > 0 && form.every((word, index) => words[start + index] === word);
}

function startsWith(words: readonly string[], form: LegalForm): boolean {
  return words.length > form.length && form.every((word, index) => words[index] === word);
}
