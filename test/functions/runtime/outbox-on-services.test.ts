import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  type PutEventsCommand,
  type PutEventsCommandOutput,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SendMessageBatchCommand,
  type SendMessageBatchCommandOutput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeliveryDue, Notice } from '../../../domain/model/notice.ts';
import type { Outbox } from '../../../domain/pipeline/ports.ts';
import { parseDeliveries } from '../../../functions/runtime/messages.ts';
import { awsOutbox } from '../../../functions/runtime/outbox.ts';
import { type EventBridge, startEventBridge } from '../../../local/aws/eventbridge.ts';
import { type Sqs, startSqs } from '../../../local/aws/sqs.ts';
import { describeOutbox, type Ends } from './outbox-conformance.ts';

const CONNECTIONS = ['one', 'two'] as const;
const directory = mkdtempSync(join(tmpdir(), 'outbox-'));
const account = { region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' }, maxAttempts: 1 };
let queues: Sqs;
let bus: EventBridge;
let sqs: SQSClient;
let eventBridge: EventBridgeClient;
let outbox: Outbox;

beforeAll(async () => {
  queues = await startSqs({ directory: join(directory, 'sqs') });
  bus = await startEventBridge({
    directory: join(directory, 'bus'),
    sqsEndpoint: queues.endpoint,
    // No rule here has a function for a target.
    lambdaEndpoint: 'http://127.0.0.1:9',
  });
  sqs = new SQSClient({ ...account, endpoint: queues.endpoint });
  eventBridge = new EventBridgeClient({ ...account, endpoint: bus.endpoint });
  for (const name of ['inbound', 'sweep', 'changed', ...CONNECTIONS.map((id) => `outbound-${id}`)]) {
    await sqs.send(new CreateQueueCommand({ QueueName: name }));
  }
  await eventBridge.send(new CreateEventBusCommand({ Name: 'hub' }));
  await route('changed', { 'detail-type': ['RecordChanged'] });
  for (const id of CONNECTIONS) {
    await route(`outbound-${id}`, { 'detail-type': ['DeliveryDue'], detail: { connection: [id] } });
  }
  await bus.resume();
  outbox = outboxOf(sqs, eventBridge);
});
afterAll(async () => {
  sqs.destroy();
  eventBridge.destroy();
  await bus.stop();
  await queues.stop();
  rmSync(directory, { recursive: true, force: true });
});

const urlOf = (queue: string): string => `${queues.endpoint}/000000000000/${queue}`;

async function route(queue: string, pattern: object): Promise<void> {
  await eventBridge.send(
    new PutRuleCommand({ Name: queue, EventBusName: 'hub', EventPattern: JSON.stringify(pattern) }),
  );
  const Arn = `arn:aws:sqs:us-east-1:000000000000:${queue}`;
  await eventBridge.send(
    new PutTargetsCommand({ Rule: queue, EventBusName: 'hub', Targets: [{ Id: 't', Arn, InputPath: '$.detail' }] }),
  );
}

function outboxOf(queueClient: SQSClient, busClient: EventBridgeClient): Outbox {
  return awsOutbox(
    { sqs: queueClient, eventBridge: busClient },
    {
      inboundQueueUrl: urlOf('inbound'),
      sweepQueueUrl: urlOf('sweep'),
      outboundQueueUrls: Object.fromEntries(CONNECTIONS.map((id) => [id, urlOf(`outbound-${id}`)])),
      busName: 'hub',
    },
    { wait: async () => {}, random: () => 0 },
  );
}

const CALLS_MAX = 200;

/** Receives and deletes until `count` messages have come or `waitMs` are over. */
async function take<T>(queue: string, count: number, waitMs: number): Promise<readonly T[]> {
  const taken: T[] = [];
  const giveUpAt = Date.now() + waitMs;
  for (let call = 0; call < CALLS_MAX; call += 1) {
    const leftMs = giveUpAt - Date.now();
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: urlOf(queue),
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: Math.max(0, Math.min(2, Math.ceil(leftMs / 1_000))),
      }),
    );
    // The bodies are what the outbox was given.
    taken.push(...Messages.map(({ Body = '' }) => JSON.parse(Body) as T));
    if (Messages.length > 0) {
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: urlOf(queue), Entries }));
    }
    if (taken.length >= count || Date.now() >= giveUpAt) break;
  }
  return taken;
}

