import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeProblem } from '../../connectors/kit/yaml-file.ts';
import { readHubConfig } from '../../infra/hub-config.ts';
import { ROOT } from './synthesise-fixture.ts';

const CONNECTION = (id: string) => `- id: ${id}
  system: hubspot
  auth: static-token
  credentials: { secret: crm/${id} }
  objects: [company]
`;

describe('reading the configuration of a hub', () => {
  let root: string;

  const put = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const read = (stage: string, connectionsFile?: string) => readHubConfig({ root, stage, connectionsFile });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tributary-config-'));
    mkdirSync(join(root, 'infra'));
    cpSync(join(ROOT, 'infra/stages.yaml'), join(root, 'infra/stages.yaml'));
    put('connections.yaml', '# none yet\n');
    put('local/simulated-connections.yaml', CONNECTION('simulated'));
    put('mappings/vocabulary/partner.yaml', 'kind: partner\n');
    put('mappings/hubspot/company.partner.yaml', 'version: 1\n');
    put('mappings/README.md', 'not a mapping\n');
  });

  afterEach(() => rmSync(root, { recursive: true }));

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
      'hubspot/company.partner.yaml': { version: 1 },
      'vocabulary/partner.yaml': { kind: 'partner' },
    });
  });

  it('reports the mistakes of all files at once', () => {
    put('connections.yaml', `${CONNECTION('own')}  colour: red\n`);
    put('mappings/hubspot/deal.deal.yaml', 'a: 1\na: 2\n');

    const config = read('prd');

    expect(config.ok ? [] : config.problems.map(describeProblem)).toEqual([
      expect.stringMatching(/^infra\/stages\.yaml:\d+: stages: there is no stage "prd"/),
      'connections.yaml:6: [0].colour: no such setting exists here',
      'mappings/hubspot/deal.deal.yaml:2: this is not valid YAML (DUPLICATE_KEY): Map keys must be unique',
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
