import { PatternFault } from './pattern-fault.ts';

type Comparison = (value: number, bound: number) => boolean;

const EQUAL: Comparison = (value, bound) => value === bound;
const LOWER: Readonly<Record<string, Comparison>> = {
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};
const UPPER: Readonly<Record<string, Comparison>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
};

/**
 * Compiles `["=", 5]`, `["<", 10]`, or a range of a lower and an upper bound such as `[">", 0, "<=", 5]`. Only numbers
 * match; a number in a string does not.
 */
export function compileNumeric(operand: unknown, place: string): (value: unknown) => boolean {
  if (!Array.isArray(operand)) throw new PatternFault(`numeric at ${place} must be an array`);
  const [operator, bound, upper, upperBound] = operand as readonly unknown[];
  if (operand.length === 2) return single(operator, bound, place);
  if (operand.length !== 4) throw new PatternFault(`numeric at ${place} takes one comparison or a range`);

  const isAbove = comparison(LOWER, operator, place);
  const isBelow = comparison(UPPER, upper, place);
  const [low, high] = [numberOf(bound, place), numberOf(upperBound, place)];
  if (low >= high) throw new PatternFault(`numeric range at ${place} is empty`);
  return (value) => typeof value === 'number' && isAbove(value, low) && isBelow(value, high);
}

function single(operator: unknown, bound: unknown, place: string): (value: unknown) => boolean {
  const compares = comparison({ ...LOWER, ...UPPER, '=': EQUAL }, operator, place);
  const limit = numberOf(bound, place);
  return (value) => typeof value === 'number' && compares(value, limit);
}

function comparison(among: Readonly<Record<string, Comparison>>, operator: unknown, place: string): Comparison {
  const found = typeof operator === 'string' ? among[operator] : undefined;
  if (found === undefined) throw new PatternFault(`unrecognized numeric operator ${String(operator)} at ${place}`);
  return found;
}

function numberOf(value: unknown, place: string): number {
  if (typeof value === 'number') return value;
  throw new PatternFault(`numeric at ${place} compares with numbers only`);
}
