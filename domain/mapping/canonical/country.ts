import { COUNTRY_TABLE } from './country-table.ts';

const ENGLISH_NAMES = new Map<string, string>();
const CODES_BY_NAME = new Map<string, string>();

for (const row of COUNTRY_TABLE.trim().split('\n')) {
  const [code = '', alpha3 = '', name = '', ...others] = row.split('|');
  ENGLISH_NAMES.set(code, name);
  for (const spelling of [code, alpha3, name, ...others]) CODES_BY_NAME.set(spelling, code).set(fold(spelling), code);
}

/** The ISO 3166 alpha-2 code of a country by code or by any of its usual names, however written; else `undefined`. */
export function canonicalCountry(text: string): string | undefined {
  return CODES_BY_NAME.get(text) ?? CODES_BY_NAME.get(fold(text));
}

/** Narrows a text to an alpha-2 code in use. */
export function isCountryCode(text: string): boolean {
  return ENGLISH_NAMES.has(text);
}

/** The English name in everyday use of an alpha-2 code in use. */
export function countryName(code: string): string | undefined {
  return ENGLISH_NAMES.get(code);
}

/** All alpha-2 codes in use, in alphabetical order. */
export function countryCodes(): readonly string[] {
  return [...ENGLISH_NAMES.keys()];
}

/** A spelling without case, accents, punctuation and `and`/`the`: what differs between address fields and means nothing. */
function fold(text: string): string {
  const bare = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/&/g, ' and ');
  const essential = bare.replace(/\b(?:and|the)\b/g, ' ').replace(/[^\p{L}\p{N}]+/gu, '');
  // "AND" is also a code of its own.
  return essential === '' ? bare.replace(/[^\p{L}\p{N}]+/gu, '') : essential;
}
