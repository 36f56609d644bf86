import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { chunk } from '../../connectors/kit/chunk.ts';
import { inParallel } from '../../domain/pipeline/in-parallel.ts';
import { backoffMs, type Patience } from './backoff.ts';
import { type Item, numberAttribute } from './items/attribute.ts';
import { ITEM_SCHEMA, type ItemKey, keyAttributes } from './items/item-keys.ts';

/** An expression over attributes: names after `#`, values after `:`. */
export interface Expression {
  readonly text: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

/** A range of one partition, of the table or of an index. */
export interface Range {
  readonly index?: string;
  readonly key: Expression;
  readonly isConsistent: boolean;
  /** Newest (last) first. */
  readonly isBackward?: boolean;
  /** At most so many items; without it, all of them. */
  readonly limit?: number;
}

/**
 * The hub's one table, in the calls the hub makes of it. Every read is strongly consistent unless it says otherwise, and
 * nothing scans.
 *
 * *Units*: a read unit is 4 KB read consistently, a write unit 1 KB of the whole item written; an item that is not there costs
 * one read unit, a failed condition what the write would have cost.
 *
 * *Faults*: expected ones are answers. What is thrown is AWS's own error after the client's retries, or a defect.
 */
export interface HubTable {
  /** One item. 1 read unit per 4 KB. */
  get(key: ItemKey): Promise<Item | undefined>;
  /** Items by key, in no order, those that are not there left out; equal keys are read once. 1 read unit per key and 4 KB. */
  getMany(keys: readonly ItemKey[]): Promise<readonly Item[]>;
  /** The items of a range and whether there are more. 1 read unit per 4 KB of all of them together, half if not consistent. */
  query(range: Range): Promise<{ readonly items: readonly Item[]; readonly hasMore: boolean }>;
  /** Writes an item, if the condition holds. 1 write unit per KB. */
  put(item: Item, condition?: Expression): Promise<boolean>;
  /**
   * Writes an item with a counter `c` and a schema number `s`, if the stored counter is `expected` (`null`: no item). *Faults*:
   * throws a defect when the stored item is of a newer schema than this code knows: old code may read it, not overwrite it.
   */
  putCounted(item: Item, expected: number | null): Promise<boolean>;
  /** Writes items without a condition, in order, 25 a call; of those with one key the last. 1 write unit per KB of each. */
  putMany(items: readonly Item[]): Promise<void>;
  /** Changes attributes of an item, if the condition holds, and answers the attributes changed. 1 write unit per KB. */
  update(key: ItemKey, change: Expression, condition?: Expression): Promise<Item | false>;
  /** Deletes an item, if the condition holds. 1 write unit per KB. */
  delete(key: ItemKey, condition?: Expression): Promise<boolean>;
}

/** The table of this name. */
export function hubTable(client: DynamoDBClient, tableName: string, patience: Patience): HubTable {
  const TableName = tableName;

  async function getChunk(keys: readonly ItemKey[]): Promise<readonly Item[]> {
    const items: Item[] = [];
    let left = keys.map(keyAttributes);
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const answer = await client.send(
        new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: left, ConsistentRead: true } } }),
      );
      items.push(...(answer.Responses?.[TableName] ?? []));
      left = answer.UnprocessedKeys?.[TableName]?.Keys ?? [];
      if (left.length === 0) return items;
      if (attempt < ATTEMPTS_MAX) await patience.wait(backoffMs(attempt, patience.random()));
    }
    throw new Error(`DynamoDB left ${left.length} of ${keys.length} keys unread in ${ATTEMPTS_MAX} attempts.`);
  }

  async function putChunk(items: readonly Item[]): Promise<void> {
    let left = items.map((item) => ({ PutRequest: { Item: item } }));
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: left } }));
      const unprocessed = answer.UnprocessedItems?.[TableName] ?? [];
      left = unprocessed.flatMap(({ PutRequest }) =>
        PutRequest?.Item ? [{ PutRequest: { Item: PutRequest.Item } }] : [],
      );
      if (left.length === 0) return;
      if (attempt < ATTEMPTS_MAX) await patience.wait(backoffMs(attempt, patience.random()));
    }
    throw new Error(`DynamoDB left ${left.length} of ${items.length} items unwritten in ${ATTEMPTS_MAX} attempts.`);
  }

  const table: HubTable = {
    async get(key) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: keyAttributes(key), ConsistentRead: true }),
      );
      return Item;
    },

    async getMany(keys) {
      const different = [...new Map(keys.map((key) => [`${key.pk}\n${key.sk}`, key])).values()];
      const chunks = await inParallel(chunk(different, GET_MAX), getChunk);
      return chunks.flat();
    },

    async query({ index, key, isConsistent, isBackward, limit }) {
      const items: Item[] = [];
      let start: Item | undefined;
      for (let page = 1; page <= PAGES_MAX; page += 1) {
        const answer = await client.send(
          new QueryCommand({
            TableName,
            ...(index === undefined ? {} : { IndexName: index }),
            KeyConditionExpression: key.text,
            ...attributes(key),
            ConsistentRead: isConsistent,
            ScanIndexForward: isBackward !== true,
            ...(limit === undefined ? {} : { Limit: limit - items.length }),
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        );
        items.push(...(answer.Items ?? []));
        start = answer.LastEvaluatedKey;
        if (start === undefined) return { items, hasMore: false };
        if (limit !== undefined && items.length >= limit) return { items, hasMore: true };
      }
      throw new Error(`A range of the table is longer than ${PAGES_MAX} pages of 1 MB.`);
    },

    put: (item, condition) =>
      holds(
        client.send(
          new PutItemCommand({
            TableName,
            Item: item,
            ...(condition === undefined ? {} : { ConditionExpression: condition.text, ...attributes(condition) }),
          }),
        ),
      ).then((answer) => answer !== false),

    async putCounted(item, expected) {
      if (expected === null) return table.put(item, ABSENT);
      const isWritten = await table.put(item, {
        text: 'c = :c AND s <= :s',
        values: { ':c': numberAttribute(expected), ':s': numberAttribute(ITEM_SCHEMA) },
      });
      if (!isWritten) await refuseNewer(table, { pk: item.pk?.S ?? '', sk: item.sk?.S ?? '' });
      return isWritten;
    },

    async putMany(items) {
      // A call with one key twice would be refused as a whole.
      const different = [...new Map(items.map((item) => [`${item.pk?.S}\n${item.sk?.S}`, item])).values()];
      // One chunk after the other: a crash leaves a beginning, not holes.
      for (const piece of chunk(different, PUT_MAX)) await putChunk(piece);
    },

    async update(key, change, condition) {
      const answer = await holds(
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyAttributes(key),
            UpdateExpression: change.text,
            ...(condition === undefined ? {} : { ConditionExpression: condition.text }),
            ...attributes(change, condition),
            ReturnValues: 'UPDATED_NEW',
          }),
        ),
      );
      return answer === false ? false : (answer.Attributes ?? {});
    },

    delete: (key, condition) =>
      holds(
        client.send(
          new DeleteItemCommand({
            TableName,
            Key: keyAttributes(key),
            ...(condition === undefined ? {} : { ConditionExpression: condition.text, ...attributes(condition) }),
          }),
        ),
      ).then((answer) => answer !== false),
  };
  return table;
}

