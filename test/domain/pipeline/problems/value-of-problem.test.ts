import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../../domain/model/problem.ts';
import { shortHash } from '../../../../domain/model/short-hash.ts';
import { valueOfProblem, valuesOfProblems } from '../../../../domain/pipeline/problems/value-of-problem.ts';
import { bundleOf, pairedHub } from '../../../support/small-hub.ts';

async function unlisted(note: string) {
  const { small, a, b } = await pairedHub();
  small.systems.one?.edit(a, { NOTE: note });
  await small.notice('one', [a]);
  await small.settle();
  const { problems } = await small.store.listProblems({ limit: 9 });
  return { small, a, b, problems };
}

describe('the value a problem is about', () => {
  test('is what the system holds, and not in the problem itself', async () => {
    const { small, a, problems } = await unlisted('?Sun & Wind');

    expect(await valuesOfProblems(small.hub, problems)).toEqual(new Map([[problems[0]?.id, '?Sun & Wind']]));

    expect(problems).toMatchObject([{ cause: 'unmapped-value', externalId: a, field: 'note' }]);
    expect(JSON.stringify(problems)).not.toContain('Sun');
  });

  test('is not told once it is another one', async () => {
    const { small, a, problems } = await unlisted('?odd');
    small.systems.one?.edit(a, { NOTE: 'fine' });
    await small.notice('one', [a]);
    await small.settle();

    expect(await valuesOfProblems(small.hub, problems)).toEqual(new Map());
  });

  test('is the hub’s where it cannot be written, and cut where it is long', async () => {
    const { small, a, b } = await pairedHub();
    const long = 'x'.repeat(300);
    small.systems.one?.edit(a, { NOTE: long });
    small.systems.two?.failNextWrite({ kind: 'rejected', code: 'NO', message: 'Not this.', fields: ['NOTE'] }, false);
    await small.notice('one', [a]);
    await small.settle();
    const about = (value: string): Problem => ({
      id: 'p',
      cause: 'unmapped-value',
      connection: 'two',
      object: 'thing',
      externalId: b,
      field: 'note',
      about: shortHash(value),
      message: 'note cannot be written to two.',
      nextStep: 'Correct it.',
      state: 'open',
      openedAt: 1,
    });
    const bundle = await bundleOf(small, 'one', a);

    expect(valueOfProblem(about(long), bundle)).toBe(`${'x'.repeat(199)}…`);
    expect(valueOfProblem(about('another'), bundle)).toBeUndefined();
    expect(valueOfProblem({ ...about(long), cause: 'refused-value' }, bundle)).toBeUndefined();
  });
});
