import { COMMON_WORDS, essenceOf } from './company-name.ts';
import { isSameIdentifier } from './identifier.ts';
import { likenessOfNames, likenessOfWords } from './name-similarity.ts';
import { areNicknames } from './nicknames.ts';
import { isLatin, romanWords } from './romanise.ts';
import { soundOf } from './sound.ts';
import type { Traits } from './traits.ts';

/**
 * How much speaks for two records being the same, in rough bits: a positive number is how many times, as a power of two, such
 * an agreement is commoner among records that are the same than among others; a negative one the other way round. The numbers
 * are round on purpose and the same for all data. Symmetric.
 */
export function evidenceFor(a: Traits, b: Traits): number {
  const names = namesFor(a, b);
  const places = placesFor(a, b) + phonesFor(a, b);
  return (
    names +
    Math.max(PLACES_MIN, Math.min(places, PLACES_MAX)) +
    mailFor(a, b) +
    employersFor(a, b) +
    birthsFor(a, b) +
    identifiersFor(a, b)
  );
}

/** Colleagues share a door and a switchboard: together these never outweigh names that contradict. */
const PLACES_MAX = 11;
/** People and companies move, and have several places. */
const PLACES_MIN = -2;

function namesFor(a: Traits, b: Traits): number {
  if (a.company !== '' && b.company !== '') return companiesFor(a, b);
  return personsFor(a, b);
}

function companiesFor(a: Traits, b: Traits): number {
  if (areNumberedApart(a.company, b.company)) return NUMBERED_APART_BITS;
  const whole = likenessOfNames(a.company, b.company);
  const likeness = Math.max(whole, likenessOfParts(a, b), likenessOfEssence(a, b, whole));
  const byLikeness = LIKENESS_BITS.find(([min]) => likeness >= min)?.[1] ?? DIFFERENT_BITS;
  const names = Math.max(
    byLikeness,
    labelFor(a, b),
    shareAWord(a.companyEssence, b.companyEssence) ? SHARED_WORD_BITS : DIFFERENT_BITS,
  );
  return names + domainsFor(a, b);
}

/** The likeness of two company names, 0 to 1, and what it says. */
const LIKENESS_BITS: readonly (readonly [min: number, bits: number])[] = [
  [0.98, 9],
  [0.9, 7],
  [0.85, 6],
  [0.75, 3],
  [0.6, 0],
  [0.45, -3],
];
const DIFFERENT_BITS = -7;
/** `Barton` and `Chicago Public Schools, Clara Barton`. */
const SHARED_WORD_BITS = -2;
const SHARED_LETTERS_MIN = 4;

/** `Fund 1` and `Fund 2` are two, however alike: only a place or a number in common makes a question of them. */
const NUMBERED_APART_BITS = -3;

function areNumberedApart(a: string, b: string): boolean {
  const left: readonly string[] = a.match(/\d+/g) ?? [];
  const right: readonly string[] = b.match(/\d+/g) ?? [];
  return left.length > 0 && right.length > 0 && !left.some((number) => right.includes(number));
}

function shareAWord(a: readonly string[], b: readonly string[]): boolean {
  const words = new Set(a);
  return b.some((word) => word.length >= SHARED_LETTERS_MIN && words.has(word) && !COMMON_WORDS.has(word));
}

/** Parts of names that are the same are nearly as good as the whole. */
function likenessOfParts(a: Traits, b: Traits): number {
  if (a.companyParts.length + b.companyParts.length === 0) return 0;
  let best = 0;
  for (const one of [a.company, ...a.companyParts]) {
    for (const other of [b.company, ...b.companyParts]) {
      if (Math.min(one.length, other.length) < PART_LETTERS_MIN) continue;
      best = Math.max(best, likenessOfNames(one, other) * PART_WEIGHT, isWithin(one, other) ? WITHIN : 0);
    }
  }
  return best;
}

const PART_LETTERS_MIN = 5;
const PART_WEIGHT = 0.95;
const WITHIN = 0.86;

/** A name of several words within a longer one: a university and one of its schools. */
function isWithin(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.includes(' ') && essenceOf(short).length >= 2 && ` ${long} `.includes(` ${short} `);
}

