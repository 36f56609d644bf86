import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createCallCounter } from '../call-counter.ts';
import { hostService } from '../service-thread.ts';
import type { SqsOptions, SqsStats } from '../sqs.ts';
import { createJsonService } from '../wire/json-service.ts';
import { sqsOperations } from './operations.ts';
import { QueueService } from './queue-service.ts';

/** A batch of 1 MiB whose every byte is escaped, with room for its names. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;

await hostService<SqsOptions>(({ directory }) => {
  mkdirSync(directory, { recursive: true });
  const calls = createCallCounter();
  const service = new QueueService(join(directory, 'messages.journal'), Date.now);
  const server = createJsonService({
    targetPrefix: 'AmazonSQS',
    version: '1.0',
    operations: sqsOperations(
      service,
      (name) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/000000000000/${name}`,
    ),
    bodyBytesMax: BODY_BYTES_MAX,
    faultNamespace: 'com.amazonaws.sqs#',
    // SDKs of before the JSON protocol know faults by their old names, which SQS still sends along.
    faultHeaders: ({ code, status }) => ({
      'x-amzn-query-error': `${queryName(code)};${status === 500 ? 'Receiver' : 'Sender'}`,
    }),
    onCall: (operation) => calls.count(operation),
  });
  return {
    server,
    methods: {
      stats: (): SqsStats => ({
        calls: calls.counts(),
        queues: Object.fromEntries(service.all().map((queue) => [queue.name, queue.counts()])),
      }),
    },
    close: () => service.close(),
  };
});

function queryName(code: string): string {
  return code === 'QueueDoesNotExist' ? 'AWS.SimpleQueueService.NonExistentQueue' : code;
}
