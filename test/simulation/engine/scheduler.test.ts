import { describe, expect, test } from 'vitest';
import { passGate } from './process.ts';
import { Scheduler } from './scheduler.ts';

const scheduler = (): Scheduler => new Scheduler({ now: 0, stepsMax: 50, keepsLines: true });
const owner = (name: string) => ({ name, isDead: false });

describe('simulated time', () => {
  test('lets one thing happen at a time, the earliest first, and those of one instant in the order they were planned', async () => {
    const time = scheduler();
    const seen: string[] = [];
    for (const [at, name] of [
      [30, 'c'],
      [10, 'a'],
      [30, 'd'],
      [20, 'b'],
    ] as const) {
      time.at(at, name, () => seen.push(name));
    }

    await time.runUntil(25);

    expect(seen).toEqual(['a', 'b']);
    expect(time.now).toBe(25);
    await time.runUntil(Number.POSITIVE_INFINITY);
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
  });

  test('ends what a killed process waits for, before it is done', async () => {
    const time = scheduler();
    const worker = owner('worker');
    let isDone = false;
    void passGate(time, worker, 'write', 10, async () => {
      isDone = true;
    });

    worker.isDead = true;
    await time.runUntil(Number.POSITIVE_INFINITY);

    expect(isDone).toBe(false);
  });

  test('holds up a frozen process and nobody else', async () => {
    const time = scheduler();
    const [frozen, other] = [owner('frozen'), owner('other')];
    const seen: string[] = [];
    time.at(10, 'frozen', () => seen.push(`frozen at ${time.now}`), frozen);
    time.at(20, 'other', () => seen.push(`other at ${time.now}`), other);

    time.delay(frozen, 100);
    await time.runUntil(Number.POSITIVE_INFINITY);

    expect(seen).toEqual(['other at 20', 'frozen at 110']);
  });

  test('gives up on what never rests', async () => {
    const time = scheduler();
    const again = (): void => void time.at(time.now + 1, 'again', again);
    again();

    await expect(time.runUntil(Number.POSITIVE_INFINITY)).rejects.toThrow('no rest after 50 steps');
  });
});
