import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueHeap } from '../../../../local/aws/sqs/due-heap.ts';
import type { Message } from '../../../../local/aws/sqs/message.ts';
import { Queue } from '../../../../local/aws/sqs/queue.ts';
import { parseQueueAttributes } from '../../../../local/aws/sqs/queue-attributes.ts';

let sequence = 0;
function message(more: Partial<Message> = {}): Message {
  sequence += 1;
  return {
    sequence,
    id: `m${sequence}`,
    body: 'b',
    attributes: undefined,
    group: undefined,
    sentAt: 0,
    firstReceivedAt: undefined,
    receives: 0,
    kills: 0,
    state: 'ready',
    dueAt: 0,
    ...more,
  };
}

function queue(attributes: Record<string, string> = {}): Queue {
  const settings = parseQueueAttributes(attributes);
  if ('fault' in settings) throw new Error(settings.fault);
  return new Queue('q', 'arn:q', settings, 0);
}

const bodies = (messages: readonly Message[]): readonly string[] => messages.map(({ body }) => body);

describe('a queue', () => {
  it('hides a received message until its visibility timeout is over', () => {
    const q = queue();
    q.add(message(), 0);
    expect(q.receive(10, 30_000, 0).messages).toHaveLength(1);
    expect(q.receive(10, 30_000, 29_999).messages).toHaveLength(0);
    const [again] = q.receive(10, 30_000, 30_000).messages;
    expect(again?.receives).toBe(2);
    expect(again?.firstReceivedAt).toBe(0);
  });

  it('holds a delayed message back, and counts it as delayed', () => {
    const q = queue();
    q.add(message({ dueAt: 5000 }), 0);
    expect(q.counts()).toEqual({ ready: 0, delayed: 1, inFlight: 0 });
    expect(q.receive(10, 30_000, 4999).messages).toHaveLength(0);
    expect(q.receive(10, 30_000, 5000).messages).toHaveLength(1);
    expect(q.counts()).toEqual({ ready: 0, delayed: 0, inFlight: 1 });
  });

  it('gives a message back at once, or later, when its visibility is changed', () => {
    const q = queue();
    const one = message();
    q.add(one, 0);
    q.receive(1, 30_000, 0);
    expect(q.changeVisibility(one, 0, 10)).toBe(true);
    expect(q.receive(1, 30_000, 10).messages).toEqual([one]);
    expect(q.changeVisibility(one, 60_000, 20)).toBe(true);
    expect(q.receive(1, 30_000, 30_020).messages).toHaveLength(0);
    expect(q.receive(1, 30_000, 60_020).messages).toEqual([one]);
    q.delete(one);
    expect(q.changeVisibility(one, 0, 60_030)).toBe(false);
  });

  it('lets groups take turns, however long the backlog of one is', () => {
    const q = queue();
    for (let index = 0; index < 50; index += 1) q.add(message({ group: 'loud', body: 'loud' }), 0);
    q.add(message({ group: 'quiet', body: 'quiet' }), 0);
    expect(bodies(q.receive(3, 30_000, 0).messages)).toEqual(['loud', 'quiet', 'loud']);
  });

  it('keeps the order within a group', () => {
    const q = queue();
    for (const body of ['1', '2', '3']) q.add(message({ body }), 0);
    expect(bodies(q.receive(10, 30_000, 0).messages)).toEqual(['1', '2', '3']);
  });

  it('hands out what was received too often for the dead-letter queue', () => {
    const q = queue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: 'arn:dead', maxReceiveCount: 2 }) });
    const one = message();
    q.add(one, 0);
    q.receive(10, 1000, 0);
    q.receive(10, 1000, 1000);
    expect(q.receive(10, 1000, 2000)).toEqual({ messages: [], exhausted: [one], expired: [] });
    expect(q.counts()).toEqual({ ready: 0, delayed: 0, inFlight: 0 });
  });

  it('drops what is older than its retention period', () => {
    const q = queue({ MessageRetentionPeriod: '60' });
    const one = message();
    q.add(one, 0);
    expect(q.receive(10, 1000, 60_000)).toEqual({ messages: [], exhausted: [], expired: [one] });
  });

  it('finds a message by its latest receipt only', () => {
    const q = queue();
    const one = message();
    q.add(one, 0);
    q.receive(1, 1000, 0);
    expect(q.find(one.sequence, 1)).toBe(one);
    q.receive(1, 1000, 1000);
    expect(q.find(one.sequence, 1)).toBeUndefined();
    expect(q.find(one.sequence, 2)).toBe(one);
  });

  it('counts every message in exactly one state, whatever happens to it', () => {
    const step = fc.constantFrom('send', 'delay', 'receive', 'delete', 'show', 'hide', 'wait');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const q = queue();
        const held: Message[] = [];
        let now = 0;
        let alive = 0;
        for (const action of steps) {
          now += action === 'wait' ? 1500 : 1;
          if (action === 'send' || action === 'delay') {
            q.add(message({ dueAt: action === 'delay' ? now + 1000 : now, sentAt: now, group: `g${alive % 3}` }), now);
            alive += 1;
          }
          if (action === 'receive') held.push(...q.receive(3, 1000, now).messages);
          const last = held.at(-1);
          if (last !== undefined && action === 'delete' && last.state !== 'gone') {
            q.delete(last);
            alive -= 1;
          }
          if (last !== undefined && (action === 'show' || action === 'hide'))
            q.changeVisibility(last, action === 'show' ? 0 : 2000, now);
          const { ready, delayed, inFlight } = q.counts();
          expect(ready + delayed + inFlight).toBe(alive);
          expect(Math.min(ready, delayed, inFlight)).toBeGreaterThanOrEqual(0);
        }
        // Nothing is ever stuck: after all timeouts every message can be received exactly once.
        let rest = 0;
        for (
          let found = q.receive(10, 1e9, now + 1e6).messages.length;
          found > 0;
          found = q.receive(10, 1e9, now + 1e6).messages.length
        )
          rest += found;
        expect(rest).toBe(alive);
      }),
    );
  });
});

describe('queue attributes', () => {
  it.each([
    ['an unknown one', { Colour: 'red' }],
    ['a number out of bounds', { VisibilityTimeout: '43201' }],
    ['no number', { DelaySeconds: 'soon' }],
    ['a policy without a target', { RedrivePolicy: '{"maxReceiveCount":3}' }],
    ['a policy that is no JSON', { RedrivePolicy: '{' }],
  ])('are refused for %s', (_what, given) => {
    expect(parseQueueAttributes(given)).toHaveProperty('fault');
  });

  it('take the receive count as a number or as a text', () => {
    for (const maxReceiveCount of [3, '3']) {
      const parsed = parseQueueAttributes({
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: 'arn:d', maxReceiveCount }),
      });
      expect(parsed).toMatchObject({ redrive: { deadLetterArn: 'arn:d', receivesMax: 3 } });
    }
  });
});

describe('the due heap', () => {
  it('gives everything back in order of time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), (times) => {
        const heap = new DueHeap<number>();
        for (const time of times) heap.push(time, time);
        const popped: number[] = [];
        for (let entry = heap.popDue(1000); entry !== undefined; entry = heap.popDue(1000)) popped.push(entry.item);
        expect(popped).toEqual([...times].sort((a, b) => a - b));
        expect(heap.nextAt()).toBeUndefined();
      }),
    );
  });

  it('keeps what is not due', () => {
    const heap = new DueHeap<string>();
    heap.push(10, 'a');
    expect(heap.popDue(9)).toBeUndefined();
    expect(heap.nextAt()).toBe(10);
  });
});
