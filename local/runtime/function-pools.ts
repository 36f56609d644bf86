import { join } from 'node:path';
import { functionEnvironment, type ServiceEndpoints } from './function-environment.ts';
import { openFunctionLog } from './function-log.ts';
import { createFunctionPool, type FunctionPool } from './function-pool.ts';
import { startFunctionThread } from './function-thread-handle.ts';
import type { FunctionPlan } from './hub-plan.ts';

/** The functions of a hub. */
export interface FunctionPools {
  readonly byName: ReadonlyMap<string, FunctionPool>;
  stop(boundMs: number): Promise<void>;
}

/** What the pools need. */
export interface FunctionPoolsOptions {
  readonly endpoints: ServiceEndpoints;
  readonly dataDirectory: string;
  /** Threads of one function at a time; each costs 30 to 60 MB. */
  readonly threadsPerFunctionMax: number;
  readonly now: () => number;
  readonly show: (line: string) => void;
}

/** Longer than a batch of records takes, shorter than a vendor's call that does not come back. */
const GROW_AFTER_MS = 3_000;
/** A burst is over for a function that has had nothing to do for this long; its memory is better used elsewhere. */
const IDLE_MS_MAX = 30_000;

/** Makes a pool and a log file for each function. */
export function createFunctionPools(plans: readonly FunctionPlan[], options: FunctionPoolsOptions): FunctionPools {
  const logs = new Map(
    plans.map(({ name }) => [name, openFunctionLog(join(options.dataDirectory, 'logs'), name, options.show)]),
  );
  const byName = new Map(
    plans.map((plan) => {
      const write = (chunk: string): void => logs.get(plan.name)?.write(chunk);
      const pool = createFunctionPool({
        name: plan.name,
        timeoutMs: plan.timeoutMs,
        threadsMax: Math.max(
          1,
          Math.min(plan.concurrencyMax ?? options.threadsPerFunctionMax, options.threadsPerFunctionMax),
        ),
        start: () => startFunctionThread(plan, functionEnvironment(plan, options.endpoints), write),
        growAfterMs: GROW_AFTER_MS,
        idleMsMax: IDLE_MS_MAX,
        now: options.now,
        warn: (message) =>
          write(`${JSON.stringify({ level: 'ERROR', message, timestamp: new Date(options.now()).toISOString() })}\n`),
      });
      return [plan.name, pool] as const;
    }),
  );
  return {
    byName,
    async stop(boundMs) {
      await Promise.all([...byName.values()].map((pool) => pool.stop(boundMs)));
      for (const log of logs.values()) log.close();
    },
  };
}
