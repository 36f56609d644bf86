import type { PeopleKind } from './people-kinds.ts';

/** A value as people choose it: what it means, and how each system writes it. */
export interface Choice {
  /** What it means, the same in every system. */
  readonly meaning: string;
  readonly salesforce: unknown;
  readonly hubspot: string;
}

/**
 * A field that people edit, in the simulation's own words: written by hand from the vendors' pages and the mapping files, so that
 * what the oracles believe does not come from the code they judge.
 */
export interface PeopleField {
  readonly name: string;
  /** Absent where the system has no such field. */
  readonly salesforce: string;
  readonly hubspot?: string;
  /** The value of a place in the pool. Free text is different for every place, so that a value tells who entered it. */
  readonly choice: (place: number) => Choice;
  /** What a system's own form means; `''` for nothing. */
  readonly read: (raw: unknown) => string;
  readonly isSet?: true;
  /** Fields that win together. */
  readonly group?: string;
  readonly isClearable: boolean;
}

const asText = (raw: unknown): string => (raw === null || raw === undefined ? '' : String(raw).trim());

function text(name: string, salesforce: string, hubspot: string, more: Partial<PeopleField> = {}): PeopleField {
  return {
    name,
    salesforce,
    hubspot,
    isClearable: true,
    read: asText,
    choice: (place) => ({
      meaning: `${name} ${place}`,
      salesforce: `${name} ${place}`,
      hubspot: place % 5 === 0 ? ` ${name} ${place} ` : `${name} ${place}`,
    }),
    ...more,
  };
}

function phone(name: string, salesforce: string, hubspot: string): PeopleField {
  const digits = (place: number): string => String(2_000_000 + place).slice(-7);
  return {
    ...text(name, salesforce, hubspot),
    read: (raw) => asText(raw).replace(/[^+0-9]/g, ''),
    choice: (place) => ({
      meaning: `+4930${digits(place)}`,
      salesforce: `+49 30 ${digits(place)}`,
      hubspot: `+4930${digits(place)}`,
    }),
  };
}

function number(name: string, salesforce: string, hubspot: string, more: Partial<PeopleField> = {}): PeopleField {
  return {
    ...text(name, salesforce, hubspot),
    read: (raw) => (asText(raw) === '' ? '' : String(Number(raw))),
    choice: (place) => ({ meaning: String(place + 10), salesforce: place + 10, hubspot: String(place + 10) }),
    ...more,
  };
}

type Words = Readonly<Record<string, readonly [readonly string[], readonly string[]]>>;

/** A choice field by its words: meaning → spellings in Salesforce, in HubSpot. */
function choice(
  name: string,
  salesforce: string,
  hubspot: string | undefined,
  words: Words,
  /** What people of these worlds never choose, but others do. */
  unchosen: Words = {},
): PeopleField {
  const meanings = Object.keys(words);
  const all = { ...words, ...unchosen };
  const meaningOf = (raw: unknown): string => {
    const found = Object.keys(all).find((meaning) =>
      all[meaning]?.some((spellings) => spellings.includes(asText(raw))),
    );
    return asText(raw) === '' ? '' : (found ?? `?${asText(raw)}`);
  };
  return {
    name,
    salesforce,
    ...(hubspot === undefined ? {} : { hubspot }),
    isClearable: true,
    read: meaningOf,
    choice: (place) => {
      const meaning = meanings[place % meanings.length] ?? '';
      const [forSalesforce = [], forHubspot = []] = words[meaning] ?? [];
      return {
        meaning,
        salesforce: forSalesforce[place % forSalesforce.length] ?? '',
        hubspot: forHubspot[place % Math.max(1, forHubspot.length)] ?? '',
      };
    },
  };
}

/** A set by its words; places are bits of which elements are in it. */
function set(
  name: string,
  salesforce: string,
  hubspot: string,
  words: Readonly<Record<string, readonly [string, string]>>,
): PeopleField {
  const entries = Object.entries(words);
  const join = (place: number, side: 0 | 1): string =>
    entries.flatMap(([, spelling], bit) => ((place >> bit) & 1 ? [spelling[side]] : [])).join(';');
  return {
    name,
    salesforce,
    hubspot,
    isClearable: true,
    isSet: true,
    read: (raw) =>
      asText(raw)
        .split(';')
        .filter((word) => word !== '')
        .map((word) => entries.find(([, spelling]) => spelling.includes(word))?.[0] ?? `?${word}`)
        .sort()
        .join(';'),
    choice: (place) => ({
      meaning: entries.flatMap(([meaning], bit) => ((place >> bit) & 1 ? [meaning] : [])).join(';'),
      salesforce: join(place, 0) === '' ? null : join(place, 0),
      hubspot: join(place, 1),
    }),
  };
}

