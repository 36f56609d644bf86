import { EventBridgeClient, PutEventsCommand, type PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { SendMessageBatchCommand, type SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DeliveryDue, Notice } from '../../../domain/model/notice.ts';
import { parseDeliveries, parseNotice, parseSweepRequest } from '../../../functions/runtime/messages.ts';
import { awsOutbox } from '../../../functions/runtime/outbox.ts';

const sqs = mockClient(SQSClient);
const bus = mockClient(EventBridgeClient);
const waits: number[] = [];
const outbox = awsOutbox(
  { sqs: new SQSClient({}), eventBridge: new EventBridgeClient({}) },
  {
    inboundQueueUrl: 'https://sqs.example/1/inbound',
    sweepQueueUrl: 'https://sqs.example/1/sweep',
    outboundQueueUrls: { hubspot: 'https://sqs.example/1/outbound-hubspot' },
    busName: 'hub',
  },
  {
    wait: async (ms) => {
      waits.push(ms);
    },
    random: () => 0.999_999,
  },
);

beforeEach(() => {
  sqs.reset();
  bus.reset();
  waits.length = 0;
});

describe('notices', () => {
  test('go to the inbound queue, ten a call, grouped by their connection, readable as they were', async () => {
    sqs.on(SendMessageBatchCommand).callsFake(acceptAll);
    const notices = Array.from({ length: 23 }, (_, index) => notice({ correlationId: `c-${index}` }));

    await outbox.notice(notices, 0);

    const calls = queueCalls();
    expect(calls.map(({ Entries }) => Entries?.length)).toEqual([10, 10, 3]);
    expect(calls.every(({ QueueUrl }) => QueueUrl === 'https://sqs.example/1/inbound')).toBe(true);
    const entries = calls.flatMap(({ Entries = [] }) => Entries);
    expect(entries.every(({ MessageGroupId, DelaySeconds }) => MessageGroupId === 'hubspot' && !DelaySeconds)).toBe(
      true,
    );
    expect(entries.map(({ MessageBody = '' }) => parseNotice(MessageBody))).toEqual(
      notices.map((message) => ({ ok: true, message })),
    );
  });

  test('that would pass the size of a call go in several', async () => {
    sqs.on(SendMessageBatchCommand).callsFake(acceptAll);
    const large = notice({ ids: Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(2_000, 'x')) });

    await outbox.notice([large, large, large, large, large, large], 0);

    expect(queueCalls().map(({ Entries }) => Entries?.length)).toEqual([4, 2]);
  });

  test('are delayed by whole seconds, rounded up, and never by more than the queue can', async () => {
    sqs.on(SendMessageBatchCommand).callsFake(acceptAll);

    await outbox.notice([notice()], 1_001);

    expect(queueCalls()[0]?.Entries?.[0]?.DelaySeconds).toBe(2);
    await expect(outbox.notice([notice()], 900_001)).rejects.toThrow('A delay is 0 to 900000 ms');
  });

  test('that the queue did not accept are sent again, and only those', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .callsFakeOnce((input: SendMessageBatchCommandInput) => ({
        ...acceptAll({ ...input, Entries: input.Entries?.slice(0, 1) }),
        Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }],
      }))
      .callsFake(acceptAll);
    const [one, two, three] = [notice({ ids: ['1'] }), notice({ ids: ['2'] }), notice({ ids: ['3'] })];

    await outbox.notice([one, two, three], 0);

    // The third was not answered at all, which is no acceptance either.
    const bodies = queueCalls()[1]?.Entries?.map(({ MessageBody }) => MessageBody);
    expect(bodies).toEqual([JSON.stringify(two), JSON.stringify(three)]);
    expect(waits).toEqual([50]);
  });

  test('that are refused to the end reject, naming the queue and the code and no content', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }] });

    await expect(outbox.notice([notice({ ids: ['secret-id'] })], 0)).rejects.toThrow(
      /^The queue inbound did not accept 1 of 1 entries: InternalError\.$/,
    );
    expect(queueCalls()).toHaveLength(5);
  });

  test('that are refused for what they are reject without another try', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolves({ Failed: [{ Id: '0', Code: 'InvalidMessageContents', SenderFault: true }] });

    await expect(outbox.notice([notice()], 0)).rejects.toThrow('InvalidMessageContents');
    expect(queueCalls()).toHaveLength(1);
  });

  test('of which there are none make no call', async () => {
    await outbox.notice([], 0);

    expect(queueCalls()).toEqual([]);
  });
});

describe('deliveries put back', () => {
  test('go to their own connection’s queue', async () => {
    sqs.on(SendMessageBatchCommand).callsFake(acceptAll);

    await outbox.deliverLater([due()], 5_000);

    const [call] = queueCalls();
    expect(call?.QueueUrl).toBe('https://sqs.example/1/outbound-hubspot');
    expect(call?.Entries?.[0]?.DelaySeconds).toBe(5);
    expect(dueOf(call?.Entries?.[0]?.MessageBody ?? '')).toEqual([due()]);
  });

  test('of a connection without a queue reject', async () => {
    await expect(outbox.deliverLater([due({ connection: 'gone' })], 0)).rejects.toThrow('gone has no outbound queue');
  });
});

