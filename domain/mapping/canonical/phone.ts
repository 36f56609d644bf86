import parsePhoneNumber, { type CountryCode, isSupportedCountry } from 'libphonenumber-js/min';
import { plainText } from './text.ts';

/**
 * A phone number as E.164, an extension after ` ext. `: `+14155550123 ext. 5`. What cannot be read for certain, a
 * national number where no region is given among it, stays as typed, so that it is never lost.
 *
 * @param region the country national numbers are read in, ISO 3166 alpha-2.
 */
export function canonicalPhone(text: string, region: string | undefined): string {
  const typed = plainText(text);
  const read = readNumber(typed, region);
  // Only what reads back as itself is a normal form; the few numbers that do not stay as typed.
  return read !== undefined && readNumber(read, region) === read ? read : typed;
}

/** Whether national numbers of the country can be read. */
export function isPhoneRegion(region: string): region is CountryCode {
  return isSupportedCountry(region);
}

function readNumber(typed: string, region: string | undefined): string | undefined {
  const international = typed.replace(/^tel:/i, '').replace(/^00(?=[1-9])/, '+');
  const country = region !== undefined && isPhoneRegion(region) ? { defaultCountry: region } : {};
  const parsed = parsePhoneNumber(international, { ...country, extract: false });
  if (parsed === undefined || !parsed.isValid()) return undefined;
  return parsed.ext === undefined ? parsed.number : `${parsed.number} ext. ${parsed.ext}`;
}
