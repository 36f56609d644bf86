import { mkdirSync } from 'node:fs';
import type { DynamoDbOptions } from '../dynamodb.ts';
import { hostService } from '../service-thread.ts';
import { meterCalls } from './call-meter.ts';
import { loadDynalite } from './dynalite.ts';
import { maintainTables } from './maintain-tables.ts';

await hostService<DynamoDbOptions>(async ({ directory, tables, wasKilled, asksForCapacity }) => {
  mkdirSync(directory, { recursive: true });
  const dynalite = loadDynalite();
  await maintainTables(dynalite, directory, tables, wasKilled);
  const server = dynalite.startServer({ path: directory });
  // Clients keep idle sockets for reuse; a server that closes them first makes the next call fail with a reset.
  server.keepAliveTimeout = 0;
  const meter = meterCalls(server, asksForCapacity);
  return {
    server,
    methods: { stats: () => meter.stats() },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
});
