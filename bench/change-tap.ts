import { setTimeout as sleep } from 'node:timers/promises';
import type { VendorSide } from './vendor-side.ts';

/** An edit that was seen on the other side. */
export interface Arrival {
  /** When it was seen, ms of `performance.now()`. */
  readonly at: number;
  /** From the edit's answer until then, ms; a poll's interval is the resolution. */
  readonly latencyMs: number;
}

/** Watches the other side of edits, over the vendors' own APIs, until what was edited can be read there. */
export interface ChangeTap {
  /** Awaits this mark in a record of a side; `editedAt` is when the edit was answered, ms of `performance.now()`. */
  expect(side: VendorSide, id: string, mark: number, editedAt: number): void;
  /** Edits not yet seen. */
  waiting(): number;
  readonly arrivals: readonly Arrival[];
  /** Resolves when everything awaited was seen. *Faults*: throws when that takes longer than `withinMs`. */
  all(withinMs: number): Promise<void>;
  stop(): Promise<void>;
}

interface Awaited {
  readonly mark: number;
  readonly editedAt: number;
}

/**
 * Starts a tap. Every `pollMs` it reads up to one batch of the records awaited on each side, in turn when there are more: one
 * call a side and poll, not counted as the hub's.
 */
export function startChangeTap(sides: readonly VendorSide[], pollMs: number): ChangeTap {
  const awaited = new Map(sides.map((side) => [side, new Map<string, Awaited>()]));
  const arrivals: Arrival[] = [];
  let failure: unknown;
  let isOver = false;

  async function poll(side: VendorSide): Promise<void> {
    const waiting = awaited.get(side);
    if (waiting === undefined || waiting.size === 0) return;
    const ids = [...waiting.keys()].slice(0, side.batchMax);
    const seen = await side.readCarried(ids);
    const at = performance.now();
    for (const id of ids) {
      const change = waiting.get(id);
      if (change === undefined) continue;
      waiting.delete(id);
      if (seen.get(id) === change.mark) arrivals.push({ at, latencyMs: at - change.editedAt });
      // Behind the others: they have their turn first.
      else waiting.set(id, change);
    }
  }

  async function run(): Promise<void> {
    while (!isOver) {
      await Promise.all(sides.map(poll));
      await sleep(pollMs);
    }
  }

  const waiting = (): number => [...awaited.values()].reduce((sum, { size }) => sum + size, 0);
  const running = run().catch((error: unknown) => {
    // Told to whoever waits for the changes.
    failure = error;
  });
  return {
    expect(side, id, mark, editedAt) {
      awaited.get(side)?.set(id, { mark, editedAt });
    },
    waiting,
    arrivals,
    async all(withinMs) {
      for (const giveUpAt = performance.now() + withinMs; waiting() > 0; await sleep(pollMs)) {
        if (failure !== undefined) throw failure;
        if (performance.now() > giveUpAt)
          throw new Error(`${waiting()} changes were not there after ${withinMs / 1_000} s.`);
      }
    },
    async stop() {
      isOver = true;
      await running;
    },
  };
}
