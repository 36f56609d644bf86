import type { Kind } from '../model/kind.ts';
import type { Values } from '../model/value.ts';
import type { KeyRecipe, Vocabulary } from '../model/vocabulary.ts';
import { matchKeys } from './match-keys.ts';
import { companyNameSimilarity, personNameSimilarity } from './name-similarity.ts';

/** What speaks for and against two records being the same, for a person to judge. */
export interface Likeness {
  /** How alike the names are, 0 to 1; `undefined` when one of them has none. */
  readonly nameSimilarity: number | undefined;
  /** Types of the match keys both give. */
  readonly shared: readonly string[];
  /** Types of strong match keys both give, with no value in common. */
  readonly contradicting: readonly string[];
}

/** Names at least this alike are worth a person's look (precision 0.95 on public labelled company names, test/domain/identity/name-similarity.test.ts). */
const SIMILAR_MIN = 0.85;
/** With a weak key in common, names this alike are. */
const SIMILAR_WITH_KEY_MIN = 0.6;
/** Keys of which a company or person has one only: two different ones are two records. */
const SINGLE_KEYS: readonly string[] = ['tax-id', 'registration-id'];

/** Weighs what two records of a kind have in common. Symmetric. Values in canonical form. */
export function weighLikeness(kind: Kind, a: Values, b: Values, vocabulary: Vocabulary): Likeness {
  const left = matchKeys(kind, a, vocabulary);
  const right = matchKeys(kind, b, vocabulary);
  const rightTexts = new Set([...right.strong, ...right.weak].map(({ type, value }) => `${type}:${value}`));
  const shared = [...left.strong, ...left.weak].filter(({ type, value }) => rightTexts.has(`${type}:${value}`));
  const sharedTypes = new Set(shared.map(({ type }) => type));
  const rightTypes = new Set(right.strong.map(({ type }) => type));
  const contradicting = left.strong.filter(({ type }) => rightTypes.has(type) && !sharedTypes.has(type));
  return {
    nameSimilarity: nameSimilarity(a, b, vocabulary),
    shared: [...sharedTypes].sort(),
    contradicting: [...new Set(contradicting.map(({ type }) => type))].sort(),
  };
}

/** Whether the likeness is worth a person's look: similar names, or a weak key and not too different names, and no contradiction that settles it. */
export function isDoubtful({ nameSimilarity, shared, contradicting }: Likeness): boolean {
  if (contradicting.some((type) => SINGLE_KEYS.includes(type))) return false;
  if (nameSimilarity === undefined) return shared.length > 0;
  return nameSimilarity >= (shared.length > 0 ? SIMILAR_WITH_KEY_MIN : SIMILAR_MIN);
}

function nameSimilarity(a: Values, b: Values, vocabulary: Vocabulary): number | undefined {
  const company = namesBy('company-name', 1, a, b, vocabulary);
  if (company !== undefined) return companyNameSimilarity(...company);
  const person = namesBy('person-name', 2, a, b, vocabulary);
  return person && personNameSimilarity(...person);
}

/** The two records' names by the fields the kind's rule reads; `undefined` when the kind has no such rule or a name is missing. */
function namesBy(
  recipe: KeyRecipe,
  parts: number,
  a: Values,
  b: Values,
  { identity }: Vocabulary,
): readonly [string, string] | undefined {
  const fields = identity?.keys.find((rule) => rule.recipe === recipe)?.fields.slice(0, parts);
  const nameOf = (values: Values): string =>
    (fields ?? [])
      .map((field) => values[field])
      .filter((part) => typeof part === 'string')
      .join(' ');
  const names = [nameOf(a), nameOf(b)] as const;
  return names.includes('') ? undefined : names;
}
