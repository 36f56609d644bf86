import { describe, expect, test } from 'vitest';
import { PROBLEM_CAUSES, type ProblemCause } from '../../../../domain/model/problem.ts';
import { reviewProblems } from '../../../../domain/pipeline/problems/review-problems.ts';
import { AWS_STORIES } from '../../../support/aws-problem-stories.ts';
import { HIDDEN_STORIES } from '../../../support/hidden-record-stories.ts';
import { STORIES } from '../../../support/problem-stories.ts';
import type { SmallHub } from '../../../support/small-hub.ts';
import { TAKEN_STORIES } from '../../../support/taken-value-stories.ts';

const REVIEW_EVERY_MS = 300_000;
const ALL = [...STORIES, ...AWS_STORIES, ...TAKEN_STORIES, ...HIDDEN_STORIES];

/** As time passes: reviews every five minutes, and what they queue. */
async function timePasses(small: SmallHub, reviews: number): Promise<void> {
  for (let review = 0; review < reviews; review++) {
    small.clock.now += REVIEW_EVERY_MS;
    await reviewProblems(small.hub);
    await small.settle();
  }
}

async function isOpen(small: SmallHub, cause: ProblemCause): Promise<boolean> {
  const { problems } = await small.store.listProblems({ limit: 200 });
  return problems.some((problem) => problem.cause === cause);
}

test('there is a story of every cause', () => {
  expect(new Set(ALL.map(({ cause }) => cause))).toEqual(new Set(PROBLEM_CAUSES));
});

describe('a problem closes by itself when its cause is gone:', () => {
  const silent = ALL.filter(({ isAnswered }) => isAnswered !== true);
  test.each(silent.map((story) => [story.cause, story.title, story] as const))(
    '%s %s',
    async (cause, _title, story) => {
      const { small, mend } = await story.begin();
      expect(await isOpen(small, cause)).toBe(true);
      if (story.isSteady !== false) {
        await timePasses(small, 3);
        expect(await isOpen(small, cause)).toBe(true);
      }

      await mend();
      await timePasses(small, 3);

      const { problems } = await small.store.listProblems({ limit: 200 });
      expect(problems.map((problem) => [problem.cause, problem.message])).toEqual([]);
    },
  );
});

describe('a problem about what has happened closes only', () => {
  const answered = ALL.filter(({ isAnswered }) => isAnswered === true);
  test.each(answered.map((story) => [story.title, story] as const))('%s', async (_title, { cause, begin }) => {
    const { small, mend } = await begin();
    await timePasses(small, 30);
    expect(await isOpen(small, cause)).toBe(true);

    await mend();
    await timePasses(small, 3);

    expect(await isOpen(small, cause)).toBe(false);
    const { problems } = await small.store.listProblems({ limit: 200, state: 'ignored' });
    expect(problems.map((problem) => problem.cause)).toEqual([cause]);
  });
});
