import { CALM, type Plan, type PlanItem, type Setup } from './plan.ts';

/** Whether a plan still shows what is looked for. */
export type StillFails = (plan: Plan) => Promise<boolean>;

/**
 * A shorter plan that still fails: mishaps by chance are switched off, systems made plain, then items left out, in halves, quarters
 * and so on down to single ones, until nothing can be left out or `runsMax` plans were tried.
 */
export async function shrinkPlan(plan: Plan, stillFails: StillFails, runsMax: number): Promise<Plan> {
  let runs = 0;
  let best = plan;
  const attempt = async (candidate: Plan): Promise<boolean> => {
    if (runs >= runsMax) return false;
    runs += 1;
    if (!(await stillFails(candidate))) return false;
    best = candidate;
    return true;
  };
  if (!(await attempt({ ...best, temper: CALM }))) {
    for (const chance of Object.keys(CALM)) await attempt({ ...best, temper: { ...best.temper, [chance]: 0 } });
  }
  for (const plain of PLAIN) await attempt({ ...best, setup: { ...best.setup, ...plain } });
  for (let size = Math.ceil(best.items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < best.items.length; ) {
      const items = [...best.items.slice(0, start), ...best.items.slice(start + size)];
      if (!(await attempt({ ...best, items }))) start += size;
    }
  }
  return best;
}

const PLAIN: readonly Partial<Setup>[] = [
  { skewMs: { 'org-a': 0, portal: 0, 'org-b': 0 } },
  { indexLagMs: 0 },
  { hasWholeSeconds: false },
  { reformats: false },
  { comesLater: false },
];

/** A plan for people: one line for what differs from a calm world, one for each item. */
export function describePlan(plan: Plan): string {
  const mishaps = Object.entries(plan.temper).filter(([, chance]) => chance > 0);
  const temper =
    mishaps.map(([name, chance]) => `${name} ${(100 * Number(chance)).toFixed(1)} %`).join(', ') || 'nothing by chance';
  return [`world: ${JSON.stringify(plan.setup)}`, `mishaps: ${temper}`, ...plan.items.map(describeItem)].join('\n');
}

function describeItem({ at, deed }: PlanItem): string {
  const { do: what, ...rest } = deed;
  return `${(at / 1_000).toFixed(3).padStart(9)} s  ${what} ${JSON.stringify(rest)}`;
}
