import { expect, test } from 'vitest';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { bundleOf, type SmallHub, smallHub, withPort } from '../../../support/small-hub.ts';

/** Absorbs a record of `one` whose system names these as merged into it; answers how many bundles that took. */
async function absorbNaming(small: SmallHub, id: string, mergedIds: readonly string[]): Promise<number> {
  let reads = 0;
  const naming = withPort(small.hub, 'one', (port) => ({
    read: async (...asked) => {
      const answer = await port.read(...asked);
      if (!answer.ok) return answer;
      const value = answer.value.map((each) =>
        each.outcome === 'found' ? { ...each, snapshot: { ...each.snapshot, mergedIds } } : each,
      );
      return { ok: true, value };
    },
  }));
  const readBundle: typeof small.store.readBundle = (kind, unifiedId) => {
    reads += 1;
    return small.store.readBundle(kind, unifiedId);
  };
  const notice = { schema: 1, connection: 'one', object: 'thing', ids: [id], attempts: 0, correlationId: 'c' } as const;
  await absorbNotices({ ...naming, store: { ...small.store, readBundle } }, [
    { notice: { ...notice, reason: 'sweep' }, isRepeated: false },
  ]);
  return reads;
}

test('a merge that was not told is found by the survivor, and once it is taken in costs one read more', async () => {
  const small = await smallHub(['one']);
  const ids: string[] = [];
  for (const name of ['Acme', 'Globex', 'Initech', 'Umbrella']) {
    ids.push(small.systems.one?.create({ NAME: name, DOMAIN: `${name.toLowerCase()}.com` }) ?? '');
  }
  await small.notice('one', ids);
  await small.settle();
  const [survivor = '', ...others] = ids;
  const before = await absorbNaming(small, survivor, []);
  for (const other of others) small.systems.one?.merge(other, survivor);

  await absorbNaming(small, survivor, others);
  expect(small.outbox.waiting.notices.map(({ message }) => message.ids)).toEqual([others]);
  await small.settle();

  const { id } = await bundleOf(small, 'one', survivor);
  for (const other of others) expect((await bundleOf(small, 'one', other)).id).toBe(id);
  expect(await absorbNaming(small, survivor, others)).toBe(before + 1);
  expect(small.outbox.waiting.notices).toEqual([]);
});
