import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildHub } from '../../../functions/runtime/composition.ts';
import { readConfig } from '../../../functions/runtime/config.ts';
import { readEnvironment } from '../../../functions/runtime/environment.ts';
import { bundleConfigOf } from '../../../infra/bundle-config.ts';
import { readHubConfig } from '../../../infra/hub-config.ts';
import { startTestTable, type TestTable } from '../../support/hub-table.ts';
import { SAMPLE_NOW, sampleUnified } from '../../support/sample-records.ts';

const VARIABLES = {
  TABLE_NAME: 'hub',
  ERASURES_TABLE_NAME: 'erasures',
  BUS_NAME: 'hub',
  INBOUND_QUEUE_URL: 'http://127.0.0.1/inbound',
  SWEEP_QUEUE_URL: 'http://127.0.0.1/sweep',
  OUTBOUND_QUEUE_URLS: '{"hubspot":"http://127.0.0.1/outbound-hubspot"}',
  DEAD_LETTER_QUEUE_URLS: '{"inbound":"http://127.0.0.1/inbound-dead"}',
  SECRET_NAMES: '{"hubspot":"tributary/local/hubspot"}',
};

let table: TestTable;
let folder: string;
beforeAll(async () => {
  table = await startTestTable();
  folder = await mkdtemp(join(tmpdir(), 'hub-config-'));
});
afterAll(async () => {
  await table.close();
  await rm(folder, { recursive: true });
});

describe('a hub', () => {
  test('is built from the configuration that the build writes, and works on its table', async () => {
    const runtime = await build();
    const record = sampleUnified({ fields: { name: { ...fieldFrom('hubspot#company#1'), value: 'Nordlicht' } } });

    expect(runtime.stage).toBe('local');
    expect(runtime.limits.journalDays).toBeGreaterThan(0);
    expect(runtime.hub.connections.map(({ id }) => id)).toEqual(['salesforce', 'hubspot']);
    expect(runtime.hub.mapping('hubspot', 'company')?.kind).toBe('partner');
    expect(runtime.hub.mappingsOf('salesforce', 'partner').map(({ object }) => object)).toEqual(['Account']);
    expect(runtime.hub.mapping('hubspot', 'Account')).toBeUndefined();
    expect(runtime.hub.mapping('another', 'company')).toBeUndefined();
    expect(await runtime.hub.store.putUnified(record, null)).toBe(true);
    expect((await runtime.hub.store.readBundle('partner', record.id)).unified).toEqual(record);
    expect(runtime.capacity).toMatchObject({ readUnits: 1, writeUnits: 1 });
  });

  test('counts a missing secret as the problem of its own connection', async () => {
    const { hub } = await build();

    expect(await hub.system('salesforce')).toMatchObject({ ok: false, fault: { code: 'NO_SECRET' } });
    const { problems } = await hub.store.listProblems({ limit: 10 });
    expect(problems).toMatchObject([{ cause: 'credential', connection: 'salesforce', code: 'NO_SECRET' }]);
  });
});

test('an environment that lacks something is refused by the name of what it lacks', () => {
  const { TABLE_NAME: _, ...fewer } = VARIABLES;

  expect(() => readEnvironment({ ...fewer, SECRET_NAMES: '{' })).toThrow(/TABLE_NAME, SECRET_NAMES/);
});

/** A runtime with the repository's own mappings and simulated connections, as its bundles have them. */
async function build() {
  const read = readHubConfig({ root: process.cwd(), stage: 'local' });
  if (!read.ok) throw new Error(read.problems.map(({ file, reason }) => `${file}: ${reason}`).join('\n'));
  const file = join(folder, 'config.json');
  await writeFile(file, JSON.stringify(bundleConfigOf(read.value)));
  const region = 'eu-central-1';
  const clients = {
    dynamo: table.client,
    sqs: new SQSClient({ region }),
    eventBridge: new EventBridgeClient({ region }),
    secrets: new SecretsManagerClient({ region }),
  };
  table.client.middlewareStack.remove('meterCapacity');
  return buildHub(readEnvironment({ ...VARIABLES, TABLE_NAME: table.name }), await readConfig(pathToFileURL(file)), {
    clients,
    log: { log: () => {}, defect: () => {}, begin: () => {} },
  });
}

function fieldFrom(from: string) {
  return { at: SAMPLE_NOW, from, origin: 'system', rule: 'only' } as const;
}
