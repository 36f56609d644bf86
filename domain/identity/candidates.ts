import type { Kind } from '../model/kind.ts';
import type { Values } from '../model/value.ts';
import type { Vocabulary } from '../model/vocabulary.ts';
import { evidenceFor } from './evidence.ts';
import { strongKeys } from './match-keys.ts';
import { traitsOf } from './traits.ts';

/** What speaks for and against two records being the same, for a person to judge. */
export interface Likeness {
  /** How much speaks for it, all in all, in rough bits; see `evidence.ts`. */
  readonly evidence: number;
  /** Types of match keys of which a record has one only, and of which these two have different ones. */
  readonly contradicting: readonly string[];
  /** Whether it is worth a person's look: enough speaks for it, and nothing settles it against it. */
  readonly isDoubtful: boolean;
}

/** What is worth a person's look. Persons' names are commoner than companies', so more must speak for them. */
const EVIDENCE_MIN: Readonly<Record<Kind, number>> = {
  partner: 5,
  contact: 9,
  lead: 9,
  deal: Number.POSITIVE_INFINITY,
  invitation: Number.POSITIVE_INFINITY,
};
/** Keys of which a company or person has one only: two different ones are two records. */
const SINGLE_KEYS: ReadonlySet<string> = new Set(['tax-id', 'registration-id']);

/** Weighs what a record has in common with others of its kind, one after the other. Symmetric. Values in canonical form. */
export function weighLikeness(kind: Kind, values: Values, vocabulary: Vocabulary): (other: Values) => Likeness {
  const traits = traitsOf((field) => values[field], vocabulary);
  const single = singleKeys(kind, values, vocabulary);
  return (other) => {
    const evidence = evidenceFor(
      traits,
      traitsOf((field) => other[field], vocabulary),
    );
    if (evidence < EVIDENCE_MIN[kind]) return { evidence, contradicting: [], isDoubtful: false };
    const others = singleKeys(kind, other, vocabulary);
    const contradicting = [...single].filter(([type, value]) => (others.get(type) ?? value) !== value);
    return { evidence, contradicting: contradicting.map(([type]) => type), isDoubtful: contradicting.length === 0 };
  };
}

function singleKeys(kind: Kind, values: Values, vocabulary: Vocabulary): ReadonlyMap<string, string> {
  const keys = strongKeys(kind, (field) => values[field], vocabulary).filter(({ type }) => SINGLE_KEYS.has(type));
  return new Map(keys.map(({ type, value }) => [type, value]));
}
