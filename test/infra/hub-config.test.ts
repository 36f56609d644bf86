import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeProblem } from '../../connectors/kit/yaml-file.ts';
import { readHubConfig } from '../../infra/hub-config.ts';
import { makeFolder, ROOT } from './synthesise-fixture.ts';

const CONNECTION = (id: string) => `- id: ${id}
  system: hubspot
  auth: static-token
  credentials: { secret: crm/${id} }
  objects: [company]
`;

const VOCABULARY = `note: A partner.
fields:
  - { name: name, tag: n, type: text, note: Its name. }
`;

const MAPPING = `version: 1
note: A company is a partner.
hubId: tributary_id
fields:
  - { hub: name, theirs: name, flow: both, codec: text }
`;

describe('reading the configuration of a hub', () => {
  let root: string;

  const put = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const read = (stage: string, connectionsFile?: string) => readHubConfig({ root, stage, connectionsFile });

  beforeEach(() => {
    root = makeFolder();
    mkdirSync(join(root, 'infra'));
    cpSync(join(ROOT, 'infra/stages.yaml'), join(root, 'infra/stages.yaml'));
    put('connections.yaml', '# none yet\n');
    put('local/simulated-connections.yaml', CONNECTION('simulated'));
    put('mappings/vocabulary/partner.yaml', VOCABULARY);
    put('mappings/hubspot/company.partner.yaml', MAPPING);
    put('mappings/README.md', 'not a mapping\n');
  });

  it('takes the simulated connections on one machine, while there are no others', () => {
    const config = read('local');

    expect(config).toMatchObject({
      ok: true,
      value: { connectionsFile: 'local/simulated-connections.yaml', connections: [{ id: 'simulated' }] },
    });
  });

  it('takes no connections on other stages, while there are none', () => {
    expect(read('dev')).toMatchObject({ ok: true, value: { connectionsFile: 'connections.yaml', connections: [] } });
  });

  it('takes the connections of the repository before simulated ones, and those of a file named before both', () => {
    put('connections.yaml', CONNECTION('own'));
    put('other/connections.yaml', CONNECTION('named'));

    expect(read('local')).toMatchObject({ ok: true, value: { connections: [{ id: 'own' }] } });
    expect(read('local', 'other/connections.yaml')).toMatchObject({
      ok: true,
      value: { connections: [{ id: 'named' }] },
    });
  });

  it('holds what every mapping file says, by its path', () => {
    const config = read('dev');

    expect(config.ok && config.value.mappings).toEqual({
      'hubspot/company.partner.yaml': expect.objectContaining({ version: 1 }),
      'vocabulary/partner.yaml': expect.objectContaining({ note: 'A partner.' }),
    });
  });

  it('reports the mistakes of all files at once', () => {
    put('connections.yaml', `${CONNECTION('own')}  colour: red\n`);
    put('mappings/hubspot/company.partner.yaml', MAPPING.replace('codec: text', 'codec: txt'));

    const config = read('prd');

    expect(config.ok ? [] : config.problems.map(describeProblem)).toEqual([
      expect.stringMatching(/^infra\/stages\.yaml:\d+: stages: there is no stage "prd"/),
      'connections.yaml:6: [0].colour: no such setting exists here',
      expect.stringMatching(
        /^mappings\/hubspot\/company\.partner\.yaml:5: fields\[0\]\.codec: no codec is called "txt"/,
      ),
    ]);
  });

  it('refuses an object without a mapping, which nobody would ever look at', () => {
    put('connections.yaml', CONNECTION('own').replace('[company]', '[company, deal]'));

    const config = read('dev');

    expect(config.ok ? [] : config.problems.map(describeProblem)).toEqual([
      'connections.yaml:5: [0].objects[1]: there is no mapping hubspot/deal.<kind>.yaml',
    ]);
  });

  it('refuses to keep less concurrency for a function than its queues call for', () => {
    const stages = readFileSync(join(root, 'infra/stages.yaml'), 'utf8');
    const prod = '  prod:\n    functions: { deliver-changes: { reservedConcurrency: 9 } }\n';
    put('infra/stages.yaml', stages.replace('  prod:\n', prod));
    put('connections.yaml', `${CONNECTION('own')}${CONNECTION('other')}`);
    const line = stages.slice(0, stages.indexOf('  prod:\n')).split('\n').length + 1;

    const config = read('prod');

    expect(config.ok ? [] : config.problems.map(describeProblem)).toEqual([
      `infra/stages.yaml:${line}: stages.prod.functions.deliver-changes.reservedConcurrency: must be at least 10, by maxConcurrency of the queues it reads`,
    ]);
  });

  it('names files that are not there', () => {
    rmSync(join(root, 'mappings'), { recursive: true });

    const config = read('dev', 'nowhere.yaml');

    expect(config.ok ? [] : config.problems.map(describeProblem)).toEqual([
      'nowhere.yaml:1: this file does not exist',
      'mappings:1: this folder does not exist',
    ]);
  });
});
