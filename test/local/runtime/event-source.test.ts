import { describe, expect, test } from 'vitest';
import type { JsonClient } from '../../../local/aws/wire/json-client.ts';
import type { JsonObject, WireResult } from '../../../local/aws/wire/wire-result.ts';
import { startEventSource } from '../../../local/runtime/event-source.ts';
import type { FunctionPool } from '../../../local/runtime/function-pool.ts';
import type { InvocationResult } from '../../../local/runtime/function-thread-handle.ts';

const plan = {
  queueName: 'inbound',
  queueArn: 'arn:aws:sqs:us-east-1:000000000000:inbound',
  functionName: 'absorb-changes',
  batchSize: 10,
  windowMs: 0,
  concurrencyMax: 1,
  reportsItemFailures: true,
};

/** What a queue is asked for while a function works on its only batch, of three messages, and ends like this. */
async function workOff(
  ending: InvocationResult | 'throttled',
  receives = 1,
): Promise<{
  readonly asked: readonly (readonly [string, JsonObject])[];
  readonly told: readonly string[];
}> {
  const asked: [string, JsonObject][] = [];
  const told: string[] = [];
  const batch = ['a', 'b', 'c'].map((id) => ({
    MessageId: id,
    ReceiptHandle: `handle-${id}`,
    Body: '{}',
    Attributes: { ApproximateReceiveCount: String(receives) },
  }));
  let isOver: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    isOver = resolve;
  });
  const sqs: JsonClient = {
    async call(operation, input, { signal } = {}): Promise<WireResult> {
      if (operation !== 'ReceiveMessage') {
        asked.push([operation, input]);
        return { ok: true, body: {} };
      }
      const messages = batch.splice(0);
      if (messages.length > 0) return { ok: true, body: { Messages: messages } };
      isOver();
      await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
      return { ok: true, body: {} };
    },
    close: () => undefined,
  };
  const pool = { name: plan.functionName, threadsMax: 1, invoke: async () => ending } as unknown as FunctionPool;
  const source = startEventSource({
    plan,
    queueUrl: 'http://queue',
    sqs,
    pool,
    retryAfterMs: 60_000,
    now: () => 0,
    warn: (line) => void told.push(line),
  });
  await over;
  await source.stop();
  return { asked, told };
}

const handles = (input: JsonObject): unknown =>
  (input.Entries as readonly JsonObject[]).map(({ ReceiptHandle }) => ReceiptHandle);

describe('messages that a function has worked on', () => {
  test.each([
    ['timed out', { payload: '{}', error: 'Unhandled' } as const],
    ['was throttled', 'throttled' as const],
    [
      'named one that was not in the batch',
      { payload: '{"batchItemFailures":[{"itemIdentifier":"z"}]}', error: undefined },
    ],
  ])('come back soon when it %s, and the terminal says when', async (_how, ending) => {
    const { asked, told } = await workOff(ending);

    expect(asked.map(([operation]) => operation)).toEqual(['ChangeMessageVisibilityBatch']);
    expect(handles(asked[0]?.[1] ?? {})).toEqual(['handle-a', 'handle-b', 'handle-c']);
    expect(asked[0]?.[1].Entries).toContainEqual({ Id: '0', ReceiptHandle: 'handle-a', VisibilityTimeout: 60 });
    expect(told.at(-1)).toBe(
      'absorb-changes: 3 messages could not be worked off and will be tried again in 60 s; nothing is lost.',
    );
  });

  test('wait longer each time, and no longer than on AWS', async () => {
    const waits = async (receives: number): Promise<unknown> => {
      const { asked } = await workOff({ payload: '{}', error: 'Unhandled' }, receives);
      const entries = asked[0]?.[1]?.Entries as readonly JsonObject[] | undefined;
      return entries?.[0]?.VisibilityTimeout;
    };

    expect([await waits(2), await waits(4), await waits(9)]).toEqual([120, 240, 360]);
  });

  test('are deleted but for those it names', async () => {
    const { asked, told } = await workOff({
      payload: '{"batchItemFailures":[{"itemIdentifier":"b"}]}',
      error: undefined,
    });

    expect(asked.map(([operation, input]) => [operation, handles(input)])).toEqual([
      ['DeleteMessageBatch', ['handle-a', 'handle-c']],
      ['ChangeMessageVisibilityBatch', ['handle-b']],
    ]);
    expect(told).toEqual([
      'absorb-changes: 1 message could not be worked off and will be tried again in 60 s; nothing is lost.',
    ]);
  });

  test('are deleted without a word when all is done', async () => {
    const { asked, told } = await workOff({ payload: '{"batchItemFailures":[]}', error: undefined });

    expect(asked.map(([operation]) => operation)).toEqual(['DeleteMessageBatch']);
    expect(told).toEqual([]);
  });
});
