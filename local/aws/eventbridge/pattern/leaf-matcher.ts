import { compileCidr } from './cidr.ts';
import { compileNumeric } from './numeric-range.ts';
import { isJsonObject, PatternFault } from './pattern-fault.ts';
import { compileWildcard } from './wildcard.ts';

/** Decides about one leaf of an event: a string, number, boolean or null. */
export type LeafMatcher = (value: unknown) => boolean;

/**
 * Compiles one element of a pattern's list: a literal, or an object with one comparison operator.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compileMatcher(alternative: unknown, place: string): LeafMatcher {
  if (!isJsonObject(alternative)) {
    if (Array.isArray(alternative)) throw new PatternFault(`nested array at ${place}`);
    return (value) => value === alternative;
  }
  const [operator, ...others] = Object.keys(alternative);
  if (operator === undefined || others.length > 0) throw new PatternFault(`exactly one operator is wanted at ${place}`);
  const compile = OPERATORS[operator];
  if (compile === undefined) throw new PatternFault(`unrecognized match type ${operator} at ${place}`);
  return compile(alternative[operator], place);
}

const OPERATORS: Readonly<Record<string, (operand: unknown, place: string) => LeafMatcher>> = {
  exists: (operand, place) => {
    if (typeof operand !== 'boolean') throw new PatternFault(`exists at ${place} must be true or false`);
    // What is absent never comes here: `exists: false` beside other alternatives is decided by the event pattern.
    return () => operand;
  },
  prefix: (operand, place) => affix(operand, place, 'prefix'),
  suffix: (operand, place) => affix(operand, place, 'suffix'),
  'equals-ignore-case': (operand, place) => equalsIgnoringCase(operand, place),
  wildcard: (operand, place) => wildcard(operand, place),
  numeric: (operand, place) => compileNumeric(operand, place),
  cidr: (operand, place) => compileCidr(operand, place),
  'anything-but': (operand, place) => anythingBut(operand, place),
};

/** `anything-but` takes a literal, a list of literals of one type, or one of four operators with a text or a list of texts. */
function anythingBut(operand: unknown, place: string): LeafMatcher {
  if (isJsonObject(operand)) {
    const [operator, ...others] = Object.keys(operand);
    const compile = operator === undefined ? undefined : NEGATABLE[operator];
    if (operator === undefined || others.length > 0 || compile === undefined) {
      throw new PatternFault(`anything-but at ${place} does not take ${operator ?? 'an empty object'}`);
    }
    const matchers = listOf(operand[operator], place).map((text) => compile(text, place));
    return (value) => !matchers.some((matches) => matches(value));
  }
  const excluded = listOf(operand, place);
  const types = new Set(excluded.map((value) => typeof value));
  if (types.size !== 1 || !(types.has('string') || types.has('number'))) {
    throw new PatternFault(`anything-but at ${place} takes strings or numbers, not both`);
  }
  return (value) => !excluded.includes(value);
}

const NEGATABLE: Readonly<Record<string, (operand: unknown, place: string) => LeafMatcher>> = {
  prefix: (operand, place) => affix(operand, place, 'prefix'),
  suffix: (operand, place) => affix(operand, place, 'suffix'),
  'equals-ignore-case': (operand, place) => equalsIgnoringCase(operand, place),
  wildcard: (operand, place) => wildcard(operand, place),
};

function affix(operand: unknown, place: string, end: 'prefix' | 'suffix'): LeafMatcher {
  const ignoresCase = isJsonObject(operand);
  const wanted = text(ignoresCase ? operand['equals-ignore-case'] : operand, `${end} at ${place}`);
  const affixed = ignoresCase ? wanted.toLowerCase() : wanted;
  return (value) => {
    if (typeof value !== 'string') return false;
    const subject = ignoresCase ? value.toLowerCase() : value;
    return end === 'prefix' ? subject.startsWith(affixed) : subject.endsWith(affixed);
  };
}

function equalsIgnoringCase(operand: unknown, place: string): LeafMatcher {
  const wanted = text(operand, `equals-ignore-case at ${place}`).toLowerCase();
  return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
}

function wildcard(operand: unknown, place: string): LeafMatcher {
  const matches = compileWildcard(text(operand, `wildcard at ${place}`), place);
  return (value) => typeof value === 'string' && matches(value);
}

function text(operand: unknown, what: string): string {
  if (typeof operand === 'string') return operand;
  throw new PatternFault(`${what} must be a string`);
}

function listOf(operand: unknown, place: string): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (list.length === 0) throw new PatternFault(`empty list at ${place}`);
  return list;
}
