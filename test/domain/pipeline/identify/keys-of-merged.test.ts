import { expect, test } from 'vitest';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { mergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import { interruptedHub } from '../../../support/interrupted-hub.ts';
import { received } from '../../../support/meet-at-once.ts';
import { bundleOf, problemsOf, smallHub } from '../../../support/small-hub.ts';

/** More calls than a merge takes. */
const CALLS_MAX = 100;

/*
 * merge:    source of the loser moves ─ loser is another name of the survivor ───────── survivor takes its keys
 * another:                                                               key is the loser's
 */
test.each(['edited', 'entered'])(
  'a key of a record that is just being merged is not free for another one that is %s',
  async (how) => {
    let moments = 0;
    for (let at = 1; at < CALLS_MAX; at++) {
      const small = await smallHub(['one', 'two', 'three'], { isOpen: false });
      const meet = async (connection: string, values: Record<string, string>): Promise<string> => {
        const id = small.systems[connection]?.create(values) ?? '';
        await small.notice(connection, [id]);
        await small.settle();
        return id;
      };
      const survivor = await meet('one', { NAME: 'Nordlicht', DOMAIN: 'nordlicht.com' });
      const loser = await meet('two', { NAME: 'Quarry', DOMAIN: 'quarry.com' });
      const third = await meet('one', { NAME: 'Seewind', DOMAIN: 'seewind.com' });
      const ids = [(await bundleOf(small, 'one', survivor)).id, (await bundleOf(small, 'two', loser)).id] as const;
      small.clock.now += 60_000;
      let isMet = false;
      const hub = interruptedHub(small.hub, async (call) => {
        if (call !== at) return;
        isMet = true;
        if (how === 'edited') {
          small.systems.one?.edit(third, { DOMAIN: 'quarry.com' });
          await small.notice('one', [third]);
        } else {
          const again = small.systems.three?.create({ NAME: 'Quarry', DOMAIN: 'quarry.com' }) ?? '';
          await small.notice('three', [again]);
        }
        await absorbNotices(small.hub, received(small));
      });
      const end = await mergeByPerson(hub, 'partner', ...ids, 'ann');
      if (!isMet) break;
      // Somebody wrote one of the two meanwhile: whoever merges does it again.
      if (end === 'contended') await mergeByPerson(small.hub, 'partner', ...ids, 'ann');
      moments += 1;
      await small.settle();

      const key = { kind: 'partner', type: 'domain', value: 'quarry.com' } as const;
      expect.soft([...(await small.store.readKeys([key])).values()], `call ${at}`).toEqual([ids[0]]);
      const conflicts = (await problemsOf(small)).filter((cause) => cause === 'merge-conflict');
      expect.soft(conflicts, `call ${at}`).toEqual(how === 'edited' ? ['merge-conflict'] : []);
    }
    expect(moments).toBeGreaterThan(5);
  },
);
