import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import * as z from 'zod';
import { MUTATIONS, type Mutation } from './mutations.ts';

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
    threads: { type: 'string', default: '2' },
  },
});

const answerSchema = z.array(z.object({ seed: z.string(), what: z.string() }));
const execute = promisify(execFile);

const wanted = MUTATIONS.filter(({ name }) => values.only === undefined || name.includes(values.only));
const sound = await inCopy(undefined, '', ['--all']);
const skip = sound.map(({ seed }) => seed).join(',');
console.log(`without a mutation ${sound.length} of ${values.seeds} seeds fail; these are left out`);
let survivors = 0;
for (const mutation of wanted) {
  const [found] = await inCopy(mutation, skip, []);
  if (found === undefined) survivors += 1;
  const within =
    found === undefined ? 'SURVIVES' : `found by seed ${found.seed.replace('mutation-', '')}: ${found.what}`;
  console.log(`${mutation.name} | ${within}`);
}
console.log(`${wanted.length} mutations, ${survivors} survive ${values.seeds} seeds`);
if (survivors > 0) process.exitCode = 1;

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
