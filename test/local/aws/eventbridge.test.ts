import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateEventBusCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventBridge, startEventBridge } from '../../../local/aws/eventbridge.ts';
import { type Sqs, startSqs } from '../../../local/aws/sqs.ts';
import { createJsonClient, type JsonClient } from '../../../local/aws/wire/json-client.ts';

const directory = mkdtempSync(join(tmpdir(), 'eventbridge-'));
const invoked: string[] = [];
const warned: string[] = [];
let lambda: Server;
let sqs: Sqs;
let service: EventBridge;
let bus: EventBridgeClient;
let queues: JsonClient;

beforeAll(async () => {
  lambda = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      invoked.push(`${request.url} ${body}`);
      response.writeHead(request.url?.includes('missing') ? 404 : 200).end('null');
    });
  });
  await new Promise<void>((resolve) => void lambda.listen(0, '127.0.0.1', resolve));
  sqs = await startSqs({ directory: join(directory, 'sqs') });
  service = await startEventBridge(
    {
      directory: join(directory, 'bus'),
      sqsEndpoint: sqs.endpoint,
      lambdaEndpoint: `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`,
    },
    (line) => void warned.push(line),
  );
  bus = new EventBridgeClient({
    endpoint: service.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  queues = createJsonClient({ endpoint: sqs.endpoint, targetPrefix: 'AmazonSQS', version: '1.0' });
  await bus.send(new CreateEventBusCommand({ Name: 'own' }));
  await service.resume();
});
afterAll(async () => {
  bus.destroy();
  queues.close();
  await service.stop();
  await sqs.stop();
  lambda.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A rule on the bus for one source, with its target. */
async function rule(source: string, target: Omit<Target, 'Id'>): Promise<void> {
  await bus.send(
    new PutRuleCommand({ Name: source, EventBusName: 'own', EventPattern: JSON.stringify({ source: [source] }) }),
  );
  const { FailedEntryCount } = await bus.send(
    new PutTargetsCommand({ Rule: source, EventBusName: 'own', Targets: [{ Id: 't', ...target } as Target] }),
  );
  expect(FailedEntryCount).toBe(0);
}

async function queue(name: string): Promise<string> {
  await queues.call('CreateQueue', { QueueName: name });
  return `arn:aws:sqs:us-east-1:000000000000:${name}`;
}

interface ReceivedMessage {
  readonly Body: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue: string }>>;
  readonly Attributes: Readonly<Record<string, string>>;
}

async function received(name: string): Promise<readonly ReceivedMessage[]> {
  const answer = await queues.call('ReceiveMessage', {
    QueueUrl: `${sqs.endpoint}/0/${name}`,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds: 10,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
  });
  return answer.ok ? ((answer.body.Messages ?? []) as readonly ReceivedMessage[]) : [];
}

const entry = (more: Partial<PutEventsRequestEntry>): PutEventsRequestEntry => ({
  EventBusName: 'own',
  Source: 's',
  DetailType: 'T',
  Detail: '{}',
  ...more,
});
const put = (...Entries: PutEventsRequestEntry[]) => bus.send(new PutEventsCommand({ Entries }));

describe('the embedded EventBridge, by the AWS SDK', () => {
  it('brings an event to a queue, by path and in its message group', async () => {
    await rule('path', { Arn: await queue('path'), InputPath: '$.detail', SqsParameters: { MessageGroupId: 'g' } });
    const { FailedEntryCount, Entries } = await put(
      entry({ Source: 'path', Detail: '{"amount":1.50}' }),
      entry({ Source: 'other' }),
    );
    expect([FailedEntryCount, Entries?.length]).toEqual([0, 2]);
    expect(await received('path')).toMatchObject([{ Body: '{"amount":1.50}', Attributes: { MessageGroupId: 'g' } }]);
  });

  it('keeps the order and number of many events', async () => {
    await rule('many', { Arn: await queue('many'), InputPath: '$.detail.n' });
    for (let index = 0; index < 5; index += 1) {
      await put(
        ...Array.from({ length: 10 }, (_, offset) =>
          entry({ Source: 'many', Detail: JSON.stringify({ n: index * 10 + offset }) }),
        ),
      );
    }
    const seen: number[] = [];
    while (seen.length < 50) seen.push(...(await received('many')).map(({ Body }) => Number(Body)));
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it('answers each entry for itself', async () => {
    const { FailedEntryCount, Entries = [] } = await put(
      entry({}),
      entry({ Source: '' }),
      entry({ DetailType: undefined }),
      entry({ Detail: 'no json' }),
      entry({ Detail: '[]' }),
      entry({ Source: 'aws.s3' }),
      entry({ EventBusName: 'nowhere' }),
    );
    expect(FailedEntryCount).toBe(6);
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'InvalidArgument',
      'InvalidArgument',
      'MalformedDetail',
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
    ]);
    expect(Entries[0]?.EventId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('refuses more than ten entries, and more than a mebibyte', async () => {
    await expect(put(...Array.from({ length: 11 }, () => entry({})))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const half = entry({ Detail: JSON.stringify({ text: 'x'.repeat(600_000) }) });
    await expect(put(half, half)).rejects.toThrow(/over the limit/);
    expect((await put(half)).FailedEntryCount).toBe(0);
  });

  it('puts an event whose queue is gone into the dead-letter queue, with the reason', async () => {
    await rule('gone', {
      Arn: 'arn:aws:sqs:us-east-1:000000000000:gone',
      InputPath: '$.detail',
      DeadLetterConfig: { Arn: await queue('dead') },
    });
    await put(entry({ Source: 'gone', Detail: '{"id":1}' }));
    const [letter] = await received('dead');
    expect(letter?.Body).toBe('{"id":1}');
    expect(letter?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'QueueDoesNotExist' },
      RULE_ARN: { StringValue: 'arn:aws:events:us-east-1:000000000000:rule/own/gone' },
      TARGET_ARN: { StringValue: 'arn:aws:sqs:us-east-1:000000000000:gone' },
      RETRY_ATTEMPTS: { StringValue: '0' },
    });
    await expect
      .poll(() => warned)
      .toContainEqual(expect.stringMatching(/gone was put into its dead-letter queue: QueueDoesNotExist/));
  });

  it('invokes functions', async () => {
    const dead = await queue('dead-function');
    await rule('function', { Arn: 'arn:aws:lambda:us-east-1:000000000000:function:there', Input: '{"a":1}' });
    await rule('missing', {
      Arn: 'arn:aws:lambda:us-east-1:000000000000:function:missing',
      Input: '{"a":2}',
      DeadLetterConfig: { Arn: dead },
    });
    await put(entry({ Source: 'function' }), entry({ Source: 'missing' }));
    expect(await received('dead-function')).toMatchObject([{ Body: '{"a":2}' }]);
    expect(invoked).toContain('/2015-03-31/functions/there/invocations {"a":1}');
  });

  it('refuses targets it cannot serve, and patterns and schedules that are not valid', async () => {
    await rule('strange', { Arn: await queue('strange') });
    const answer = await bus.send(
      new PutTargetsCommand({
        Rule: 'strange',
        EventBusName: 'own',
        Targets: [{ Id: 'x', Arn: 'arn:aws:states:us-east-1:0:stateMachine:m' }],
      }),
    );
    expect(answer.FailedEntries).toMatchObject([
      { TargetId: 'x', ErrorMessage: expect.stringContaining('not served here') },
    ]);
    await expect(bus.send(new PutRuleCommand({ Name: 'bad', EventPattern: '{"source":[]}' }))).rejects.toMatchObject({
      name: 'InvalidEventPatternException',
    });
    await expect(
      bus.send(new PutRuleCommand({ Name: 'bad', ScheduleExpression: 'rate(1 minutes)' })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(bus.send(new DescribeEventBusCommand({ Name: 'nowhere' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('lists rules, and tests patterns', async () => {
    await rule('listed', { Arn: await queue('listed') });
    expect((await bus.send(new ListRulesCommand({ EventBusName: 'own', NamePrefix: 'listed' }))).Rules).toMatchObject([
      { Name: 'listed', State: 'ENABLED' },
    ]);
    const { Result } = await bus.send(
      new TestEventPatternCommand({ EventPattern: '{"source":["a"]}', Event: '{"source":"a"}' }),
    );
    expect(Result).toBe(true);
  });

  it('fires a new schedule of EventBridge Scheduler at once', async () => {
    const fault = await service.putSchedule({
      Name: 'sweep',
      ScheduleExpression: 'rate(1 hour)',
      Target: { Arn: await queue('scheduled'), Input: '{"mode":"changes"}' },
    });
    expect(fault).toBeUndefined();
    expect(await received('scheduled')).toMatchObject([{ Body: '{"mode":"changes"}' }]);
    expect(
      await service.putSchedule({ Name: 'x', ScheduleExpression: 'rate(1 hours)', Target: { Arn: 'arn:aws:sqs:::q' } }),
    ).toMatch(/not valid/);
  });
});
