import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type LevelIterator, loadDynalite } from '../../../local/aws/dynamodb/dynalite.ts';
import { type DynamoDb, type DynamoDbOptions, startDynamoDb } from '../../../local/aws/dynamodb.ts';
import { TABLE } from './killed-table.ts';

const root = mkdtempSync(join(tmpdir(), 'dynamodb-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

async function start(
  name: string,
  more: Partial<DynamoDbOptions> = {},
): Promise<{ service: DynamoDb; client: DynamoDBClient; stop(): Promise<void> }> {
  const service = await startDynamoDb({
    directory: join(root, name),
    tables: [TABLE],
    wasKilled: false,
    asksForCapacity: false,
    ...more,
  });
  const config: DynamoDBClientConfig = {
    endpoint: service.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  };
  const client = new DynamoDBClient(config);
  const stop = async (): Promise<void> => {
    client.destroy();
    await service.stop();
  };
  open.push({ stop });
  return { service, client, stop };
}

const item = (id: string, more: Record<string, { S: string }> = {}) =>
  new PutItemCommand({ TableName: 'records', Item: { pk: { S: id }, sk: { S: 'record' }, ...more } });
const listed = async (client: DynamoDBClient, IndexName = 'lists'): Promise<readonly (string | undefined)[]> => {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: 'records',
      IndexName,
      KeyConditionExpression: `${IndexName === 'lists' ? 'listPk' : 'ownerPk'} = :p`,
      ExpressionAttributeValues: { ':p': { S: 'open' } },
    }),
  );
  return Items.map(({ pk }) => pk?.S);
};

describe('the embedded DynamoDB, by the AWS SDK', () => {
  it('writes on condition, and keeps what it has over a restart', async () => {
    const first = await start('kept');
    await first.client.send(item('a', { v: { S: '1' } }));
    const update = (expected: string) =>
      new UpdateItemCommand({
        TableName: 'records',
        Key: { pk: { S: 'a' }, sk: { S: 'record' } },
        UpdateExpression: 'SET v = :n',
        ConditionExpression: 'v = :o',
        ExpressionAttributeValues: { ':n': { S: '2' }, ':o': { S: expected } },
        ReturnValues: 'ALL_NEW',
      });
    expect((await first.client.send(update('1'))).Attributes?.v).toEqual({ S: '2' });
    await expect(first.client.send(update('1'))).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    await first.stop();

    const second = await start('kept');
    expect((await second.client.send(update('2'))).Attributes?.v).toEqual({ S: '2' });
  });

  it('adds an index to a table that has items, and drops one', async () => {
    const first = await start('indexes');
    await first.client.send(item('a', { listPk: { S: 'open' }, listSk: { S: '1' }, ownerPk: { S: 'open' } }));
    await first.client.send(item('b'));
    expect(await listed(first.client)).toEqual(['a']);
    await first.stop();

    const changed = {
      ...TABLE,
      AttributeDefinitions: [
        ...TABLE.AttributeDefinitions.slice(0, 2),
        { AttributeName: 'ownerPk', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'owners',
          KeySchema: [{ AttributeName: 'ownerPk', KeyType: 'HASH' as const }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    };
    const second = await start('indexes', { tables: [changed] });
    expect(await listed(second.client, 'owners')).toEqual(['a']);
    await expect(listed(second.client)).rejects.toThrow(/does not have the specified index/);
    await second.client.send(item('c', { ownerPk: { S: 'open' } }));
    expect((await listed(second.client, 'owners')).slice().sort()).toEqual(['a', 'c']);
  });

  it('rebuilds indexes after a kill that left an entry without its item', async () => {
    const first = await start('rebuilt');
    await first.client.send(item('a', { listPk: { S: 'open' }, listSk: { S: '1' } }));
    await first.stop();
    const database = loadDynalite().openDatabase(join(root, 'rebuilt'));
    await database.open();
    const range = { gte: 'index-global~', lt: 'index-global~\u00FF' };
    const [key] = await database.keys(range).nextv(1);
    const [entry] = await database.values(range).nextv(1);
    await database.put(`${String(key)}0`, { ...(entry as object), pk: { S: 'ghost' } });
    await database.close();

    const second = await start('rebuilt', { wasKilled: true });
    expect(await listed(second.client)).toEqual(['a']);
  });

  it('refuses a table whose keys have changed', async () => {
    await (await start('keys')).stop();
    const KeySchema = [{ AttributeName: 'pk', KeyType: 'HASH' as const }];
    await expect(start('keys', { tables: [{ ...TABLE, KeySchema }] })).rejects.toThrow(
      /Table records on disk has other keys/,
    );
  });

  it('counts calls, and capacity when asked to', async () => {
    const { service, client } = await start('metered', { asksForCapacity: true });
    await client.send(item('a', { text: { S: 'x'.repeat(1500) } }));
    await client.send(
      new QueryCommand({
        TableName: 'records',
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': { S: 'a' } },
      }),
    );
    expect(await service.stats()).toMatchObject({
      calls: { CreateTable: 1, PutItem: 1, Query: 1 },
      capacityUnits: { PutItem: 2, Query: 1 },
    });
  });

  it('reads entries in order and closes its iterators by the call that dynalite makes', async () => {
    const database = loadDynalite().openDatabase(join(root, 'iterators'));
    await database.open();
    const keys = Array.from({ length: 2500 }, (_, index) => `k${String(index).padStart(5, '0')}`);
    await database.batch(keys.map((key) => ({ type: 'put', key, value: key })));
    // dynalite reads by `next` and closes by `return`, which no other user of the database does.
    const iterator = database.values({ gte: 'k', lt: 'l' }) as LevelIterator & {
      next(): Promise<unknown>;
      return(): Promise<void>;
    };
    const seen: unknown[] = [];
    for (let entry = await iterator.next(); entry !== undefined; entry = await iterator.next()) seen.push(entry);
    await iterator.return();
    await expect(iterator.nextv(1)).rejects.toThrow(/not open/);
    await database.close();
    expect(seen).toEqual(keys);
  });
});
