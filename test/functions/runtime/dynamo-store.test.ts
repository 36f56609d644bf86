import { afterAll, beforeAll } from 'vitest';
import { dynamoStore } from '../../../functions/runtime/dynamo-store.ts';
import { startTestTable, type TestTable } from '../../support/hub-table.ts';
import { SAMPLE_VOCABULARIES } from '../../support/sample-vocabulary.ts';
import { describeStore } from './store-conformance.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

describeStore('the store in DynamoDB', () => dynamoStore(table.table, SAMPLE_VOCABULARIES, 90));
