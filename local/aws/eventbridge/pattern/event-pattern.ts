import { compileMatcher, type LeafMatcher } from './leaf-matcher.ts';
import { isJsonObject, type JsonObject, PatternFault } from './pattern-fault.ts';

/** Decides whether an event, as parsed JSON, is one of those a rule wants. */
export type EventPattern = (event: JsonObject) => boolean;

/** Most characters of a pattern (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html). */
const PATTERN_CHARACTERS_MAX = 4096;

/**
 * Compiles an event pattern to a function, or answers why it is not valid.
 *
 * The rules are those of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html: every field of
 * the pattern must match, any one alternative of a field's list is enough, a field holding an array matches if any of
 * its elements does, and within an array of objects one and the same object must match all fields asked of it. Numbers
 * are compared by value; EventBridge compares their text, and so tells `300` from `300.0`.
 */
export function compileEventPattern(text: string): { readonly matches: EventPattern } | { readonly fault: string } {
  if (text.length > PATTERN_CHARACTERS_MAX)
    return { fault: `Event pattern is longer than ${PATTERN_CHARACTERS_MAX} characters` };
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    return { fault: 'Event pattern is not valid. Reason: not JSON' };
  }
  try {
    if (!isJsonObject(pattern)) throw new PatternFault('the pattern must be an object');
    const node = compileNode(pattern, []);
    return { matches: (event) => node(event, event) };
  } catch (error) {
    // The compiler stops at the first mistake, wherever in the tree it is, by throwing this one class.
    if (error instanceof PatternFault) return { fault: `Event pattern is not valid. Reason: ${error.message}` };
    throw error;
  }
}

/** Matches part of an event; the whole event is needed to say that a field is nowhere in it. */
type Node = (value: unknown, event: JsonObject) => boolean;

function compileNode(pattern: JsonObject, path: readonly string[]): Node {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new PatternFault(`empty object at ${place(path)}`);
  const fields = entries.map(([name, part]) => compileEntry(name, part, path));
  const matchesObject: Node = (value, event) => fields.every((field) => field(value, event));
  // One and the same element has to match: fields of different elements are not mixed.
  return (value, event) =>
    Array.isArray(value) ? anyElement(value, (element) => matchesObject(element, event)) : matchesObject(value, event);
}

function compileEntry(name: string, part: unknown, path: readonly string[]): Node {
  if (name === '$or') return compileOr(part, path);
  const here = [...path, name];
  const child = Array.isArray(part) ? compileLeaf(part, here) : compileChild(part, here);
  return (value, event) => child(isJsonObject(value) ? value[name] : undefined, event);
}

function compileChild(part: unknown, path: readonly string[]): Node {
  if (isJsonObject(part)) return compileNode(part, path);
  throw new PatternFault(`${place(path)} must be an object or an array`);
}

function compileOr(part: unknown, path: readonly string[]): Node {
  if (!Array.isArray(part) || part.length < 2 || !part.every(isJsonObject)) {
    throw new PatternFault(`$or at ${place(path)} must be an array of at least two objects`);
  }
  const alternatives = part.map((alternative) => compileNode(alternative, path));
  return (value, event) => alternatives.some((alternative) => alternative(value, event));
}

function compileLeaf(alternatives: readonly unknown[], path: readonly string[]): Node {
  if (alternatives.length === 0) throw new PatternFault(`empty array at ${place(path)}`);
  const matchers: LeafMatcher[] = [];
  let absentIsEnough = false;
  for (const alternative of alternatives) {
    if (isJsonObject(alternative) && alternative.exists === false && Object.keys(alternative).length === 1)
      absentIsEnough = true;
    else matchers.push(compileMatcher(alternative, place(path)));
  }
  return (value, event) => (absentIsEnough && !isPresent(event, path)) || anyLeaf(value, matchers);
}

/** Whether any leaf of a value, which may be nested in arrays, satisfies any of the matchers. */
function anyLeaf(value: unknown, matchers: readonly LeafMatcher[]): boolean {
  if (value === undefined || isJsonObject(value)) return false;
  if (Array.isArray(value)) return value.some((element) => anyLeaf(element, matchers));
  return matchers.some((matches) => matches(value));
}

function anyElement(values: readonly unknown[], matches: (element: unknown) => boolean): boolean {
  return values.some((value) => (Array.isArray(value) ? anyElement(value, matches) : matches(value)));
}

/** Whether a leaf is anywhere at this path. Objects are not leaves, and an empty array holds none. */
function isPresent(value: unknown, path: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((element) => isPresent(element, path));
  const [name, ...rest] = path;
  if (name === undefined) return value !== undefined && !isJsonObject(value);
  return isJsonObject(value) && isPresent(value[name], rest);
}

function place(path: readonly string[]): string {
  return path.length === 0 ? 'the top' : path.join('.');
}
