import { type SeededRandom, seededRandom } from '../../local/simulators/sample-data/seeded-random.ts';
import { mistype, recase, shortenStreet, withoutAccents } from './dirt.ts';
import { inventCompanyName, inventPersonName, inventPhone, inventPlace } from './invented-names.ts';
import type { LabelledRecord } from './labelled-set.ts';

/** A person as one system tells them. */
interface Told {
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  street: string;
  postalCode: string;
  city: string;
  country: string;
}

/** A company people work for: its door, its switchboard, its domain. */
interface Employer {
  readonly domain: string;
  readonly phone: string;
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
}

const SHORT_FORMS: Readonly<Record<string, string>> = {
  Alejandro: 'Alex',
  Amélie: 'Amy',
  Daniel: 'Dan',
  Jack: 'John',
  Julia: 'Jules',
  Laura: 'Laurie',
  Lukas: 'Luke',
  Marco: 'Marc',
  Mohammed: 'Mo',
  Oscar: 'Oskar',
  Sara: 'Sarah',
  Sofia: 'Sophie',
  Thomas: 'Tom',
  Viktor: 'Vic',
  Zoë: 'Zoey',
};

/** Each kind of dirt that one telling of a person may have. */
const DIRT: readonly ((told: Told, random: SeededRandom) => Partial<Told>)[] = [
  (told, random) => ({ firstName: recase(told.firstName, random) }),
  (told, random) => ({ lastName: recase(told.lastName, random) }),
  (told, random) => ({ firstName: mistype(told.firstName, random) }),
  (told, random) => ({ lastName: mistype(told.lastName, random) }),
  (told) => ({ firstName: SHORT_FORMS[told.firstName] ?? told.firstName }),
  (told) => ({ firstName: `${told.firstName.charAt(0)}.` }),
  (told) => ({ firstName: told.lastName, lastName: told.firstName }),
  (told) => ({ firstName: `Dr. ${told.firstName}` }),
  (told, random) => ({ firstName: `${told.firstName} ${random.pick(['A.', 'Maria', 'J.', 'Jan'])}` }),
  (told, random) => ({ lastName: `${told.lastName}-${inventPersonName(random)[1]}` }),
  (told) => ({ firstName: withoutAccents(told.firstName), lastName: withoutAccents(told.lastName) }),
  () => ({ firstName: '' }),
  () => ({ email: '' }),
  () => ({ email: '' }),
  (told) => ({ email: told.email === '' ? '' : `${mailbox(told)}@gmail.com` }),
  (told, random) => ({
    email: told.email === '' ? '' : `info@${inventCompanyName(random).toLowerCase().replaceAll(' ', '')}.com`,
  }),
  (told, random) => ({ email: mistype(told.email, random) }),
  () => ({ phone: '' }),
  (told) => ({ phone: told.phone.slice(-7) }),
  (told) => ({ street: shortenStreet(told.street) }),
  () => ({ street: '', postalCode: '' }),
];

/** How many kinds of dirt there are. */
export const PERSON_DIRT = DIRT.length;

const SEED = 20_261_128;

/**
 * Invents people at companies as several systems tell them, in the order they would come up, the same every time. Among them
 * are what is hard to keep apart: colleagues with one switchboard, namesakes elsewhere, relatives at one company, families
 * with one mailbox, and mailboxes that were handed on to the next person.
 */
export function dirtyPersons(count: number, seed = SEED): readonly LabelledRecord[] {
  const random = seededRandom(seed);
  const records: { readonly place: number; readonly record: LabelledRecord }[] = [];
  let serial = 0;
  for (let company = 0; records.length < count; company += 1) {
    const employer = inventEmployer(company, random);
    const staff = 1 + random.below(9);
    let last: Told | undefined;
    for (let member = 0; member < staff; member += 1) {
      serial += 1;
      const person = invent(employer, serial, random);
      if (last !== undefined && random.chance(0.03)) person.lastName = last.lastName;
      // A mailbox that two persons have, or had one after the other.
      if (last !== undefined && last.email !== '' && random.chance(0.01)) person.email = last.email;
      last = person;
      const tellings = random.chance(0.3) ? 1 : random.chance(0.85) ? 2 : 3;
      for (let telling = 0; telling < tellings; telling += 1) {
        const told = { ...person };
        const kinds = telling === 0 ? random.below(2) : random.below(4);
        for (let kind = 0; kind < kinds; kind += 1) Object.assign(told, random.pick(DIRT)(told, random));
        records.push({ place: random.next(), record: asRecord(`P${serial}-${telling}`, `P${serial}`, told) });
      }
    }
  }
  return records
    .slice(0, count)
    .sort((a, b) => a.place - b.place)
    .map(({ record }) => record);
}

function inventEmployer(company: number, random: SeededRandom): Employer {
  const place = inventPlace(random);
  const name = withoutAccents(inventCompanyName(random)).toLowerCase().replaceAll(' ', '-');
  const { street, postalCode, city, country } = place;
  return { domain: `${name}-${company}.com`, phone: inventPhone(random, country), street, postalCode, city, country };
}

function invent(employer: Employer, serial: number, random: SeededRandom): Told {
  const { domain, phone, ...door } = employer;
  const [firstName, lastName] = inventPersonName(random);
  const person = { firstName, lastName, email: '', phone: random.chance(0.6) ? phone : '', ...door };
  const own = random.next();
  // A number now and then, since a mailbox belongs to one person and invented names may repeat.
  if (own < 0.85) person.email = `${mailbox(person)}${own < 0.15 ? serial : ''}@${domain}`;
  if (random.chance(0.3)) person.phone = inventPhone(random, door.country);
  return person;
}

function mailbox({ firstName, lastName }: Pick<Told, 'firstName' | 'lastName'>): string {
  const letters = (text: string) =>
    withoutAccents(text)
      .toLowerCase()
      .replace(/[^a-z]/g, '');
  return `${letters(firstName)}.${letters(lastName)}`;
}

function asRecord(id: string, cluster: string, told: Told): LabelledRecord {
  const email = told.email.includes('@') ? told.email.toLowerCase() : '';
  const values = Object.entries({ ...told, email }).filter(([, value]) => value !== '');
  return { id, kind: 'contact', cluster, values: Object.fromEntries(values) };
}
