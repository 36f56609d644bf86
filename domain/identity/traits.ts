import { cached } from '../mapping/bounded-cache.ts';
import { domainFacts } from '../mapping/canonical/web.ts';
import type { Value } from '../model/value.ts';
import type { KeyRecipe, Vocabulary } from '../model/vocabulary.ts';
import { essenceOf, normaliseCompanyName, partsOfCompanyName } from './company-name.ts';
import { domainStanding } from './domain-standing.ts';
import { type Identifier, readIdentifier } from './identifier.ts';
import { nameWords } from './person-name.ts';
import { isRoleMailbox } from './role-mailboxes.ts';
import { isMailProvider } from './shared-domains.ts';
import { type Street, takeStreetApart } from './street.ts';

/** What a record tells about who or where it is, normalised, taken from the fields that its kind's identity rules name. */
export interface Traits {
  /** The record's own name, if it is a company. Normalised; empty when it has none. */
  readonly company: string;
  /** What stands between commas, dashes or brackets of the company's name, normalised, the whole not among them. */
  readonly companyParts: readonly string[];
  /** What that name is known by; see `essenceOf`. */
  readonly companyEssence: readonly string[];
  /** The words of a person's first and last name. */
  readonly first: readonly string[];
  readonly last: readonly string[];
  /** The name of the company a person works for, normalised. */
  readonly employer: string;
  /** The e-mail address, in lower case. */
  readonly email: string;
  /** The domain of that address if it is a company's. */
  readonly employerDomain: string;
  /** The company's own registered domain. */
  readonly domain: string;
  /** The digits of each phone number, from the end, so that `+49 30 …` and `030 …` begin alike. */
  readonly phones: readonly string[];
  readonly street: Street;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate: string;
  /** Numbers that others know it by, none of which identifies it for certain. At most four. */
  readonly identifiers: readonly Identifier[];
}

/** The canonical value of a field, wherever it is kept. */
export type ValueIn = (field: string) => Value | undefined;

/** Reads a record's traits. */
export function traitsOf(valueIn: ValueIn, vocabulary: Vocabulary): Traits {
  const texts = (fields: readonly string[] | undefined): readonly string[] =>
    (fields ?? []).map((field) => textOf(valueIn(field)));
  const rules = rulesOf(vocabulary);
  const [company = ''] = texts(rules.get('company-name')?.[0]);
  const [first = '', last = '', ownMail = '', employer = ''] = texts(rules.get('person-name')?.[0]);
  const [mail = ''] = texts(rules.get('email')?.[0]);
  const [street = '', postalCode = '', city = '', country = ''] = texts(rules.get('address')?.[0]);
  const [domain = ''] = texts(rules.get('domain')?.[0]);
  const [birthDate = ''] = texts(rules.get('birth-date')?.[0]);
  const email = mail === '' ? ownMail : mail;
  const { whole, parts, essence } = companyFacts(company);
  return {
    company: whole,
    companyParts: parts,
    companyEssence: essence,
    first: wordsOfName(first),
    last: wordsOfName(last),
    employer: companyFacts(employer).whole,
    email,
    employerDomain: companyDomain(email),
    domain: ownDomain(domain),
    phones: (rules.get('phone') ?? []).flatMap((fields) => tailOfPhone(texts(fields)[0] ?? '')),
    street: streetOf(street),
    postalCode: postalCode.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''),
    city: companyFacts(city).whole,
    country,
    birthDate,
    identifiers: identifiersIn(valueIn, rules.get('identifier') ?? []),
  };
}

type Rules = ReadonlyMap<KeyRecipe, readonly (readonly string[])[]>;

const RULES = new WeakMap<Vocabulary, Rules>();

/** The fields that the rules of each recipe read. */
function rulesOf(vocabulary: Vocabulary): Rules {
  const known = RULES.get(vocabulary);
  if (known !== undefined) return known;
  const rules = Map.groupBy(vocabulary.identity?.keys ?? [], ({ recipe }) => recipe);
  const made = new Map([...rules].map(([recipe, keys]) => [recipe, keys.map(({ fields }) => fields)]));
  RULES.set(vocabulary, made);
  return made;
}

/** The same candidates come again and again, and taking a name apart costs more than all the rest. */
const companyFacts = cached((name) => {
  const whole = normaliseCompanyName(name);
  return { whole, parts: partsOfCompanyName(name).filter((part) => part !== whole), essence: essenceOf(whole) };
});
const wordsOfName = cached(nameWords);
const streetOf = cached(takeStreetApart);
const tailOfPhone = cached(phoneTail);

const IDENTIFIERS_MAX = 4;

function identifiersIn(valueIn: ValueIn, rules: readonly (readonly string[])[]): readonly Identifier[] {
  return rules
    .flatMap(([field = '']) => {
      const value = valueIn(field);
      const texts = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
      return texts.flatMap((text: string) => readIdentifier(text, field) ?? []);
    })
    .slice(0, IDENTIFIERS_MAX);
}

/** The domain of an address, unless it is a mail provider's or none; empty then. */
export function companyDomain(email: string): string {
  const facts = email === '' ? undefined : domainFacts(email.slice(email.lastIndexOf('@') + 1));
  return facts === undefined || isMailProvider(facts.domain) ? '' : facts.domain;
}

function ownDomain(domain: string): string {
  const facts = domain === '' ? undefined : domainFacts(domain);
  return facts !== undefined && domainStanding(facts) === 'own' ? facts.domain : '';
}

/** A number of seven digits or more, an extension left off; shorter ones are extensions themselves. */
function phoneTail(phone: string): readonly string[] {
  const digits = phone.replace(/(?:ext|x|#).*$/i, '').replace(/\D+/g, '');
  return digits.length < PHONE_DIGITS_MIN ? [] : [[...digits].reverse().join('')];
}

const PHONE_DIGITS_MIN = 7;

/** Whether an address is a person's own and says something about them. */
export function isOwnMailbox(email: string): boolean {
  return email !== '' && !isRoleMailbox(email);
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}
