import { foldLetters, isPlain } from './fold-letters.ts';
import { ATTACHED_FORMS, LEADING_FORMS, type LegalForm, TRAILING_FORMS } from './legal-forms.ts';

const CONJUNCTIONS: ReadonlySet<string> = new Set(['and', 'und', 'et', 'y', 'och', 'og']);
/** Names settle after two or three rounds; the bound is for hostile ones. */
const ROUNDS_MAX = 10;

/**
 * A company's name without what differs between systems and means nothing: case, accents, punctuation, legal forms of
 * many countries, conjunctions, a leading "the". Greek and Cyrillic are written in Latin letters. Words separated by
 * single spaces; empty only when there is no letter or digit in it. Idempotent.
 *
 * @example normaliseCompanyName('Müller & Söhne GmbH & Co. KG') // 'muller sohne'
 */
export function normaliseCompanyName(name: string): string {
  let normal = normaliseOnce(name);
  for (let round = 1; round < ROUNDS_MAX; round += 1) {
    const next = normaliseOnce(normal);
    if (next === normal) break;
    normal = next;
  }
  return normal;
}

/**
 * Names within a name, normalised: what stands before the first comma, dash, slash or bracket, and what stands after and
 * between them if it says itself that it is an organisation, by a legal form or a word such as _university_. `Sales, Acme
 * Ltd (Berlin)` has the parts `sales` and `acme`. Each once, at most four; none for a name without such signs.
 */
export function partsOfCompanyName(name: string): readonly string[] {
  const pieces = name
    .split(/[,;:|/\\()[\]]|\s[-–—]\s|\b(?:formerly|fka|aka|dba|d\/b\/a)\b/iu)
    .filter((piece) => piece.trim() !== '');
  if (pieces.length < 2) return [];
  const parts = new Set<string>();
  // `Sales Department, Acme` names the organisation next.
  let isAwaited = true;
  for (const piece of pieces) {
    if (parts.size === PARTS_MAX) break;
    const words = wordsOf(piece);
    const part = normaliseCompanyName(piece);
    const hasForm = withoutForms(joinInitials(words)).length < words.length;
    const isOrganisation = hasForm || words.some((word) => ORGANISATION.test(word));
    if (part !== '' && !isForm(part) && (isAwaited || isOrganisation) && !isUnit(words)) parts.add(part);
    isAwaited = isAwaited && beginsWithUnit(words);
  }
  return [...parts];
}

const PARTS_MAX = 4;
/** Words that only names of organisations have. */
const ORGANISATION =
  /^(?:univ|hosp|hopital|klini|clinic|instit|istitut|colleg|academ|akadem|polytechn|politec|bank|museum|ministr|stiftung|foundation|verein|verband|association|gesellschaft)/u;
/** A part of an organisation, which many have alike: `Department of Physics`, `Berlin branch`. */
const UNIT =
  /^(?:dept|depart|dep$|divis|div$|facul|fakul|facolt|dipart|abteil|section|unit$|labs?$|branch|office|team$|niederlass|filial|chair$|lehrstuhl|program|group$)/u;
const UNIT_IF_OF = /^(?:school|college|institute|center|centre|clinic|hospital|labor.*)$/u;
const OF: ReadonlySet<string> = new Set(['of', 'for', 'de', 'di', 'fur']);

function isUnit(words: readonly string[]): boolean {
  return UNIT.test(words.at(-1) ?? '') || beginsWithUnit(words);
}

function beginsWithUnit(words: readonly string[]): boolean {
  const [first = '', second = ''] = words[0] === 'the' ? words.slice(1) : words;
  return UNIT.test(first) || (UNIT_IF_OF.test(first) && OF.has(second));
}

/** The organisation that a normalised name is about: where it begins with a department, the first of its parts. */
export function organisationOf(normalised: string, [part]: readonly string[]): string {
  return part !== undefined && beginsWithUnit(normalised.split(' ')) ? part : normalised;
}

/**
 * What a name is known by: its words without those that come and go (`Group`, `Holdings`, `International`), fragments and
 * numbers; all of them when nothing else is there. Takes and gives a normalised name's words.
 */
export function essenceOf(normalised: string): readonly string[] {
  const words = normalised.split(' ');
  const essence = words.filter(
    (word) => word.length > 2 && !/\d/.test(word) && !COMMON_WORDS.has(word) && !isForm(word),
  );
  return essence.length > 0 ? essence : words;
}

/** A legal form of one word, which other words may follow: `Acme Inc. Berlin`. */
function isForm(word: string): boolean {
  return TRAILING_FORMS.get(word)?.some((form) => form.length === 1) === true;
}

/** Words that say what kind of company it is or how large it thinks it is, and tell no two apart. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `group grp gruppe groupe grupo gruppo holding holdings hldg hldgs hld hlds international intl global worldwide company
   companies enterprise enterprises services service solutions systems software technologies technology tech industries
   partners consulting the of and for inh nam new reg cum com net online digital corp classe class ord shs adr the del der
   die das von van de la le les di da do dos du das zum`
    .trim()
    .split(/\s+/),
);

function normaliseOnce(name: string): string {
  const words = joinInitials(withoutConjunctions(wordsOf(name)));
  const named = withoutForms(words);
  return (named[0] === 'the' && named.length > 1 ? named.slice(1) : named).join(' ');
}

function wordsOf(name: string): readonly string[] {
  let folded = foldLetters(name);
  if (!isPlain(folded)) {
    for (const form of ATTACHED_FORMS) {
      const without = folded.replaceAll(form, ' ');
      if (/[\p{L}\p{N}]/u.test(without)) folded = without;
    }
  }
  const spaced = folded
    .replace(/['’`´"“”]/g, '')
    // Dots between letters abbreviate (S.p.A.); other dots separate.
    .replace(/(?<=(?:^|[^\p{L}\p{N}])(?:\p{L}\.)*\p{L})\.(?=\p{L}(?:[^\p{L}\p{N}]|$))/gu, '')
    .replace(/[&+]/g, ' and ')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  return spaced === '' ? [] : spaced.split(' ');
}

/** Conjunctions join words; at an end they are part of the name. */
function withoutConjunctions(words: readonly string[]): readonly string[] {
  return words.filter((word, index) => index === 0 || index === words.length - 1 || !CONJUNCTIONS.has(word));
}

/** Letters that stand alone side by side are one abbreviation: `j p morgan` and `a s`. */
function joinInitials(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let isOpen = false;
  for (const word of words) {
    const isInitial = /^[a-z]$/.test(word);
    const last = joined.at(-1);
    if (isInitial && isOpen && last !== undefined) joined[joined.length - 1] = last + word;
    else joined.push(word);
    isOpen = isInitial;
  }
  return joined;
}

/** Takes legal forms off both ends, one after the other, as long as something is left. */
function withoutForms(words: readonly string[]): readonly string[] {
  let named = words;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const trailing = TRAILING_FORMS.get(named.at(-1) ?? '')?.find((form) => endsWith(named, form));
    if (trailing !== undefined) {
      named = named.slice(0, -trailing.length);
      continue;
    }
    const leading = LEADING_FORMS.get(named[0] ?? '')?.find((form) => startsWith(named, form));
    if (leading === undefined) break;
    named = named.slice(leading.length);
  }
  return named;
}

function endsWith(words: readonly string[], form: LegalForm): boolean {
  const start = words.length - form.length;
  return start > 0 && form.every((word, index) => words[start + index] === word);
}

function startsWith(words: readonly string[], form: LegalForm): boolean {
  return words.length > form.length && form.every((word, index) => words[index] === word);
}
