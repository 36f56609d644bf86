import { parseArgs } from 'node:util';
import { USUAL_SIZE } from '../plan/make-plan.ts';
import { runPlan } from '../run-plan.ts';
import { runSeeds } from '../run-seeds.ts';
import type { SeedTask } from '../seed-worker.ts';
import { readSeeds } from '../seeds/seed-file.ts';

/** Runs seeds until one fails (or all of them) and prints which failed, as one line of JSON. Started in a mutated copy of the tree. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '60' },
    skip: { type: 'string', default: '' },
    threads: { type: 'string', default: '2' },
    all: { type: 'boolean', default: false },
  },
});

const skipped = new Set(values.skip.split(','));

function* tasks(): Generator<SeedTask> {
  for (let number = 1; number <= Number(values.seeds); number++) {
    const seed = `mutation-${number}`;
    if (!skipped.has(seed)) yield { seed, size: USUAL_SIZE };
  }
}

const failed: { readonly seed: string; readonly what: string }[] = [];
for (const { file, plan } of readSeeds()) {
  const [first] = (await runPlan(plan)).violations;
  if (first !== undefined)
    failed.push({ seed: `kept ${file}`, what: `${first.invariant}: ${first.what}`.slice(0, 300) });
}
if (failed.length > 0 && !values.all) {
  console.log(JSON.stringify(failed));
  process.exit();
}
await runSeeds(tasks(), Number(values.threads), ({ seed, violations: [first] }) => {
  if (first === undefined) return 'go-on';
  failed.push({ seed, what: `${first.invariant}: ${first.what}`.slice(0, 300) });
  return values.all ? 'go-on' : 'stop';
});
console.log(JSON.stringify(failed));
