import anyAscii from 'any-ascii';
import { isPlain } from './fold-letters.ts';

/**
 * Letters of any script in lower-case Latin ones, as far as single signs tell: `王杰` is `wangjie`, `فيصل` is `fysl`. Good to find
 * what may be the same, never to tell two apart: vowels may be missing, Japanese is read as Chinese. Only letters and digits are
 * left, without spaces.
 */
export function romanise(text: string): string {
  const latin = isPlain(text) ? text : anyAscii(text);
  return latin.toLowerCase().replace(/[^a-z0-9]+/g, '');
}

/** The words of {@link romanise}: each Chinese sign is one, since nothing else parts a name from the next. */
export function romanWords(word: string): readonly string[] {
  return word
    .replace(/\p{Script=Han}/gu, ' $& ')
    .split(' ')
    .map(romanise)
    .filter((part) => part !== '');
}

/** Whether a word has Latin letters. */
export function isLatin(word: string): boolean {
  return /[a-z]/.test(word);
}
