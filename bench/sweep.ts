import { atMost, readFlags, report } from './bench-report.ts';
import { startChild } from './child.ts';
import { rounded } from './figures.ts';
import type { SweepDuties, SweepFigures } from './sweep-process.ts';

const USUAL = [1_000, 10_000];
const QUICK = [300, 600];
const FULL = [1_000, 10_000, 100_000];
/** How much more memory a record may take with many records than with few. */
const MEMORY_GROWTH_MAX = 1.2;

/**
 * First reading of accounts of several sizes, and then finding what changed in them, by the real connectors from the simulated systems,
 * over stores and queues in memory; killed at seeded moments, while people go on working. Each size in a process of its own.
 */
export async function benchSweep(sizes: readonly number[]) {
  const runs: SweepFigures[] = [];
  for (const size of sizes) {
    const child = startChild<SweepDuties>(new URL('./sweep-process.ts', import.meta.url), ['--expose-gc']);
    try {
      runs.push(await child.ask('run', { recordsEachSide: size, seed: 1 }));
    } finally {
      await child.stop();
    }
  }
  const missed = runs.reduce((sum, run) => sum + run.missed, 0);
  if (missed > 0) throw new Error(`${missed} records were missed.`);
  const [first] = runs;
  const last = runs.at(-1);
  // 1 means that a record takes the same memory however many there are.
  const growth = rounded((last?.memory.bytesPerRecord ?? 0) / (first?.memory.bytesPerRecord ?? 1), 2);
  return {
    runs,
    bytesPerRecordLastToFirst: growth,
    aims: [atMost('memory of a record, last size to first', MEMORY_GROWTH_MAX, growth)],
  };
}

if (import.meta.main) {
  const flags = readFlags();
  report('sweep', flags, await benchSweep(flags.quick ? QUICK : flags.full ? FULL : USUAL));
}
