import { essenceOf, organisationOf } from './company-name.ts';
import { fullNamesOf } from './nicknames.ts';
import { romanWords } from './romanise.ts';
import { soundOf } from './sound.ts';
import { isOwnMailbox, type Traits } from './traits.ts';

/** A weak key without its kind. */
export interface WeakKey {
  readonly type: string;
  readonly value: string;
}

/** A record gives at most so many weak keys: each costs a read and, at the first meeting, a write of the store. */
export const WEAK_KEYS_MAX = 16;

/**
 * The weak keys of a record: what it may have in common with another one that is the same, each made of parts that seldom go
 * wrong together. They find candidates and are evidence of nothing. The ones that tell most come first.
 */
export function weakKeysOf(traits: Traits): readonly WeakKey[] {
  const keys = new Map<string, WeakKey>();
  for (const [type, ...parts] of [
    ...ofIdentifiers(traits),
    ...ofCompany(traits),
    ...ofPerson(traits),
    ...ofBoth(traits),
  ]) {
    if (parts.includes('') || keys.size >= WEAK_KEYS_MAX) continue;
    const key = { type: `weak-${type}`, value: parts.join(' ') };
    keys.set(`${key.type}:${key.value}`, key);
  }
  return [...keys.values()];
}

/** The type and the parts of a key; a part that is empty makes it no key. */
type Draft = readonly [type: string, ...parts: string[]];

const LETTERS_MIN = 2;
/** A name this long is found by either of its ends: a mistake seldom hits both. */
const ENDS_LETTERS_MIN = 7;
const END_LETTERS = 5;
/** Shorter words begin too many names. */
const HEAD_LETTERS_MIN = 4;
/** Shorter mailboxes are initials, which many share. */
const MAILBOX_LETTERS_MIN = 5;
const PHONES_MAX = 2;
/** Country codes and trunk digits left aside, numbers are told apart by so many last digits. */
const PHONE_DIGITS = 7;

function ofIdentifiers({ identifiers }: Traits): readonly Draft[] {
  return identifiers.map(({ type, value }) => ['id', type, value]);
}

function ofCompany({ company, companyParts, domain, city, postalCode, country }: Traits): readonly Draft[] {
  if (company === '') return [];
  const essence = essenceOf(organisationOf(company, companyParts));
  const [head = '', second = ''] = essence;
  const compact = essence.join('');
  const ends = compact.length >= ENDS_LETTERS_MIN;
  return [
    // Without spaces, since systems disagree on those too.
    ['name', long(company.replaceAll(' ', ''), LETTERS_MIN)],
    // `acme.example` is what a company called Acme would have.
    ['name', long(labelOf(domain), HEAD_LETTERS_MIN)],
    ['name', long(compact, HEAD_LETTERS_MIN)],
    ...companyParts.map((part): Draft => ['name', long(part.replaceAll(' ', ''), HEAD_LETTERS_MIN)]),
    ['sound', essence.slice(0, 3).map(soundOf).toSorted().join(' ')],
    ['front', ends ? compact.slice(0, END_LETTERS) : ''],
    ['back', ends ? compact.slice(-END_LETTERS) : ''],
    ['head', long(head, HEAD_LETTERS_MIN), second.slice(0, 1) || '-'],
    ['head-city', soundOf(head), soundOf(city)],
    ['head-post', soundOf(head), postalCode],
    ['head-land', head, country],
  ];
}

function ofPerson(traits: Traits): readonly Draft[] {
  const { first, last, email, employer, employerDomain, city, postalCode, street, birthDate } = traits;
  const [given, family] = namesOf(first, last);
  const full = [...first, ...last].toSorted().join(' ');
  const isFull = given !== '' && family !== '';
  const mailbox = isOwnMailbox(email) ? email.slice(0, email.lastIndexOf('@')).replace(/[^\p{L}\p{N}]+/gu, '') : '';
  const [givenSound, familySound, road, town] = [given, family, street.words[0] ?? '', city].map(soundOf);
  // First and last name may be swapped, so that a nickname may stand in either.
  const familyFull = soundOf(fullNamesOf(family)[0] ?? '');
  return [
    ['name', isFull && employerDomain !== '' ? `${full}@${employerDomain}` : ''],
    ['name', isFull && employer !== '' ? `${full}@${employer.replaceAll(' ', '')}` : ''],
    ['email', email !== '' && !isOwnMailbox(email) ? email : ''],
    ['mailbox', long(mailbox, MAILBOX_LETTERS_MIN)],
    ['mailbox', mailbox.length < MAILBOX_LETTERS_MIN ? mailbox : '', employerDomain.slice(0, 3)],
    ['host', employerDomain, mailbox.slice(0, 3)],
    ...spellingsOf(given).map((name) => ['person', isFull ? [soundOf(name), familyFull].toSorted().join(' ') : '']),
    ['born', birthDate],
    ['born', birthDate, familySound],
    ['born', birthDate, givenSound],
    ['person-post', familySound, postalCode],
    ['person-post', givenSound, postalCode],
    ['person-street', familySound, road],
    ['person-street', givenSound, road],
    ['person-city', familySound, town],
    ['person-city', givenSound, town],
  ].map(([type = '', ...parts]) => [type, ...parts.map((part) => part ?? '')] as const);
}

/** How a first name may be written elsewhere: in full, or in Chinese with its signs as one word or apart. */
function spellingsOf(given: string): readonly string[] {
  const signs = romanWords(given);
  return signs.length > 1 ? [signs.join(''), signs[0] ?? ''] : fullNamesOf(given);
}

/** A first and a last name; where the whole name stands in one field, its two ends. In Chinese the last name comes first. */
function namesOf(first: readonly string[], last: readonly string[]): readonly [given: string, family: string] {
  const whole = first.length === 0 ? last : last.length === 0 ? first : [];
  const [sign, ...signs] = whole.length === 1 ? romanWords(whole[0] ?? '') : [];
  if (sign !== undefined && signs.length > 0) return [signs.join(' '), sign];
  return whole.length > 1 ? [whole[0] ?? '', whole.at(-1) ?? ''] : [first[0] ?? '', last.at(-1) ?? ''];
}

function ofBoth({ phones, street, postalCode, city }: Traits): readonly Draft[] {
  const road = soundOf(street.words[0] ?? '');
  return [
    ...phones.slice(0, PHONES_MAX).map((phone): Draft => ['phone', phone.slice(0, PHONE_DIGITS)]),
    ['street', street.number, road, postalCode],
    ['street', street.number, road, soundOf(city)],
    // Town and postal code may stand in the street's line.
    ['street', street.number, postalCode === '' || city === '' ? road : ''],
  ];
}

function labelOf(domain: string): string {
  return domain.slice(0, Math.max(0, domain.indexOf('.'))).replace(/[^\p{L}\p{N}]+/gu, '');
}

function long(text: string, min: number): string {
  return text.length >= min ? text : '';
}
