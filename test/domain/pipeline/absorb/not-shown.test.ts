import { expect, test } from 'vitest';
import { retryProblem } from '../../../../domain/pipeline/problems/retry-problem.ts';
import { pairedHub, problemsOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';

test('an edit of a record that its system does not show any more is asked about, and goes out when it is shown again', async () => {
  const { small, a, b } = await pairedHub();
  small.systems.two?.hide([b]);

  await editThere(small, 'one', a, 'entered meanwhile');

  expect(small.systems.two?.read(b)).not.toMatchObject({ NOTE: 'entered meanwhile' });
  expect(await problemsOf(small)).toEqual(['not-shown']);
  const [problem] = (await small.store.listProblems({ limit: 1 })).problems;
  expect(problem).toMatchObject({ connection: 'two', externalId: b, kind: 'partner' });

  small.systems.two?.hide([]);
  await retryProblem(small.hub, problem?.id ?? '');
  await small.settle();

  expect(small.systems.two?.read(b)).toMatchObject({ NOTE: 'entered meanwhile' });
  expect(await problemsOf(small)).toEqual([]);
});

test('what people enter into it meanwhile comes in when it is shown again; nothing of it is taken for deleted', async () => {
  const { small, a, b } = await pairedHub({ onDelete: 'archive' });
  small.systems.two?.hide([b]);

  await editThere(small, 'two', b, 'entered where it is hidden');

  expect(small.systems.one?.all().map(({ id }) => id)).toEqual([a]);
  expect(await problemsOf(small)).toEqual(['not-shown']);

  small.systems.two?.hide([]);
  await small.notice('two', [b]);
  await small.settle();

  expect(small.systems.one?.read(a)).toMatchObject({ NOTE: 'entered where it is hidden' });
});

test('a retry while it is still hidden asks again at once', async () => {
  const { small, b } = await pairedHub();
  small.systems.two?.hide([b]);
  await editThere(small, 'two', b, 'x');
  const [problem] = (await small.store.listProblems({ limit: 1 })).problems;

  await retryProblem(small.hub, problem?.id ?? '');
  await small.drain();

  expect(await problemsOf(small)).toEqual(['not-shown']);
});

test('nobody is asked about a record that is shown again within a minute, or that the hub does not know', async () => {
  const { small, b } = await pairedHub();
  small.systems.two?.hide([b]);
  await small.notice('two', [b, 'never-there']);
  await small.drain();
  small.systems.two?.hide([]);
  await small.settle();

  expect(await problemsOf(small)).toEqual([]);
});

test('a record that the hub made and that is not shown when it is first read is asked about, and is not made again', async () => {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
  await small.notice('one', [a]);
  await small.settle();
  small.systems.two?.hide(small.systems.two.all().map(({ id }) => id));

  await editThere(small, 'one', a, 'x');

  expect(small.systems.two?.all()).toHaveLength(1);
  expect(await problemsOf(small)).toEqual(['not-shown']);
});

async function editThere(small: SmallHub, connection: string, id: string, note: string): Promise<void> {
  small.clock.now += 5_000;
  small.systems[connection]?.edit(id, { NOTE: note });
  await small.notice(connection, [id]);
  await small.settle();
}
