import type { SeededRandom } from '../../local/simulators/sample-data/seeded-random.ts';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** A mistake of one letter: left out, doubled, wrong, or two that changed places; never the first one. */
export function mistype(text: string, random: SeededRandom): string {
  if (text.length < 4) return text;
  const at = 1 + random.below(text.length - 2);
  const [before, letter, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
  const mistakes = [
    () => before + after,
    () => before + letter + letter + after,
    () => before + LETTERS.charAt(random.below(26)) + after,
    () => before + after.charAt(0) + letter + after.slice(1),
  ];
  return random.pick(mistakes)();
}

/** Small or capital letters throughout. */
export function recase(text: string, random: SeededRandom): string {
  return random.chance(0.5) ? text.toUpperCase() : text.toLowerCase();
}

/** Without accents, as an old system writes it. */
export function withoutAccents(text: string): string {
  return text
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');
}

/** Words in another order. */
export function reorder(text: string): string {
  const [first = '', ...rest] = text.split(' ');
  return rest.length === 0 ? text : `${rest.join(' ')} ${first}`;
}

/** The last word cut short, with a dot. */
export function abbreviate(text: string): string {
  const words = text.split(' ');
  const last = words.at(-1) ?? '';
  return last.length < 6 ? text : [...words.slice(0, -1), `${last.slice(0, 4)}.`].join(' ');
}

/** `Street` and `straße` as people shorten them. */
export function shortenStreet(text: string): string {
  return text.replace(/straße/, 'str.').replace(/Street/, 'St.');
}

/** Words run together. */
export function join(text: string): string {
  return text.replace(' ', '');
}
