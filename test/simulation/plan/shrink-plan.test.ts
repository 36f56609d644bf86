import { expect, test } from 'vitest';
import { makePlan } from './make-plan.ts';
import { CALM, type Plan } from './plan.ts';
import { shrinkPlan } from './shrink-plan.ts';

test('a failing plan is shortened to the items that make it fail', async () => {
  const plan = makePlan('shrink');
  const [first, last] = [plan.items[3], plan.items.at(-2)];
  const needsBoth = async ({ items }: Plan): Promise<boolean> =>
    [first, last].every((needed) => items.some((item) => item === needed));

  const short = await shrinkPlan(plan, needsBoth, 500);

  expect(short.items).toEqual([first, last]);
  expect(short.temper).toEqual(CALM);
});

test('shortening ends after so many runs, with a plan that fails', async () => {
  let runs = 0;
  const alwaysFails = async (): Promise<boolean> => {
    runs += 1;
    return true;
  };
  const short = await shrinkPlan(makePlan('shrink'), alwaysFails, 8);

  expect(runs).toBe(8);
  expect(short.items.length).toBeLessThan(makePlan('shrink').items.length);
});

test('the same seed makes the same plan, and another seed another one', () => {
  expect(makePlan('seed')).toEqual(makePlan('seed'));
  expect(makePlan('seed')).not.toEqual(makePlan('other'));
});
