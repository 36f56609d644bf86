import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  describeMappingProblem,
  type LoadedMappings,
  loadMappings,
  type MappingFile,
} from '../../domain/mapping/load-mappings.ts';

/** Where the mappings are kept: the folder `mappings/` of the repository. */
export const MAPPINGS_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../mappings');

/** Reads every `.yaml` file of a folder and those in it, sorted by path. At most a few dozen files; all are held in memory. */
export function readMappingFiles(folder: string): readonly MappingFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .sort()
    .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(folder, path), 'utf8') }));
}

/** Loads the mappings of a folder. Paths in problems are from the working directory, so that terminals link them. */
export function checkMappings(folder: string): LoadedMappings {
  const loaded = loadMappings(readMappingFiles(folder));
  if (loaded.ok) return loaded;
  const prefix = relative(process.cwd(), folder);
  return { ok: false, problems: loaded.problems.map((problem) => ({ ...problem, file: join(prefix, problem.file) })) };
}

if (import.meta.main) {
  const checked = checkMappings(process.argv[2] ?? MAPPINGS_FOLDER);
  if (checked.ok) {
    console.log(`${checked.value.mappings.all().length} mappings are in order, their examples hold.`);
  } else {
    for (const problem of checked.problems) console.error(describeMappingProblem(problem));
    process.exitCode = 1;
  }
}
