import { isCountryCode } from '../mapping/canonical/country.ts';
import { isPlaceholder } from './placeholder.ts';

/** Prefixes that tax offices use in place of the country's code. */
const PREFIXES: Readonly<Record<string, string>> = { EL: 'GR', XI: 'GB' };
/** Words that may follow a number and are no part of it (Switzerland). */
const SUFFIX = /(?:MWST|TVA|IVA|VAT)$/;
const DIGITS_MIN = 5;
const LENGTH_MAX = 30;

/**
 * A tax number with its country in front, letters and digits only: `DE 123.456.788` and `123456788` of a company in
 * Germany are `DE123456788`. `undefined` when no country is known (the same digits exist in many) or it is no number but
 * a placeholder such as `n/a` or `000000000`.
 *
 * @param country ISO 3166 alpha-2, of the company's address.
 */
export function normaliseTaxId(taxId: string, country: string | undefined): string | undefined {
  const bare = taxId
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '')
    .replace(/^(?:USTID|USTIDNR|TIN|EIN)(?=[A-Z]{0,2}\d)/, '')
    // Before anything but a country they may as well be a country and the first letter of its number.
    .replace(/^(?:VAT|UST)(?=([A-Z]{2})\d)/, (word, country: string) =>
      isCountryCode(PREFIXES[country] ?? country) ? '' : word,
    );
  const number = bare.replace(SUFFIX, '');
  const written = /^[A-Z]{2}/.exec(number)?.[0];
  const prefix = written === undefined ? undefined : (PREFIXES[written] ?? written);
  const hasCountry =
    prefix !== undefined &&
    isCountryCode(prefix) &&
    (country === undefined || prefix === country || isVatPrefix(number));
  const digits = hasCountry ? number.slice(2) : number;
  const home = hasCountry ? prefix : country;
  if (home === undefined || digits.length > LENGTH_MAX || isPlaceholder(digits)) return undefined;
  return digits.replace(/\D/g, '').length < DIGITS_MIN ? undefined : home + digits;
}

/** Two letters and then digits almost only: the shape of European VAT numbers, which name their country. */
function isVatPrefix(number: string): boolean {
  return /^[A-Z]{2}[A-Z]?\d{6,}[A-Z0-9]{0,3}$/.test(number);
}
