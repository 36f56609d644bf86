import { domainFacts } from '../mapping/canonical/web.ts';
import type { Value } from '../model/value.ts';
import type { KeyRecipe, KeyRule, Vocabulary } from '../model/vocabulary.ts';
import { normaliseCompanyName, partsOfCompanyName } from './company-name.ts';
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
export function traitsOf(valueIn: ValueIn, { identity }: Vocabulary): Traits {
  const texts = (recipe: KeyRecipe): readonly (readonly string[])[] =>
    (identity?.keys ?? [])
      .filter((rule) => rule.recipe === recipe)
      .map(({ fields }) => fields.map((field) => textOf(valueIn(field))));
  const [[company = ''] = []] = texts('company-name');
  const [[first = '', last = '', ownMail = '', employer = ''] = []] = texts('person-name');
  const [[mail = ''] = []] = texts('email');
  const [[street = '', postalCode = '', city = '', country = ''] = []] = texts('address');
  const [[domain = ''] = []] = texts('domain');
  const [[birthDate = ''] = []] = texts('birth-date');
  const email = mail === '' ? ownMail : mail;
  const whole = normaliseCompanyName(company);
  return {
    company: whole,
    companyParts: partsOfCompanyName(company).filter((part) => part !== whole),
    first: nameWords(first),
    last: nameWords(last),
    employer: employer === '' ? '' : normaliseCompanyName(employer),
    email,
    employerDomain: companyDomain(email),
    domain: ownDomain(domain),
    phones: texts('phone').flatMap(([phone = '']) => phoneTail(phone)),
    street: takeStreetApart(street),
    postalCode: postalCode.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''),
    city: normaliseCompanyName(city),
    country,
    birthDate,
    identifiers: identifiersIn(valueIn, identity?.keys ?? []),
  };
}

const IDENTIFIERS_MAX = 4;

function identifiersIn(valueIn: ValueIn, rules: readonly KeyRule[]): readonly Identifier[] {
  return rules
    .filter(({ recipe }) => recipe === 'identifier')
    .flatMap(({ fields: [field = ''] }) => {
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
