import { copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { FUNCTION_NAMES, type FunctionName, type PerFunction, perFunction } from './function-names.ts';

/** One function, ready to be deployed. */
export interface FunctionBundle {
  readonly name: FunctionName;
  /** Holds `index.mjs`, the chunks it needs and `config.json`, and nothing else. */
  readonly directory: string;
  /** Bytes of code that a cold start loads: `index.mjs` and what it imports statically. */
  readonly startBytes: number;
  /** Bytes of code in all, with the chunks loaded on demand (a connector, when its system is served). */
  readonly totalBytes: number;
}

/** What to bundle, and where to. */
export interface BundleOptions {
  /** The root of the repository; esbuild's paths, and with them its output, depend on nothing outside. */
  readonly root: string;
  /** The folder of the functions, a path from the root: `<functions>/<name>/handler.ts` is an entry. */
  readonly functions: string;
  /** An existing folder of the build; `functions/` and `build/` in it are replaced. */
  readonly outdir: string;
  /** Becomes `config.json` beside each `index.mjs`. */
  readonly config: object;
}

/**
 * Bundles all functions by one call of esbuild, so that what they share is parsed once.
 *
 * *Shape*: `<outdir>/functions/<name>/` is what is deployed. `<outdir>/build/` keeps what is not: esbuild's metafile
 * (`meta.json`), the sizes (`sizes.json`) and source maps to read a stack trace by.
 *
 * The same sources give the same bytes: names of chunks come from their content.
 */
export async function bundleFunctions(options: BundleOptions): Promise<PerFunction<FunctionBundle>> {
  const buildDirectory = join(options.outdir, 'build');
  for (const folder of [buildDirectory, join(options.outdir, 'functions')])
    rmSync(folder, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: options.root,
    entryPoints: FUNCTION_NAMES.map((name) => ({ in: `${options.functions}/${name}/handler.ts`, out: name })),
    outdir: buildDirectory,
    chunkNames: '[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The ES module build of a library, where it has one: only that can be tree-shaken.
    mainFields: ['module', 'main'],
    // Libraries in CommonJS call `require` for Node's own modules, which an ES module does not have.
    banner: { js: REQUIRE_BANNER },
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
  });
  const files = filesOfBuild(metafile);
  const config = `${JSON.stringify(options.config)}\n`;
  const bundles = perFunction((name) => assemble(name, files, config, options.outdir));
  writeFileSync(join(buildDirectory, 'meta.json'), JSON.stringify(metafile));
  writeFileSync(
    join(buildDirectory, 'sizes.json'),
    `${JSON.stringify(Object.values(bundles).map(sizesOf), null, 2)}\n`,
  );
  return bundles;
}

const REQUIRE_BANNER =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

/** The built code files by name, each with the names of those it imports. All lie side by side, so a name is enough. */
type BuildFiles = ReadonlyMap<string, { readonly atOnce: readonly string[]; readonly onDemand: readonly string[] }>;

function filesOfBuild(metafile: Metafile): BuildFiles {
  return new Map(
    Object.entries(metafile.outputs)
      .filter(([path]) => path.endsWith('.mjs'))
      .map(([path, output]) => {
        const inside = output.imports.filter((entry) => entry.external !== true);
        const names = (isOnDemand: boolean) =>
          inside
            .filter((entry) => (entry.kind === 'dynamic-import') === isOnDemand)
            .map((entry) => basename(entry.path));
        return [basename(path), { atOnce: names(false), onDemand: names(true) }];
      }),
  );
}

/** Puts a function's entry and the chunks it can reach into a folder of its own. */
function assemble(name: FunctionName, files: BuildFiles, config: string, outdir: string): FunctionBundle {
  const directory = join(outdir, 'functions', name);
  mkdirSync(directory, { recursive: true });
  const entry = `${name}.mjs`;
  const built = (file: string) => join(outdir, 'build', file);
  const all = reachable(files, entry, ({ atOnce, onDemand }) => [...atOnce, ...onDemand]);
  // No chunk imports an entry, so an entry may take the name that Lambda looks for.
  for (const file of all) copyFileSync(built(file), join(directory, file === entry ? 'index.mjs' : file));
  writeFileSync(join(directory, 'config.json'), config);
  const bytes = (names: ReadonlySet<string>) => [...names].reduce((sum, file) => sum + statSync(built(file)).size, 0);
  return {
    name,
    directory,
    startBytes: bytes(reachable(files, entry, ({ atOnce }) => atOnce)),
    totalBytes: bytes(all),
  };
}

function reachable(
  files: BuildFiles,
  entry: string,
  next: (file: { readonly atOnce: readonly string[]; readonly onDemand: readonly string[] }) => readonly string[],
): ReadonlySet<string> {
  const reached = new Set<string>([entry]);
  // A set is walked in the order of insertion, also over what is added meanwhile; each file is added once.
  for (const name of reached) {
    const file = files.get(name);
    for (const imported of file === undefined ? [] : next(file)) reached.add(imported);
  }
  return reached;
}

function sizesOf({ name, startBytes, totalBytes }: FunctionBundle) {
  return { name, startBytes, totalBytes };
}
