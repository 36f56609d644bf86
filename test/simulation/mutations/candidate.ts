import * as z from 'zod';
import { FAMILIES } from '../plan/directed-plan.ts';
import type { Mutation } from './mutations.ts';

/** A course on which a mutation may show: a seed by its number, of a family where one is named; or a kept plan by its name. */
export const candidateSchema = z.union([
  z.object({ seed: z.number(), family: FAMILIES.optional() }),
  z.object({ kept: z.string() }),
]);

/** One of {@link candidateSchema}. */
export type Candidate = z.infer<typeof candidateSchema>;

/**
 * Where a mutation is looked for, in order: first where the table of the docs says that it was found, so that a run over everything is
 * short; then the seeds; then, for mutations without a family, the kept plans.
 */
export function candidatesOf(
  { name, family, seeds: least = 0 }: Mutation,
  seeds: number,
  keptPlans: readonly string[],
  table: string,
): readonly Candidate[] {
  const ofFamily = (seed: number): Candidate => ({ seed, ...(family === undefined ? {} : { family }) });
  const all: readonly Candidate[] = [
    ...Array.from({ length: Math.max(seeds, least) }, (_, index) => ofFamily(index + 1)),
    ...(family === undefined ? keptPlans.map((kept) => ({ kept })) : []),
  ];
  const place = foundIn(table, name);
  const first = all.filter((candidate) => placeOf(candidate) === place);
  return [...first, ...all.filter((candidate) => !first.includes(candidate))];
}

/** How a table names a candidate. */
export function placeOf(candidate: Candidate): string {
  if ('kept' in candidate) return `kept plan \`${candidate.kept}\``;
  return candidate.family === undefined ? `${candidate.seed}` : `${candidate.seed} of _${candidate.family}_`;
}

const PLACE = /^(?:\d+(?: of _[a-z-]+_)?|kept plan `[a-z0-9-]+`)$/;

/** Where a table of the docs says that a mutation was found. */
function foundIn(table: string, name: string): string | undefined {
  const row = table.split('\n').find((line) => line.startsWith(`| ${name} |`));
  return row
    ?.split('|')
    .map((cell) => cell.trim())
    .find((cell) => PLACE.test(cell));
}
