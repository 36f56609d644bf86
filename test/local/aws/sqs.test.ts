import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sqs, startSqs } from '../../../local/aws/sqs.ts';

const directory = mkdtempSync(join(tmpdir(), 'sqs-'));
let sqs: Sqs;
let client: SQSClient;

const connect = (): SQSClient =>
  new SQSClient({
    endpoint: sqs.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
  });

beforeAll(async () => {
  sqs = await startSqs({ directory });
  client = connect();
});
afterAll(async () => {
  client.destroy();
  await sqs.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function create(name: string, attributes: Record<string, string> = {}): Promise<string> {
  return String((await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))).QueueUrl);
}

async function bodies(QueueUrl: string, WaitTimeSeconds = 0): Promise<readonly (string | undefined)[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds }),
  );
  return Messages.map(({ Body }) => Body);
}

describe('the embedded SQS, by the AWS SDK', () => {
  it('takes messages with attributes and groups, and gives them back whole', async () => {
    const QueueUrl = await create('whole');
    await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'grüße',
        MessageGroupId: 'hubspot',
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'a' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 255]) },
        },
      }),
    );

    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] }),
    );

    expect(Messages).toMatchObject([
      {
        Body: 'grüße',
        Attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'hubspot' },
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'a' },
          bytes: { BinaryValue: new Uint8Array([1, 255]) },
        },
      },
    ]);
  });

  it('computes digests of attributes as SQS does', async () => {
    const QueueUrl = await create('digest');
    const { MD5OfMessageAttributes } = await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'x',
        MessageAttributes: { test_attribute_name_1: { DataType: 'String', StringValue: 'test_attribute_value_1' } },
      }),
    );
    // An independent value: the algorithm of the vendor's page, done by hand for this one attribute.
    const parts = ['test_attribute_name_1', 'String', 'test_attribute_value_1'].map((text) => Buffer.from(text));
    const sized = (part: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, part.length]), part]);
    const [name, type, value] = parts.map(sized);
    const bytes = Buffer.concat([
      name ?? Buffer.alloc(0),
      type ?? Buffer.alloc(0),
      Buffer.from([1]),
      value ?? Buffer.alloc(0),
    ]);
    const { createHash } = await import('node:crypto');
    expect(MD5OfMessageAttributes).toBe(createHash('md5').update(bytes).digest('hex'));
  });

  it('answers each entry of a batch for itself', async () => {
    const QueueUrl = await create('batch');
    const answer = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'good', MessageBody: 'a' },
          { Id: 'delay', MessageBody: 'b', DelaySeconds: 901 },
          { Id: 'bell', MessageBody: '\u0007' },
        ],
      }),
    );
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(answer.Failed?.map(({ Id, Code }) => [Id, Code])).toEqual([
      ['delay', 'InvalidParameterValue'],
      ['bell', 'InvalidMessageContents'],
    ]);
    expect(await bodies(QueueUrl)).toEqual(['a']);
  });

  it('refuses a batch that is too large, too long, or names an id twice', async () => {
    const QueueUrl = await create('refused');
    const send = (Entries: { Id: string; MessageBody: string }[]) =>
      client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await expect(
      send(Array.from({ length: 11 }, (_, index) => ({ Id: String(index), MessageBody: 'a' }))),
    ).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
    await expect(
      send([
        { Id: 'a', MessageBody: 'x' },
        { Id: 'a', MessageBody: 'y' },
      ]),
    ).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
    await expect(
      send([
        { Id: 'a', MessageBody: 'x'.repeat(600_000) },
        { Id: 'b', MessageBody: 'x'.repeat(600_000) },
      ]),
    ).rejects.toMatchObject({ name: 'BatchRequestTooLong' });
  });

  it('wakes a long poll when a message comes', async () => {
    const QueueUrl = await create('poll');
    const polled = bodies(QueueUrl, 20);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'now' }));
    expect(await polled).toEqual(['now']);
  });

  it('wakes a long poll when a delay is over', async () => {
    const QueueUrl = await create('late');
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 1 }));
    expect(await bodies(QueueUrl)).toEqual([]);
    expect(await bodies(QueueUrl, 5)).toEqual(['later']);
  });

  // The end of one connection and the next call on another overtake each other on a busy machine; not three times in a row.
  it('gives nothing to a poll whose caller has hung up', { retry: 2 }, async () => {
    const QueueUrl = await create('hung-up');
    const hangUp = new AbortController();
    const polled = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: hangUp.signal,
    });
    // A second call on the same queue is answered only after the first has reached the service.
    await bodies(QueueUrl);
    hangUp.abort();
    await expect(polled).rejects.toMatchObject({ name: 'AbortError' });
    await bodies(QueueUrl);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }));
    expect(await bodies(QueueUrl, 5)).toEqual(['kept']);
  });

  it('moves what fails too often to the dead-letter queue', async () => {
    const dead = await create('dead');
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }),
    );
    const QueueUrl = await create('alive', {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 1 }),
    });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle, VisibilityTimeout: 0 }),
    );
    expect(await bodies(QueueUrl)).toEqual([]);
    expect(await bodies(dead)).toEqual(['poison']);
  });

  it('deletes once and for all, and says so also of what is already gone', async () => {
    const QueueUrl = await create('deleted', { VisibilityTimeout: '0' });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    const ReceiptHandle = Messages[0]?.ReceiptHandle;
    for (let times = 0; times < 2; times += 1) {
      const answer = await client.send(
        new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', ReceiptHandle }] }),
      );
      expect(answer.Failed).toEqual([]);
    }
    expect(await bodies(QueueUrl)).toEqual([]);
    await expect(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'nonsense' }))).rejects.toMatchObject({
      name: 'ReceiptHandleIsInvalid',
    });
  });

  it('names a queue that does not exist', async () => {
    await expect(client.send(new GetQueueUrlCommand({ QueueName: 'nowhere' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
    await expect(create('ordered.fifo')).rejects.toThrow(/FIFO queues are not served/);
  });

  it('has dead letters after a restart in their queue, and only there', async () => {
    const dead = await create('dead-kept');
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead-kept',
      maxReceiveCount: 1,
    });
    const QueueUrl = await create('alive-kept', { VisibilityTimeout: '0', RedrivePolicy });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
    for (let times = 0; times < 2; times += 1) await bodies(QueueUrl);

    client.destroy();
    await sqs.stop();
    sqs = await startSqs({ directory });
    client = connect();

    await create('alive-kept', { RedrivePolicy });
    await create('dead-kept');
    expect((await sqs.stats()).queues).toMatchObject({ 'alive-kept': { ready: 0 }, 'dead-kept': { ready: 1 } });
    expect(await bodies(dead)).toEqual(['poison']);
  });

  it('has all messages after a restart, those in flight visible at once', async () => {
    const QueueUrl = await create('kept');
    await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: ['ready', 'in flight', 'deleted'].map((MessageBody, index) => ({
          Id: String(index),
          MessageBody,
          MessageGroupId: 'g',
        })),
      }),
    );
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'delayed', DelaySeconds: 900 }));
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 3, VisibilityTimeout: 600 }),
    );
    const deleted = Messages.find(({ Body }) => Body === 'deleted');
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: deleted?.ReceiptHandle }));

    client.destroy();
    await sqs.stop();
    sqs = await startSqs({ directory });
    client = connect();
    const again = await create('kept');

    const { Messages: found = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: again, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
    );
    expect(found.map(({ Body }) => Body)).toEqual(['ready', 'in flight']);
    expect(found[0]?.Attributes).toMatchObject({ ApproximateReceiveCount: '2', MessageGroupId: 'g' });
    expect((await sqs.stats()).queues.kept).toEqual({ ready: 0, delayed: 1, inFlight: 2 });
  });
});
