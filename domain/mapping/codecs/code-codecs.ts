import { canonicalCountry, countryName } from '../canonical/country.ts';
import { canonicalCurrency } from '../canonical/currency.ts';
import { scalarCodec } from './scalar-codec.ts';

/** A country by name. */
export const country = scalarCodec({
  name: 'country',
  note: 'A country (ISO 3166 alpha-2 in the hub), written by its usual English name, read by any usual name or code.',
  types: ['country'],
  parse: canonicalCountry,
  render: countryName,
  otherwise: 'is not the name or code of a country',
});

/** A country by code. */
export const countryCode = scalarCodec({
  name: 'country-code',
  note: 'A country (ISO 3166 alpha-2 in the hub), written by its code, for fields that hold codes.',
  types: ['country'],
  parse: canonicalCountry,
  otherwise: 'is not the name or code of a country',
});

/** A currency by code. */
export const currency = scalarCodec({
  name: 'currency',
  note: 'A currency by its ISO 4217 code.',
  types: ['currency'],
  parse: canonicalCurrency,
  otherwise: 'is not the code of a currency in use',
});
