import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { servedHub } from './served-hub.ts';

const sqs = mockClient(SQSClient);
let dead: Record<string, Message[]>;

/** Queues that give each dead letter once, accept everything, and forget nothing. */
beforeEach(() => {
  sqs.reset();
  dead = {};
  sqs.on(ReceiveMessageCommand).callsFake(({ QueueUrl, MaxNumberOfMessages }) => ({
    Messages: dead[QueueUrl]?.splice(0, MaxNumberOfMessages),
  }));
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries }) => ({
    Successful: (Entries as { Id: string }[]).map(({ Id }) => ({ Id })),
  }));
  sqs.on(DeleteMessageBatchCommand).resolves({});
});

function letters(count: number): Message[] {
  return Array.from({ length: count }, (_, index) => ({
    Body: `{"n":${index}}`,
    ReceiptHandle: `r${index}`,
    Attributes: { MessageGroupId: 'two' },
  }));
}

const sent = () => sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input);
const deleted = () => sqs.commandCalls(DeleteMessageBatchCommand).map(({ args }) => args[0].input);

describe('a redrive', () => {
  test('sends dead letters to the queue they came from, as they were, and then takes them away', async () => {
    dead['https://sqs.example/outbound-two-dead'] = letters(12);
    const { post } = await servedHub();

    expect(await post('/dead-letters/redrive')).toEqual({
      status: 200,
      body: { moved: { inbound: 0, sweep: 0, 'outbound-two': 12 }, hasMore: false },
    });

    expect(sent().map(({ QueueUrl, Entries }) => [QueueUrl, Entries?.length])).toEqual([
      ['https://sqs.example/outbound-two', 10],
      ['https://sqs.example/outbound-two', 2],
    ]);
    expect(sent()[0]?.Entries?.[3]).toEqual({ Id: '3', MessageBody: '{"n":3}', MessageGroupId: 'two' });
    expect(deleted().flatMap(({ Entries = [] }) => Entries.map(({ ReceiptHandle }) => ReceiptHandle))).toEqual(
      letters(12).map(({ ReceiptHandle }) => ReceiptHandle),
    );
    expect(deleted()[0]?.QueueUrl).toBe('https://sqs.example/outbound-two-dead');
  });

  test('takes away only what was accepted', async () => {
    dead['https://sqs.example/inbound-dead'] = letters(3);
    sqs.on(SendMessageBatchCommand).resolves({
      Successful: [{ Id: '2', MessageId: 'm', MD5OfMessageBody: 'x' }],
      Failed: [
        { Id: '0', Code: 'InternalError', SenderFault: false },
        { Id: '1', Code: 'InternalError', SenderFault: false },
      ],
    });
    const { post } = await servedHub();

    expect((await post('/dead-letters/redrive')).body.moved).toMatchObject({ inbound: 1 });

    expect(deleted().map(({ Entries }) => Entries)).toEqual([[{ Id: '0', ReceiptHandle: 'r2' }]]);
  });

  test('takes nothing away when nothing was accepted', async () => {
    dead['https://sqs.example/inbound-dead'] = letters(2);
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    const { post } = await servedHub();

    expect((await post('/dead-letters/redrive')).body.moved).toMatchObject({ inbound: 0 });
    expect(deleted()).toEqual([]);
  });

  test('leaves the letters of a connection that was removed where they are', async () => {
    dead['https://sqs.example/outbound-gone-dead'] = letters(1);
    const { post } = await servedHub();

    const { body } = await post('/dead-letters/redrive');

    expect(body.moved).not.toHaveProperty('outbound-gone');
    expect(dead['https://sqs.example/outbound-gone-dead']).toHaveLength(1);
  });

  test('is bounded for each queue, and says that there may be more', async () => {
    dead['https://sqs.example/inbound-dead'] = letters(501);
    const { post } = await servedHub();

    expect((await post('/dead-letters/redrive')).body).toEqual({
      moved: { inbound: 500, sweep: 0, 'outbound-two': 0 },
      hasMore: true,
    });
    expect((await post('/dead-letters/redrive')).body).toMatchObject({ moved: { inbound: 1 }, hasMore: false });
  });

  test('keeps the letters when their queue cannot be reached', async () => {
    dead['https://sqs.example/inbound-dead'] = letters(2);
    sqs.on(SendMessageBatchCommand).rejects(new Error('ServiceUnavailable'));
    const { post, defects } = await servedHub();

    expect((await post('/dead-letters/redrive')).status).toBe(500);
    expect(deleted()).toEqual([]);
    expect(defects).toEqual(['serve-api-failed']);
  });
});
