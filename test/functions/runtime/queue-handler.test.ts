import type { Context, SQSEvent } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import type { Notice } from '../../../domain/model/notice.ts';
import type { HubRuntime } from '../../../functions/runtime/composition.ts';
import type { Facts } from '../../../functions/runtime/log.ts';
import { parseNotice } from '../../../functions/runtime/messages.ts';
import { type QueueStep, queueHandler } from '../../../functions/runtime/queue-handler.ts';
import { sqsRecord } from '../../support/sqs-record.ts';

describe('a batch', () => {
  test('is handed to its step as a whole, with what was delivered before marked', async () => {
    const seen: unknown[] = [];
    const { handle } = setUp(async (_, messages) => {
      seen.push(messages.map(({ id, body, isRepeated }) => [id, body.ids, isRepeated]));
      return { outcomes: {} };
    });

    const answer = await handle([record('m-1', notice(['1'])), record('m-2', notice(['2']), 2)]);

    expect(seen).toEqual([
      [
        ['m-1', ['1'], false],
        ['m-2', ['2'], true],
      ],
    ]);
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  test('gives back the messages that its step says must come back', async () => {
    const { handle, lines } = setUp(async () => ({ outcomes: { absorbed: 1 }, failed: ['m-2'] }));

    const answer = await handle([record('m-1', notice(['1'])), record('m-2', notice(['2']))]);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-2' }] });
    expect(lines.at(-1)).toMatchObject({ step: 'absorb-changes', outcome: 'part', messages: 2, returned: 1 });
  });

  test('comes back whole when its step throws, with a line that tells why', async () => {
    const { handle, lines, defects } = setUp(async () => {
      throw new Error('The bus hub did not accept 1 of 1 entries.');
    });

    const answer = await handle([record('m-1', notice(['1'])), record('m-2', notice(['2']))]);

    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['m-1', 'm-2']);
    expect(defects).toEqual(['absorb-changes-failed']);
    expect(lines.at(-1)).toMatchObject({ outcome: 'returned' });
  });

  test('goes on without its unreadable messages, which come back and are named with the reason', async () => {
    const worked: string[] = [];
    const { handle, lines, counted } = setUp(async (_, messages) => {
      worked.push(...messages.map(({ id }) => id));
      return { outcomes: { absorbed: 1 } };
    });

    const answer = await handle([
      record('m-1', { schema: 2 }),
      record('m-2', notice(['2'])),
      record('m-3', { schema: 1, ids: [] }),
    ]);

    expect(worked).toEqual(['m-2']);
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['m-1', 'm-3']);
    expect(lines.filter(({ step }) => step === 'message-unreadable')).toEqual([
      { step: 'message-unreadable', in: 'absorb-changes', messageId: 'm-1', reason: 'newer-schema' },
      { step: 'message-unreadable', in: 'absorb-changes', messageId: 'm-3', reason: 'malformed' },
    ]);
    expect(counted).toEqual({ absorbed: 1, unreadable: 2, returned: 2 });
  });

  test('without a readable message does not trouble its step', async () => {
    const { handle } = setUp(() => Promise.reject(new Error('troubled')));

    expect((await handle([record('m-1', 'hello')])).batchItemFailures).toHaveLength(1);
  });
});

describe('the line and the counters of a batch', () => {
  test('say what happened, how long it took and what it cost, with the correlation id that all share', async () => {
    const { handle, lines, counted, flushed, clock, capacity } = setUp(async () => {
      clock.now += 250;
      capacity.readUnits += 3;
      capacity.writeUnits += 2;
      return { outcomes: { absorbed: 2, 'ignored:paused': 1, 'ignored:direction-out': 4 } };
    });

    await handle([record('m-1', notice(['1'])), record('m-2', notice(['2']))]);

    expect(lines).toEqual([
      {
        step: 'absorb-changes',
        outcome: 'done',
        messages: 2,
        returned: 0,
        correlationId: 'c-1',
        durationMs: 250,
        readUnits: 3,
        writeUnits: 2,
        'n:absorbed': 2,
        'n:ignored:paused': 1,
        'n:ignored:direction-out': 4,
      },
    ]);
    expect(counted).toEqual({ absorbed: 2, ignored: 5 });
    expect(flushed.times).toBe(1);
  });

  test('name no correlation id when the messages have different ones', async () => {
    const { handle, lines } = setUp(async () => ({ outcomes: {} }));

    await handle([record('m-1', notice(['1'])), record('m-2', { ...notice(['2']), correlationId: 'c-2' })]);

    expect(lines[0]?.correlationId).toBeUndefined();
  });
});

test('the step knows how long the invocation may take', async () => {
  const { handle, begun } = setUp(async () => ({ outcomes: {} }));

  await handle([record('m-1', notice(['1']))]);

  expect(begun).toEqual([45_000]);
});

function setUp(work: QueueStep<Notice>['work']) {
  const lines: (Facts & { readonly step: string })[] = [];
  const defects: string[] = [];
  const counted: Record<string, number> = {};
  const flushed = { times: 0 };
  const begun: number[] = [];
  const clock = { now: 1_000 };
  const capacity = { readUnits: 10, writeUnits: 10 };
  // What the handler uses of a runtime.
  const runtime = {
    hub: { now: () => clock.now },
    log: {
      log: (step: string, facts: Facts) => void lines.push({ step, ...facts }),
      defect: (step: string) => void defects.push(step),
      begin: () => {},
    },
    metrics: {
      count: (name: string, by: number) => {
        counted[name] = (counted[name] ?? 0) + by;
      },
      flush: () => {
        flushed.times += 1;
      },
    },
    capacity,
    begin: (remainingMs: number) => void begun.push(remainingMs),
  } as unknown as HubRuntime;
  const handler = queueHandler({ step: 'absorb-changes', parse: parseNotice, work }, async () => runtime);
  const context = { getRemainingTimeInMillis: () => 45_000 } as Context;
  const handle = (Records: SQSEvent['Records']) => handler({ Records }, context);
  return { handle, lines, defects, counted, flushed, begun, clock, capacity };
}

const record = (messageId: string, body: unknown, receiveCount = 1): SQSEvent['Records'][number] =>
  sqsRecord(messageId, JSON.stringify(body), receiveCount);

function notice(ids: readonly string[]): Notice {
  return {
    schema: 1,
    connection: 'hubspot',
    object: 'company',
    ids,
    reason: 'sweep',
    attempts: 0,
    correlationId: 'c-1',
  };
}
