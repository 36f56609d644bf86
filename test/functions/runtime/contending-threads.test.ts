import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamoStore } from '../../../functions/runtime/dynamo-store.ts';
import { hubTable } from '../../../functions/runtime/hub-table.ts';
import { type DynamoDb, startDynamoDb } from '../../../local/aws/dynamodb.ts';
import { connectTestTable, TEST_TABLE } from '../../support/hub-table.ts';
import { SAMPLE_VOCABULARIES } from '../../support/sample-vocabulary.ts';
import type { RoundResult, ThreadTask } from './contending-thread.ts';

const THREADS = 3;
const CONTENDERS_PER_THREAD = 8;
const ROUNDS = 5;

const directory = mkdtempSync(join(tmpdir(), 'contending-'));
let service: DynamoDb;
beforeAll(async () => {
  service = await startDynamoDb({ directory, tables: [TEST_TABLE], wasKilled: false, asksForCapacity: false });
});
afterAll(async () => {
  await service.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('workers in threads of their own contend for one table: one wins each round, and no addition is lost', async () => {
  const client = connectTestTable(service.endpoint);
  const table = hubTable(client, TEST_TABLE.TableName, { wait: async () => {}, random: () => 0.5 });
  const store = dynamoStore(table, SAMPLE_VOCABULARIES, 90, table);
  const sharedId = '01J9Z3Q2W8V7T6R5P4N3M2THRD';
  const threads = Array.from({ length: THREADS }, (_, thread) => {
    const task: ThreadTask = {
      endpoint: service.endpoint,
      tableName: TEST_TABLE.TableName,
      thread,
      contenders: CONTENDERS_PER_THREAD,
      sharedId,
    };
    return new Worker(new URL('./contending-thread.ts', import.meta.url), { workerData: task });
  });
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const budget = await store.readBudget('shared');
      const answers = threads.map((thread) => once(thread, 'message'));
      for (const thread of threads) thread.postMessage({ round, budget });
      // What the threads post is a RoundResult each.
      const results = (await Promise.all(answers)).map(([result]) => result as RoundResult);
      const total = (count: (result: RoundResult) => number) => results.reduce((sum, each) => sum + count(each), 0);

      expect(total(({ keysWon }) => keysWon)).toBe(1);
      expect(total(({ refsWon }) => refsWon)).toBe(1);
      expect(total(({ budgetsWon }) => budgetsWon)).toBe(1);
      expect(results.flatMap(({ sums }) => sums).sort((a, b) => a - b)).toEqual(
        Array.from({ length: THREADS * CONTENDERS_PER_THREAD }, (_, index) => index + 1),
      );
      const [shared] = (await store.readBundle('partner', sharedId)).sources;
      expect(shared?.revision).toBe((round + 1) * THREADS * CONTENDERS_PER_THREAD);
    }
  } finally {
    const ended = threads.map((thread) => once(thread, 'exit'));
    for (const thread of threads) thread.postMessage('end');
    await Promise.all(ended);
    client.destroy();
  }
  // Real threads on a machine that may be busy with everything else.
}, 180_000);
