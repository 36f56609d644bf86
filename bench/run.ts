import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

/** The benches in the order they are run, each with the longest it may take. */
const BENCHES: Readonly<Record<string, { readonly minutesMax: number }>> = {
  bundles: { minutesMax: 2 },
  mapping: { minutesMax: 3 },
  core: { minutesMax: 3 },
  audit: { minutesMax: 20 },
  identity: { minutesMax: 15 },
  capacity: { minutesMax: 2 },
  sweep: { minutesMax: 15 },
  start: { minutesMax: 6 },
  steady: { minutesMax: 12 },
  marketplace: { minutesMax: 20 },
  backfill: { minutesMax: 30 },
};
/** What is left of a bench that was stopped gets this long to end its own processes. */
const KILL_MS = 25_000;

const USAGE = `npm run bench -- [${Object.keys(BENCHES).join('|')} …] [--quick | --full] [--profile <folder>]

Runs the benches named, or all; each in a process of its own, which prints one line of JSON.
  --quick             small numbers, to see that everything works
  --full              also what takes longer than ten minutes (100,000 records each side: a backfill, an audit, sweeps)
  --profile <folder>  CPU profiles of the hub's threads while \`steady\` runs`;

/** Runs benches one after the other, so that none disturbs another; answers whether all of them came to their end. */
async function run(names: readonly string[], flags: readonly string[]): Promise<boolean> {
  let isWhole = true;
  for (const name of names) {
    const startedAt = performance.now();
    const isDone = await runOne(name, flags);
    isWhole &&= isDone;
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    console.error(`${name}: ${isDone ? 'done' : 'FAILED'} in ${seconds} s`);
  }
  return isWhole;
}

async function runOne(name: string, flags: readonly string[]): Promise<boolean> {
  const bench = spawn(process.execPath, [`${import.meta.dirname}/${name}.ts`, ...flags], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const minutesMax = BENCHES[name]?.minutesMax ?? 0;
  // Its own processes end when it does: they notice that it has gone.
  const timer = setTimeout(() => bench.kill('SIGTERM'), minutesMax * 60_000);
  const killer = setTimeout(() => bench.kill('SIGKILL'), minutesMax * 60_000 + KILL_MS);
  const [code] = await once(bench, 'exit');
  clearTimeout(timer);
  clearTimeout(killer);
  return code === 0;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean' },
    full: { type: 'boolean' },
    profile: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name));
if (values.help === true || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no bench ${unknown.join(', ')}.\n`);
  console.error(USAGE);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else {
  const names = positionals.length === 0 ? Object.keys(BENCHES) : positionals;
  const flags = [
    ...(values.quick === true ? ['--quick'] : []),
    ...(values.full === true ? ['--full'] : []),
    ...(values.profile === undefined ? [] : ['--profile', values.profile]),
  ];
  process.exitCode = (await run(names, flags)) ? 0 : 1;
}
