import { foldLetters } from './fold-letters.ts';
import { romanise } from './romanise.ts';

/** A sound is cut here: what follows tells typing mistakes rather than names apart. */
const SOUND_MAX = 5;

/** What is written differently and spoken alike in most European languages, the longer spellings first. */
const ALIKE: readonly (readonly [RegExp, string])[] = [
  [/tsch|tch|sch|sh|ch|cz|sz/g, 's'],
  [/ph/g, 'f'],
  [/igh/g, 'i'],
  [/gh/g, 'g'],
  [/ck|c(?![eiy])|q/g, 'k'],
  [/[cz]/g, 's'],
  [/x/g, 'ks'],
  [/th|dt/g, 't'],
  [/[vw]/g, 'f'],
  [/d/g, 't'],
  [/[jy]/g, 'i'],
];

/**
 * Roughly how a word sounds: its consonants, alike ones made one, after the first letter. Words that one might confuse on
 * the phone mostly sound the same (`Meyer`, `Maier`; `Tompson`, `Thompson`; `فيصل`, `Faisal`). What begins with a digit is only cut.
 * Empty only where there is
 * no letter or digit that has a Latin form.
 */
export function soundOf(word: string): string {
  const letters = romanise(foldLetters(word));
  if (!/^[a-z]/.test(letters)) return letters.slice(0, SOUND_MAX);
  let spoken = letters;
  for (const [written, sound] of ALIKE) spoken = spoken.replace(written, sound);
  const first = /^[aeiou]/.test(spoken) ? 'a' : spoken.charAt(0);
  const rest = spoken.slice(1).replace(/[aeiouh]+/g, '');
  return (first + rest).replace(/(.)\1+/g, '$1').slice(0, SOUND_MAX);
}
