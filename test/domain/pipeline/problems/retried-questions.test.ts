import { expect, test } from 'vitest';
import { mergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import { retryProblem } from '../../../../domain/pipeline/problems/retry-problem.ts';
import { bundleOf, problemsOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';

async function take(small: SmallHub, connection: string, values: Record<string, string>): Promise<string> {
  const id = small.systems[connection]?.create(values) ?? '';
  await small.notice(connection, [id]);
  await small.settle();
  return id;
}

async function onlyProblem({ store }: SmallHub): Promise<string> {
  const { problems } = await store.listProblems({ limit: 10 });
  expect(problems).toHaveLength(1);
  return problems[0]?.id ?? '';
}

test('a retry does not answer the question whether two records are the same', async () => {
  const small = await smallHub(['one', 'two']);
  await take(small, 'one', { NAME: 'Quarry Robotics' });
  const b = await take(small, 'two', { NAME: 'Quarry Robotics' });
  const question = await onlyProblem(small);

  expect(await retryProblem(small.hub, question)).toBe('queued');
  await small.settle();

  expect((await bundleOf(small, 'two', b)).unified?.doubts).toHaveLength(1);
  expect(await problemsOf(small)).toEqual(['doubtful-match']);
});

test('a retry finishes a merge that was cut short', async () => {
  const small = await smallHub(['one', 'two'], { isOpen: false });
  const a = await take(small, 'one', { NAME: 'Acme', DOMAIN: 'acme.com' });
  const b = await take(small, 'two', { NAME: 'Globex', DOMAIN: 'globex.com' });
  const [first, second] = [(await bundleOf(small, 'one', a)).id, (await bundleOf(small, 'two', b)).id];
  const killed = {
    ...small.hub,
    store: {
      ...small.store,
      putRef: async () => {
        throw new Error('killed');
      },
    },
  };
  await expect(mergeByPerson(killed, 'partner', first, second, 'ann')).rejects.toThrow('killed');

  expect(await retryProblem(small.hub, await onlyProblem(small))).toBe('queued');

  expect(await problemsOf(small)).toEqual([]);
  expect((await bundleOf(small, 'two', b)).id).toBe(first);
  expect((await small.store.readBundle('partner', second)).sources).toEqual([]);
});