const day = (raw: unknown): string => {
  const written = asText(raw);
  return /^\d+$/.test(written) ? new Date(Number(written)).toISOString().slice(0, 10) : written.slice(0, 10);
};

function date(name: string, salesforce: string, hubspot: string): PeopleField {
  const dayOf = (place: number): string =>
    new Date(Date.UTC(2027, 0, 1) + place * 86_400_000).toISOString().slice(0, 10);
  return {
    ...text(name, salesforce, hubspot, { isClearable: false }),
    read: day,
    choice: (place) => ({ meaning: dayOf(place), salesforce: dayOf(place), hubspot: `${dayOf(place)}T00:00:00.000Z` }),
  };
}

const PRODUCTS = {
  analytics: ['Analytics', 'analytics'],
  platform: ['Platform', 'data-platform'],
  security: ['Security', 'security'],
} as const;
const RATINGS: Words = { hot: [['Hot'], ['HOT']], warm: [['Warm'], ['WARM']], cold: [['Cold'], ['COLD']] };

/** What people edit, by kind. */
export const FIELDS: Readonly<Record<PeopleKind, readonly PeopleField[]>> = {
  partner: [
    text('name', 'Name', 'name', { isClearable: false }),
    phone('phone', 'Phone', 'phone'),
    number('employees', 'NumberOfEmployees', 'numberofemployees'),
    text('street', 'BillingStreet', 'address', { group: 'address' }),
    text('city', 'BillingCity', 'city', { group: 'address' }),
    text('postalCode', 'BillingPostalCode', 'zip', { group: 'address' }),
    choice('tier', 'Partner_Tier__c', 'partner_tier', {
      registered: [['Registered'], ['registered']],
      silver: [['Silver'], ['silver']],
      gold: [['Gold'], ['gold']],
    }),
    choice('rating', 'Rating', undefined, { hot: [['Hot'], []], warm: [['Warm'], []], cold: [['Cold'], []] }),
    set('specializations', 'Specializations__c', 'specializations', {
      devops: ['DevOps', 'devops'],
      sap: ['SAP', 'sap'],
      security: ['Security', 'security'],
    }),
  ],
  deal: [
    text('name', 'Name', 'dealname', { isClearable: false }),
    number('amount', 'Amount', 'amount', { group: 'money', isClearable: false }),
    choice('currency', 'CurrencyIsoCode', 'deal_currency_code', {
      EUR: [['EUR'], ['EUR']],
      USD: [['USD'], ['USD']],
      GBP: [['GBP'], ['GBP']],
    }),
    date('closeDate', 'CloseDate', 'closedate'),
    choice(
      'stage',
      'StageName',
      'dealstage',
      {
        prospect: [['Prospecting'], ['appointmentscheduled']],
        'technical-validation': [['Needs Analysis', 'Value Proposition'], ['presentationscheduled']],
        committed: [['Negotiation/Review'], ['contractsent']],
      },
      {
        qualified: [['Qualification'], ['qualifiedtobuy']],
        'business-validation': [['Proposal/Price Quote'], ['decisionmakerboughtin']],
        won: [['Closed Won'], ['closedwon']],
        lost: [['Closed Lost'], ['closedlost']],
      },
    ),
    text('nextStep', 'NextStep', 'hs_next_step'),
    set('products', 'Products__c', 'products', PRODUCTS),
  ]
    .map((field) => (field.name === 'currency' ? { ...field, group: 'money', isClearable: false } : field))
    .map((field) => (field.name === 'stage' ? { ...field, isClearable: false } : field)),
  contact: [
    text('firstName', 'FirstName', 'firstname'),
    text('lastName', 'LastName', 'lastname', { isClearable: false }),
    text('title', 'Title', 'jobtitle'),
    phone('mobile', 'MobilePhone', 'mobilephone'),
    text('city', 'MailingCity', 'city', { group: 'address' }),
    text('postalCode', 'MailingPostalCode', 'zip', { group: 'address' }),
  ],
  lead: [
    text('firstName', 'FirstName', 'contact.firstname'),
    text('lastName', 'LastName', 'contact.lastname', { isClearable: false }),
    text('companyName', 'Company', 'lead_company', { isClearable: false }),
    choice('rating', 'Rating', 'hs_lead_label', RATINGS),
    set('productInterest', 'Product_Interest__c', 'product_interest', PRODUCTS),
  ],
};

