import type { SampleCompany } from './companies.ts';
import type { SamplePerson } from './people.ts';
import type { SeededRandom } from './seeded-random.ts';
import { FIRST_NAMES, LAST_NAMES } from './words.ts';

/** A deal; one known to both systems carries the same registration id there. */
export interface SampleDeal {
  readonly number: number;
  readonly company: SampleCompany;
  readonly presence: SampleCompany['presence'];
  readonly name: string;
  readonly amount: string;
  readonly currency: 'USD' | 'EUR';
  readonly closeDate: string;
  readonly stage: (typeof STAGES)[number];
  readonly isPartnerSourced: boolean;
  readonly registrationId: string | undefined;
  readonly people: readonly SamplePerson[];
  /** What is sold, by line; they add up to the amount. Most deals have none. */
  readonly lines: readonly { readonly code: string; readonly quantity: number; readonly price: number }[];
  readonly ageDays: number;
}

/** What the vendor sells, by code; the names are those of the picklists. */
export const CATALOGUE = [
  { code: 'ANALYTICS', name: 'Analytics' },
  { code: 'AUTOMATION', name: 'Automation' },
  { code: 'INTEGRATION', name: 'Integration' },
  { code: 'PLATFORM', name: 'Platform' },
  { code: 'SECURITY', name: 'Security' },
  { code: 'SUPPORT', name: 'Support' },
] as const;

/** Somebody interested whom no seller has met. */
export interface SampleLead {
  readonly number: number;
  readonly presence: SampleCompany['presence'];
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly companyName: string;
  readonly ageDays: number;
}

export const DEAL_COUNT = 420;
export const LEAD_COUNT = 60;

const STAGES = [
  { salesforce: 'Prospecting', hubspot: 'appointmentscheduled' },
  { salesforce: 'Qualification', hubspot: 'qualifiedtobuy' },
  { salesforce: 'Value Proposition', hubspot: 'presentationscheduled' },
  { salesforce: 'Proposal/Price Quote', hubspot: 'decisionmakerboughtin' },
  { salesforce: 'Negotiation/Review', hubspot: 'contractsent' },
  { salesforce: 'Closed Won', hubspot: 'closedwon' },
  { salesforce: 'Closed Lost', hubspot: 'closedlost' },
] as const;

const TOPICS = ['Rollout', 'Renewal', 'Pilot', 'Expansion', 'Migration', 'Assessment'] as const;
const DAY_MS = 86_400_000;

/** Invents the deals. */
export function sampleDeals(
  now: number,
  companies: readonly SampleCompany[],
  people: readonly SamplePerson[],
  random: SeededRandom,
  count: number,
): readonly SampleDeal[] {
  const staff = Map.groupBy(people, ({ company }) => company.number);
  return Array.from({ length: count }, (_, index) => {
    const company = random.pick(companies);
    const isBoth = company.presence === 'both' && random.chance(0.5);
    const single = company.presence === 'both' ? random.pick(['salesforce', 'hubspot'] as const) : company.presence;
    const number = index + 1;
    const amount = `${1_000 * (1 + random.below(400))}.${random.pick(['00', '50', '25'])}`;
    return {
      number,
      company,
      presence: isBoth ? 'both' : single,
      name: `${company.name} – ${random.pick(TOPICS)} ${2026 + random.below(2)}`,
      amount,
      currency: random.chance(0.35) ? 'EUR' : 'USD',
      closeDate: new Date(now + (random.below(300) - 60) * DAY_MS).toISOString().slice(0, 10),
      stage: random.pick(STAGES),
      isPartnerSourced: random.chance(0.4),
      registrationId: isBoth || random.chance(0.2) ? `REG-2026-${String(number).padStart(4, '0')}` : undefined,
      people: (staff.get(company.number) ?? []).slice(0, random.below(3)),
      lines: number % 9 === 0 ? linesOf(Number(amount)) : [],
      ageDays: 5 + random.below(200),
    };
  });
}

const SUPPORT_PRICE = 250;

function linesOf(amount: number): SampleDeal['lines'] {
  return [
    { code: 'ANALYTICS', quantity: 1, price: amount - 2 * SUPPORT_PRICE },
    { code: 'SUPPORT', quantity: 2, price: SUPPORT_PRICE },
  ];
}

/** Invents the leads; a third is known to both systems by the e-mail address. */
export function sampleLeads(random: SeededRandom, count: number): readonly SampleLead[] {
  return Array.from({ length: count }, (_, index) => {
    const first = random.pick(FIRST_NAMES);
    const last = random.pick(LAST_NAMES);
    return {
      number: index + 1,
      presence: random.pick(['both', 'salesforce', 'hubspot'] as const),
      first,
      last,
      email: `lead${index + 1}@prospect-${index + 1}.example`,
      companyName: `Prospect ${index + 1} ${random.pick(['Ltd', 'Inc.', 'GmbH'])}`,
      ageDays: 1 + random.below(60),
    };
  });
}
