import type { CallCounts } from './call-counter.ts';
import type { TableDefinition } from './dynamodb/table-definition.ts';
import { startServiceThread } from './service-thread.ts';
import { createJsonClient, type JsonClient } from './wire/json-client.ts';

/** What the embedded DynamoDB needs to start. */
export interface DynamoDbOptions {
  /** Directory of the LevelDB database. */
  readonly directory: string;
  /** Tables to be there; those on disk keep their items. */
  readonly tables: readonly TableDefinition[];
  /** Whether the last run ended without closing the database, so that indexes have to be rebuilt. */
  readonly wasKilled: boolean;
  /** Whether to add up the capacity units of all calls, for benchmarks. */
  readonly asksForCapacity: boolean;
}

/** Calls, and capacity units where they were asked for, by operation since the start. dynalite counts no index writes. */
export interface DynamoDbStats {
  readonly calls: CallCounts;
  readonly capacityUnits: CallCounts;
}

/** The running database. */
export interface DynamoDb {
  readonly endpoint: string;
  stats(): Promise<DynamoDbStats>;
  stop(): Promise<void>;
}

const HEAP_MEGABYTES_MAX = 256;
/** dynalite makes a table active within a few milliseconds of being told to wait for none. */
const ACTIVE_MS_MAX = 5000;

/**
 * Starts dynalite on disk in a thread of its own, with the tables made.
 *
 * What it cannot, and where that shows: transactions, streams and TTL deletion (the hub uses none of the first two; items
 * past their TTL stay), `ReturnValuesOnConditionCheckFailure` (ignored), capacity of index writes (not counted).
 */
export async function startDynamoDb(options: DynamoDbOptions, show?: (line: string) => void): Promise<DynamoDb> {
  const thread = await startServiceThread(new URL('./dynamodb/thread.ts', import.meta.url), {
    options,
    heapMegabytesMax: HEAP_MEGABYTES_MAX,
    show,
  });
  const client = createJsonClient({
    endpoint: thread.endpoint,
    targetPrefix: 'DynamoDB_20120810',
    version: '1.0',
    // dynalite looks for a signature and does not check it.
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=local',
      'x-amz-date': '20260101T000000Z',
    },
  });
  try {
    for (const table of options.tables) await createTable(client, table);
  } catch (error) {
    await thread.stop();
    throw error;
  } finally {
    client.close();
  }
  return {
    endpoint: thread.endpoint,
    // The thread's `stats` method answers this type.
    stats: () => thread.call('stats') as Promise<DynamoDbStats>,
    stop: () => thread.stop(),
  };
}

async function createTable(client: JsonClient, table: TableDefinition): Promise<void> {
  const made = await client.call('CreateTable', { ...table, BillingMode: 'PAY_PER_REQUEST' });
  if (!made.ok && made.fault.code !== 'ResourceInUseException') {
    throw new Error(`Table ${table.TableName} could not be made: ${made.fault.message}`);
  }
  for (const giveUpAt = Date.now() + ACTIVE_MS_MAX; Date.now() < giveUpAt; ) {
    const answer = await client.call('DescribeTable', { TableName: table.TableName });
    // DescribeTable answers the table's description, or that there is none.
    if (answer.ok && (answer.body.Table as { TableStatus: string }).TableStatus === 'ACTIVE') return;
  }
  throw new Error(`Table ${table.TableName} was not active after ${ACTIVE_MS_MAX} ms.`);
}
