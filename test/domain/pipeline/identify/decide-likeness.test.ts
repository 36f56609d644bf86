import { describe, expect, test } from 'vitest';
import { keepApart } from '../../../../domain/pipeline/identify/decide-likeness.ts';
import { mergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import { raiseProblem } from '../../../../domain/pipeline/problems/raise-problem.ts';
import { reviewProblems } from '../../../../domain/pipeline/problems/review-problems.ts';
import { bundleOf, problemsOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';

interface Alike {
  readonly small: SmallHub;
  readonly first: string;
  readonly second: string;
  readonly problem: string;
}

/** Two companies of one name, one in each system: a question to a person. */
async function alike(): Promise<Alike> {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Quarry Robotics' }) ?? '';
  await small.notice('one', [a]);
  await small.settle();
  const b = small.systems.two?.create({ NAME: 'Quarry Robotics' }) ?? '';
  await small.notice('two', [b]);
  await small.settle();
  const { problems } = await small.store.listProblems({ limit: 10 });
  expect(problems.map(({ cause }) => cause)).toEqual(['doubtful-match']);
  return {
    small,
    first: (await bundleOf(small, 'one', a)).id,
    second: (await bundleOf(small, 'two', b)).id,
    problem: problems[0]?.id ?? '',
  };
}

const doubtsOf = async ({ store }: SmallHub, id: string): Promise<readonly string[] | undefined> =>
  (await store.readBundle('partner', id)).unified?.doubts;

/** A store whose unified records are just being written by somebody else. */
const contended = ({ hub, store }: SmallHub): Hub => ({ ...hub, store: { ...store, putUnified: async () => false } });

/** Three companies of one name: the third is a question about both others, which are one themselves. */
async function threeAlike() {
  const { small, first, second } = await alike();
  const c = small.systems.one?.create({ NAME: 'Quarry Robotics', CITY: 'Kiel' }) ?? '';
  await small.notice('one', [c]);
  await small.settle();
  const third = (await bundleOf(small, 'one', c)).id;
  const { problems } = await small.store.listProblems({ limit: 10 });
  const question = problems.find(({ unifiedId }) => unifiedId === third);
  expect(new Set(question?.candidates)).toEqual(new Set([third, first, second]));
  return { small, first, second, third, question: question?.id ?? '' };
}

describe('a record like two others', () => {
  test('said to be neither is kept apart from both, and nothing is said about those two', async () => {
    const { small, first, second, third, question } = await threeAlike();

    expect(await keepApart(small.hub, question)).toBe('done');

    expect(await small.store.readPin('partner', third, first)).toBe(true);
    expect(await small.store.readPin('partner', third, second)).toBe(true);
    expect(await small.store.readPin('partner', first, second)).toBe(false);
    expect(await doubtsOf(small, third)).toBeUndefined();
    expect(await doubtsOf(small, second)).toEqual([first]);
  });

  test('merged with one of them is still asked about the other', async () => {
    const { small, first, second, third, question } = await threeAlike();

    expect(await mergeByPerson(small.hub, 'partner', third, second, 'ann@hub.example')).toBe('done');

    const open = await small.store.readProblem(question);
    expect(open).toMatchObject({ state: 'open', unifiedId: third, candidates: [third, first] });
    expect(await doubtsOf(small, third)).toEqual([first]);
    expect(await keepApart(small.hub, question)).toBe('done');
    expect(await doubtsOf(small, third)).toBeUndefined();
  });
});

describe('two records said not to be the same', () => {
  test('are kept apart for good, and the doubt is gone', async () => {
    const { small, first, second, problem } = await alike();
    expect(await doubtsOf(small, second)).toEqual([first]);

    expect(await keepApart(small.hub, problem)).toBe('done');

    expect(await small.store.readPin('partner', second, first)).toBe(true);
    expect(await doubtsOf(small, second)).toBeUndefined();
    expect(await problemsOf(small)).toEqual([]);
  });

  test('are created where they were held back', async () => {
    const { small, second, problem } = await alike();

    await keepApart(small.hub, problem);

    const dues = small.outbox.waiting.deliveries.map(({ message }) => `${message.connection} ${message.id}`);
    expect(dues).toContain(`one ${second}`);
  });

  test('keep their doubts about others', async () => {
    const { small, first, second, problem } = await alike();
    const { unified } = await small.store.readBundle('partner', second);
    if (unified === undefined) throw new Error('the second record is there');
    const next = { ...unified, doubts: [first, 'third'], counter: unified.counter + 1 };
    await small.store.putUnified(next, unified.counter);

    expect(await keepApart(small.hub, problem)).toBe('done');

    expect(await doubtsOf(small, second)).toEqual(['third']);
    expect(small.outbox.waiting.deliveries).toEqual([]);
  });

  test('and written meanwhile are asked about again', async () => {
    const { small, problem } = await alike();

    expect(await keepApart(contended(small), problem)).toBe('contended');
    expect(await problemsOf(small)).toEqual(['doubtful-match']);
    expect(await keepApart(small.hub, problem)).toBe('done');
  });

  test('are the answer to a likeness, not to any other problem', async () => {
    const { small } = await alike();
    const draft = { cause: 'loop', connection: 'one', kind: 'partner', message: 'x', nextStep: 'y' } as const;

    expect(await keepApart(small.hub, await raiseProblem(small.hub, draft))).toBe('not-a-likeness');
    expect(await keepApart(small.hub, 'nowhere')).toBe('unknown');
  });
});

test('a question whose records are not alike any more stays until what was withheld is queued', async () => {
  const { small, second } = await alike();
  const [b = ''] = small.systems.two?.all().map(({ id }) => id) ?? [];
  small.clock.now += 600_000;
  small.systems.two?.edit(b, { NAME: 'Something Else' });
  await small.notice('two', [b]);
  await small.settle();
  const deliver = async (): Promise<never> => {
    throw new Error('cut short');
  };
  const stopped: Hub = { ...small.hub, outbox: { ...small.hub.outbox, deliver } };
  small.clock.now += 600_000;

  await expect(reviewProblems(stopped)).rejects.toThrow('cut short');
  expect(await problemsOf(small)).toEqual(['doubtful-match']);
  await reviewProblems(small.hub);
  await small.settle();

  expect(await problemsOf(small)).toEqual([]);
  expect(await doubtsOf(small, second)).toBeUndefined();
  expect(small.systems.one?.all().map(({ values }) => values.NAME)).toContain('Something Else');
});

test('an answer about one that was merged into a third meanwhile ends the doubt about it', async () => {
  const small = await smallHub(['one', 'two', 'three'], { isOpen: false });
  const meet = async (connection: string, values: Record<string, string>): Promise<string> => {
    const externalId = small.systems[connection]?.create(values) ?? '';
    await small.notice(connection, [externalId]);
    await small.settle();
    return (await bundleOf(small, connection, externalId)).id;
  };
  const first = await meet('one', { NAME: 'Quarry Robotics' });
  const second = await meet('two', { NAME: 'Quarry Robotics' });
  const third = await meet('three', { DOMAIN: 'quarry.com', NAME: 'Nordlicht' });
  small.clock.now += 600_000;
  small.systems.one?.edit('one-1', { NAME: 'Quarry Robotics Ltd' });
  await small.notice('one', ['one-1']);
  await small.settle();
  expect(await mergeByPerson(small.hub, 'partner', third, first, 'ada')).toBe('done');
  small.clock.now += 600_000;
  await reviewProblems(small.hub);
  const [question] = (await small.store.listProblems({ limit: 10 })).problems;
  expect(question).toMatchObject({ cause: 'doubtful-match', candidates: [second, third] });
  expect(await doubtsOf(small, second)).toEqual([third]);

  expect(await keepApart(small.hub, question?.id ?? '')).toBe('done');

  expect(await doubtsOf(small, second)).toBeUndefined();
  expect(await problemsOf(small)).toEqual([]);
});

describe('two records said to be the same', () => {
  test('become one, and the question about them is closed', async () => {
    const { small, first, second } = await alike();

    expect(await mergeByPerson(small.hub, 'partner', first, second, 'ada')).toBe('done');

    expect((await small.store.readBundle('partner', second)).unified).toMatchObject({ mergedInto: first });
    expect(await doubtsOf(small, first)).toBeUndefined();
    // That the two are of one system is told instead.
    expect(await problemsOf(small)).toEqual(['duplicate']);
  });

  test('can be merged the other way round', async () => {
    const { small, first, second } = await alike();

    expect(await mergeByPerson(small.hub, 'partner', second, first, 'ada')).toBe('done');

    expect((await small.store.readBundle('partner', first)).unified).toMatchObject({ mergedInto: second });
    expect(await doubtsOf(small, second)).toBeUndefined();
    expect(await problemsOf(small)).not.toContain('doubtful-match');
  });

  test('leave questions about others open', async () => {
    const { small, first, second } = await alike();
    const { sources } = await small.store.readBundle('partner', second);
    const draft = {
      cause: 'merge-conflict',
      connection: 'two',
      object: 'thing',
      externalId: sources[0]?.externalId ?? '',
      kind: 'partner',
      candidates: [second, 'third'],
      message: 'x',
      nextStep: 'y',
    } as const;
    await raiseProblem(small.hub, draft);

    await mergeByPerson(small.hub, 'partner', first, second, 'ada');

    expect(await problemsOf(small)).toEqual(['merge-conflict', 'duplicate']);
  });

  test('and written meanwhile are not merged half', async () => {
    const { small, first, second } = await alike();

    expect(await mergeByPerson(contended(small), 'partner', first, second, 'ada')).toBe('contended');

    expect((await small.store.readBundle('partner', second)).sources).toHaveLength(1);
    expect(await problemsOf(small)).toEqual(['doubtful-match']);
    expect(await mergeByPerson(small.hub, 'partner', first, second, 'ada')).toBe('done');
  });

  test('must be two, and there', async () => {
    const { small, first } = await alike();

    expect(await mergeByPerson(small.hub, 'partner', first, first, 'ada')).toBe('unknown');
    expect(await mergeByPerson(small.hub, 'partner', first, 'nowhere', 'ada')).toBe('unknown');
    expect(await mergeByPerson(small.hub, 'contact', first, 'nowhere', 'ada')).toBe('unknown');
  });
});
