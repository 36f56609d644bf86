import { describe, expect, test } from 'vitest';
import { endsOfTwoCourses } from './oracles/order-of-events.ts';
import { makePlan, USUAL_SIZE } from './plan/make-plan.ts';
import { explainFailure } from './report-failure.ts';
import { runPlan } from './run-plan.ts';
import { runSeed } from './seed-worker.ts';
import { readSeeds } from './seeds/seed-file.ts';

const CALM_SEEDS = Array.from({ length: 4 }, (_, index) => `calm-${index}`);
const FIXED_SEEDS = Array.from({ length: 8 }, (_, index) => `fixed-${index}`);
const UNDONE_SEEDS = ['undone-1', 'undone-2', 'undone-3'];
const STRANGERS = [
  ['mailbox', '1'],
  ['unanswered', '1'],
  ['behind', '1'],
  ['slow-reads', '1'],
  ['repeated', '1'],
  ['crowded', '1'],
  ['on-top', '1'],
  ['put-back', '1'],
  ['alike', '1'],
  ['alike', '8'],
] as const;
const ERASED_SEEDS = ['1', '2'];
// New ones every day, the same for everybody on that day: what fails for one can be looked into by all.
const TODAY = new Date().toISOString().slice(0, 10);
const FRESH_SEEDS = Array.from({ length: 2 }, (_, index) => `${TODAY}-${index}`);

describe('the whole hub between three systems, under fire', () => {
  test('the same seed takes the same course', async () => {
    const plan = makePlan('course', USUAL_SIZE);

    const [first, second] = [await runPlan(plan), await runPlan(plan)];

    expect(first.trace.steps).toBeGreaterThan(1_000);
    expect(second.trace).toEqual(first.trace);
  });

  test('another seed takes another course', async () => {
    const [first, second] = [await runPlan(makePlan('course')), await runPlan(makePlan('other course'))];

    expect(second.trace.hash).not.toBe(first.trace.hash);
  });

  test.each(readSeeds())('$file holds; once it broke $found', async ({ plan }) => {
    expect((await runPlan(plan)).violations).toEqual([]);
  });

  test.each(CALM_SEEDS)('%s: nothing goes wrong, and everything arrives', async (seed) => {
    expect((await runSeed({ seed, size: { edits: 16, faults: 0, isCalm: true } })).violations).toEqual([]);
  });

  test.each(['order-1', 'order-2'])('%s: the order of events between systems does not matter', async (seed) => {
    const [one, other] = await endsOfTwoCourses(seed);

    expect(one).toContain('P1');
    expect(other).toEqual(one);
  });

  test.each(UNDONE_SEEDS)('%s: a merge in the hub that was undone left nothing behind', async (seed) => {
    const plan = makePlan(seed, { ...USUAL_SIZE, family: 'undone' });

    const { violations, end } = await runPlan(plan);

    expect(end?.merges.map(({ unmergedAt }) => unmergedAt)).toEqual([expect.any(Number)]);
    expect(violations).toEqual([]);
  });

  test.each(STRANGERS)(
    '%s-%s: who a record is and what it says is not taken for something else',
    async (family, seed) => {
      expect((await runPlan(makePlan(seed, { ...USUAL_SIZE, family }))).violations).toEqual([]);
    },
  );

  test.each(['1', '2', '7'])(
    'hidden-%s: what an org hides is asked about, and goes on when it is shown',
    async (seed) => {
      const { violations, end } = await runPlan(makePlan(seed, { ...USUAL_SIZE, family: 'hidden' }));

      expect(end?.plan.items.some(({ deed }) => deed.do === 'hide')).toBe(true);
      expect(violations).toEqual([]);
    },
  );

  test.each(['1', '2', '3'])(
    'united-%s: what people merge in one system is one everywhere, as they left it',
    async (seed) => {
      const { violations, end } = await runPlan(makePlan(seed, { ...USUAL_SIZE, family: 'united' }));

      expect(end?.united).toHaveLength(1);
      expect(violations).toEqual([]);
    },
  );

  test.each([
    ['frozen', '2'],
    ['interrupted', '5'],
  ] as const)('%s-%s: what is cut short, or done too late, is made good', async (family, seed) => {
    expect((await runPlan(makePlan(seed, { ...USUAL_SIZE, family }))).violations).toEqual([]);
  });

  test('imported-1: more records than a page holds', async () => {
    const { violations, end } = await runPlan(makePlan('1', { ...USUAL_SIZE, family: 'imported' }));

    expect(end?.records.get('portal')?.length).toBeGreaterThan(200);
    expect(violations).toEqual([]);
  });

  test('low-limits-1: what an org takes no more of today comes there tomorrow', async () => {
    const { violations, end } = await runPlan(makePlan('1', { ...USUAL_SIZE, family: 'low-limits' }));

    expect(end?.calls.filter(({ system, status }) => system === 'org-a' && status === 403)).not.toEqual([]);
    expect(violations).toEqual([]);
  });

  test.each(ERASED_SEEDS)('erased-%s: what is erased while the hub writes it stays erased', async (seed) => {
    const { violations, end } = await runPlan(makePlan(seed, { ...USUAL_SIZE, family: 'erased' }));

    expect(end?.erased).not.toEqual([]);
    expect(violations).toEqual([]);
  });

  test.each(FIXED_SEEDS)('%s: every invariant holds', async (seed) => {
    expect((await runSeed({ seed, size: USUAL_SIZE })).violations).toEqual([]);
  });

  test.each(FRESH_SEEDS)('fresh seed %s: every invariant holds', async (seed) => {
    const { violations } = await runSeed({ seed, size: USUAL_SIZE });

    // A fresh seed is gone tomorrow, so its failure is told in full at once.
    expect(violations, violations.length === 0 ? '' : (await explainFailure(seed, USUAL_SIZE))?.report).toEqual([]);
  });
});
