import { expect, test } from 'vitest';
import { doubtsSince } from '../../../../domain/pipeline/identify/find-likeness.ts';
import { bundleOf, smallHub } from '../../../support/small-hub.ts';

test.each([
  [4, 'is', 1],
  [5, 'is not', 0],
])(
  'of a record that is in doubt about %i others, a further one %s: more than that no question names',
  async (count, _is, more) => {
    const small = await smallHub(['one']);
    const ids: string[] = [];
    for (const name of ['Acme', 'Quarry', 'Nordlicht', 'Seewind', 'Globex', 'Initech', 'Umbrella']) {
      const externalId = small.systems.one?.create({ NAME: name }) ?? '';
      await small.notice('one', [externalId]);
      await small.settle();
      ids.push((await bundleOf(small, 'one', externalId)).id);
    }
    const [id = '', another = '', ...others] = ids;
    const own = await small.store.readBundle('partner', id);
    if (own.unified === undefined) throw new Error('it was taken in');
    const doubted = { ...own, unified: { ...own.unified, doubts: others.slice(0, count) } };

    expect(await doubtsSince(small.hub, doubted, [...others.slice(0, count), another])).toEqual(
      [another].slice(0, more),
    );
  },
);
