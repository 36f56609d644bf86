import { type Codec, carry, hold, ignore, NOTHING, textOf } from './codec.ts';

/**
 * States and territories of the United States by their postal codes, each with the name AWS Partner Central lists.
 * *Source*: `StateOrRegion` of the service model of the Selling API; codes of USPS Publication 28, appendix B.
 */
const NAMES: Readonly<Record<string, string>> = {
  AL: 'Alabama',
  AK: 'Alaska',
  AS: 'American Samoa',
  AZ: 'Arizona',
  AR: 'Arkansas',
  CA: 'California',
  CO: 'Colorado',
  CT: 'Connecticut',
  DE: 'Delaware',
  DC: 'Dist. of Columbia',
  FM: 'Federated States of Micronesia',
  FL: 'Florida',
  GA: 'Georgia',
  GU: 'Guam',
  HI: 'Hawaii',
  ID: 'Idaho',
  IL: 'Illinois',
  IN: 'Indiana',
  IA: 'Iowa',
  KS: 'Kansas',
  KY: 'Kentucky',
  LA: 'Louisiana',
  ME: 'Maine',
  MH: 'Marshall Islands',
  MD: 'Maryland',
  MA: 'Massachusetts',
  MI: 'Michigan',
  MN: 'Minnesota',
  MS: 'Mississippi',
  MO: 'Missouri',
  MT: 'Montana',
  NE: 'Nebraska',
  NV: 'Nevada',
  NH: 'New Hampshire',
  NJ: 'New Jersey',
  NM: 'New Mexico',
  NY: 'New York',
  NC: 'North Carolina',
  ND: 'North Dakota',
  MP: 'Northern Mariana Islands',
  OH: 'Ohio',
  OK: 'Oklahoma',
  OR: 'Oregon',
  PW: 'Palau',
  PA: 'Pennsylvania',
  PR: 'Puerto Rico',
  RI: 'Rhode Island',
  SC: 'South Carolina',
  SD: 'South Dakota',
  TN: 'Tennessee',
  TX: 'Texas',
  UT: 'Utah',
  VT: 'Vermont',
  VA: 'Virginia',
  VI: 'Virgin Islands',
  WA: 'Washington',
  WV: 'West Virginia',
  WI: 'Wisconsin',
  WY: 'Wyoming',
  AE: 'APO/AE',
  AA: 'AFO/FPO',
  AP: 'FPO, AP',
};

const BY_SPELLING = new Map(
  [...Object.entries(NAMES), ['district of columbia', 'Dist. of Columbia']].flatMap(([code = '', name = '']) => [
    [code.toLowerCase(), name],
    [name.toLowerCase(), name],
  ]),
);

const isAbroad = ignore('The system holds states of the United States only.');
const isList = hold('The value is a list where one value was expected.');

/** A state of the United States, however the hub spells it, for systems that list them by name. */
export const usState: Codec = {
  name: 'us-state',
  note: 'A state of the United States by its English name, also from its code; states of other countries are left alone.',
  types: ['text'],
  isMany: false,
  isWriteOnly: true,
  compile: ({ form }) => {
    const nothing = carry(form.empty);
    return {
      readIn: (value) => {
        const text = textOf(value);
        if (text === undefined) return isList;
        return text.trim() === '' ? NOTHING : carry(text.trim());
      },
      writeOut: (value) => {
        if (value === null || value === '') return nothing;
        if (typeof value !== 'string') return isList;
        const name = BY_SPELLING.get(value.trim().toLowerCase());
        return name === undefined ? isAbroad : carry(name);
      },
    };
  },
};
