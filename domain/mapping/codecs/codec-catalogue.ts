import { checkbox } from './checkbox.ts';
import { country, countryCode, currency } from './code-codecs.ts';
import type { Codec } from './codec.ts';
import { lineItems } from './line-items.ts';
import { multiSelect } from './multi-select.ts';
import { decimal, integer, twoDecimals } from './number-codecs.ts';
import { owner } from './owner.ts';
import { email, multilineText, phone, street, text } from './text-codecs.ts';
import { date, dateAtMidnight, instant } from './time-codecs.ts';
import { usState } from './us-state.ts';
import { domain, domainOfUrl, url } from './web-codecs.ts';

/** Every codec a mapping may name. Lookups and references are not codecs: a line names them by their own key. */
export const CODECS: readonly Codec[] = [
  text,
  multilineText,
  street,
  email,
  phone,
  url,
  domain,
  domainOfUrl,
  country,
  countryCode,
  usState,
  currency,
  decimal,
  twoDecimals,
  integer,
  date,
  dateAtMidnight,
  instant,
  checkbox,
  multiSelect,
  lineItems,
  owner,
];

/** The codec of that name, if there is one. */
export function codecNamed(name: string): Codec | undefined {
  return CODECS.find((codec) => codec.name === name);
}
