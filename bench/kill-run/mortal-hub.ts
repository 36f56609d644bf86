import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchHub, benchHub } from '../bench-world.ts';
import { type Child, startChild } from '../child.ts';
import type { HubDuties } from '../hub-process.ts';

/** A hub of the local stack in a process of its own that is killed and started again on the same data. */
export interface MortalHub {
  /** Starts it, and resolves with the hub and how long that took when it answers; rejects when it was killed before. */
  start(): Promise<{ readonly hub: BenchHub; readonly seconds: number }>;
  /** Ends it with SIGKILL in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
}

/** Where a hub lives. */
export interface MortalHubOptions {
  readonly root: string;
  readonly dataDirectory: string;
  readonly connectionsFile: string;
}

/** Hubs on one data directory, one at a time. The template is synthesised at the first start only, as with `npm start`. */
export function mortalHub(options: MortalHubOptions): MortalHub {
  let child: Child<HubDuties> | undefined;
  let isSynthesised = false;
  return {
    async start() {
      const startedAt = performance.now();
      child = startChild<HubDuties>(new URL('../hub-process.ts', import.meta.url));
      const own = child;
      const assembly = isSynthesised ? { assembly: join(options.dataDirectory, 'cdk.out') } : {};
      const url = await own.ask('start', { ...options, ...assembly });
      isSynthesised = true;
      const hub = benchHub(url, options.dataDirectory, own, async () => undefined);
      return { hub, seconds: (performance.now() - startedAt) / 1_000 };
    },
    async kill() {
      await child?.kill();
    },
    async stop() {
      await child?.stop();
    },
  };
}

/** How a killing went. */
export interface KillLog {
  /** Kills of a hub that worked, and of one that was just starting. */
  atWork: number;
  atStart: number;
  /** Seconds of every start that came to its end. */
  readonly restartSeconds: number[];
}

/** When the next kill comes, ms after the hub answers; or, with `atStart`, after its process was started. */
export interface KillMoment {
  readonly isAtStart: boolean;
  readonly afterMs: number;
}

/**
 * Starts and kills the hub at the moments given, and starts it once more. `onWait` hears how long the next kill is away, `onUp`
 * of every hub that answers, `onDown` of every kill. *Faults*: rejects when a start fails that nobody disturbed.
 */
export async function killAgainAndAgain(
  mortal: MortalHub,
  moments: readonly KillMoment[],
  first: BenchHub,
  watch: { onUp(hub: BenchHub, seconds: number): void; onDown(kills: number): void; onWait(ms: number): void },
): Promise<{ readonly hub: BenchHub; readonly log: KillLog }> {
  const log: KillLog = { atWork: 0, atStart: 0, restartSeconds: [] };
  let hub: BenchHub | undefined = first;
  for (const { isAtStart, afterMs } of moments) {
    watch.onWait(afterMs);
    if (isAtStart) {
      // The hub that works makes room for one that is killed while it starts.
      await mortal.kill();
      const starting = mortal.start().then(
        () => undefined,
        () => undefined,
      );
      await sleep(afterMs);
      await mortal.kill();
      await starting;
      log.atStart += 1;
    } else {
      await sleep(afterMs);
      await mortal.kill();
      log.atWork += 1;
    }
    watch.onDown(log.atStart + log.atWork);
    const started = await mortal.start();
    hub = started.hub;
    log.restartSeconds.push(started.seconds);
    watch.onUp(hub, started.seconds);
  }
  return { hub, log };
}
