import { expect, test } from 'vitest';
import { mergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import { reviewProblems } from '../../../../domain/pipeline/problems/review-problems.ts';
import { bundleOf, problemsOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';

async function take(small: SmallHub, connection: string, values: Record<string, string>): Promise<string> {
  const id = small.systems[connection]?.create(values) ?? '';
  await small.notice(connection, [id]);
  await small.settle();
  return id;
}

test('a merge cut short whose survivor was merged on meanwhile is finished all the same', async () => {
  const small = await smallHub(['one', 'two', 'three'], { isOpen: false });
  const a = await take(small, 'one', { NAME: 'Acme', DOMAIN: 'acme.com' });
  const b = await take(small, 'two', { NAME: 'Globex', DOMAIN: 'globex.com' });
  const c = await take(small, 'three', { NAME: 'Initech', DOMAIN: 'initech.com' });
  const first = (await bundleOf(small, 'one', a)).id;
  const second = (await bundleOf(small, 'two', b)).id;
  const third = (await bundleOf(small, 'three', c)).id;
  const killed = {
    ...small.hub,
    store: {
      ...small.store,
      putRef: async () => {
        throw new Error('killed');
      },
      putSource: async () => {
        throw new Error('killed');
      },
    },
  };
  await expect(mergeByPerson(killed, 'partner', first, second, 'ann')).rejects.toThrow('killed');
  expect(await mergeByPerson(small.hub, 'partner', third, first, 'ann')).toBe('done');

  for (let i = 0; i < 3; i++) {
    small.clock.now += 300_000;
    await reviewProblems(small.hub);
    await small.settle();
  }

  expect(await problemsOf(small)).toEqual([]);
  expect((await small.store.readBundle('partner', second)).sources).toEqual([]);
  expect((await small.store.readBundle('partner', third)).sources.map(({ connection }) => connection)).toEqual([
    'one',
    'three',
    'two',
  ]);
});
