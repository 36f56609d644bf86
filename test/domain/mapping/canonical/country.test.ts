import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  canonicalCountry,
  countryCodes,
  countryName,
  isCountryCode,
} from '../../../../domain/mapping/canonical/country.ts';
import { COUNTRY_TABLE } from '../../../../domain/mapping/canonical/country-table.ts';
import { canonicalCurrency, currencyCodes } from '../../../../domain/mapping/canonical/currency.ts';

const lists = join(process.env.TRIBUTARY_SHARED ?? '../shared', 'data/lists/geo');
const isThere = existsSync(lists);

describe('a country', () => {
  test.each([
    ['United States', 'US'],
    ['usa', 'US'],
    ['U.S.A.', 'US'],
    ['The Netherlands', 'NL'],
    ['Deutschland', 'DE'],
    ['cote d’ivoire', 'CI'],
    ['Bosnia & Herzegovina', 'BA'],
    ['Korea, Republic of', 'KR'],
    ['UK', 'GB'],
    ['TÜRKİYE', 'TR'],
    ['Россия', 'RU'],
    ['日本', 'JP'],
    ['DEU', 'DE'],
    ['AND', 'AD'],
  ])('written %j is %s', (typed, code) => {
    expect(canonicalCountry(typed)).toBe(code);
  });

  test.each(['Atlantis', 'Europe', '', 'EMEA', 'XX', 'Congo', 'the'])('is not %j', (typed) => {
    expect(canonicalCountry(typed)).toBeUndefined();
  });

  test('is found by every name in the table, each of which means one country only', () => {
    for (const row of COUNTRY_TABLE.trim().split('\n')) {
      const [code = '', ...spellings] = row.split('|');
      for (const spelling of spellings) expect([spelling, canonicalCountry(spelling)]).toEqual([spelling, code]);
    }
  });

  test('is written by a name that is read as the same', () => {
    for (const code of countryCodes()) expect(canonicalCountry(countryName(code) ?? '')).toBe(code);
    expect(isCountryCode('DE')).toBe(true);
    expect(isCountryCode('EU')).toBe(false);
    expect(countryName('EU')).toBeUndefined();
  });
});

describe('a currency', () => {
  test('is known by its code in any case', () => {
    expect(canonicalCurrency(' eur ')).toBe('EUR');
    expect(canonicalCurrency('DM')).toBeUndefined();
    expect(canonicalCurrency('XXX')).toBeUndefined();
    expect(currencyCodes()).toContain('JPY');
  });
});

describe.skipIf(!isThere)('the tables against published lists (skipped where ../shared is not there)', () => {
  test('have every ISO 3166 code with its alpha-3', () => {
    const published: [string, string][] = JSON.parse(
      readFileSync(join(lists, 'country-codes.alpha2-alpha3-numeric.json'), 'utf8'),
    );
    // Kosovo has no code of ISO; the list and we give it different ones.
    const alpha3Of = new Map(published.filter(([alpha2]) => alpha2 !== 'XK'));

    expect(
      countryCodes()
        .filter((code) => code !== 'XK')
        .sort(),
    ).toEqual([...alpha3Of.keys()].sort());
    for (const [alpha2, alpha3] of alpha3Of) expect([alpha3, canonicalCountry(alpha3)]).toEqual([alpha3, alpha2]);
  });

  test('read every published English name as its country, but for the one of two countries', () => {
    const names: { en: Record<string, string | string[]> } = JSON.parse(
      readFileSync(join(lists, 'country-names.by-language.json'), 'utf8'),
    );
    for (const [code, spellings] of Object.entries(names.en)) {
      for (const spelling of [spellings].flat().filter((name) => name !== 'Congo'))
        expect([spelling, canonicalCountry(spelling)]).toEqual([spelling, code]);
    }
  });
});
