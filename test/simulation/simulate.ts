import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { FAMILIES } from './plan/directed-plan.ts';
import { USUAL_SIZE } from './plan/make-plan.ts';
import { explainFailure } from './report-failure.ts';
import { runSeeds } from './run-seeds.ts';
import type { SeedAnswer, SeedTask } from './seed-worker.ts';
import { keepSeed } from './seeds/seed-file.ts';

const USAGE = `npm run simulate -- [options]

  --seeds 100      how many seeds, from --from (1) on
  --seed 42        one seed, with the shortest plan that still fails; --keep name keeps that under test/simulation/seeds
  --family name    only such worlds: ${FAMILIES.options.join(', ')}
  --calm           no mishaps
  --edits, --faults, --threads
                   how many of a usual world's (${USUAL_SIZE.edits}, ${USUAL_SIZE.faults}), and on how many threads`;

const values = readOptions();

const size = {
  edits: Number(values.edits),
  faults: values.calm ? 0 : Number(values.faults),
  ...(values.calm ? { isCalm: true } : {}),
  ...(values.family === undefined ? {} : { family: FAMILIES.parse(values.family) }),
};

if (values.seed !== undefined) await explain(values.seed, values.keep);
else await runMany(Number(values.from), Number(values.seeds));

/** The options given; says how they are written, and ends, for what it does not know. */
function readOptions() {
  try {
    const { values: given } = parseArgs({
      options: {
        seeds: { type: 'string', default: '100' },
        from: { type: 'string', default: '1' },
        seed: { type: 'string' },
        edits: { type: 'string', default: String(USUAL_SIZE.edits) },
        faults: { type: 'string', default: String(USUAL_SIZE.faults) },
        family: { type: 'string' },
        calm: { type: 'boolean', default: false },
        threads: { type: 'string', default: String(Math.min(8, availableParallelism())) },
        keep: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (given.help) {
      console.log(USAGE);
      process.exit(0);
    }
    if (given.family !== undefined && !FAMILIES.safeParse(given.family).success)
      throw new Error(`There is no family ${given.family}.`);
    for (const name of ['seeds', 'from', 'edits', 'faults', 'threads'] as const)
      if (!/^\d+$/.test(given[name])) throw new Error(`--${name} takes a whole number, not ${given[name]}.`);
    return given;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** Runs a range of seeds with a line that tells how far it is; reports the first failure in full and the others in short. */
async function runMany(from: number, count: number): Promise<void> {
  const startedAt = performance.now();
  const answers: SeedAnswer[] = [];
  const failed = (): readonly SeedAnswer[] => answers.filter(({ violations }) => violations.length > 0);
  await runSeeds(tasksFrom(from, count), Math.min(Number(values.threads), count), (answer) => {
    answers.push(answer);
    const seconds = (performance.now() - startedAt) / 1_000;
    const line = `${answers.length}/${count} seeds, ${failed().length} with violations, ${(answers.length / seconds).toFixed(1)} a second`;
    if (process.stdout.isTTY) process.stdout.write(`\r${line} `);
    else if (answers.length % 100 === 0 || answers.length === count) console.log(line);
    return 'go-on';
  });
  console.log('');
  for (const { seed, violations } of failed())
    console.log(`seed ${seed}: ${violations[0]?.invariant}: ${violations[0]?.what}`);
  const [first] = failed();
  if (first !== undefined) await explain(first.seed, undefined);
  const sum = (what: 'edits' | 'calls' | 'writes'): number =>
    answers.reduce((total, { figures }) => total + figures[what], 0);
  const perEdit = (total: number): string => (total / Math.max(1, sum('edits'))).toFixed(2);
  console.log(
    `${answers.length} seeds, ${failed().length} with violations; ${sum('edits')} edits by people in three systems, ` +
      `${perEdit(sum('writes'))} write calls and ${perEdit(sum('calls'))} API calls an edit, sweeps included`,
  );
  if (failed().length > 0) process.exitCode = 1;
}

/** Explains a failing seed, and keeps its shortened plan under `keep` when that is given. */
async function explain(seed: string, keep: string | undefined): Promise<void> {
  const failure = await explainFailure(seed, size);
  console.log(failure === undefined ? `seed ${seed} holds` : `\n${failure.report}`);
  if (failure !== undefined && keep !== undefined) keepSeed(keep, failure);
}

function* tasksFrom(from: number, count: number): Generator<SeedTask> {
  for (let seed = from; seed < from + count; seed++) yield { seed: String(seed), size };
}
