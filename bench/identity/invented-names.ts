import type { SeededRandom } from '../../local/simulators/sample-data/seeded-random.ts';
import { FIRST_NAMES, LAST_NAMES, PLACES, SECOND_WORDS } from '../../local/simulators/sample-data/words.ts';

const STARTS =
  'Al An Ar Bel Bor Bran Cal Cor Dal Dor El Fal Fen Gal Gor Har Hel Ister Jor Kal Kel Lan Lor Mar Mel Nor Or Pel Quen Ral Sol Tal Ul Vel Wen Yar Zel'.split(
    ' ',
  );
const MIDDLES = 'a e i o u ami ato ela eno iba iro oma ona ura umi avi evo'.split(' ');
const ENDS = 'bau con dex don dis fex gen lis lux mar mont nex pan rix sys tec tor via vis wick xis zen'.split(' ');
const STREETS =
  'Hafen Markt Park Garten Berg Linden Kirch Schul Mühlen Bahnhof Oak Mill River Church Station Victoria Queen High Maple Harbour'.split(
    ' ',
  );
const FIRST_PARTS =
  'Adri Bene Cata Dami Ele Fabi Gabri Hono Isi Juli Kilia Lore Magda Nata Octa Pris Quinti Rosa Sere Tibe Vale Wila Xeni Yola Zeno'.split(
    ' ',
  );
const FIRST_ENDS = 'n na no ra rt s sa ta tte us ce lle'.split(' ');
const LAST_PARTS =
  'Acker Bach Brand Burg Dorn Eck Fald Grim Hart Holm Kamp Kirch Lind Mohr Nord Ost Pohl Quast Rauf Sand Stein Tann Ulm Voss Wald Zell'.split(
    ' ',
  );
const LAST_ENDS = 'berg er haus hoff holt ing inger ke ler mann meier stedt ström sen son wald'.split(' ');

/** Where something is, with how its country writes things. */
export interface InventedPlace {
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  /** ISO 3166 alpha-2. */
  readonly country: string;
  readonly forms: readonly string[];
}

const COUNTRIES: readonly string[] = ['US', 'DE', 'GB', 'FR', 'NL', 'SE'];

/** A place that may well be another company's too. */
export function inventPlace(random: SeededRandom): InventedPlace {
  const index = random.below(PLACES.length);
  const place = PLACES[index] ?? PLACES[0];
  const isGerman = place.country === 'Germany';
  const name = random.pick(STREETS);
  const number = 1 + random.below(180);
  return {
    street: isGerman ? `${name}straße ${number}` : `${number} ${name} Street`,
    postalCode: `${place.postal}${String(random.below(10_000)).padStart(4, '0')}`,
    city: random.pick(place.cities),
    country: COUNTRIES[index] ?? 'US',
    forms: place.forms,
  };
}

/** A company's name without its legal form; one of some 350,000. */
export function inventCompanyName(random: SeededRandom): string {
  const head = random.pick(STARTS) + random.pick(MIDDLES) + random.pick(ENDS);
  return random.chance(0.15) ? head : `${head} ${random.pick(SECOND_WORDS)}`;
}

/** A first and a last name; the common ones of the sample data now and then, rarer ones mostly. */
export function inventPersonName(random: SeededRandom): readonly [first: string, last: string] {
  const first = random.chance(0.4) ? random.pick(FIRST_NAMES) : random.pick(FIRST_PARTS) + random.pick(FIRST_ENDS);
  const last = random.chance(0.3) ? random.pick(LAST_NAMES) : random.pick(LAST_PARTS) + random.pick(LAST_ENDS);
  return [first, last];
}

/** A phone number in E.164 of an invented line of the country. */
export function inventPhone(random: SeededRandom, country: string): string {
  const digits = String(random.below(10_000_000)).padStart(7, '0');
  return `${DIALS[country] ?? '+1212'}${digits}`;
}

const DIALS: Readonly<Record<string, string>> = {
  US: '+1212',
  DE: '+4930',
  GB: '+44207',
  FR: '+3314',
  NL: '+3120',
  SE: '+4631',
};
