import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { SYSTEMS } from '../connectors/kit/connector-registry.ts';
import { describeProblem } from '../connectors/kit/yaml-file.ts';
import { bundleConfigOf } from '../infra/bundle-config.ts';
import { bundleFunctions, type FunctionBundle } from '../infra/bundle-functions.ts';
import { readHubConfig } from '../infra/hub-config.ts';
import { readFlags, report } from './bench-report.ts';
import { median, rounded } from './figures.ts';

const ROOT = resolve(import.meta.dirname, '..');
const RUNS = 5;
const RUN_MS_MAX = 30_000;

interface BundleFigures {
  readonly kilobytesAtStart: number;
  readonly kilobytesInAll: number;
  /** Median of five processes: from the beginning of the import of `index.mjs` to its end. */
  readonly importMs: number;
}

interface ConnectorFigures {
  /** What a function loads on top of its own code when it first serves a connection of that system. */
  readonly kilobytes: number;
  readonly importMs: number;
}

/** How large every function's bundle is and how long it takes to load, and what each connector adds. Under a minute. */
export async function benchBundles() {
  const outdir = mkdtempSync(join(tmpdir(), 'tributary-bundles-'));
  try {
    const config = readHubConfig({ root: ROOT, stage: 'local' });
    if (!config.ok) throw new Error(config.problems.map(describeProblem).join('\n'));
    const startedAt = performance.now();
    const bundles = await bundleFunctions({
      root: ROOT,
      functions: 'functions',
      outdir,
      config: bundleConfigOf(config.value),
    });
    const buildMs = rounded(performance.now() - startedAt);
    const functions: Record<string, BundleFigures> = {};
    for (const { name, directory, startBytes, totalBytes } of Object.values(bundles)) {
      functions[name] = {
        kilobytesAtStart: kilobytes(startBytes),
        kilobytesInAll: kilobytes(totalBytes),
        importMs: await importMs([join(directory, 'index.mjs')]),
      };
    }
    return { buildMs, functions, connectors: await connectorsOf(outdir, bundles['deliver-changes']) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Each connector is a chunk that `deliver-changes` loads on demand; the chunks it imports and the function has not count as its own. */
async function connectorsOf(outdir: string, bundle: FunctionBundle): Promise<Record<string, ConnectorFigures>> {
  const { outputs } = JSON.parse(readFileSync(join(outdir, 'build', 'meta.json'), 'utf8')) as Metafile;
  const entry = join(bundle.directory, 'index.mjs');
  const files = new Set(readdirSync(bundle.directory));
  const figures: Record<string, ConnectorFigures> = {};
  for (const system of SYSTEMS) {
    const chunk = Object.keys(outputs).find(
      (path) => outputs[path]?.entryPoint === `connectors/${system}/connector.ts` && path.endsWith('.mjs'),
    );
    const name = chunk?.split('/').at(-1) ?? '';
    if (chunk === undefined || !files.has(name)) throw new Error(`${system} has no chunk of its own.`);
    const atStart = reachable(outputs, `${bundle.name}.mjs`);
    const added = [...reachable(outputs, name)].filter((file) => !atStart.has(file));
    figures[system] = {
      kilobytes: kilobytes(added.reduce((sum, file) => sum + (outputOf(outputs, file)?.bytes ?? 0), 0)),
      importMs: await importMs([entry, join(bundle.directory, name)]),
    };
  }
  return figures;
}

/** What is read of esbuild's metafile. */
interface Metafile {
  readonly outputs: Readonly<Record<string, Output>>;
}
interface Output {
  readonly bytes: number;
  readonly entryPoint?: string;
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
}

function outputOf(outputs: Metafile['outputs'], file: string): Output | undefined {
  return Object.entries(outputs).find(([path]) => path.split('/').at(-1) === file)?.[1];
}

/** The files that importing one loads at once, itself included. */
function reachable(outputs: Metafile['outputs'], file: string): ReadonlySet<string> {
  const reached = new Set([file]);
  // A set is walked in the order of insertion, also over what is added meanwhile; each file is added once.
  for (const name of reached) {
    for (const { path, kind, external } of outputOf(outputs, name)?.imports ?? []) {
      if (external !== true && kind !== 'dynamic-import') reached.add(path.split('/').at(-1) ?? '');
    }
  }
  return reached;
}

/** How long the last of these modules takes to import when those before it are there: the median of processes of their own. */
async function importMs(files: readonly string[]): Promise<number> {
  const last = JSON.stringify(pathToFileURL(files.at(-1) ?? '').href);
  const before = files.slice(0, -1).map((file) => `await import(${JSON.stringify(pathToFileURL(file).href)});`);
  const code = `${before.join('')} const began = performance.now(); await import(${last}); console.log(performance.now() - began);`;
  const samples: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const args = ['--input-type=module', '--eval', code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: RUN_MS_MAX, env: ENVIRONMENT });
    samples.push(Number(stdout));
  }
  return rounded(median(samples), 1);
}

/** A Lambda has no compile cache of earlier runs. */
const ENVIRONMENT = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1', AWS_REGION: 'us-east-1' };

function kilobytes(bytes: number): number {
  return Math.ceil(bytes / 1_024);
}

if (import.meta.main) report('bundles', readFlags(), await benchBundles());
