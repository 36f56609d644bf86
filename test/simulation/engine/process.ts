import { AsyncLocalStorage } from 'node:async_hooks';
import type { Owner, ScheduledEvent, Scheduler } from './scheduler.ts';

/** One run of a function, from its messages to their end. */
export interface Invocation {
  /** True time, ms. */
  readonly begunAt: number;
  /** Every message of it was worked off, and nothing held it up. */
  isSound: boolean;
  /** A call to AWS failed and ended it. */
  isOutage: boolean;
}

/** One process of the hub: what it waits for belongs to it, and ends with it. */
export interface SimulatedProcess extends Owner {
  /** Waits of this process, as they are asked for. */
  readonly serial: number;
  /** What it is at; `undefined` while it is at nothing that messages asked for. */
  invocation: Invocation | undefined;
}

/** Whose code is running; `undefined` for the world outside. */
export const currentProcess = new AsyncLocalStorage<SimulatedProcess>();

/**
 * An await on a port: `act` is done after `latencyMs`, and its answer goes to whoever waits. A process killed before that never
 * sees it, and `act` is not done; killed after it, it was.
 */
export function passGate<T>(
  scheduler: Scheduler,
  owner: Owner,
  label: string,
  latencyMs: number,
  act: () => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    scheduler.at(scheduler.now + latencyMs, label, () => void act().then(resolve, reject), owner);
  });
}

/** A timer as simulated time has it. */
interface SimulatedTimer {
  readonly event: ScheduledEvent;
  unref(): SimulatedTimer;
  ref(): SimulatedTimer;
  hasRef(): boolean;
}

/** Puts this scheduler's time in the place of the process's timers; answers how to undo it. */
export function replaceTimers(scheduler: Scheduler): () => void {
  const { setTimeout: realSet, clearTimeout: realClear } = globalThis;
  const simulatedSet = (act: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): SimulatedTimer => {
    const owner = currentProcess.getStore();
    const event = scheduler.at(scheduler.now + Math.max(0, delayMs), 'timer', () => act(...args), owner);
    const timer: SimulatedTimer = { event, unref: () => timer, ref: () => timer, hasRef: () => false };
    return timer;
  };
  const simulatedClear = (timer: unknown): void => {
    if (isSimulated(timer)) timer.event.isCancelled = true;
    else realClear(timer as NodeJS.Timeout);
  };
  // Node's own type has overloads for promises that nothing here uses.
  globalThis.setTimeout = simulatedSet as unknown as typeof globalThis.setTimeout;
  globalThis.clearTimeout = simulatedClear as typeof globalThis.clearTimeout;
  const realTimeout = AbortSignal.timeout;
  AbortSignal.timeout = (delayMs) => {
    const controller = new AbortController();
    simulatedSet(() => controller.abort(new DOMException('The call took too long.', 'TimeoutError')), delayMs);
    return controller.signal;
  };
  return () => {
    AbortSignal.timeout = realTimeout;
    globalThis.setTimeout = realSet;
    globalThis.clearTimeout = realClear;
  };
}

function isSimulated(timer: unknown): timer is SimulatedTimer {
  return typeof timer === 'object' && timer !== null && 'event' in timer;
}