/** How alike names are by what they are known by, word by word from the first; words may be cut short. */
function likenessOfEssence(a: Traits, b: Traits, ofNames: number): number {
  const [left, right] = [a.companyEssence, b.companyEssence];
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  const isHeadSame = isSameOrShort(short[0] ?? '', long[0] ?? '');
  const matched = Math.min(
    short.filter((word) => long.some((other) => isSameOrShort(word, other))).length,
    long.filter((word) => short.some((other) => isSameOrShort(word, other))).length,
  );
  if (!isHeadSame || matched < short.length) return looseLikeness(a, b, ofNames);
  if (matched === long.length) return short.join('') === long.join('') ? 0.95 : 0.9;
  // `Old Dominion` and `Old Dominion Freight Line`; one word alone begins too many names.
  return matched >= 2 ? WITHIN : Math.max(looseLikeness(a, b, ofNames), 0.6);
}

/** What two names are known by may be alike where the whole is not, `ofNames`. */
function looseLikeness(a: Traits, b: Traits, ofNames: number): number {
  const [left, right] = [a.companyEssence.join(' '), b.companyEssence.join(' ')];
  const isWhole = left === a.company && right === b.company;
  return (isWhole ? ofNames : likenessOfNames(left, right)) * PART_WEIGHT;
}

/** The same word, or one of them cut short: `pharmac` and `pharmaceuticals`. */
function isSameOrShort(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 3 && long.startsWith(short);
}

/** A company whose name is the other one's domain. */
function labelFor(a: Traits, b: Traits): number {
  const isLabel = (domain: string, name: string): boolean =>
    domain !== '' && domain.slice(0, domain.indexOf('.')).replaceAll('-', '') === name.replaceAll(' ', '');
  return isLabel(a.domain, b.company) || isLabel(b.domain, a.company) ? 7 : Number.NEGATIVE_INFINITY;
}

function domainsFor(a: Traits, b: Traits): number {
  if (a.domain === '' || b.domain === '') return 0;
  return a.domain === b.domain ? 8 : -2;
}

function personsFor(a: Traits, b: Traits): number {
  if (a.first.length + a.last.length === 0 || b.first.length + b.last.length === 0) return 0;
  const straight = firstNamesFor(a.first, b.first) + lastNamesFor(a.last, b.last);
  // Some systems and many people swap the two.
  const swapped = lastNamesFor(a.first, b.last) + firstNamesFor(a.last, b.first) - 1;
  return Math.max(straight, swapped, wholeNamesFor([...a.first, ...a.last], [...b.first, ...b.last]), PERSONS_MIN);
}

/** Names whose words are spread over first and last name in another way, or are written in another script. */
function wholeNamesFor(a: readonly string[], b: readonly string[]): number {
  if (isLatin(a.join('')) !== isLatin(b.join(''))) return scriptsFor(a, b);
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const isWithin = short.length >= 2 && short.every((word) => word.length > 1 && long.includes(word));
  if (!isWithin) return Number.NEGATIVE_INFINITY;
  return short.length === long.length ? 9 : 7;
}

/** Different letters are no evidence against: there are many ways to write a name in another script. */
function scriptsFor(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [a.flatMap(romanWords), b.flatMap(romanWords)];
  if (left.toSorted().join('') === right.toSorted().join('')) return 9;
  const [short, long] = [left.map(soundOf), right.map(soundOf)].sort((x, y) => x.length - y.length);
  const isSpoken = short?.every((sound) => sound.length > 1 && long?.includes(sound));
  return isSpoken && left.length > 1 ? 6 : 0;
}

/** Names change; the same day of birth at the same door with other names is still worth a question. */
const PERSONS_MIN = -10;

function firstNamesFor(a: readonly string[], b: readonly string[]): number {
  return wordsFor(a, b, { same: 4, alike: 3, near: 1.5, initial: 1, different: -6 });
}

function lastNamesFor(a: readonly string[], b: readonly string[]): number {
  return wordsFor(a, b, { same: 6, alike: 5, near: 3, initial: 1, different: -8 });
}

interface NameBits {
  readonly same: number;
  readonly alike: number;
  readonly near: number;
  readonly initial: number;
  readonly different: number;
}

function wordsFor(a: readonly string[], b: readonly string[], bits: NameBits): number {
  if (a.length === 0 || b.length === 0) return 0;
  const [left, right] = [a.join(''), b.join('')];
  // Names of different scripts cannot be compared.
  if (isLatin(left) !== isLatin(right)) return 0;
  if (left === right) return bits.same;
  const likeness = likenessOfWords(left, right);
  if (likeness >= 0.9) return bits.alike;
  // One of several names may be left out: `Maria Luis` and `Maria`.
  const isShared = a.some((word) => word.length > 1 && b.some((other) => areNicknames(word, other)));
  if (isShared) return bits.alike;
  if (likeness >= 0.8 || isSameSound(left, right)) return bits.near;
  if (left[0] === right[0] && (left.length === 1 || right.length === 1)) return bits.initial;
  return bits.different;
}

