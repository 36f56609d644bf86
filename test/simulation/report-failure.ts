import { makePlan, type PlanSize } from './plan/make-plan.ts';
import type { Plan } from './plan/plan.ts';
import { describePlan, shrinkPlan } from './plan/shrink-plan.ts';
import { runPlan } from './run-plan.ts';

/** Runs that shortening a schedule may take. */
const SHRINK_RUNS_MAX = 150;

/** A failing seed, explained. */
export interface Failure {
  /** What a person needs to find the cause: the first broken invariant, and the shortest schedule that breaks it. */
  readonly report: string;
  readonly plan: Plan;
  readonly found: string;
}

/** Shortens the plan of a failing seed. Answers `undefined` when the seed holds. */
export async function explainFailure(seed: string, size: PlanSize): Promise<Failure | undefined> {
  const plan = makePlan(seed, size);
  const [first] = (await runPlan(plan)).violations;
  if (first === undefined) return undefined;
  const breaks = async (candidate: Plan): Promise<boolean> =>
    (await runPlan(candidate)).violations.some(({ invariant }) => invariant === first.invariant);
  const short = await shrinkPlan(plan, breaks, SHRINK_RUNS_MAX);
  const { violations } = await runPlan(short);
  const report = [
    `seed ${seed}, ${size.edits} edits, ${size.faults} faults${size.isCalm ? ', calm' : ''}`,
    `first broken invariant: ${first.invariant}: ${first.what}`,
    `shortened from ${plan.items.length} to ${short.items.length} items, which break:`,
    ...violations.slice(0, 5).map(({ invariant, what }) => `  ${invariant}: ${what}`),
    describePlan(short),
  ].join('\n');
  return { report, plan: short, found: `${violations[0]?.invariant}: ${violations[0]?.what}` };
}
