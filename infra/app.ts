import { resolve } from 'node:path';
import { describeProblem } from '../connectors/kit/yaml-file.ts';
import { synthesiseHub } from './synthesise-hub.ts';

// The CDK app, run by `npx cdk …` or by itself. CDK_OUTDIR is where the CDK command line wants the assembly.
const { CDK_OUTDIR, TRIBUTARY_STAGE, TRIBUTARY_CONNECTIONS } = process.env;
const root = resolve(import.meta.dirname, '..');

const hub = await synthesiseHub({
  root,
  outdir: resolve(root, CDK_OUTDIR || 'cdk.out'),
  stage: TRIBUTARY_STAGE || 'dev',
  connectionsFile: TRIBUTARY_CONNECTIONS || undefined,
});
if (hub.ok) {
  for (const { name, startBytes, totalBytes } of hub.value.bundles) {
    console.error(`${name}: ${kilobytes(startBytes)} KB at start, ${kilobytes(totalBytes)} KB in all`);
  }
} else {
  for (const problem of hub.problems) console.error(describeProblem(problem));
  process.exitCode = 1;
}

function kilobytes(bytes: number): number {
  return Math.ceil(bytes / 1024);
}