/** Where each kind lives, and the field nobody edits that says which thing a record stands for. */
export const HOMES: Readonly<
  Record<
    PeopleKind,
    {
      readonly salesforce: string;
      readonly hubspot: 'companies' | 'deals' | 'contacts' | 'leads';
      readonly object: string;
      readonly marker: readonly [string, string];
    }
  >
> = {
  partner: { salesforce: 'Account', hubspot: 'companies', object: 'company', marker: ['Description', 'description'] },
  deal: { salesforce: 'Opportunity', hubspot: 'deals', object: 'deal', marker: ['Description', 'description'] },
  contact: { salesforce: 'Contact', hubspot: 'contacts', object: 'contact', marker: ['Department', 'department'] },
  lead: { salesforce: 'Lead', hubspot: 'leads', object: 'lead', marker: ['Description', 'description'] },
};

/** Half of the deals have a registration by which they can be recognised. */
export function isRegistered(entity: string): boolean {
  return Number(entity.slice(1)) % 2 === 0;
}

/** Persons who have one e-mail address between them. */
export function sharesMailbox(entity: string): boolean {
  return entity.startsWith('M');
}

/**
 * The things of a pair that look alike and share nothing that identifies them, by the number of the pair: companies (`N`), contacts (`K`) and
 * leads (`J`), the odd one and the even one after it.
 */
const PAIRS = {
  N: ['Quarry Robotics', 'Seewind Logistik'],
  K: ['Anna Lindgren', 'Bernd Kowalski'],
  J: ['Clara Abendroth', 'Teresa Winkelmann'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

function isPaired(letter: string): letter is keyof typeof PAIRS {
  return letter in PAIRS;
}

/** Who is asked about first, and made nowhere until somebody answers, when another one of the group is known: absent for things that stand alone. */
export function groupOf(entity: string): string | undefined {
  if (sharesMailbox(entity)) return 'mailbox';
  const letter = entity.charAt(0);
  return isPaired(letter) ? `${letter} ${pairOf(entity)}` : undefined;
}

function pairOf(entity: string): number {
  return Math.ceil(Number(entity.slice(1)) / 2);
}

/** What a thing of a pair is called, as the other one is; `undefined` for things that stand alone. */
function nameInPair(entity: string): string | undefined {
  const letter = entity.charAt(0);
  return isPaired(letter) ? PAIRS[letter][pairOf(entity) - 1] : undefined;
}

/** What a company is called, and its domain: the first one of a pair has none. */
export function companyOf(entity: string): { readonly name: string; readonly domain?: string } {
  const name = nameInPair(entity);
  const domain = `${entity.toLowerCase()}-simulated.com`;
  if (name === undefined) return { name: `company ${entity}`, domain };
  return Number(entity.slice(1)) % 2 === 1 ? { name } : { name, domain };
}

interface Person {
  readonly first?: string;
  readonly last: string;
  readonly email: string;
}

/** What a contact is called and written to. Two who share a mailbox have nothing in common but that, two of a pair their names. */
export function personOf(entity: string): Person {
  const email = sharesMailbox(entity) ? 'k.desk@people-simulated.com' : `${entity.toLowerCase()}@people-simulated.com`;
  if (!sharesMailbox(entity)) return { ...inPair(entity, `person ${entity}`), email };
  const [first, last] =
    Number(entity.slice(1)) % 2 === 0 ? (['Bernd', 'Kowalski'] as const) : (['Anna', 'Lindgren'] as const);
  return { first, last, email };
}

/** What the person of a lead is called and written to, and the company. */
export function leadOf(entity: string): Person & { readonly company: string } {
  const company = nameInPair(entity) === undefined ? `prospect ${entity}` : 'Talwerk';
  return { ...inPair(entity, `lead ${entity}`), email: `${entity.toLowerCase()}@leads-simulated.com`, company };
}

function inPair(entity: string, alone: string): Pick<Person, 'first' | 'last'> {
  const [first, last] = nameInPair(entity)?.split(' ') ?? [];
  return first === undefined || last === undefined ? { last: alone } : { first, last };
}
