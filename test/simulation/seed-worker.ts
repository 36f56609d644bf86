import { parentPort } from 'node:worker_threads';
import { makePlan, type PlanSize } from './plan/make-plan.ts';
import { type RunOutcome, runPlan } from './run-plan.ts';

/** What a worker is asked: one seed at a time. */
export interface SeedTask {
  readonly seed: string;
  readonly size: PlanSize;
}

/** What it answers. */
export interface SeedAnswer extends SeedTask {
  readonly violations: RunOutcome['violations'];
  readonly figures: RunOutcome['figures'];
}

/** Runs one seed. A thrown exception is a finding, too: of the hub or of the simulation itself. */
export async function runSeed({ seed, size }: SeedTask): Promise<SeedAnswer> {
  try {
    const { violations, figures } = await runPlan(makePlan(seed, size));
    return { seed, size, violations, figures };
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { seed, size, violations: [{ invariant: 'defect', what }], figures: { edits: 0, calls: 0, writes: 0 } };
  }
}

parentPort?.on('message', (task: SeedTask) => void runSeed(task).then((answer) => parentPort?.postMessage(answer)));
