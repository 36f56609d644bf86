import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb } from '../../../local/aws/dynamodb.ts';
import { startEventBridge } from '../../../local/aws/eventbridge.ts';
import { type Sqs, startSqs } from '../../../local/aws/sqs.ts';
import { createJsonClient, type JsonClient } from '../../../local/aws/wire/json-client.ts';
import { TABLE } from './killed-table.ts';

const directory = mkdtempSync(join(tmpdir(), 'killed-'));
const SIGNED = {
  authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c',
  'x-amz-date': '20260101T000000Z',
};
const acknowledged = { messages: new Set<string>(), items: new Set<string>(), events: new Set<string>() };

const sqsClient = (endpoint: string): JsonClient =>
  createJsonClient({ endpoint, targetPrefix: 'AmazonSQS', version: '1.0' });
const busClient = (endpoint: string): JsonClient =>
  createJsonClient({ endpoint, targetPrefix: 'AWSEvents', version: '1.1' });
const tableClient = (endpoint: string): JsonClient =>
  createJsonClient({ endpoint, targetPrefix: 'DynamoDB_20120810', version: '1.0', headers: SIGNED });

/** Repeats a write until it is no longer answered, which is when the process has been killed. */
async function writeUntilKilled(write: (id: string) => Promise<boolean>, done: Set<string>): Promise<void> {
  for (let index = 0; ; index += 1) {
    const id = `n${index}`;
    if (!(await write(id))) return;
    done.add(id);
  }
}

/** Services in another process, killed in the middle of writes. */
beforeAll(async () => {
  const child: ChildProcess = fork(join(import.meta.dirname, 'killed-services.ts'), [directory], { execArgv: [] });
  const [endpoints] = (await once(child, 'message')) as [{ sqs: string; dynamodb: string; eventbridge: string }];
  const [sqs, table, bus] = [
    sqsClient(endpoints.sqs),
    tableClient(endpoints.dynamodb),
    busClient(endpoints.eventbridge),
  ];
  const QueueUrl = `${endpoints.sqs}/0/work`;
  await sqs.call('CreateQueue', { QueueName: 'work' });
  await bus.call('PutRule', { Name: 'r', EventPattern: '{"source":["s"]}' });
  await bus.call('PutTargets', {
    Rule: 'r',
    Targets: [{ Id: 't', Arn: 'arn:aws:sqs:us-east-1:0:delivered', InputPath: '$.detail.id' }],
  });

  const writers = [
    writeUntilKilled(async (id) => {
      // Every third message is in flight when the process dies.
      const sent = await sqs.call('SendMessage', { QueueUrl, MessageBody: id });
      if (id.endsWith('3')) await sqs.call('ReceiveMessage', { QueueUrl, VisibilityTimeout: 900 });
      return sent.ok;
    }, acknowledged.messages),
    writeUntilKilled(async (id) => {
      const Item = { pk: { S: id }, sk: { S: 'record' }, listPk: { S: 'open' }, listSk: { S: id } };
      return (await table.call('PutItem', { TableName: 'records', Item })).ok;
    }, acknowledged.items),
    writeUntilKilled(async (id) => {
      const answer = await bus.call('PutEvents', {
        Entries: [{ Source: 's', DetailType: 't', Detail: JSON.stringify({ id }) }],
      });
      return answer.ok && answer.body.FailedEntryCount === 0;
    }, acknowledged.events),
  ];
  while (Math.min(...Object.values(acknowledged).map(({ size }) => size)) < 100)
    await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGKILL');
  await once(child, 'exit');
  await Promise.all(writers);
  for (const client of [sqs, table, bus]) client.close();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function drain(sqs: Sqs, queue: string, count: number): Promise<readonly string[]> {
  const client = sqsClient(sqs.endpoint);
  await client.call('CreateQueue', { QueueName: queue });
  const bodies: string[] = [];
  while (bodies.length < count) {
    const answer = await client.call('ReceiveMessage', {
      QueueUrl: `${sqs.endpoint}/0/${queue}`,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 5,
    });
    const messages = answer.ok ? ((answer.body.Messages ?? []) as { Body: string }[]) : [];
    if (messages.length === 0) break;
    bodies.push(...messages.map(({ Body }) => Body));
  }
  client.close();
  return bodies;
}

describe('after kill -9', () => {
  it('every acknowledged message is there, those in flight too', async () => {
    const sqs = await startSqs({ directory: join(directory, 'sqs') });
    const bodies = await drain(sqs, 'work', acknowledged.messages.size);
    await sqs.stop();
    expect([...acknowledged.messages].filter((id) => !bodies.includes(id))).toEqual([]);
  });

  it('every acknowledged event is delivered', async () => {
    const sqs = await startSqs({ directory: join(directory, 'sqs-2') });
    const setUp = sqsClient(sqs.endpoint);
    await setUp.call('CreateQueue', { QueueName: 'delivered' });
    setUp.close();
    const bus = await startEventBridge({
      directory: join(directory, 'bus'),
      sqsEndpoint: sqs.endpoint,
      lambdaEndpoint: 'http://127.0.0.1:1',
    });
    await bus.resume();
    const bodies = await drain(sqs, 'delivered', acknowledged.events.size);
    await bus.stop();
    await sqs.stop();
    expect([...acknowledged.events].filter((id) => !bodies.includes(`"${id}"`))).toEqual([]);
  });

  it('every acknowledged item is there, and the index agrees with the items', async () => {
    const options = {
      directory: join(directory, 'dynamodb'),
      tables: [TABLE],
      wasKilled: true,
      asksForCapacity: false,
    };
    const dynamodb = await startDynamoDb(options);
    const client = tableClient(dynamodb.endpoint);
    const ids = async (operation: string, input: object): Promise<readonly string[]> => {
      const answer = await client.call(operation, { TableName: 'records', ...input });
      return answer.ok ? (answer.body.Items as { pk: { S: string } }[]).map(({ pk }) => pk.S).sort() : [];
    };
    const items = await ids('Scan', {});
    const listed = await ids('Query', {
      IndexName: 'lists',
      KeyConditionExpression: 'listPk = :p',
      ExpressionAttributeValues: { ':p': { S: 'open' } },
    });
    client.close();
    await dynamodb.stop();
    expect([...acknowledged.items].filter((id) => !items.includes(id))).toEqual([]);
    expect(listed).toEqual(items);
  });
});
