import type { SeededRandom } from './seeded-random.ts';
import { FIRST_WORDS, INDUSTRIES, PLACES, SECOND_WORDS } from './words.ts';

/** Where a company is known. */
export type Presence = 'both' | 'salesforce' | 'hubspot';

/** A company as it really is; each system tells it in its own way, with its own dirt. */
export interface SampleCompany {
  readonly number: number;
  readonly presence: Presence;
  readonly name: string;
  readonly legalForm: string;
  readonly domain: string;
  /** Whether Salesforce knows the website and HubSpot the domain. */
  readonly hasWebsite: boolean;
  readonly hasDomain: boolean;
  readonly place: (typeof PLACES)[number];
  readonly city: string;
  readonly industry: (typeof INDUSTRIES)[number];
  readonly phone: string;
  readonly employees: number;
  readonly revenue: number;
  readonly tier: string | undefined;
  readonly specializations: readonly string[];
  readonly ownerIndex: number;
  readonly ageDays: number;
}

/** How many companies there are. */
export const COMPANY_COUNT = 560;

/** Invents the companies; the same for the same sequence. */
export function sampleCompanies(random: SeededRandom, count: number): readonly SampleCompany[] {
  const names = new Set<string>();
  return Array.from({ length: count }, (_, index) => company(index, freshName(random, names), random));
}

function freshName(random: SeededRandom, taken: Set<string>): string {
  // There are far more pairs of words than companies, so this ends soon.
  for (;;) {
    const name = `${random.pick(FIRST_WORDS)} ${random.pick(SECOND_WORDS)}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

const SPECIALIZATIONS = ['cloud-migration', 'data-analytics', 'devops', 'security', 'sap', 'managed-services'] as const;

function company(index: number, name: string, random: SeededRandom): SampleCompany {
  const place = random.pick(PLACES);
  const share = random.next();
  const isPartner = random.chance(0.4);
  return {
    number: index + 1,
    presence: share < 0.6 ? 'both' : share < 0.8 ? 'salesforce' : 'hubspot',
    name,
    legalForm: random.pick(place.forms),
    domain: `${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.example`,
    hasWebsite: random.chance(0.9),
    hasDomain: random.chance(0.93),
    place,
    city: random.pick(place.cities),
    industry: random.pick(INDUSTRIES),
    phone: `${place.dial}${String(10 + random.below(90))}`,
    employees: 5 * (1 + random.below(400)),
    // Salesforce keeps whole units of this field.
    revenue: 100_000 * (1 + random.below(900)) + random.below(100),
    tier: isPartner ? random.pick(['registered', 'silver', 'gold', 'platinum']) : undefined,
    specializations: isPartner ? SPECIALIZATIONS.filter(() => random.chance(0.3)) : [],
    ownerIndex: random.below(3),
    ageDays: 30 + random.below(700),
  };
}
