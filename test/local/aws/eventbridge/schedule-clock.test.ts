import { describe, expect, it } from 'vitest';
import { createScheduleClock, type ScheduleMemory } from '../../../../local/aws/eventbridge/schedule-clock.ts';
import { parseScheduleExpression, type Schedule } from '../../../../local/aws/eventbridge/schedule-expression.ts';

const MINUTE = 60_000;

/** A clock of which the test is the world: time passes when it says so. */
function world(startAt = 0, memory = new Map<string, { anchor: number; lastAt: number }>()) {
  let now = startAt;
  let timer: { at: number; callback: () => void } | undefined;
  const kept: ScheduleMemory = { get: (name) => memory.get(name), set: (name, times) => void memory.set(name, times) };
  const clock = createScheduleClock({
    memory: kept,
    now: () => now,
    setTimer: (callback, ms) => {
      const mine = { at: now + ms, callback };
      timer = mine;
      return () => {
        if (timer === mine) timer = undefined;
      };
    },
  });
  clock.start();
  const pass = (ms: number): void => {
    const end = now + ms;
    while (timer !== undefined && timer.at <= end) {
      const due = timer;
      timer = undefined;
      now = due.at;
      due.callback();
    }
    now = end;
  };
  return { clock, memory, pass };
}

function schedule(expression: string): Schedule {
  const parsed = parseScheduleExpression(expression);
  if (parsed === undefined) throw new Error(expression);
  return parsed;
}

describe('the schedule clock', () => {
  it('fires a rule’s rate after each interval', () => {
    const { clock, pass } = world();
    const fired: number[] = [];
    clock.watch({
      name: 'a',
      schedule: schedule('rate(5 minutes)'),
      firesWhenNew: false,
      fire: (at) => void fired.push(at),
    });

    pass(16 * MINUTE);

    expect(fired).toEqual([5 * MINUTE, 10 * MINUTE, 15 * MINUTE]);
  });

  it('fires again, rather than never, when it was killed while it fired', () => {
    const first = world();
    const watched = { name: 'a', schedule: schedule('rate(5 minutes)'), firesWhenNew: false };
    const kill = (): never => {
      throw new Error('killed');
    };
    first.clock.watch({ ...watched, fire: kill });
    expect(() => first.pass(6 * MINUTE)).toThrow('killed');

    const fired: number[] = [];
    const second = world(6 * MINUTE, first.memory);
    second.clock.watch({ ...watched, fire: (at) => void fired.push(at) });
    second.pass(MINUTE);

    expect(fired).toHaveLength(1);
  });

  it('fires a new schedule of EventBridge Scheduler at once, and the same one not again at the next start', () => {
    const fired: number[] = [];
    const watched = {
      name: 'a',
      schedule: schedule('rate(5 minutes)'),
      firesWhenNew: true,
      fire: (at: number) => void fired.push(at),
    };
    const first = world();
    first.clock.watch(watched);
    expect(fired).toEqual([0]);

    world(MINUTE, first.memory).clock.watch(watched);

    expect(fired).toEqual([0]);
  });

  it('fires once for all the times that passed while nobody looked', () => {
    const fired: number[] = [];
    const watched = {
      name: 'a',
      schedule: schedule('rate(5 minutes)'),
      firesWhenNew: false,
      fire: (at: number) => void fired.push(at),
    };
    const first = world();
    first.clock.watch(watched);

    const later = world(62 * MINUTE, first.memory);
    later.clock.watch(watched);
    later.pass(5 * MINUTE);

    expect(fired).toEqual([62 * MINUTE, 65 * MINUTE]);
  });

  it('does not fire again at the next start for a time at which it has fired', () => {
    const fired: number[] = [];
    const watched = {
      name: 'a',
      schedule: schedule('rate(5 minutes)'),
      firesWhenNew: false,
      fire: (at: number) => void fired.push(at),
    };
    const first = world();
    first.clock.watch(watched);
    first.pass(6 * MINUTE);

    world(7 * MINUTE, first.memory).clock.watch(watched);

    expect(fired).toEqual([5 * MINUTE]);
  });

  it('fires nothing before it is started', () => {
    const fired: number[] = [];
    const clock = createScheduleClock({
      memory: { get: () => ({ anchor: 0, lastAt: 0 }), set: () => undefined },
      now: () => 10 * MINUTE,
      setTimer: () => () => undefined,
    });
    clock.watch({
      name: 'a',
      schedule: schedule('rate(5 minutes)'),
      firesWhenNew: false,
      fire: (at) => void fired.push(at),
    });
    expect(fired).toEqual([]);
    clock.start();
    expect(fired).toEqual([10 * MINUTE]);
  });

  it('forgets a schedule, and all of them when it is closed', () => {
    const { clock, pass } = world();
    const fired: string[] = [];
    for (const name of ['a', 'b'])
      clock.watch({
        name,
        schedule: schedule('rate(1 minute)'),
        firesWhenNew: false,
        fire: () => void fired.push(name),
      });
    clock.forget('a');
    pass(MINUTE);
    clock.close();
    pass(10 * MINUTE);
    expect(fired).toEqual(['b']);
  });
});