/** Messages bring several deliveries each, so that fewer of them are waited for. */
async function takeDeliveries(connection: string, count: number, waitMs: number): Promise<readonly DeliveryDue[]> {
  const due: DeliveryDue[] = [];
  const giveUpAt = Date.now() + waitMs;
  for (let call = 0; call < CALLS_MAX; call += 1) {
    for (const body of await take(`outbound-${connection}`, 1, Math.max(0, giveUpAt - Date.now()))) {
      const parsed = parseDeliveries(JSON.stringify(body));
      if (parsed.ok) due.push(...parsed.message.due);
    }
    if (due.length >= count || Date.now() >= giveUpAt) break;
  }
  return due;
}

function ends(count: number, waitMs: number): Ends {
  return {
    notices: () => take('inbound', count, waitMs),
    deliveries: (connection) => takeDeliveries(connection, count, waitMs),
    sweeps: () => take('sweep', count, waitMs),
    changed: () => take('changed', count, waitMs),
  };
}

describeOutbox('the outbox on SQS and EventBridge', () => ({
  outbox,
  now: ends(Number.POSITIVE_INFINITY, 0),
  within: (count) => ends(count, 30_000),
}));

const notice = (id: string): Notice => ({
  schema: 1,
  connection: 'one',
  object: 'company',
  ids: [id],
  reason: 'sweep',
  attempts: 0,
  correlationId: 'c',
});

test('what a queue takes only in part is sent again until all is there', async () => {
  let calls = 0;
  const lossy = new SQSClient({ ...account, endpoint: queues.endpoint });
  // Of each call but the last ones only every third entry reaches the service; the others are answered as failed.
  lossy.middlewareStack.add(
    (next) => async (args) => {
      const input = args.input as SendMessageBatchCommand['input'];
      calls += 1;
      const entries = input.Entries ?? [];
      const passed = entries.filter((_, index) => index % 3 === 0);
      const answer = await next({ ...args, input: { ...input, Entries: passed } });
      const failed = entries.filter((entry) => !passed.includes(entry));
      const output = answer.output as SendMessageBatchCommandOutput;
      return {
        ...answer,
        output: { ...output, Failed: failed.map(({ Id }) => ({ Id, Code: 'Throttled', SenderFault: false })) },
      };
    },
    { step: 'initialize' },
  );
  const ids = Array.from({ length: 25 }, (_, index) => `partly-${index}`);

  await outboxOf(lossy, eventBridge).notice(ids.map(notice), 0);
  lossy.destroy();

  const came = await take<Notice>('inbound', ids.length, 30_000);
  expect(came.flatMap((each) => each.ids).sort()).toEqual([...ids].sort());
  expect(calls).toBeGreaterThan(3);
});

test('a call whose answer was lost may bring its messages twice, and never not at all', async () => {
  let calls = 0;
  const forgetful = new EventBridgeClient({ ...account, endpoint: bus.endpoint });
  forgetful.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      calls += 1;
      if (calls > 1) return answer;
      const count = (args.input as PutEventsCommand['input']).Entries?.length ?? 0;
      const Entries = Array.from({ length: count }, () => ({ ErrorCode: 'InternalFailure' }));
      return { ...answer, output: { ...(answer.output as PutEventsCommandOutput), FailedEntryCount: count, Entries } };
    },
    { step: 'initialize' },
  );
  const due = { schema: 1, connection: 'one', object: 'company', kind: 'partner', id: 'U1', attempts: 0 } as const;

  await outboxOf(sqs, forgetful).deliver([{ ...due, correlationId: 'twice' }]);
  forgetful.destroy();

  expect(await take('outbound-one', 2, 30_000)).toHaveLength(2);
});
