/** Letters that are no composition of a base letter and an accent, and how they are written without them. */
const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
};

/** Cyrillic (Russian, Ukrainian, Belarusian, Bulgarian, Serbian) and Greek letters in Latin ones, as in passports. */
const TRANSLITERATED: Readonly<Record<string, string>> = {
  ...pairs('абвгдезийклмнопрстуфыіѓґќљњѕ', 'a b v g d e z i i k l m n o p r s t u f y i g g k lj nj dz'),
  ...pairs('жхцчшщъьэюяєђћџјў', 'zh kh ts ch sh shch - - e iu ia ie d c dz j u'),
  ...pairs('αβγδεζηθικλμνξοπρσςτυφχψω', 'a v g d e z i th i k l m n x o p r s s t y f ch ps o'),
};

/**
 * Text in lower-case Latin letters without accents where its letters have such a form; other scripts stay. Full-width and
 * other compatibility forms become plain ones.
 */
export function foldLetters(text: string): string {
  if (isPlain(text)) return text.toLowerCase();
  // Accents of Latin, Cyrillic and Greek only: in other scripts the combining signs are letters of their own.
  const bare = text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]+/g, '')
    .normalize('NFC');
  return bare
    .replace(/[ßæœøłđðþħıŋ]/g, (letter) => SPELLED[letter] ?? letter)
    .replace(/[\u0370-\u04ff]/g, (letter) => TRANSLITERATED[letter] ?? letter);
}

/** Whether a text is of plain Latin letters, digits and signs, and needs no folding. */
export function isPlain(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII, where nothing folds
  return /^[\x00-\x7f]*$/.test(text);
}

function pairs(letters: string, latin: string): Record<string, string> {
  const words = latin.split(' ');
  return Object.fromEntries([...letters].map((letter, index) => [letter, (words[index] ?? letter).replace('-', '')]));
}