function isSameSound(a: string, b: string): boolean {
  const sound = soundOf(a);
  return sound.length > 1 && sound === soundOf(b);
}

function placesFor(a: Traits, b: Traits): number {
  return streetsFor(a, b) + postalCodesFor(a, b) + citiesFor(a, b) + countriesFor(a, b);
}

function streetsFor(a: Traits, b: Traits): number {
  const [left, right] = [a.street, b.street];
  if (left.words.length === 0 || right.words.length === 0) return 0;
  const isNumberSame = left.number !== '' && left.number === right.number;
  const head = likenessOfWords(left.words[0] ?? '', right.words[0] ?? '');
  const whole = Math.max(head * 0.95, likenessOfWords(left.words.join(''), right.words.join('')));
  if (whole >= 0.85 || shareWords(left.words, right.words))
    return isNumberSame ? 6 : left.number === '' || right.number === '' ? 4 : 2;
  return isNumberSame ? 0 : -1;
}

/** Whether nearly all the shorter line says stands in the longer one, in whatever order. */
function shareWords(a: readonly string[], b: readonly string[]): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length < 2) return false;
  const common = short.filter((word) => long.some((other) => likenessOfWords(word, other) >= 0.9));
  return common.join('').length >= short.join('').length * 0.75;
}

function postalCodesFor(a: Traits, b: Traits): number {
  if (a.postalCode === '' || b.postalCode === '') return 0;
  if (a.postalCode === b.postalCode) return 3;
  return likenessOfWords(a.postalCode, b.postalCode) >= 0.75 ? 1 : -1;
}

function citiesFor(a: Traits, b: Traits): number {
  if (a.city === '' || b.city === '') return 0;
  return likenessOfWords(a.city, b.city) >= 0.85 ? 2 : -1;
}

function countriesFor(a: Traits, b: Traits): number {
  return a.country === '' || b.country === '' || a.country === b.country ? 0 : -3;
}

function phonesFor(a: Traits, b: Traits): number {
  if (a.phones.length === 0 || b.phones.length === 0) return 0;
  const isShared = a.phones.some((phone) => b.phones.some((other) => isSamePhone(phone, other)));
  return isShared ? 6 : -0.5;
}

/** Reversed digits: one may have a country code or a trunk digit in front that the other has not. */
function isSamePhone(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length, 9);
  return a.slice(0, length) === b.slice(0, length);
}

function mailFor(a: Traits, b: Traits): number {
  if (a.email === '' || b.email === '') return 0;
  if (a.email === b.email) return 7;
  const [left, right] = [mailboxOf(a.email), mailboxOf(b.email)];
  const mailbox = likenessOfWords(left, right);
  const host = likenessOfWords(hostOf(a.email), hostOf(b.email));
  if (Math.min(left.length, right.length) >= 3 && mailbox >= 0.85 && host >= 0.85) return 6;
  if (left === right && left.length >= 5) return 4;
  return a.employerDomain !== '' && b.employerDomain !== '' && host < 0.85 ? -3 : -0.5;
}

function hostOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}

function mailboxOf(email: string): string {
  return email.slice(0, email.lastIndexOf('@'));
}

function employersFor(a: Traits, b: Traits): number {
  if (a.employerDomain !== '' && a.employerDomain === b.employerDomain) return 2;
  if (a.employer === '' || b.employer === '') return 0;
  const likeness = likenessOfNames(a.employer, b.employer);
  if (likeness >= 0.85) return 3;
  return likeness < 0.5 ? -3 : 0;
}

function birthsFor(a: Traits, b: Traits): number {
  if (a.birthDate === '' || b.birthDate === '') return 0;
  if (a.birthDate === b.birthDate) return 8;
  const [left, right] = [[...a.birthDate], [...b.birthDate]];
  const differing = left.filter((digit, place) => digit !== right[place]).length;
  // A digit mistyped, two that changed places, or day and month taken for each other.
  const isTurned = left.toSorted().join('') === right.toSorted().join('');
  if (differing === 1 || (isTurned && differing <= 4)) return 4;
  return differing === 2 ? 0 : -3;
}

/** Different ones say nothing: a record that was made twice mostly has two customer numbers. */
function identifiersFor(a: Traits, b: Traits): number {
  const isShared = a.identifiers.some((one) => b.identifiers.some((other) => isSameIdentifier(one, other)));
  return isShared ? IDENTIFIER_BITS : 0;
}

/** Enough for a question about two companies whatever their names, and about two persons unless their names contradict. */
const IDENTIFIER_BITS = 12;