/** The condition that there is no item yet. */
export const ABSENT: Expression = { text: 'attribute_not_exists(pk)' };

/** The condition that there is an item. */
export const PRESENT: Expression = { text: 'attribute_exists(pk)' };

// Bounds of one call: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html (read August 2026).
const GET_MAX = 100;
const PUT_MAX = 25;
const PAGES_MAX = 10;
const ATTEMPTS_MAX = 8;

/**
 * After a failed condition: whether a newer schema is why. Read apart, and only then, because not every implementation gives
 * the old item with the refusal.
 */
async function refuseNewer(table: HubTable, key: ItemKey): Promise<void> {
  const stored = await table.get(key);
  const schema = Number(stored?.s?.N ?? 0);
  if (schema > ITEM_SCHEMA) {
    throw new Error(
      `The item ${key.pk} ${key.sk.split('#')[0]} has schema ${schema}; this code knows ${ITEM_SCHEMA} and does not overwrite it. Deploy the newer version.`,
    );
  }
}

/** The answer, or `false` when the condition did not hold. */
async function holds<T>(answer: Promise<T>): Promise<T | false> {
  try {
    return await answer;
  } catch (error) {
    // The one error of the client that is an expected answer.
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function attributes(...expressions: readonly (Expression | undefined)[]): {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
} {
  const names = Object.assign({}, ...expressions.map((expression) => expression?.names));
  const values = Object.assign({}, ...expressions.map((expression) => expression?.values));
  return {
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}
