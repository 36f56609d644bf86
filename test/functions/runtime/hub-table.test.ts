import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { hubTable } from '../../../functions/runtime/hub-table.ts';
import { keyAttributes } from '../../../functions/runtime/items/item-keys.ts';

const dynamo = mockClient(DynamoDBClient);
const waits: number[] = [];
const table = hubTable(new DynamoDBClient({}), 'hub', {
  wait: async (ms) => {
    waits.push(ms);
  },
  random: () => 0.999_999,
});
const keys = Array.from({ length: 3 }, (_, index) => ({ pk: `ref#c#o#${index}`, sk: 'ref' }));
const items = keys.map((key) => ({ ...keyAttributes(key), u: { S: key.pk } }));

beforeEach(() => {
  dynamo.reset();
  waits.length = 0;
});

describe('reading many', () => {
  test('asks again for the keys that a throttled table left out, waiting longer each time', async () => {
    const [first, second, third] = keys.map(keyAttributes);
    dynamo
      .on(BatchGetItemCommand)
      .resolvesOnce({
        Responses: { hub: items.slice(0, 1) },
        UnprocessedKeys: { hub: { Keys: [second ?? {}, third ?? {}] } },
      })
      .resolvesOnce({ Responses: { hub: items.slice(1, 2) }, UnprocessedKeys: { hub: { Keys: [third ?? {}] } } })
      .resolvesOnce({ Responses: { hub: items.slice(2) } });

    expect(await table.getMany(keys)).toEqual(items);
    const asked = dynamo.commandCalls(BatchGetItemCommand).map(({ args }) => args[0].input.RequestItems?.hub);
    expect(asked.map((request) => request?.Keys)).toEqual([[first, second, third], [second, third], [third]]);
    expect(asked.every((request) => request?.ConsistentRead === true)).toBe(true);
    expect(waits).toEqual([50, 100]);
  });

  test('gives up after 8 attempts rather than answer a part', async () => {
    dynamo.on(BatchGetItemCommand).resolves({ UnprocessedKeys: { hub: { Keys: keys.map(keyAttributes) } } });

    await expect(table.getMany(keys)).rejects.toThrow('3 of 3 keys unread in 8 attempts');
    expect(dynamo.commandCalls(BatchGetItemCommand)).toHaveLength(8);
  });

  test('asks for at most 100 keys a call, and for the same key once', async () => {
    dynamo.on(BatchGetItemCommand).resolves({});
    const many = Array.from({ length: 250 }, (_, index) => ({ pk: `ref#${index}`, sk: 'ref' }));

    await table.getMany([...many, ...many]);

    const sizes = dynamo
      .commandCalls(BatchGetItemCommand)
      .map(({ args }) => args[0].input.RequestItems?.hub?.Keys?.length);
    expect(sizes).toEqual([100, 100, 50]);
  });
});

describe('writing many', () => {
  test('writes 25 a call and again what was left, before it goes on', async () => {
    const many = Array.from({ length: 30 }, (_, index) => keyAttributes({ pk: `p#${index}`, sk: 'journal' }));
    dynamo
      .on(BatchWriteItemCommand)
      .resolvesOnce({ UnprocessedItems: { hub: [{ PutRequest: { Item: many[3] } }] } })
      .resolves({});

    await table.putMany(many);

    const written = dynamo
      .commandCalls(BatchWriteItemCommand)
      .map(({ args }) => args[0].input.RequestItems?.hub?.map((request) => request.PutRequest?.Item));
    expect(written).toEqual([many.slice(0, 25), [many[3]], many.slice(25)]);
  });

  test('gives up after 8 attempts', async () => {
    const [item = {}] = items;
    dynamo.on(BatchWriteItemCommand).resolves({ UnprocessedItems: { hub: [{ PutRequest: { Item: item } }] } });

    await expect(table.putMany([item])).rejects.toThrow('1 of 1 items unwritten in 8 attempts');
  });
});

describe('writing over a counter', () => {
  const item = { ...keyAttributes({ pk: 'partner#1', sk: 'source#c#o#1' }), c: { N: '3' }, s: { N: '1' } };
  const refusal = new ConditionalCheckFailedException({ message: 'no', $metadata: {} });

  test('answers that it lost when the counter has moved', async () => {
    dynamo.on(PutItemCommand).rejects(refusal);
    dynamo.on(GetItemCommand).resolves({ Item: { ...item, c: { N: '9' } } });

    expect(await table.putCounted(item, 2)).toBe(false);
  });

  test('refuses to overwrite an item of a newer schema, and says what to do', async () => {
    dynamo.on(PutItemCommand).rejects(refusal);
    dynamo.on(GetItemCommand).resolves({ Item: { ...item, s: { N: '2' } } });

    await expect(table.putCounted(item, 2)).rejects.toThrow(
      /partner#1 source has schema 2; .* Deploy the newer version/,
    );
  });

  test('throws what is not a failed condition', async () => {
    dynamo.on(PutItemCommand).rejects(new Error('The table is not there.'));

    await expect(table.putCounted(item, 2)).rejects.toThrow('The table is not there.');
  });
});

describe('reading a range', () => {
  const range = { key: { text: 'pk = :pk', values: { ':pk': { S: 'partner#1' } } }, isConsistent: true };

  test('goes on to its end', async () => {
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: items.slice(0, 1), LastEvaluatedKey: { pk: { S: 'a' } } })
      .resolvesOnce({ Items: items.slice(1) });

    expect(await table.query(range)).toEqual({ items, hasMore: false });
    expect(dynamo.commandCalls(QueryCommand)[1]?.args[0].input.ExclusiveStartKey).toEqual({ pk: { S: 'a' } });
  });

  test('that does not end within 10 pages is a defect, not a part', async () => {
    dynamo.on(QueryCommand).resolves({ Items: [], LastEvaluatedKey: { pk: { S: 'a' } } });

    await expect(table.query(range)).rejects.toThrow('longer than 10 pages');
  });
});
