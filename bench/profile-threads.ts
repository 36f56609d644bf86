import { mkdirSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';
import { isMainThread, type Worker, type WorkerOptions } from 'node:worker_threads';

const DIRECTORY = 'TRIBUTARY_BENCH_PROFILES';

/**
 * Node's options for a process whose every thread shall write a CPU profile into a folder when it ends, named after what runs in
 * it; none without a folder. (`--cpu-prof` alone profiles the main thread, which only waits here.)
 */
export function profileOptions(directory: string | undefined): readonly string[] {
  if (directory === undefined) return [];
  mkdirSync(directory, { recursive: true });
  process.env[DIRECTORY] = resolve(directory);
  return ['--import', import.meta.url];
}

const directory = process.env[DIRECTORY];
// Loaded by `--import` in the process to be profiled, where the variable is set already.
if (directory !== undefined && isMainThread && process.execArgv.includes(import.meta.url)) profileWorkers(directory);

function profileWorkers(directory: string): void {
  // The CommonJS form of the module is the one that can be changed for everybody.
  const threads = createRequire(import.meta.url)('node:worker_threads') as { Worker: typeof Worker };
  const Plain = threads.Worker;
  let started = 0;
  threads.Worker = class extends Plain {
    constructor(file: string | URL, options: WorkerOptions = {}) {
      started += 1;
      const name = `${nameOf(file, options.workerData)}-${started}.cpuprofile`;
      const execArgv = ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${name}`];
      super(file, { ...options, execArgv });
    }
  };
  syncBuiltinESMExports();
}

/** The function's name or the place of the code: `dynamodb-thread`. Threads that are given their code as text say where it is from. */
function nameOf(file: string | URL, data: unknown): string {
  const { name, entry = file } = (data ?? {}) as { readonly name?: unknown; readonly entry?: unknown };
  const place = typeof name === 'string' ? name : String(entry).split('/').slice(-2).join('-');
  return place.replace(/\.[a-z]+$/, '').replace(/[^\w-]+/g, '-');
}
