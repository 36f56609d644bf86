/**
 * Words of ASCII and of precomposed Latin letters with single spaces: already in normal form. Most values are, and this is
 * what makes them cheap.
 */
const PLAIN = /^[!-~¡-¬®-ſ]+(?: [!-~¡-¬®-ſ]+)*$/;
/** The same for several lines without spaces at their ends; spaces elsewhere may be several. */
const PLAIN_LINES = /^[!-~¡-¬®-ſ]+(?:(?: +|\n+ *)[!-~¡-¬®-ſ]+)*$/;
/** Signs without width or meaning that arrive by copy and paste: zero-width spaces, word joiner, byte order mark, soft hyphen. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this takes out.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * One line of text in normal form: NFC, well-formed, trimmed, every run of white space one space, no control or invisible characters.
 * Empty text is answered as such.
 */
export function plainText(text: string): string {
  if (PLAIN.test(text)) return text;
  return wellFormed(text).replace(CONTROLS, ' ').replace(/\s+/g, ' ').trim();
}

/** Text of several lines in normal form: as {@link plainText}, but line ends stay, as `\n`, and so do spaces within a line. */
export function longText(text: string): string {
  const lines = text.replace(/\r\n/g, '\n');
  if (PLAIN_LINES.test(lines)) return lines;
  return wellFormed(lines)
    .replace(/[\r\u0085\u2028\u2029]/g, '\n')
    .replace(CONTROLS, ' ')
    .replace(/[^\S\n]+$/gm, '')
    .trim();
}

/** The lines of a postal street as one: joined by commas. */
export function streetText(text: string): string {
  if (PLAIN.test(text)) return text;
  const lines = longText(text);
  if (!lines.includes('\n')) return plainText(lines);
  let street = '';
  for (const line of lines.split('\n')) {
    const plain = plainText(line);
    const before = street.endsWith(',') ? street.replace(/[\s,]+$/, '') : street;
    if (plain !== '') street = before === '' ? plain : `${before}, ${plain}`;
  }
  return street;
}

/** Removing characters first: it may bring letters together that compose. A lone surrogate could not be stored at all. */
function wellFormed(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, '').normalize('NFC');
}