test('what is not live has a group of its own, so that it does not hold up what is', async () => {
  sqs.on(SendMessageBatchCommand).callsFake(acceptAll);

  await outbox.notice(
    [notice({ reason: 'backfill' }), notice({}), notice({ reason: 'reference', work: 'backfill' })],
    0,
  );

  const groups = queueCalls().flatMap(({ Entries = [] }) => Entries.map(({ MessageGroupId }) => MessageGroupId));
  expect(groups).toEqual(['hubspot#backfill', 'hubspot', 'hubspot#backfill']);
});

test('sweep requests go to the sweep queue, grouped by their connection', async () => {
  sqs.on(SendMessageBatchCommand).callsFake(acceptAll);
  const request = { schema: 1, connection: 'hubspot', object: 'company', mode: 'walk', attempts: 2 } as const;

  await outbox.sweep([request], 0);

  const [call] = queueCalls();
  expect(call?.QueueUrl).toBe('https://sqs.example/1/sweep');
  expect(call?.Entries?.[0]?.MessageGroupId).toBe('hubspot');
  expect(parseSweepRequest(call?.Entries?.[0]?.MessageBody ?? '')).toEqual({ ok: true, message: request });
});

describe('events', () => {
  test('go to the bus by their type, ten a call', async () => {
    bus.on(PutEventsCommand).callsFake(takeAll);
    const dues = Array.from({ length: 12 }, (_, index) => due({ connection: `c${index}`, id: `U${index}` }));

    await outbox.deliver(dues);
    await outbox.changed([{ schema: 1, kind: 'partner', id: 'U1', version: 2, fields: ['name'] }]);

    const calls = busCalls();
    expect(calls.map(({ Entries }) => Entries?.length)).toEqual([10, 2, 1]);
    expect(calls[2]?.Entries?.[0]).toEqual({
      EventBusName: 'hub',
      Source: 'tributary',
      DetailType: 'RecordChanged',
      Detail: '{"schema":1,"kind":"partner","id":"U1","version":2,"fields":["name"]}',
    });
    const details = calls.slice(0, 2).flatMap(({ Entries = [] }) => Entries);
    expect(details.every(({ DetailType }) => DetailType === 'DeliveryDue')).toBe(true);
    expect(details.flatMap(({ Detail = '' }) => dueOf(Detail))).toEqual(dues);
  });

  test('of many records of one connection are one, up to a hundred; what is not live is told apart', async () => {
    bus.on(PutEventsCommand).callsFake(takeAll);
    const live = Array.from({ length: 101 }, (_, index) => due({ id: `U${index}`, correlationId: `c-${index}` }));
    const background = due({ id: 'B', work: 'backfill' });

    await outbox.deliver([background, ...live]);

    const details = busCalls().flatMap(({ Entries = [] }) => Entries.map(({ Detail = '' }) => dueOf(Detail)));
    expect(details).toEqual([[background], live.slice(0, 100), live.slice(100)]);
  });

  test('that would pass the size of a call go in several', async () => {
    bus.on(PutEventsCommand).callsFake(takeAll);
    const fields = Array.from({ length: 1_000 }, (_, index) => `${index}`.padEnd(96, 'x'));
    const large = { schema: 1, kind: 'partner', id: 'U1', version: 2, fields } as const;

    await outbox.changed([large, large, large]);

    expect(busCalls().map(({ Entries }) => Entries?.length)).toEqual([2, 1]);
  });

  test('that the bus did not take are sent again, and only those', async () => {
    bus
      .on(PutEventsCommand)
      .resolvesOnce({ FailedEntryCount: 1, Entries: [{ EventId: 'e-1' }, { ErrorCode: 'ThrottlingException' }] })
      .callsFake(takeAll);

    await outbox.deliver([due({ id: 'U1' }), due({ object: 'deal', id: 'U2' })]);

    expect(busCalls()[1]?.Entries?.flatMap(({ Detail = '' }) => dueOf(Detail))).toEqual([
      due({ object: 'deal', id: 'U2' }),
    ]);
  });

  test('that are not taken to the end reject, naming the bus and the code', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] });

    await expect(outbox.deliver([due()])).rejects.toThrow(
      'The bus hub did not accept 1 of 1 entries: InternalFailure.',
    );
    expect(busCalls()).toHaveLength(5);
  });
});

function dueOf(body: string): readonly DeliveryDue[] {
  const parsed = parseDeliveries(body);
  return parsed.ok ? parsed.message.due : [];
}

function notice(change: Partial<Notice> = {}): Notice {
  return {
    schema: 1,
    connection: 'hubspot',
    object: 'company',
    ids: ['1'],
    reason: 'sweep',
    attempts: 0,
    correlationId: 'c-1',
    ...change,
  };
}

function due(change: Partial<DeliveryDue> = {}): DeliveryDue {
  return {
    schema: 1,
    connection: 'hubspot',
    object: 'company',
    kind: 'partner',
    id: 'U1',
    attempts: 0,
    correlationId: 'c-1',
    ...change,
  };
}

function acceptAll({ Entries = [] }: SendMessageBatchCommandInput) {
  return { Successful: Entries.map(({ Id }) => ({ Id, MessageId: `m-${Id}`, MD5OfMessageBody: '' })) };
}

function takeAll({ Entries = [] }: PutEventsCommandInput) {
  return { FailedEntryCount: 0, Entries: Entries.map((_, index) => ({ EventId: `e-${index}` })) };
}

function queueCalls(): readonly SendMessageBatchCommandInput[] {
  return sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input);
}

function busCalls(): readonly PutEventsCommandInput[] {
  return bus.commandCalls(PutEventsCommand).map(({ args }) => args[0].input);
}
