import { expect, test } from 'vitest';
import { Scheduler } from '../engine/scheduler.ts';
import { seededRandom } from '../engine/seeded-random.ts';
import { SimulatedQueue } from './simulated-queue.ts';

const VISIBILITY_MS = 1_000;
const RECEIVES_MAX = 3;

/** A queue with two messages, of which AWS ended the first every time it was handed out, and the second but once. */
async function queueOfDead(): Promise<SimulatedQueue> {
  const scheduler = new Scheduler({ now: 0, stepsMax: 100, keepsLines: false });
  const queue = new SimulatedQueue({
    name: 'q',
    scheduler,
    random: seededRandom('queue'),
    batchMax: 10,
    windowMs: 0,
    visibilityMs: VISIBILITY_MS,
    receivesMax: RECEIVES_MAX,
    twiceChance: () => 0,
    lateChance: () => 0,
    onReady: () => undefined,
  });
  queue.send('by AWS', 0);
  queue.send('by a crash', 0);
  for (let time = 1; time <= RECEIVES_MAX; time++) {
    const taken = queue.receive().filter(({ body }) => body === 'by AWS' || time > 1);
    queue.failed(taken.map(({ id }) => id));
    await scheduler.runUntil(time * VISIBILITY_MS);
  }
  expect(queue.receive()).toEqual([]);
  return queue;
}

test('a dead letter is sent again when AWS ended the work on it every time, and no other', async () => {
  const queue = await queueOfDead();
  expect(queue.dead.map(({ body }) => body).sort()).toEqual(['by AWS', 'by a crash']);

  expect(queue.redrive()).toBe(true);

  expect(queue.dead.map(({ body }) => body)).toEqual(['by a crash']);
  expect(queue.receive()).toMatchObject([{ body: 'by AWS', receiveCount: 1 }]);
  expect(queue.redrive()).toBe(false);
});
