import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { synthesiseHub } from '../../infra/synthesise-hub.ts';
import type { TributaryStack } from '../../infra/tributary-stack.ts';
import { makeFolder, ROOT, SYNTHESIS_MS, synthesiseFixture } from './synthesise-fixture.ts';

/** A connections file with this text. */
function connections(text: string): string {
  const file = join(makeFolder(), 'connections.yaml');
  writeFileSync(file, text);
  return file;
}

/** What is said about a stack when it is synthesised. */
async function remarksOn(stage: string, connectionsFile: string): Promise<Annotations> {
  let made: TributaryStack | undefined;
  await synthesiseFixture({
    stage,
    connectionsFile,
    inspect: (_, stack) => {
      made = stack;
    },
  });
  if (made === undefined) throw new Error('no stack was made');
  return Annotations.fromStack(made);
}

describe('synthesising a hub', () => {
  it('warns of a hub without connections, says what to do, and makes it all the same', async () => {
    const remarks = await remarksOn('dev', connections('# none\n'));

    remarks.hasWarning('/Tributary-dev', Match.stringLikeRegexp('has no connections.*Add one for each account'));
  });

  it('refuses to deploy a connection whose credentials would cross the network in the open', async () => {
    const remarks = await remarksOn('dev', 'local/simulated-connections.yaml');

    remarks.hasError(
      '/Tributary-dev',
      Match.stringLikeRegexp('Connection hubspot in local/simulated-connections.yaml has a baseUrl with http'),
    );
  });

  it('takes simulated systems on one machine without a word', async () => {
    const remarks = await remarksOn('local', connections('[]'));

    remarks.hasNoWarning('*', Match.anyValue());
    remarks.hasNoError('*', Match.anyValue());
  });

  it('answers mistakes in the configuration and writes nothing', async () => {
    const outdir = makeFolder();

    const hub = await synthesiseHub({ root: ROOT, outdir, stage: 'nowhere', mappings: 'test/infra/fixtures/mappings' });

    expect(hub).toMatchObject({ ok: false, problems: [{ file: 'infra/stages.yaml', path: 'stages' }] });
    expect(existsSync(join(outdir, 'functions'))).toBe(false);
  });

  it('sweeps a connection that is only written to as well, since the hub must know what it holds', async () => {
    const file = connections(`- id: hubspot
  system: hubspot
  auth: static-token
  credentials: { secret: crm/hubspot }
  objects: [deal]
  direction: out
`);

    const hub = await synthesiseFixture({ connectionsFile: file });

    const rules = Object.values(hub.resources('AWS::Events::Rule')).map(({ Properties }) => Properties.Name);
    expect(rules).toContain('Tributary-dev-hubspot-deliver');
    expect(rules.length).toBeGreaterThan(1);
  });

  it('says before the deployment when there are more connections than the functions can be told of', async () => {
    const many = Array.from(
      { length: 15 },
      (_, index) =>
        `- { id: hubspot-${index}, system: hubspot, auth: static-token, credentials: { secret: s }, objects: [deal] }\n`,
    );

    await expect(synthesiseFixture({ connectionsFile: connections(many.join('')) })).rejects.toThrow(
      /the environment of receive-webhook may come to \d+ bytes and Lambda takes 4096/,
    );
  });
});

describe('the CDK app', () => {
  /** Runs the app as the CDK command line does, on a machine that knows nothing of AWS. */
  function run(variables: Readonly<Record<string, string>>) {
    const outdir = makeFolder();
    const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: SYNTHESIS_MS,
      env: { PATH: process.env.PATH, HOME: makeFolder(), CDK_OUTDIR: outdir, ...variables },
    });
    return { status, stderr, outdir };
  }

  it('ends with every mistake by file and line', () => {
    const file = connections('- { id: hubspot, system: hubspot }\n');

    const { status, stderr } = run({ TRIBUTARY_STAGE: 'prd', TRIBUTARY_CONNECTIONS: file });

    expect(status).toBe(1);
    expect(stderr).toMatch(/^infra\/stages\.yaml:\d+: stages: there is no stage "prd"/m);
    expect(stderr).toContain(`${file}:1: [0].auth: must be static-token or refresh-token for hubspot`);
  });

  it('lets the CDK command line choose the stage and the connections', () => {
    const context = JSON.stringify({ stage: 'prd', connections: 'nowhere.yaml' });

    const { status, stderr } = run({ TRIBUTARY_STAGE: 'dev', CDK_CONTEXT_JSON: context });

    expect(status).toBe(1);
    expect(stderr).toContain('there is no stage "prd"');
    expect(stderr).toContain('nowhere.yaml:1: this file does not exist');
  });

  it('synthesises the hub of the repository without credentials, and says how large its functions are', () => {
    const { status, stderr, outdir } = run({ TRIBUTARY_STAGE: 'local' });

    expect(stderr).toMatch(/^absorb-changes: \d+ KB at start, \d+ KB in all$/m);
    expect(status).toBe(0);
    expect(existsSync(join(outdir, 'Tributary-local.template.json'))).toBe(true);
  });
});
