import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { dynamoStore } from '../../../functions/runtime/dynamo-store.ts';
import { hubTable } from '../../../functions/runtime/hub-table.ts';
import { startTestTable, type TestTable } from '../../support/hub-table.ts';
import { SAMPLE_VOCABULARIES } from '../../support/sample-vocabulary.ts';
import { describeStore } from './store-conformance.ts';

const CLIENTS = 4;

let table: TestTable;
let clients: readonly DynamoDBClient[];
let stores: readonly HubStore[];
beforeAll(async () => {
  table = await startTestTable();
  clients = Array.from({ length: CLIENTS }, () => table.connect());
  stores = clients.map((client) => {
    const contended = hubTable(client, table.name, { wait: async () => {}, random: () => 0.5 });
    return dynamoStore(contended, SAMPLE_VOCABULARIES, 90, contended);
  });
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await table.close();
});

describeStore(
  'the store in DynamoDB',
  () => dynamoStore(table.table, SAMPLE_VOCABULARIES, 90, table.table),
  () => stores,
);
