import type { SampleCompany } from './companies.ts';
import type { SeededRandom } from './seeded-random.ts';
import { FIRST_NAMES, JOBS, LAST_NAMES } from './words.ts';

/** A person at a company. */
export interface SamplePerson {
  readonly number: number;
  readonly company: SampleCompany;
  readonly presence: SampleCompany['presence'];
  readonly first: string;
  readonly last: string;
  /** A company address, a free-mail address, or none. */
  readonly email: string | undefined;
  readonly job: string;
  readonly ageDays: number;
}

/** How many people there are. */
export const PERSON_COUNT = 860;

/** Invents the people; those at a company both systems know are mostly known to both. */
export function samplePeople(
  companies: readonly SampleCompany[],
  random: SeededRandom,
  count: number,
): readonly SamplePerson[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const company = random.pick(companies);
    const first = random.pick(FIRST_NAMES);
    const last = random.pick(LAST_NAMES);
    const isBoth = company.presence === 'both' && random.chance(0.75);
    const single = company.presence === 'both' ? random.pick(['salesforce', 'hubspot'] as const) : company.presence;
    return {
      number: index + 1,
      company,
      presence: isBoth ? 'both' : single,
      first,
      last,
      email: mailOf(first, last, company, random, taken),
      job: random.pick(JOBS),
      ageDays: 10 + random.below(600),
    };
  });
}

function mailOf(
  first: string,
  last: string,
  company: SampleCompany,
  random: SeededRandom,
  taken: Set<string>,
): string | undefined {
  const kind = random.next();
  if (kind < 0.04) return undefined;
  const box = `${ascii(first)}.${ascii(last)}`;
  // Free-mail addresses say nothing about the company; these mailboxes are made up, and nothing is ever sent.
  const host = kind < 0.1 ? 'gmail.com' : company.domain;
  for (let serial = 0; ; serial++) {
    const mail = `${box}${host === 'gmail.com' ? '.tributary.sample' : ''}${serial === 0 ? '' : serial}@${host}`;
    if (taken.has(mail)) continue;
    taken.add(mail);
    return mail;
  }
}

function ascii(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[^a-z]/gi, '')
    .toLowerCase();
}
