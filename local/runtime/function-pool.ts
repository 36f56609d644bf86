import { randomUUID } from 'node:crypto';
import type { FunctionThread, InvocationResult } from './function-thread-handle.ts';

/** Counts of one function since the start. */
export interface FunctionStats {
  readonly invocations: number;
  readonly errors: number;
  readonly timeouts: number;
  /** Time spent in the handler, all invocations together, in milliseconds. */
  readonly totalMs: number;
}

/** What a pool needs. */
export interface FunctionPoolOptions {
  readonly name: string;
  readonly timeoutMs: number;
  /** Threads at a time. */
  readonly threadsMax: number;
  readonly start: () => FunctionThread;
  /** An invocation that has waited so long for a thread gets one more, if another is allowed. */
  readonly growAfterMs: number;
  /** Threads beyond the first end after being idle for so long. */
  readonly idleMsMax: number;
  readonly now: () => number;
  /** Told when an invocation did not end by itself. */
  readonly warn: (message: string) => void;
}

/**
 * Runs one function: threads are started when they are needed, kept warm, and replaced when they crash or take too long. A few
 * threads that are warm do more on a small machine than many that each compile the same code; so there is a second one only
 * when somebody has waited, as behind a system that does not answer.
 */
export interface FunctionPool {
  readonly name: string;
  readonly threadsMax: number;
  /** Invokes the function as soon as a thread is free; `throttled` when too many wait already. */
  invoke(event: string): Promise<InvocationResult | 'throttled'>;
  stats(): FunctionStats;
  /** Waits for running invocations, up to a bound, and ends all threads. New invocations are throttled from now on. */
  stop(boundMs: number): Promise<void>;
}

/** Callers that may wait for a thread. */
const WAITING_MAX = 1000;
/** A thread's first invocation includes loading its code, for which Lambda gives 10 s on top of the timeout. */
const LOADING_MS_MAX = 10_000;

/** Makes the pool of a function; it starts no thread yet. */
export function createFunctionPool(options: FunctionPoolOptions): FunctionPool {
  const idle: FunctionThread[] = [];
  const waiting: ((thread: FunctionThread | undefined) => void)[] = [];
  const all = new Set<FunctionThread>();
  const running = new Set<Promise<InvocationResult>>();
  const warm = new WeakSet<FunctionThread>();
  const retiring = new WeakMap<FunctionThread, NodeJS.Timeout>();
  const stats = { invocations: 0, errors: 0, timeouts: 0, totalMs: 0 };
  let isStopped = false;

  const startThread = (): FunctionThread => {
    const thread = options.start();
    all.add(thread);
    return thread;
  };
  const acquire = (): Promise<FunctionThread | undefined> => {
    if (isStopped) return Promise.resolve(undefined);
    for (let thread = idle.pop(); thread !== undefined; thread = idle.pop()) {
      clearTimeout(retiring.get(thread));
      if (thread.isAlive) return Promise.resolve(thread);
      all.delete(thread);
    }
    if (all.size === 0) return Promise.resolve(startThread());
    if (waiting.length >= WAITING_MAX) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        if (all.size >= options.threadsMax) return;
        waiting.splice(waiting.indexOf(take), 1);
        resolve(startThread());
      }, options.growAfterMs);
      const take = (thread: FunctionThread | undefined): void => {
        clearTimeout(timer);
        resolve(thread);
      };
      waiting.push(take);
    });
  };
  const rest = (thread: FunctionThread): void => {
    idle.push(thread);
    const retire = (): void => {
      if (all.size < 2 || !idle.includes(thread)) return;
      idle.splice(idle.indexOf(thread), 1);
      all.delete(thread);
      void thread.terminate();
    };
    retiring.set(thread, setTimeout(retire, options.idleMsMax).unref());
  };
  const release = (thread: FunctionThread): void => {
    if (!thread.isAlive) all.delete(thread);
    const next = waiting.shift();
    if (next === undefined) {
      if (thread.isAlive) rest(thread);
    } else {
      next(thread.isAlive ? thread : startThread());
    }
  };
  const run = async (thread: FunctionThread, event: string): Promise<InvocationResult> => {
    const startedAt = options.now();
    const boundMs = options.timeoutMs + (warm.has(thread) ? 0 : LOADING_MS_MAX);
    const result = await withTimeout(
      thread,
      { requestId: randomUUID(), event, deadline: startedAt + boundMs },
      boundMs,
      () => {
        stats.timeouts += 1;
        return `Task timed out after ${(boundMs / 1000).toFixed(2)} seconds`;
      },
    );
    warm.add(thread);
    stats.invocations += 1;
    stats.totalMs += options.now() - startedAt;
    if (result.error !== undefined) {
      stats.errors += 1;
      // One that was cut short by the stop of the hub is no surprise; its messages come back at the next start.
      if (result.error === 'Unhandled' && !isStopped) options.warn(messageOf(result.payload));
    }
    return result;
  };

  return {
    name: options.name,
    threadsMax: options.threadsMax,
    async invoke(event) {
      const thread = await acquire();
      if (thread === undefined) return 'throttled';
      const result = run(thread, event);
      running.add(result);
      try {
        return await result;
      } finally {
        running.delete(result);
        release(thread);
      }
    },
    stats: () => ({ ...stats }),
    async stop(boundMs) {
      isStopped = true;
      for (const next of waiting.splice(0)) next(undefined);
      let timer: NodeJS.Timeout | undefined;
      const overdue = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, boundMs);
      });
      await Promise.race([Promise.allSettled([...running]), overdue]);
      clearTimeout(timer);
      await Promise.all([...all].map((thread) => thread.terminate()));
    },
  };
}

async function withTimeout(
  thread: FunctionThread,
  invocation: { readonly requestId: string; readonly event: string; readonly deadline: number },
  boundMs: number,
  timedOut: () => string,
): Promise<InvocationResult> {
  let message: string | undefined;
  const timer = setTimeout(() => {
    message = timedOut();
    // Ending the thread is what ends the invocation: its code cannot be trusted to stop by itself.
    void thread.terminate();
  }, boundMs);
  const result = await thread.invoke(invocation);
  clearTimeout(timer);
  return message === undefined
    ? result
    : { payload: JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage: message }), error: 'Unhandled' };
}

function messageOf(payload: string): string {
  // The payload was written by this runtime as an error object.
  return (JSON.parse(payload) as { errorMessage: string }).errorMessage;
}
