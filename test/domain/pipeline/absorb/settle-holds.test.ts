import { expect, test } from 'vitest';
import { closeProblems } from '../../../../domain/pipeline/problems/raise-problem.ts';
import { pairedHub, problemsOf, type SmallHub } from '../../../support/small-hub.ts';

/** A pair of whose `one` no lookup lists the note. */
async function holding(): Promise<{ small: SmallHub; a: string; problem: string }> {
  const { small, a } = await pairedHub();
  small.systems.one?.edit(a, { NOTE: '?odd' });
  await small.notice('one', [a]);
  await small.settle();
  const { problems } = await small.store.listProblems({ limit: 10 });
  return { small, a, problem: problems[0]?.id ?? '' };
}

test('a value that waits for a person has an open problem after every reading, whoever closed it and although nothing is new', async () => {
  const { small, a, problem } = await holding();
  await closeProblems(small.hub, [problem]);
  expect(await problemsOf(small)).toEqual([]);

  await small.notice('one', [a]);
  await small.settle();

  expect(await problemsOf(small)).toEqual(['unmapped-value:note']);
});

test('one that is to be left alone is not asked about again, but another value in its place is', async () => {
  const { small, a, problem } = await holding();
  await small.store.ignoreProblem(problem, { by: 'ann', reason: 'on its way out', at: small.clock.now });

  await small.notice('one', [a]);
  await small.settle();
  expect(await problemsOf(small)).toEqual([]);

  small.systems.one?.edit(a, { NOTE: '?odder' });
  await small.notice('one', [a]);
  await small.settle();
  expect(await problemsOf(small)).toEqual(['unmapped-value:note']);
});
