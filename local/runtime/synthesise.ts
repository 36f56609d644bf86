import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartFault } from './start-fault.ts';

/** What to synthesise and where to keep it. */
export interface SynthesisRequest {
  /** Root of the repository. */
  readonly root: string;
  readonly dataDirectory: string;
  readonly stage: string;
  /** Another connections file than the repository's own; a path from the root. */
  readonly connectionsFile: string | undefined;
  /** When the app is stopped, ms; five minutes when absent. */
  readonly timeMaxMs?: number;
}

/** A cloud assembly on disk. */
export interface Synthesis {
  readonly directory: string;
  /** Whether it was still there from a former start with the same sources. */
  readonly isReused: boolean;
}

/** Everything the assembly is made of. What is not here cannot change it. */
const SOURCES = [
  'connections.yaml',
  'package-lock.json',
  'tsconfig.json',
  'local/*.yaml',
  'connectors/**/*.{ts,json,yaml}',
  'domain/**/*.{ts,json,yaml}',
  'functions/**/*.{ts,json,yaml}',
  'infra/**/*.{ts,json,yaml}',
  'mappings/**/*.{json,yaml}',
];
/** It takes seconds; on a machine that is busy with much else, minutes. */
const SYNTHESIS_MS_MAX = 300_000;
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Makes the cloud assembly of a stage by running `infra/app.ts` in a process of its own, unless its sources are, by
 * content, those of the assembly that is there.
 */
export async function synthesise(request: SynthesisRequest): Promise<Synthesis> {
  const directory = resolve(request.dataDirectory, 'cdk.out');
  const markPath = join(directory, 'sources.sha256');
  const mark = digestOf(request);
  if (existsSync(markPath) && readFileSync(markPath, 'utf8') === mark) return { directory, isReused: true };

  const fresh = `${directory}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  await runApp(request, fresh);
  writeFileSync(join(fresh, 'sources.sha256'), mark);
  rmSync(directory, { recursive: true, force: true });
  renameSync(fresh, directory);
  return { directory, isReused: false };
}

function digestOf({ root, stage, connectionsFile }: SynthesisRequest): string {
  const hash = createHash('sha256').update(JSON.stringify([stage, connectionsFile ?? null, process.version]));
  const files = new Set(globSync(SOURCES, { cwd: root }).filter((file) => statSync(join(root, file)).isFile()));
  if (connectionsFile !== undefined && existsSync(resolve(root, connectionsFile))) files.add(connectionsFile);
  for (const file of [...files].sort()) {
    const content = readFileSync(resolve(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function runApp(request: SynthesisRequest, outdir: string): Promise<void> {
  const env = {
    ...process.env,
    CDK_OUTDIR: outdir,
    TRIBUTARY_STAGE: request.stage,
    ...(request.connectionsFile === undefined ? {} : { TRIBUTARY_CONNECTIONS: request.connectionsFile }),
  };
  const timeout = request.timeMaxMs ?? SYNTHESIS_MS_MAX;
  const tooSlow = `The template was not synthesised within ${timeout / 1_000} s, and the attempt was stopped. Nothing is lost; when the machine is less busy, start again.`;
  return new Promise((done, fail) => {
    const options = { cwd: request.root, env, timeout, maxBuffer: OUTPUT_BYTES_MAX };
    execFile(process.execPath, [join(request.root, 'infra/app.ts')], options, (error, stdout, stderr) => {
      if (error === null) done();
      else if (error.killed === true && typeof error.code !== 'string') fail(new StartFault(tooSlow));
      else
        fail(new StartFault(`The template could not be synthesised:\n${`${stdout}${stderr}`.trim() || error.message}`));
    });
  });
}
