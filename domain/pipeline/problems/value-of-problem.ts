import type { Problem } from '../../model/problem.ts';
import { shortHash } from '../../model/short-hash.ts';
import { isEmptyValue } from '../../model/value.ts';
import { inParallel } from '../in-parallel.ts';
import type { Bundle, Hub } from '../ports.ts';
import { findBundle } from './problem-scene.ts';

/**
 * The value that no lookup lists, as its system has it, or as the hub has it where it cannot be written; `undefined` for other problems
 * and where it is another one by now. For the screen of whoever asks: the problem itself holds its hash only, and no log holds it.
 * *Bounds*: 200 characters.
 */
export function valueOfProblem(problem: Problem, { unified, sources }: Bundle): string | undefined {
  const { cause, connection, object, externalId, field, about } = problem;
  if (cause !== 'unmapped-value' || field === undefined || about === undefined) return undefined;
  const source = sources.find(
    (each) => each.connection === connection && each.object === object && each.externalId === externalId,
  );
  const value = [source?.fields[field]?.value, unified?.fields[field]?.value].find(
    (each) => each !== undefined && !isEmptyValue(each) && shortHash(each) === about,
  );
  if (value === undefined) return undefined;
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return text.length <= VALUE_MAX ? text : `${text.slice(0, VALUE_MAX - 1)}…`;
}

const VALUE_MAX = 200;

/** The same of many, by the ids of the problems. *Units*: one read of a record and its sources for each that is about a value. */
export async function valuesOfProblems(hub: Hub, problems: readonly Problem[]): Promise<ReadonlyMap<string, string>> {
  const about = problems.filter(({ cause }) => cause === 'unmapped-value');
  const found = await inParallel(about, async (problem): Promise<[string, string][]> => {
    const bundle = await findBundle(hub, problem);
    const value = bundle && valueOfProblem(problem, bundle);
    return value === undefined ? [] : [[problem.id, value]];
  });
  return new Map(found.flat());
}
