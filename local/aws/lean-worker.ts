import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread on a TypeScript module without Node's type stripper in it.
 *
 * Every thread that strips types loads the stripper for itself, 12 MB each, and a hub has a dozen threads. Here the types
 * are stripped in the calling thread, once for each module, and the new thread is given plain JavaScript under the
 * module's own address: imports, `import.meta.url` and line numbers are those of the source.
 */
export function startLeanWorker(entry: URL, options: WorkerOptions): Worker {
  const sources = Object.fromEntries(strippedModules(entry.href));
  const workerData: LeanWorkerData = { entry: entry.href, sources, options: options.workerData };
  return new Worker(BOOT, { ...options, workerData, eval: true, execArgv: [] });
}

/** What the thread finds as its `workerData` when `startLeanWorker` has been given `options` as such. */
export interface LeanWorkerData {
  readonly entry: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly options: unknown;
}

const BOOT = `
const { registerHooks } = require('node:module');
const { workerData } = require('node:worker_threads');
registerHooks({
  load(url, context, next) {
    const source = workerData.sources[url];
    return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
  },
});
import(workerData.entry);
`;

/** Relative imports of a module whose types are stripped; those of types only are gone by then. */
const RELATIVE_IMPORT = /^(?:import|export)\b[^;]*?from '(\.{1,2}\/[^']+\.ts)'/gm;

const strippedByUrl = new Map<string, string>();

/** The entry and all modules it imports, by address, without types. */
function strippedModules(entry: string): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  const waiting = [entry];
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (modules.has(url)) continue;
    const source = strippedByUrl.get(url) ?? strip(url);
    strippedByUrl.set(url, source);
    modules.set(url, source);
    for (const [, path] of source.matchAll(RELATIVE_IMPORT))
      if (path !== undefined) waiting.push(new URL(path, url).href);
  }
  return modules;
}

function strip(url: string): string {
  const { emitWarning } = process;
  // Node runs the hub itself by this function and yet warns, once, that its direct use is experimental. The person at the
  // console can do nothing about it.
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(readFileSync(new URL(url), 'utf8'));
  } finally {
    process.emitWarning = emitWarning;
  }
}
