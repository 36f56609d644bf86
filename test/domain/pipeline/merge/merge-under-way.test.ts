import { describe, expect, test } from 'vitest';
import { mergeByPerson, unmergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import { mergeIdOf } from '../../../../domain/pipeline/merge/merge-records.ts';
import { absorbOne, deliver, dueFor } from '../../../support/due-deliveries.ts';
import { bundleOf, smallHub } from '../../../support/small-hub.ts';

describe('a merge while nobody knows whether a creation of the loser arrived', () => {
  test('makes no second record: the survivor looks for it under the loser’s id', async () => {
    const small = await withLostCreation(true);
    await mergeByPerson(small.hub, 'partner', small.first, small.second, 'ada');
    await small.settle();

    expect(small.systems.two?.all()).toHaveLength(1);
    const { unified } = await small.store.readBundle('partner', small.first);
    expect(unified?.seats['two#thing']).toMatchObject({ externalId: expect.any(String) });
  });

  test('makes one when it had not arrived', async () => {
    const small = await withLostCreation(false);
    await mergeByPerson(small.hub, 'partner', small.first, small.second, 'ada');
    await small.settle();

    expect(small.systems.two?.all()).toHaveLength(1);
  });

  test('and its undoing leave each with its own', async () => {
    const small = await withLostCreation(true);
    await mergeByPerson(small.hub, 'partner', small.first, small.second, 'ada');
    const undone = await unmergeByPerson(small.hub, mergeIdOf(small.first, small.second), 'ada');
    await small.settle();

    expect(undone.end).toBe('done');
    expect(small.systems.two?.all()).toHaveLength(2);
    const seats = await Promise.all(
      [small.first, small.second].map(
        async (id) => (await small.store.readBundle('partner', id)).unified?.seats['two#thing'],
      ),
    );
    expect(seats).toEqual([{ externalId: expect.any(String) }, { externalId: expect.any(String) }]);
  });
});

/** Two records of `one`, and a creation of the second in `two` whose answer was lost, after it arrived or before. */
async function withLostCreation(hasArrived: boolean) {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Acme', NOTE: 'first' }) ?? '';
  const b = small.systems.one?.create({ NAME: 'Globex', NOTE: 'first' }) ?? '';
  await absorbOne(small, [a, b]);
  const [first, second] = [(await bundleOf(small, 'one', a)).id, (await bundleOf(small, 'one', b)).id];
  small.outbox.takeDeliveries('two');
  small.systems.two?.failNextWrite({ kind: 'throttled', code: 'X', message: 'x', isUnanswered: true }, hasArrived);
  await deliver(small.hub, dueFor(second));
  small.clock.now += 120_000;
  return { ...small, first, second };
}
