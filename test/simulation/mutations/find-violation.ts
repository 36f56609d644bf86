import { parseArgs } from 'node:util';
import { FAMILIES } from '../plan/directed-plan.ts';
import { USUAL_SIZE } from '../plan/make-plan.ts';
import { runPlan } from '../run-plan.ts';
import { runSeeds } from '../run-seeds.ts';
import type { SeedTask } from '../seed-worker.ts';
import { readSeeds } from '../seeds/seed-file.ts';

/**
 * Runs seeds until one fails, or every kept plan if none does, and prints which failed, as one line of JSON. Started in a copy of the tree.
 * With `--all` no seed is spared: so the tree without a mutation is judged. With `--family` all seeds are of that family.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '60' },
    skip: { type: 'string', default: '' },
    threads: { type: 'string', default: '2' },
    all: { type: 'boolean', default: false },
    family: { type: 'string' },
  },
});

const size = { ...USUAL_SIZE, ...(values.family === undefined ? {} : { family: FAMILIES.parse(values.family) }) };
const skipped = new Set(values.skip.split(','));

function* tasks(): Generator<SeedTask> {
  for (let number = 1; number <= Number(values.seeds); number++) {
    const seed = `mutation-${number}`;
    if (!skipped.has(seed)) yield { seed, size };
  }
}

const failed: { readonly seed: string; readonly isKept: boolean; readonly what: string }[] = [];
await runSeeds(tasks(), Number(values.threads), ({ seed, violations: [first] }) => {
  if (first === undefined) return 'go-on';
  failed.push({ seed, isKept: false, what: `${first.invariant}: ${first.what}`.slice(0, 300) });
  return values.all ? 'go-on' : 'stop';
});
// Kept plans have no AWS accounts, and what aims at a family is looked for there alone; what a seed has shown needs no other.
const isShown = failed.length > 0 && !values.all;
for (const { file, plan } of values.family === undefined && !isShown ? readSeeds() : []) {
  const seed = file.replace('.json', '');
  if (skipped.has(seed)) continue;
  const what = await violationOf(plan);
  if (what !== undefined) failed.push({ seed, isKept: true, what: what.slice(0, 300) });
}
console.log(JSON.stringify(failed));

/** What a plan breaks first; a thrown exception counts, as it does for a seed. */
async function violationOf(plan: Parameters<typeof runPlan>[0]): Promise<string | undefined> {
  try {
    const [first] = (await runPlan(plan)).violations;
    return first && `${first.invariant}: ${first.what}`;
  } catch (error) {
    return `defect: ${error instanceof Error ? error.message : String(error)}`;
  }
}
