import { makePlan } from '../plan/make-plan.ts';
import type { Plan, PlanItem } from '../plan/plan.ts';
import { runPlan } from '../run-plan.ts';
import { byEntity } from './agree.ts';
import type { EndOfRun } from './end-of-run.ts';

/** Longer than any sweep's period and every wait after it: edits further apart have a clear order. */
const CLEAR_MS = 900_000;

/** A plan whose edits leave no room for two opinions: those of one thing are far enough apart that every clock agrees. */
export function clearPlan(seed: string): Plan {
  const plan = makePlan(seed, { edits: 40, faults: 0, isCalm: true });
  const lastAt = new Map<string, number>();
  const items = plan.items.filter(({ at, deed }: PlanItem) => {
    if (deed.do !== 'create' && deed.do !== 'edit') return false;
    // Two people who enter the same thing at once may both be first.
    if (deed.do === 'create' && lastAt.has(deed.entity)) return false;
    // Nor is it entered at all where its partner has not arrived yet.
    if (deed.do === 'create' && deed.partner !== undefined) return false;
    if (at - (lastAt.get(deed.entity) ?? Number.NEGATIVE_INFINITY) < CLEAR_MS) return false;
    lastAt.set(deed.entity, at);
    return true;
  });
  return { ...plan, items, temper: { ...plan.temper, slow: 0.1, twice: 0.2, late: 0.3 } };
}

/**
 * Invariant 6: the same edits end in the same records, whichever way messages, reads and writes of the different systems fell between
 * one another. Runs a clear plan on two courses and answers what the systems hold after each.
 */
export async function endsOfTwoCourses(seed: string): Promise<readonly [string, string]> {
  const plan = clearPlan(seed);
  const [one, other] = [await runPlan(plan), await runPlan({ ...plan, seed: `${seed}/another course` })];
  if (one.trace.hash === other.trace.hash) throw new Error('the two courses were one');
  return [holdings(one.end), holdings(other.end)];
}

function holdings(end: EndOfRun | undefined): string {
  if (end === undefined) return '';
  const things = [...byEntity(end)].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(
    things.map(([entity, records]) => [
      entity,
      records.map(([system, { units }]) => [system, Object.entries(units).sort()]),
    ]),
    undefined,
    1,
  );
}
