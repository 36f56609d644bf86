import { describe, expect, it } from 'vitest';
import { Agenda } from '../../../../local/simulators/aws/agenda.ts';
import type { AwsEvent } from '../../../../local/simulators/aws/aws-event.ts';
import { EventPublisher } from '../../../../local/simulators/aws/event-publisher.ts';
import { pageOf } from '../../../../local/simulators/aws/page.ts';
import { perSecond, RateLimiter } from '../../../../local/simulators/aws/rate-limits.ts';

const fail = (defect: unknown): never => {
  throw defect;
};

describe('the agenda', () => {
  it('does work when it is due and in order, also work that work adds', () => {
    const clock = { now: 0 };
    const agenda = new Agenda({ now: () => clock.now, onDefect: fail });
    const done: string[] = [];
    agenda.add(20, () => done.push('later'));
    agenda.add(10, () => {
      done.push('first');
      agenda.add(15, () => done.push('added'));
    });

    agenda.runDue();
    expect(done).toEqual([]);
    clock.now = 15;
    agenda.runDue();
    expect(done).toEqual(['first', 'added']);
    expect(agenda.nextAt).toBe(20);
  });

  it('does late work at the time it was due', () => {
    const clock = { now: 0 };
    const agenda = new Agenda({ now: () => clock.now, onDefect: fail });
    const seen: number[] = [];
    agenda.add(10, () => {
      seen.push(agenda.now());
      agenda.add(agenda.now() + 5, () => seen.push(agenda.now()));
    });

    clock.now = 1_000;
    agenda.runDue();

    expect([...seen, agenda.now()]).toEqual([10, 15, 1_000]);
  });

  it('is woken by its timer, never later than the next work', () => {
    const timers: { callback: () => void; ms: number }[] = [];
    const clock = { now: 100 };
    const agenda = new Agenda({
      now: () => clock.now,
      setTimer: (callback, ms) => {
        timers.push({ callback, ms });
        return () => {};
      },
      onDefect: fail,
    });
    const done: number[] = [];
    agenda.add(300, () => done.push(300));
    agenda.add(150, () => done.push(150));

    expect(timers.map(({ ms }) => ms)).toEqual([200, 50]);
    clock.now = 150;
    timers[1]?.callback();
    expect(done).toEqual([150]);
    expect(timers.at(-1)?.ms).toBe(150);
  });
});

describe('limits', () => {
  it('let calls through again when the window has moved on, and count what they refused', () => {
    const limiter = new RateLimiter();
    const pool = perSecond('writes', 2);

    expect([0, 100, 200].map((now) => limiter.admit([pool], now)?.name)).toEqual([undefined, undefined, 'writes']);
    expect(limiter.admit([pool], 1_000)).toBeUndefined();
    expect(limiter.admit([pool], 1_050)?.name).toBe('writes');
    expect(limiter.refusals()).toEqual({ writes: 2 });
  });

  it('take no place in one window when another is full', () => {
    const limiter = new RateLimiter();
    const day = { name: 'day', callsMax: 1, windowMs: 1_000_000 };
    const second = perSecond('second', 1);
    limiter.admit([day], 0);

    limiter.admit([second, day], 0);

    expect(limiter.admit([second], 0)).toBeUndefined();
  });
});

describe('pages', () => {
  const key = (item: string) => item;

  it('go on where the last one ended, also when something came in before it', () => {
    const first = pageOf(['a', 'c', 'e'], key, { token: undefined, sizeMax: 2 });
    const token = first === 'invalid-token' ? undefined : first.nextToken;

    expect(pageOf(['a', 'b', 'c', 'd', 'e'], key, { token, sizeMax: 2 })).toEqual({
      items: ['d', 'e'],
      nextToken: undefined,
    });
  });

  it('end without a token, and refuse one that is not theirs', () => {
    expect(pageOf(['a', 'b'], key, { token: undefined, sizeMax: 2 })).toEqual({
      items: ['a', 'b'],
      nextToken: undefined,
    });
    expect(pageOf(['a', 'b'], key, { token: 'eA', sizeMax: 2 })).toBe('invalid-token');
  });
});

describe('events on their way', () => {
  function publisher() {
    const clock = { now: 0 };
    const agenda = new Agenda({ now: () => clock.now, onDefect: fail });
    const arrived: string[] = [];
    const events = new EventPublisher({ publish: ({ id }) => arrived.push(id), agenda, now: () => clock.now });
    const emit = (...ids: readonly string[]) => {
      // Only the id matters here.
      for (const id of ids) events.emit({ id } as AwsEvent);
    };
    return { clock, agenda, arrived, events, emit };
  }

  it('arrive once and in order when nothing goes wrong', () => {
    const { arrived, emit } = publisher();

    emit('1', '2');

    expect(arrived).toEqual(['1', '2']);
  });

  it('are lost, repeated and delayed when asked, and then no more', () => {
    const { clock, agenda, arrived, events, emit } = publisher();

    events.misbehave({ lose: { every: 2, count: 1 } });
    emit('1', '2', '3');
    events.misbehave({ repeat: { every: 1, count: 1 } });
    emit('4');
    events.misbehave({ delay: { every: 1, count: 1, byMs: 60_000 } });
    emit('5', '6');
    clock.now = 60_000;
    agenda.runDue();

    expect(arrived).toEqual(['1', '3', '4', '4', '6', '5']);
    expect(events.statistics()).toEqual({ happened: 6, published: 6, lost: 1, repeated: 1, delayed: 1 });
  });

  it('can be sent again, also one that was lost', () => {
    const { arrived, events, emit } = publisher();
    events.misbehave({ lose: { every: 1, count: 1 } });
    emit('1');

    expect(events.sendAgain('1')).toBe(true);
    expect(events.sendAgain('never')).toBe(false);
    expect(arrived).toEqual(['1']);
  });
});
