import * as z from 'zod';
import type { ObjectTypeFacts } from './object-types.ts';
import type { PropertyDefinition } from './property-definition.ts';
import { parseInstant } from './property-values.ts';
import { propertyValue, type RecordVersion } from './record-version.ts';

// biome-ignore format: one line a family reads better than one a word.
const operators = [
  'EQ', 'NEQ', 'LT', 'LTE', 'GT', 'GTE', 'BETWEEN',
  'IN', 'NOT_IN',
  'HAS_PROPERTY', 'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN', 'NOT_CONTAINS_TOKEN',
] as const;

/** One filter of a search request, as the API takes it. */
export const filterSchema = z.object({
  propertyName: z.string(),
  operator: z.enum(operators),
  value: z.coerce.string().optional(),
  highValue: z.coerce.string().optional(),
  values: z.array(z.coerce.string()).optional(),
});

export type SearchFilter = z.infer<typeof filterSchema>;

/** A value in the form filters and sorts compare: numbers and instants as numbers, text in lower case. */
export type Comparable = number | string;

export function comparable(definition: PropertyDefinition, text: string | null): Comparable | undefined {
  if (text === null || text === '') return undefined;
  switch (definition.type) {
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'date':
    case 'datetime':
      return parseInstant(text);
    default:
      return text.toLowerCase();
  }
}

/**
 * The test one filter stands for, or `undefined` when it lacks the value its operator needs. A record without the
 * property passes only `NEQ`, `NOT_IN`, `NOT_CONTAINS_TOKEN` and `NOT_HAS_PROPERTY`.
 */
export function filterPredicate(
  facts: ObjectTypeFacts,
  definition: PropertyDefinition,
  filter: SearchFilter,
): ((version: RecordVersion) => boolean) | undefined {
  const heldBy = valueReader(facts, definition);
  const { operator } = filter;
  if (operator === 'HAS_PROPERTY') return (version) => heldBy(version) !== undefined;
  if (operator === 'NOT_HAS_PROPERTY') return (version) => heldBy(version) === undefined;
  if (operator === 'IN' || operator === 'NOT_IN') {
    if (filter.values === undefined || filter.values.length === 0) return undefined;
    const wanted = new Set(filter.values.map((value) => comparable(definition, value)));
    const isWanted = membership(definition, wanted);
    return (version) => isWanted(heldBy(version)) === (operator === 'IN');
  }
  const value = comparable(definition, filter.value ?? null);
  if (value === undefined) return undefined;
  if (operator === 'CONTAINS_TOKEN' || operator === 'NOT_CONTAINS_TOKEN') {
    const containsToken = tokenPredicate(String(filter.value));
    return (version) => containsToken(heldBy(version)) === (operator === 'CONTAINS_TOKEN');
  }
  if (operator === 'BETWEEN') {
    const high = comparable(definition, filter.highValue ?? null);
    if (high === undefined) return undefined;
    return (version) => {
      const held = heldBy(version);
      return held !== undefined && held >= value && held <= high;
    };
  }
  const isWanted = membership(definition, new Set([value]));
  if (operator === 'EQ') return (version) => isWanted(heldBy(version));
  if (operator === 'NEQ') return (version) => !isWanted(heldBy(version));
  const compares = comparisons[operator];
  if (compares === undefined) return undefined;
  return (version) => {
    const held = heldBy(version);
    return held !== undefined && compares(held, value);
  };
}

const comparisons: Readonly<Record<string, (held: Comparable, value: Comparable) => boolean>> = {
  LT: (held, value) => held < value,
  LTE: (held, value) => held <= value,
  GT: (held, value) => held > value,
  GTE: (held, value) => held >= value,
};

/** The system's own times are read as they are kept: turning them into text and back would cost most of a search. */
function valueReader(
  facts: ObjectTypeFacts,
  definition: PropertyDefinition,
): (version: RecordVersion) => Comparable | undefined {
  if (definition.name === facts.modifiedProperty) return ({ modifiedAt }) => modifiedAt;
  if (definition.name === facts.createdProperty) return ({ createdAt }) => createdAt;
  return (version) => comparable(definition, propertyValue(facts, version, definition.name));
}

/** A multi-select holds a value when any of its values is wanted. */
function membership(
  definition: PropertyDefinition,
  wanted: ReadonlySet<Comparable | undefined>,
): (held: Comparable | undefined) => boolean {
  if (definition.fieldType !== 'checkbox') return (held) => held !== undefined && wanted.has(held);
  return (held) => typeof held === 'string' && held.split(';').some((value) => wanted.has(value));
}

/** Tokens are runs of letters and digits; `*` at either end of the wanted token stands for anything. */
function tokenPredicate(wanted: string): (held: Comparable | undefined) => boolean {
  const token = wanted.toLowerCase();
  const [isOpenAtStart, isOpenAtEnd] = [token.startsWith('*'), token.endsWith('*')];
  const core = token.replaceAll('*', '');
  const fits = (candidate: string): boolean => {
    if (isOpenAtStart && isOpenAtEnd) return candidate.includes(core);
    if (isOpenAtStart) return candidate.endsWith(core);
    return isOpenAtEnd ? candidate.startsWith(core) : candidate === core;
  };
  return (held) =>
    held !== undefined &&
    (fits(String(held)) ||
      String(held)
        .split(/[^\p{L}\p{N}]+/u)
        .some(fits));
}
