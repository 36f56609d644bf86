import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Plan } from '../plan/plan.ts';

/**
 * A plan that once broke an invariant, shortened, and is run for ever. The whole plan is kept and not only its seed: what a seed
 * means changes when plans are made in another way.
 */
export interface SeedFile {
  /** The invariant that was broken, and by what. */
  readonly found: string;
  readonly plan: Plan;
}

// The rest of a plan is trusted: only this program writes it, and a type that no longer fits shows when it is run.
const seedSchema = z.object({
  found: z.string(),
  plan: z.looseObject({ seed: z.string(), items: z.array(z.unknown()) }),
});

const FOLDER = dirname(fileURLToPath(import.meta.url));

/** All seeds of this folder, by file name. */
export function readSeeds(): readonly (SeedFile & { readonly file: string })[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((file) => {
      const { found, plan } = seedSchema.parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
      return { file, found, plan: plan as unknown as Plan };
    });
}

/** Keeps a plan under `name`. */
export function keepSeed(name: string, { found, plan }: SeedFile): void {
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify({ found, plan }, undefined, 2)}\n`);
}
