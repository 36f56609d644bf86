import { describe, expect, it, vi } from 'vitest';
import { createFunctionPool } from '../../../local/runtime/function-pool.ts';
import type { FunctionThread, InvocationResult } from '../../../local/runtime/function-thread-handle.ts';

const OK: InvocationResult = { payload: 'null', error: undefined };

/** Threads that answer when the test says so. */
function setUp(threadsMax: number, timeoutMs = 60_000) {
  const calls: { event: string; end: (result: InvocationResult) => void; thread: number }[] = [];
  let started = 0;
  let ended = 0;
  const warned: string[] = [];
  const pool = createFunctionPool({
    name: 'f',
    timeoutMs,
    threadsMax,
    growAfterMs: 1_000,
    idleMsMax: 30_000,
    now: () => 0,
    warn: (message) => void warned.push(message),
    start() {
      started += 1;
      const id = started;
      let isAlive = true;
      let end: ((result: InvocationResult) => void) | undefined;
      const thread: FunctionThread = {
        get isAlive() {
          return isAlive;
        },
        invoke: ({ event }) =>
          new Promise((resolve) => {
            end = (result) => {
              if (result.error === 'Unhandled') isAlive = false;
              resolve(result);
            };
            calls.push({ event, end, thread: id });
          }),
        async terminate() {
          isAlive = false;
          ended += 1;
          end?.({ payload: '{"errorMessage":"stopped"}', error: 'Unhandled' });
        },
      };
      return thread;
    },
  });
  return { pool, calls, warned, started: () => started, ended: () => ended };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the pool of a function', () => {
  it('uses its thread again as long as nobody has to wait for it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { pool, calls, started } = setUp(2);
    const results = ['a', 'b'].map((event) => pool.invoke(event));
    await turn();
    vi.advanceTimersByTime(999);
    calls[0]?.end(OK);
    await turn();
    vi.advanceTimersByTime(1_000);
    calls[1]?.end(OK);

    expect(await Promise.all(results)).toEqual([OK, OK]);
    expect([started(), calls.map(({ thread }) => thread)]).toEqual([1, [1, 1]]);
    vi.useRealTimers();
  });

  it('starts threads for those who wait, no more than allowed, and uses them again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { pool, calls, started } = setUp(2);
    const results = ['a', 'b', 'c'].map((event) => pool.invoke(event));
    await turn();
    expect(started()).toBe(1);
    vi.advanceTimersByTime(1_000);
    await turn();
    expect([started(), calls.map(({ event }) => event)]).toEqual([2, ['a', 'b']]);
    calls[0]?.end(OK);
    await turn();
    expect(calls[2]).toMatchObject({ event: 'c', thread: 1 });
    for (const call of calls) call.end(OK);
    expect(await Promise.all(results)).toEqual([OK, OK, OK]);
    expect(pool.stats().invocations).toBe(3);
    vi.useRealTimers();
  });

  it('replaces a thread that crashed, and says why', async () => {
    const { pool, calls, warned, started } = setUp(1);
    const first = pool.invoke('a');
    const second = pool.invoke('b');
    await turn();
    calls[0]?.end({ payload: '{"errorMessage":"out of memory"}', error: 'Unhandled' });
    await turn();
    calls[1]?.end(OK);
    expect([(await first) === 'throttled', await second]).toEqual([false, OK]);
    expect([started(), warned, pool.stats().errors]).toEqual([2, ['out of memory'], 1]);
  });

  it('starts another thread after a crash for which nobody waited', async () => {
    const { pool, calls, started } = setUp(1);
    const crashed = pool.invoke('a');
    await turn();
    calls[0]?.end({ payload: '{"errorMessage":"gone"}', error: 'Unhandled' });
    await crashed;

    const next = pool.invoke('b');
    await turn();
    calls[1]?.end(OK);

    expect([await next, started()]).toEqual([OK, 2]);
  });

  it('ends threads that have been idle for long, but keeps one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { pool, calls, ended } = setUp(3);
    const results = ['a', 'b', 'c'].map((event) => pool.invoke(event));
    await turn();
    vi.advanceTimersByTime(1_000);
    await turn();
    for (const call of calls) call.end(OK);
    await Promise.all(results);

    vi.advanceTimersByTime(29_999);
    expect(ended()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(ended()).toBe(2);
    vi.useRealTimers();
  });

  it('throttles when too many wait', async () => {
    const { pool } = setUp(1);
    const waiting = Array.from({ length: 1001 }, (_, index) => pool.invoke(String(index)));
    expect(await pool.invoke('one too many')).toBe('throttled');
    await pool.stop(0);
    expect((await Promise.all(waiting)).filter((result) => result === 'throttled')).toHaveLength(1000);
  });

  it('waits for running invocations when it stops, and takes no more', async () => {
    const { pool, calls } = setUp(1);
    const running = pool.invoke('a');
    await turn();
    const stopped = pool.stop(60_000);
    expect(await pool.invoke('b')).toBe('throttled');
    calls[0]?.end(OK);
    await stopped;
    expect(await running).toEqual(OK);
  });
});
