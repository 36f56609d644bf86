import { parseArgs } from 'node:util';
import * as z from 'zod';
import { makePlan, USUAL_SIZE } from '../plan/make-plan.ts';
import { runPlan } from '../run-plan.ts';
import { readSeeds } from '../seeds/seed-file.ts';
import { type Candidate, candidateSchema } from './candidate.ts';

/**
 * Runs candidates one after another until one fails, and prints which did and what it broke, as one line of JSON; `null` when none does.
 * Started in a copy of the tree.
 */
const { values } = parseArgs({ options: { candidates: { type: 'string', default: '[]' } } });

const candidates = z.array(candidateSchema).parse(JSON.parse(values.candidates));
const kept = new Map(readSeeds().map(({ file, plan }) => [file.replace('.json', ''), plan]));

console.log(JSON.stringify(await firstToFail()));

async function firstToFail() {
  for (const [index, candidate] of candidates.entries()) {
    const violation = await violationOf(candidate);
    if (violation !== undefined) return { index, ...violation };
  }
  return null;
}

/** What a candidate breaks first; a thrown exception counts, as it does for a seed. */
async function violationOf(candidate: Candidate) {
  try {
    const [first] = (await runPlan(planOf(candidate))).violations;
    return first && { invariant: first.invariant, what: first.what.slice(0, 300) };
  } catch (error) {
    return { invariant: 'defect', what: (error instanceof Error ? error.message : String(error)).slice(0, 300) };
  }
}

function planOf(candidate: Candidate) {
  if ('seed' in candidate) {
    const { seed, family } = candidate;
    return makePlan(`mutation-${seed}`, { ...USUAL_SIZE, ...(family === undefined ? {} : { family }) });
  }
  const plan = kept.get(candidate.kept);
  if (plan === undefined) throw new Error(`no plan is kept as ${candidate.kept}`);
  return plan;
}
