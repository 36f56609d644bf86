import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type CapacityMeter, meterCapacity } from '../../functions/runtime/capacity-meter.ts';
import { type HubTable, hubTable } from '../../functions/runtime/hub-table.ts';

/** The hub's table on an in-memory DynamoDB of this process. */
export interface TestTable {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  readonly name: string;
  readonly table: HubTable;
  readonly meter: CapacityMeter;
  /** Another client of the same database, with connections of its own; whoever asked for it destroys it. */
  connect(): DynamoDBClient;
  close(): Promise<void>;
}

/** Starts dynalite on a free port and makes the table with its two indexes, as the stack defines them. */
export async function startTestTable(): Promise<TestTable> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an address with a port.
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connect = () => connectTestTable(endpoint);
  const client = connect();
  const name = TEST_TABLE.TableName;
  const meter = meterCapacity(client);
  await client.send(new CreateTableCommand({ ...TEST_TABLE, BillingMode: 'PAY_PER_REQUEST' }));
  return {
    client,
    endpoint,
    name,
    table: hubTable(client, name, { wait: async () => {}, random: () => 0.5 }),
    meter,
    connect,
    async close() {
      client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The table with its two indexes, as the stack defines them. */
export const TEST_TABLE = {
  TableName: 'hub',
  AttributeDefinitions: ['pk', 'sk', 'listPk', 'listSk', 'recentPk', 'recentSk'].map((attribute) => ({
    AttributeName: attribute,
    AttributeType: 'S' as const,
  })),
  KeySchema: keys('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'lists', KeySchema: keys('listPk', 'listSk'), Projection: { ProjectionType: 'ALL' as const } },
    {
      IndexName: 'recent',
      KeySchema: keys('recentPk', 'recentSk'),
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
  ],
};

/** A client of an embedded DynamoDB. */
export function connectTestTable(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: { httpAgent: { maxSockets: 64 } },
  });
}

// dynalite is CommonJS and has no types; this is the part of it that is used.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: { readonly createTableMs: number }) => Server;

function keys(hash: string, range: string): { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[] {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
}
