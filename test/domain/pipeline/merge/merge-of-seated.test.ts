import { expect, test } from 'vitest';
import { describeRecord } from '../../../../domain/pipeline/describe-record.ts';
import { mergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import { previewMerge } from '../../../../domain/pipeline/merge/preview-merge.ts';
import { tellShadows } from '../../../../domain/pipeline/problems/report-shadow.ts';
import { bundleOf, problemsOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';

/** Two records of `one` that say the same, of which nobody knows whether they are. */
async function twins(): Promise<{ small: SmallHub; a: string; b: string; first: string; second: string }> {
  const small = await smallHub(['one', 'two']);
  const [a, b] = [0, 1].map(() => small.systems.one?.create({ NAME: 'Quarry Robotics' }) ?? '');
  if (a === undefined || b === undefined) throw new Error('not made');
  for (const id of [a, b]) {
    await small.notice('one', [id]);
    await small.settle();
  }
  expect(await problemsOf(small)).toEqual(['doubtful-match']);
  return { small, a, b, first: (await bundleOf(small, 'one', a)).id, second: (await bundleOf(small, 'one', b)).id };
}

test('a merge that leaves two records in one system asks at once that they are merged there, also when no value moved', async () => {
  const { small, a, b, first, second } = await twins();

  expect(await mergeByPerson(small.hub, 'partner', first, second, 'ada')).toBe('done');

  const { problems } = await small.store.listProblems({ limit: 10 });
  expect(problems).toMatchObject([{ cause: 'duplicate', connection: 'one', externalId: b, unifiedId: first }]);
  expect(await tellShadows(small.hub, 'partner', first)).toEqual([
    `one holds two records of this partner: thing ${a} and thing ${b}. Merge the two in one; until then the hub keeps ${a} in step and leaves ${b} alone.`,
  ]);
});

test('its preview says so before', async () => {
  const { small, first, second } = await twins();

  const answer = await previewMerge(small.hub, 'partner', first, second);

  if (answer.end !== 'done') throw new Error(answer.end);
  expect(answer.preview.remarks).toEqual([expect.stringContaining('one holds two records of this partner')]);
  expect(await problemsOf(small)).toEqual(['doubtful-match']);
});

test('the merged record shows the second one where it lies, and what is asked about it', async () => {
  const { small, b, first, second } = await twins();
  await mergeByPerson(small.hub, 'partner', first, second, 'ada');

  const described = await describeRecord(small.hub, 'partner', first);

  expect(described?.shadows).toEqual([{ seat: 'one#thing', externalId: b }]);
  expect(described?.problems).toMatchObject([{ cause: 'duplicate', connection: 'one' }]);
});

test('when the two are merged in their system, nothing is asked or shown any more', async () => {
  const { small, a, b, first, second } = await twins();
  await mergeByPerson(small.hub, 'partner', first, second, 'ada');
  await small.settle();

  small.systems.one?.merge(b, a);
  await small.notice('one', [b]);
  await small.settle();

  expect((await describeRecord(small.hub, 'partner', first))?.shadows).toEqual([]);
  expect(await tellShadows(small.hub, 'partner', first)).toEqual([]);
});
