import { type SeededRandom, seededRandom } from '../../local/simulators/sample-data/seeded-random.ts';
import { abbreviate, join, mistype, recase, reorder, shortenStreet, withoutAccents } from './dirt.ts';
import { type InventedPlace, inventCompanyName, inventPhone, inventPlace } from './invented-names.ts';
import type { LabelledRecord } from './labelled-set.ts';

/** A company as one system tells it. */
interface Told {
  name: string;
  form: string;
  domain: string;
  taxId: string;
  phone: string;
  street: string;
  postalCode: string;
  city: string;
  country: string;
}

/** Each kind of dirt that one telling of a company may have. */
const DIRT: readonly ((told: Told, random: SeededRandom) => Partial<Told>)[] = [
  (told, random) => ({ name: recase(told.name, random) }),
  (told, random) => ({ name: mistype(told.name, random) }),
  (told) => ({ name: reorder(told.name) }),
  (told) => ({ name: abbreviate(told.name) }),
  (told) => ({ name: join(told.name) }),
  (told) => ({ name: `${told.name} Group` }),
  (told) => ({ name: `${told.name} (${told.city})` }),
  () => ({ form: '' }),
  (_, random) => ({ form: random.pick(['Holding', 'International', 'Inc', 'GmbH']) }),
  () => ({ domain: '' }),
  () => ({ domain: '' }),
  (_, random) => ({ domain: random.pick(['gmail.com', 'facebook.com', 'linkedin.com']) }),
  () => ({ taxId: '' }),
  () => ({ taxId: 'n/a' }),
  () => ({ phone: '' }),
  (told) => ({ phone: told.phone.slice(-7) }),
  (told, random) => ({ phone: inventPhone(random, told.country) }),
  (told) => ({ street: shortenStreet(told.street) }),
  (told) => ({ street: withoutAccents(told.street) }),
  (_, random) => placeOf(inventPlace(random)),
  () => ({ street: '', postalCode: '' }),
];

/** How many kinds of dirt there are. */
export const COMPANY_DIRT = DIRT.length;

const SEED = 20_261_127;

/**
 * Invents companies as several systems and people tell them, in the order they would come up, the same every time: most are
 * known twice, some once or three times, each telling with up to three kinds of dirt. Among them are what is hard to keep
 * apart: sisters in one house with one switchboard, and strangers of one name in another country.
 */
export function dirtyCompanies(count: number, seed = SEED): readonly LabelledRecord[] {
  const random = seededRandom(seed);
  const records: { readonly place: number; readonly record: LabelledRecord }[] = [];
  for (let cluster = 0; records.length < count; cluster += 1) {
    const company = invent(random);
    const family = [company];
    if (random.chance(0.05)) family.push(sisterOf(company, random));
    if (random.chance(0.02)) family.push(namesakeOf(company, random));
    for (const [member, truth] of family.entries()) {
      const tellings = random.chance(0.25) ? 1 : random.chance(0.85) ? 2 : 3;
      for (let telling = 0; telling < tellings; telling += 1) {
        const told = { ...truth };
        const kinds = telling === 0 ? random.below(2) : random.below(4);
        for (let kind = 0; kind < kinds; kind += 1) Object.assign(told, random.pick(DIRT)(told, random));
        const id = `C${cluster}-${member}-${telling}`;
        records.push({ place: random.next(), record: asRecord(id, `C${cluster}-${member}`, told) });
      }
    }
  }
  return records
    .slice(0, count)
    .sort((a, b) => a.place - b.place)
    .map(({ record }) => record);
}

function invent(random: SeededRandom): Told {
  const name = inventCompanyName(random);
  const place = inventPlace(random);
  // Numbers, since a domain and a tax number belong to one company and invented names may repeat.
  const serial = random.below(1_000_000_000);
  return {
    name,
    form: random.pick(place.forms),
    domain: random.chance(0.85) ? `${withoutAccents(name).toLowerCase().replaceAll(' ', '-')}-${serial}.com` : '',
    taxId: random.chance(0.5) ? `${1_000_000_000 + serial}` : '',
    phone: random.chance(0.8) ? inventPhone(random, place.country) : '',
    street: place.street,
    postalCode: place.postalCode,
    city: place.city,
    country: place.country,
  };
}

/** Another company of the same owners: same door, same switchboard, another business. */
function sisterOf(company: Told, random: SeededRandom): Told {
  const other = invent(random);
  const [head = ''] = company.name.split(' ');
  const [, business = 'Estates'] = other.name.split(' ');
  return { ...company, name: `${head} ${business}`, form: other.form, domain: other.domain, taxId: other.taxId };
}

/** A company that has nothing to do with it but its name. */
function namesakeOf(company: Told, random: SeededRandom): Told {
  return { ...invent(random), name: company.name };
}

function placeOf({ street, postalCode, city }: InventedPlace): Partial<Told> {
  return { street, postalCode, city };
}

function asRecord(id: string, cluster: string, told: Told): LabelledRecord {
  const { form, name, ...rest } = told;
  const values = { name: form === '' ? name : `${name} ${form}`, ...rest };
  return {
    id,
    kind: 'partner',
    cluster,
    values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')),
  };
}
