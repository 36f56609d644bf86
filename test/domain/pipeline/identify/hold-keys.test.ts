import { expect, test } from 'vitest';
import { holdKeys } from '../../../../domain/pipeline/identify/hold-keys.ts';
import { bundleOf, problemsOf, smallHub } from '../../../support/small-hub.ts';

test('a key of what is in doubt by now is no second question, also when the record was in doubt about others before', async () => {
  const small = await smallHub(['one', 'two']);
  const meet = async (connection: string, values: Record<string, string>): Promise<string> => {
    const id = small.systems[connection]?.create(values) ?? '';
    await small.notice(connection, [id]);
    await small.settle();
    return id;
  };
  const rival = await bundleOf(small, 'one', await meet('one', { NAME: 'Nordlicht', DOMAIN: 'nordlicht.com' }));
  const own = await bundleOf(small, 'one', await meet('one', { NAME: 'Quarry', DOMAIN: 'quarry.com' }));
  if (own.unified === undefined) throw new Error('it was taken in');
  const doubted = { ...own, unified: { ...own.unified, doubts: ['another'] } };

  const held = await holdKeys(small.hub, doubted, ['domain:nordlicht.com'], { doubts: [rival.id] });

  expect(held).toEqual([]);
  expect(await problemsOf(small)).toEqual([]);
});
