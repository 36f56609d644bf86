/** Printable ASCII words with single spaces: already in normal form. Most values are, and this is what makes them cheap. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
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
  if (PLAIN.test(text)) return text;
  return wellFormed(text)
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(CONTROLS, ' ')
    .replace(/[^\S\n]+$/gm, '')
    .trim();
}

/** The lines of a postal street as one: joined by commas. */
export function streetText(text: string): string {
  if (PLAIN.test(text)) return text;
  const lines = longText(text)
    .split('\n')
    .map(plainText)
    .filter((line) => line !== '');
  return lines
    .map((line, index) => (index < lines.length - 1 ? line.replace(/[\s,]+$/, '') : line))
    .filter((line) => line !== '')
    .join(', ');
}

/** Removing characters first: it may bring letters together that compose. A lone surrogate could not be stored at all. */
function wellFormed(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, '').normalize('NFC');
}
