import { describe, expect, it } from 'vitest';
import type { Delivery, DeliveryOutcome } from '../../../../local/aws/eventbridge/delivery.ts';
import { Dispatcher } from '../../../../local/aws/eventbridge/dispatcher.ts';

const DELIVERED: DeliveryOutcome = { kind: 'delivered' };
const FAILED: DeliveryOutcome = { kind: 'failed', code: 'ConnectionFailed', message: 'no answer' };
const REFUSED: DeliveryOutcome = { kind: 'refused', code: 'QueueDoesNotExist', message: 'gone' };

function delivery(sequence: number, more: Partial<Delivery> = {}): Delivery {
  return {
    sequence,
    targetArn: 'arn:aws:sqs:us-east-1:0:q',
    ruleArn: 'rule',
    input: '{}',
    acceptedAt: 0,
    attemptsMax: 185,
    ageMsMax: 86_400_000,
    deadLetterArn: undefined,
    messageGroupId: undefined,
    attempts: 0,
    ...more,
  };
}

/** A dispatcher whose targets answer what the test says, and whose timers run as soon as everything else has. */
function setUp(outcomeOf: (delivery: Delivery, attempt: number) => DeliveryOutcome) {
  const seen = {
    groups: [] as number[],
    waits: [] as number[],
    dead: [] as unknown[],
    done: [] as number[],
    running: 0,
    runningMax: 0,
  };
  let now = 0;
  const dispatcher = new Dispatcher({
    async deliver(_arn, deliveries) {
      seen.running += 1;
      seen.runningMax = Math.max(seen.runningMax, seen.running);
      seen.groups.push(deliveries.length);
      await new Promise((resolve) => setImmediate(resolve));
      seen.running -= 1;
      return deliveries.map((one) => outcomeOf(one, one.attempts));
    },
    async deadLetter(one, { code }, condition) {
      seen.dead.push([one.sequence, code, condition]);
      return one.deadLetterArn !== undefined;
    },
    journal: {
      opened: () => undefined,
      done: (finished) => void seen.done.push(...finished.map(({ sequence }) => sequence)),
      close: () => undefined,
    },
    now: () => now,
    random: () => 1,
    setTimer(callback, ms) {
      seen.waits.push(ms);
      now += ms;
      setImmediate(callback);
      return () => undefined;
    },
    warn: () => undefined,
  });
  return { dispatcher, seen };
}

/** Turns of the event loop until nothing is open; bounded, so that a lost delivery fails its test. */
async function idle(dispatcher: Dispatcher): Promise<void> {
  for (let turn = 0; turn < 1000 && dispatcher.stats.open > 0; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(dispatcher.stats.open).toBe(0);
}

describe('the dispatcher', () => {
  it('sends ten at a time, four calls to a target at once, and marks them done', async () => {
    const { dispatcher, seen } = setUp(() => DELIVERED);
    dispatcher.accept(Array.from({ length: 95 }, (_, index) => delivery(index)));
    await idle(dispatcher);
    expect(seen.groups).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 5]);
    expect(seen.runningMax).toBe(4);
    expect(seen.done.sort((a, b) => a - b)).toEqual(Array.from({ length: 95 }, (_, index) => index));
  });

  it('tries a failed delivery again, waiting twice as long each time up to a ceiling', async () => {
    const { dispatcher, seen } = setUp((_one, attempt) => (attempt < 11 ? FAILED : DELIVERED));
    dispatcher.accept([delivery(1)]);
    await idle(dispatcher);
    expect(seen.waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000]);
    expect(dispatcher.stats).toMatchObject({ open: 0, delivered: 1, retried: 11 });
  });

  it('gives up after the attempts of the policy, and puts the event into the dead-letter queue', async () => {
    const { dispatcher, seen } = setUp(() => FAILED);
    dispatcher.accept([delivery(1, { attemptsMax: 2, deadLetterArn: 'dlq' })]);
    await idle(dispatcher);
    expect(seen.groups).toHaveLength(3);
    expect(seen.dead).toEqual([[1, 'ConnectionFailed', 'MaximumRetryAttempts']]);
    expect(dispatcher.stats).toMatchObject({ deadLettered: 1, dropped: 0 });
  });

  it('gives up at the age of the policy', async () => {
    const { dispatcher, seen } = setUp(() => FAILED);
    dispatcher.accept([delivery(1, { ageMsMax: 60_000 })]);
    await idle(dispatcher);
    expect(seen.dead).toEqual([[1, 'ConnectionFailed', 'MaximumEventAgeInSeconds']]);
    expect(dispatcher.stats).toMatchObject({ dropped: 1 });
  });

  it('does not repeat what can never succeed', async () => {
    const { dispatcher, seen } = setUp(() => REFUSED);
    dispatcher.accept([delivery(1, { deadLetterArn: 'dlq' })]);
    await idle(dispatcher);
    expect([seen.waits, seen.dead]).toEqual([[], [[1, 'QueueDoesNotExist', undefined]]]);
  });

  it('does not let one failure hold up the others', async () => {
    const { dispatcher, seen } = setUp((one, attempt) => (one.sequence === 2 && attempt === 0 ? FAILED : DELIVERED));
    dispatcher.accept([delivery(1), delivery(2), delivery(3)]);
    await idle(dispatcher);
    expect(seen.done).toEqual([1, 3, 2]);
  });

  it('waits for calls under way when it closes, and starts no more', async () => {
    const { dispatcher, seen } = setUp(() => DELIVERED);
    dispatcher.accept(Array.from({ length: 60 }, (_, index) => delivery(index)));
    await new Promise((resolve) => setImmediate(resolve));
    await dispatcher.close();
    expect(seen.done).toHaveLength(40);
  });
});
