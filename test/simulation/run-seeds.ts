import { Worker } from 'node:worker_threads';
import type { SeedAnswer, SeedTask } from './seed-worker.ts';

/** Runs many seeds on `threads` threads, in order as threads become free; stops early when `onAnswer` says so. */
export async function runSeeds(
  tasks: Iterable<SeedTask>,
  threads: number,
  onAnswer: (answer: SeedAnswer) => 'go-on' | 'stop',
): Promise<void> {
  const queue = tasks[Symbol.iterator]();
  const workers = Array.from({ length: threads }, () => new Worker(new URL('./seed-worker.ts', import.meta.url)));
  let isStopped = false;
  const work = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = (): void => {
        const task = isStopped ? undefined : queue.next();
        if (task === undefined || task.done === true) resolve();
        else worker.postMessage(task.value);
      };
      worker.on('message', (answer: SeedAnswer) => {
        if (!isStopped && onAnswer(answer) === 'stop') isStopped = true;
        next();
      });
      worker.on('error', reject);
      next();
    });
  // The threads are ended whatever happened; nothing is caught.
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
