import { describe, expect, test } from 'vitest';
import { makePlan, USUAL_SIZE } from './plan/make-plan.ts';
import { runPlan } from './run-plan.ts';

const CO_SELL_SEEDS = Array.from({ length: 4 }, (_, index) => `share-${index}`);
const MARKETPLACE_SEEDS = Array.from({ length: 4 }, (_, index) => `market-${index}`);

describe('the whole hub between CRMs and AWS, under fire', () => {
  test('the same seed takes the same course', async () => {
    const plan = makePlan('course', { ...USUAL_SIZE, family: 'marketplace' });

    const [first, second] = [await runPlan(plan), await runPlan(plan)];

    expect(first.trace.steps).toBeGreaterThan(1_000);
    expect(second.trace).toEqual(first.trace);
  });

  test.each(MARKETPLACE_SEEDS)('%s: private offers and agreements', async (seed) => {
    const { violations, end } = await runPlan(makePlan(seed, { ...USUAL_SIZE, family: 'marketplace' }));

    expect(violations).toEqual([]);
    // A world in which nothing comes about at AWS would hold whatever the hub did.
    expect(end?.aws.changeSets).not.toEqual([]);
  });

  test('set-back: what AWS said before people set a deal back does not count again', async () => {
    const { violations, end } = await runPlan(makePlan('set-back', { ...USUAL_SIZE, family: 'set-back' }));

    expect(violations).toEqual([]);
    expect(end?.aws.agreements).not.toEqual([]);
  });

  test.each(CO_SELL_SEEDS)('%s: deals shared with AWS, and invitations', async (seed) => {
    const { violations, end } = await runPlan(makePlan(seed, { ...USUAL_SIZE, family: 'co-sell' }));

    expect(violations).toEqual([]);
    expect(end?.aws.opportunities).not.toEqual([]);
  });
});
