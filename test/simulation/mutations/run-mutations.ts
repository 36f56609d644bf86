import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import * as z from 'zod';
import { applies, MUTATIONS, type Mutation } from './mutations.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
/** What the simulation needs of the tree. */
const PARTS = [
  'connectors',
  'domain',
  'functions',
  'local',
  'mappings',
  'test/simulation',
  'package.json',
  'tsconfig.json',
];

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '60' },
    only: { type: 'string' },
    family: { type: 'string' },
    threads: { type: 'string', default: '2' },
  },
});

/** What `--family` calls the mutations that are looked for in whatever the seeds draw. */
const DRAWN = 'drawn';

const answerSchema = z.array(z.object({ seed: z.string(), isKept: z.boolean(), what: z.string() }));
const execute = promisify(execFile);

const wanted = MUTATIONS.filter(
  ({ name, family = DRAWN }) =>
    (values.only === undefined || values.only.split(',').some((part) => name.includes(part))) &&
    (values.family === undefined || values.family.split(',').includes(family)),
);
// What fails without a mutation says nothing about one.
const skips = new Map<Mutation['family'], string>();
for (const family of new Set(wanted.map((mutation) => mutation.family))) {
  const sound = await inCopy(undefined, '', ['--all', ...ofFamily(family)]);
  const skip = sound.map(({ seed }) => seed).join(',');
  skips.set(family, skip);
  const passed = Number(values.seeds) - sound.filter(({ isKept }) => !isKept).length;
  console.log(
    `without a mutation ${passed} of ${values.seeds} seeds (${family ?? DRAWN}) hold; left out: ${skip || 'none'}`,
  );
}
const holes: string[] = [];
let byKeptOnly = 0;
for (const mutation of wanted) {
  if (!applies(mutation, await readFile(join(ROOT, mutation.file), 'utf8'))) {
    holes.push(`${mutation.name} (no longer applies)`);
    continue;
  }
  const found = await inCopy(mutation, skips.get(mutation.family) ?? '', ofFamily(mutation.family));
  // Seeds end in another order than they begin; the first by number is told.
  const random = found.filter(({ isKept }) => !isKept).sort((a, b) => numberOf(a.seed) - numberOf(b.seed))[0];
  const kept = found.filter(({ isKept }) => isKept);
  if (random === undefined && kept.length > 0) byKeptOnly += 1;
  if (found.length === 0) holes.push(mutation.name);
  const where = mutation.family === undefined ? '' : ` of ${mutation.family}`;
  const within = random === undefined ? '-' : `${numberOf(random.seed)}${where}`;
  const what = (random ?? kept[0])?.what ?? 'NOTHING: a hole';
  console.log(
    `| ${mutation.name} | ${mutation.file} | ${within} | ${kept.map(({ seed }) => seed).join(', ') || '-'} | ${what} |`,
  );
}
console.log(
  `${wanted.length} mutations: ${wanted.length - holes.length - byKeptOnly} found by the seeds 1 to ${values.seeds}, ` +
    `${byKeptOnly} by kept plans only, ${holes.length} by nothing${holes.length > 0 ? `: ${holes.join('; ')}` : ''}`,
);
if (holes.length > 0) process.exitCode = 1;

function ofFamily(family: Mutation['family']): readonly string[] {
  return family === undefined ? [] : ['--family', family];
}

function numberOf(seed: string): number {
  return Number(seed.replace('mutation-', ''));
}

/** Applies a mutation to a copy of the tree and looks for a seed that fails there. */
async function inCopy(mutation: Mutation | undefined, skipped: string, more: readonly string[]) {
  const copy = await mkdtemp(join(tmpdir(), 'tributary-mutation-'));
  // The copy is removed whatever happened; nothing is caught.
  try {
    for (const part of PARTS) {
      await mkdir(dirname(join(copy, part)), { recursive: true });
      await cp(join(ROOT, part), join(copy, part), { recursive: true });
    }
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    if (mutation !== undefined) await apply(mutation, copy);
    const script = join(copy, 'test/simulation/mutations/find-violation.ts');
    const { seeds, threads } = values;
    const { stdout } = await execute(
      process.execPath,
      [script, '--seeds', seeds, '--skip', skipped, '--threads', threads, ...more],
      { cwd: copy, maxBuffer: 64 * 1024 * 1024 },
    );
    return answerSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]'));
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function apply({ name, file, patches }: Mutation, copy: string): Promise<void> {
  const path = join(copy, file);
  let text = await readFile(path, 'utf8');
  for (const [from, to] of patches) {
    if (text.split(from).length !== 2) throw new Error(`"${name}" no longer applies to ${file}`);
    text = text.replace(from, () => to);
  }
  await writeFile(path, text);
}
