import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { Candidate } from './candidate.ts';
import type { Mutation } from './mutations.ts';

/** The repository. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');

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

/** A mutation that lets the hub go round for ever without a step of the world is ended. */
const RUN_MS_MAX = 900_000;

const execute = promisify(execFile);

const answerSchema = z.object({ index: z.number(), invariant: z.string(), what: z.string() }).nullable();

/** Which of the candidates fails first, and what it breaks. */
export type FirstFailure = z.infer<typeof answerSchema>;

/** A copy of the tree of its own, so that what is edited meanwhile changes nothing. */
export class MutantTree {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async copy(): Promise<MutantTree> {
    const path = await mkdtemp(join(tmpdir(), 'tributary-mutation-'));
    for (const part of PARTS) {
      await mkdir(dirname(join(path, part)), { recursive: true });
      await cp(join(ROOT, part), join(path, part), { recursive: true });
    }
    await symlink(join(ROOT, 'node_modules'), join(path, 'node_modules'));
    return new MutantTree(path);
  }

  /** Applies a mutation, does something, and puts the rule back. */
  async with<T>({ name, file, patches }: Mutation, act: () => Promise<T>): Promise<T> {
    const path = join(this.#path, file);
    const sound = await readFile(path, 'utf8');
    let text = sound;
    for (const [from, to] of patches) {
      if (text.split(from).length !== 2) throw new Error(`"${name}" no longer applies to ${file}`);
      text = text.replace(from, () => to);
    }
    await writeFile(path, text);
    // The rule is put back whatever happened; nothing is caught.
    try {
      return await act();
    } finally {
      await writeFile(path, sound);
    }
  }

  /** Runs candidates until one fails; `too-long`: none did within a quarter of an hour, and the run was ended. */
  async firstToFail(candidates: readonly Candidate[]): Promise<FirstFailure | 'too-long'> {
    const script = join(this.#path, 'test/simulation/mutations/find-violation.ts');
    const run = execute(process.execPath, [script, '--candidates', JSON.stringify(candidates)], {
      cwd: this.#path,
      maxBuffer: 64 * 1024 * 1024,
      timeout: RUN_MS_MAX,
    });
    // That it was ended is said by a rejection, like that it could not be run at all.
    const answer = await run.catch((error: unknown) => {
      if (error instanceof Error && 'killed' in error && error.killed === true) return undefined;
      throw error;
    });
    if (answer === undefined) return 'too-long';
    const { stdout } = answer;
    return answerSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null'));
  }

  remove(): Promise<void> {
    return rm(this.#path, { recursive: true, force: true });
  }
}

/** A hash of all that a run depends on but the mutations themselves: what was found holds for this tree only. */
export async function treeDigest(): Promise<string> {
  const hash = createHash('sha256');
  for (const part of PARTS) {
    const entries = part.includes('.') ? [''] : await readdir(join(ROOT, part), { recursive: true });
    for (const entry of entries.toSorted()) {
      const path = join(part, entry);
      if (!/\.(?:ts|ya?ml|json)$/.test(path) || path.startsWith('test/simulation/mutations')) continue;
      hash.update(path).update(await readFile(join(ROOT, path)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
