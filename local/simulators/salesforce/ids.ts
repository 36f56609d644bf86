/**
 * The 18-character form of a record id: an 18-character id as it is, a 15-character one with its suffix.
 * `undefined` when the text is no id: wrong length, wrong characters, or a suffix that does not fit.
 * *Source*: the suffix tells the case of the fifteen characters, five at a time, so that ids survive systems that
 * ignore case; https://help.salesforce.com/s/articleView?id=000385585
 */
export function toLongId(text: string): string | undefined {
  if (!/^[0-9A-Za-z]{15}(?:[A-Z0-5]{3})?$/.test(text)) return undefined;
  const long = withSuffix(text.slice(0, 15));
  return text.length === 15 || text === long ? long : undefined;
}

/** The object a record id belongs to, by its first three characters: `001` for accounts. */
export function keyPrefixOf(id: string): string {
  return id.slice(0, 3);
}

/**
 * Hands out record ids as an org does: key prefix, two characters for the org's home, and a running number in base 62.
 * Ids of one object therefore sort in the order of creation.
 */
export class IdSource {
  readonly #home: string;
  readonly #lastNumbers = new Map<string, number>();

  /** `home` is two characters, the same in every id of the org. */
  constructor(home: string) {
    this.#home = home;
  }

  next(keyPrefix: string): string {
    const number = (this.#lastNumbers.get(keyPrefix) ?? 0) + 1;
    this.#lastNumbers.set(keyPrefix, number);
    return withSuffix(`${keyPrefix}${this.#home}0${toBase62(number)}`);
  }

  /** Makes sure that an id which came from elsewhere (seeded, replayed) is never handed out. */
  avoid(id: string): void {
    if (id.slice(3, 5) !== this.#home) return;
    const number = fromBase62(id.slice(6, 15));
    const keyPrefix = keyPrefixOf(id);
    if (number > (this.#lastNumbers.get(keyPrefix) ?? 0)) this.#lastNumbers.set(keyPrefix, number);
  }

  /** Begins the numbers of a prefix after that one; for ids that are not kept and yet must not repeat. */
  startAfter(keyPrefix: string, number: number): void {
    this.#lastNumbers.set(keyPrefix, number);
  }

  reset(): void {
    this.#lastNumbers.clear();
  }
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const suffixDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const numberLength = 9;

function withSuffix(id15: string): string {
  let suffix = '';
  for (let start = 0; start < 15; start += 5) {
    let bits = 0;
    for (let at = 0; at < 5; at += 1) {
      const character = id15.charAt(start + at);
      if (character >= 'A' && character <= 'Z') bits |= 1 << at;
    }
    suffix += suffixDigits.charAt(bits);
  }
  return id15 + suffix;
}

function toBase62(number: number): string {
  let text = '';
  for (let rest = number; text.length < numberLength; rest = Math.floor(rest / 62))
    text = digits.charAt(rest % 62) + text;
  return text;
}

function fromBase62(text: string): number {
  let number = 0;
  for (const character of text) number = number * 62 + digits.indexOf(character);
  return number;
}
