import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { shortHash } from '../../../domain/model/short-hash.ts';
import { readSeeds } from '../seeds/seed-file.ts';
import { type Candidate, candidatesOf, placeOf } from './candidate.ts';
import { MutantTree, ROOT, treeDigest } from './mutant-tree.ts';
import { applies, MUTATIONS, type Mutation } from './mutations.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '40' },
    only: { type: 'string' },
    family: { type: 'string' },
    threads: { type: 'string', default: '2' },
    results: { type: 'string', default: join(tmpdir(), 'tributary-mutations.jsonl') },
  },
});

/** What `--family` calls the mutations that are looked for in whatever the seeds draw. */
const DRAWN = 'drawn';

/** What became of a mutation. `place` and `invariant` are absent where nothing noticed it. */
const resultSchema = z.object({
  key: z.string(),
  place: z.string().optional(),
  invariant: z.string().optional(),
  what: z.string(),
});
type Result = z.infer<typeof resultSchema>;

const keptPlans = readSeeds().map(({ file }) => file.replace('.json', ''));
const table = readFileSync(join(ROOT, 'docs/simulation.md'), 'utf8');
const digest = await treeDigest();
const known = readResults();
const wanted = MUTATIONS.filter(
  ({ name, family = DRAWN }) =>
    (values.only === undefined || values.only.split(',').some((part) => name.includes(part))) &&
    (values.family === undefined || values.family.split(',').includes(family)),
);
const results = new Map<string, Result>();
/** What a candidate does without a mutation; only those that a mutation seems to fail are asked. */
const sound = new Map<string, Promise<boolean>>();

await runAll();
console.log('');
for (const line of tableOf()) console.log(line);
const holes = wanted.filter(({ name }) => results.get(name)?.place === undefined);
console.log(
  `\n${wanted.length} mutations: ${wanted.length - holes.length} noticed, ${holes.length} by nothing` +
    `${holes.length > 0 ? `: ${holes.map(({ name }) => name).join('; ')}` : ''}`,
);
if (holes.length > 0) process.exitCode = 1;

/** Several mutations at a time, each in a copy of the tree; one copy more is left as it is. */
async function runAll(): Promise<void> {
  const unmutated = await MutantTree.copy();
  const trees = await Promise.all(Array.from({ length: Number(values.threads) }, () => MutantTree.copy()));
  const queue = wanted.values();
  const work = async (tree: MutantTree): Promise<void> => {
    for (const mutation of queue) {
      const result = known.get(keyOf(mutation)) ?? (await look(mutation, tree, unmutated));
      results.set(mutation.name, result);
      console.log(
        `${results.size}/${wanted.length} ${mutation.name}: ${result.place ?? 'NOTHING'} (${result.what.slice(0, 120)})`,
      );
    }
  };
  // The copies are removed whatever happened; nothing is caught.
  try {
    await Promise.all(trees.map(work));
  } finally {
    await Promise.all([unmutated, ...trees].map((tree) => tree.remove()));
  }
}

async function look(mutation: Mutation, tree: MutantTree, unmutated: MutantTree): Promise<Result> {
  const key = keyOf(mutation);
  if (!applies(mutation, readFileSync(join(ROOT, mutation.file), 'utf8'))) {
    return { key, what: `the rule no longer stands in ${mutation.file}` };
  }
  const result = await tree.with(mutation, () => search(mutation, tree, unmutated));
  // Written down at once: a run that is killed goes on from here.
  appendFileSync(values.results, `${JSON.stringify(result)}\n`);
  return result;
}

/** The first candidate that fails with the mutation and holds without: what fails anyway says nothing. */
async function search(mutation: Mutation, tree: MutantTree, unmutated: MutantTree): Promise<Result> {
  const key = keyOf(mutation);
  let left = candidatesOf(mutation, Number(values.seeds), keptPlans, table);
  while (left.length > 0) {
    const failure = await tree.firstToFail(left);
    if (failure === 'too-long') return { key, what: 'ended after a quarter of an hour, in which nothing failed' };
    const candidate = failure === null ? undefined : left[failure.index];
    if (failure === null || candidate === undefined) break;
    if (await holds(candidate, unmutated)) {
      return { key, place: placeOf(candidate), invariant: failure.invariant, what: failure.what };
    }
    console.log(`${placeOf(candidate)} fails without a mutation, too, and is left out`);
    left = left.slice(failure.index + 1);
  }
  return {
    key,
    what: `nothing in ${Math.max(Number(values.seeds), mutation.seeds ?? 0)} seeds${mutation.family === undefined ? ' and the kept plans' : ''}`,
  };
}

function holds(candidate: Candidate, unmutated: MutantTree): Promise<boolean> {
  const place = placeOf(candidate);
  const answer = sound.get(place) ?? unmutated.firstToFail([candidate]).then((failure) => failure === null);
  sound.set(place, answer);
  return answer;
}

/** A result is that of a tree, of what a mutation does to it, and of how many seeds were looked at. */
function keyOf(mutation: Mutation): string {
  return shortHash([digest, values.seeds, JSON.stringify(mutation)]);
}

/** What an earlier run over the same tree has found. A line that was cut short is left. */
function readResults(): ReadonlyMap<string, Result> {
  if (!existsSync(values.results)) return new Map();
  const lines = readFileSync(values.results, 'utf8').split('\n');
  const whole = lines.filter((line) => line.startsWith('{') && line.endsWith('}'));
  return new Map(whole.map((line) => resultSchema.parse(JSON.parse(line))).map((result) => [result.key, result]));
}

/** The table as it stands in docs/simulation.md. */
function tableOf(): readonly string[] {
  return [
    '| rule broken | file | found by seed | invariant that broke |',
    '| --- | --- | --- | --- |',
    ...wanted.map(({ name, file }) => {
      const { place = '**not found**', invariant = 'none' } = results.get(name) ?? {};
      return `| ${name} | \`${file}\` | ${place} | ${invariant} |`;
    }),
  ];
}
