import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  isSimulated,
  SIMULATED_CONNECTIONS,
  SIMULATED_CREDENTIALS,
  simulatedVariables,
  simulatorTasks,
} from '../../../local/cli/simulated-systems.ts';

describe('the simulators stand in', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'connections-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test.each([
    ['there is no file of connections', undefined, true],
    ['it is empty', '', true],
    ['it holds remarks only', '# - id: hubspot\n', true],
    ['its list is empty', '[]\n', true],
    ['it names a connection', '- id: hubspot\n', false],
  ])('when %s: %s → %s', async (_name, text, expected) => {
    if (text !== undefined) await writeFile(join(folder, 'connections.yaml'), text);

    expect(isSimulated(folder)).toBe(expected);
  });
});

describe('the simulators’ credentials', () => {
  test('are made up where the environment sets none', () => {
    expect(simulatedVariables({ HUBSPOT_SIM_ACCESS_TOKEN: 'mine', PATH: '/bin' })).toEqual({
      ...SIMULATED_CREDENTIALS,
      HUBSPOT_SIM_ACCESS_TOKEN: 'mine',
      PATH: '/bin',
    });
  });

  test('are all that the simulated connections ask for', async () => {
    const connections: { credentials: { env: Record<string, string> } }[] = parse(
      await readFile(SIMULATED_CONNECTIONS, 'utf8'),
    );
    const asked = connections.flatMap(({ credentials }) => Object.values(credentials.env));

    expect(asked.filter((name) => !(name in SIMULATED_CREDENTIALS))).toEqual([]);
  });
});

describe('the simulators', () => {
  test('listen where the simulated connections look, and call the hub’s own webhooks', async () => {
    const connections: { id: string; baseUrl: string; objects: string[] }[] = parse(
      await readFile(SIMULATED_CONNECTIONS, 'utf8'),
    );

    const tasks = simulatorTasks('/data', 9_999);

    expect(tasks.map(({ system, port, objects }) => [system, `http://127.0.0.1:${port}`, objects])).toEqual(
      connections.map(({ id, baseUrl, objects }) => [id, baseUrl, objects]),
    );
    expect(tasks.map(({ webhookUrl }) => webhookUrl)).toEqual([
      'http://127.0.0.1:9999/webhooks/salesforce',
      'http://127.0.0.1:9999/webhooks/hubspot',
    ]);
  });

  test('keep what they hold beside the hub’s data', () => {
    const [salesforce, hubspot] = simulatorTasks('data', 8_787);

    expect([salesforce?.file, hubspot?.file]).toEqual([
      resolve('data/simulators/salesforce.jsonl'),
      resolve('data/simulators/hubspot.jsonl'),
    ]);
  });
});
