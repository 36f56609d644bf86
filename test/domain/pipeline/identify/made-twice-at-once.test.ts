import { expect, test } from 'vitest';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { interruptedHub } from '../../../support/interrupted-hub.ts';
import { received } from '../../../support/meet-at-once.ts';
import { bundleOf, problemsOf, smallHub } from '../../../support/small-hub.ts';

/** More calls than taking in a record takes. */
const CALLS_MAX = 100;

/*
 * one:    parent ─ read ─ crosswalk: A ─────────────────────────── key is B's: crosswalk: B
 * two:                                   parent: key, record B
 * one:                                   child of the parent, that is of A
 */
test('who refers to a record that two systems bring in the same moment belongs to the one that is left, whenever it is read', async () => {
  let moments = 0;
  for (let at = 1; at < CALLS_MAX; at++) {
    const small = await smallHub(['one', 'two']);
    const parent = small.systems.one?.create({ NAME: 'Parent', DOMAIN: 'parent.com' }) ?? '';
    const parentInTwo = small.systems.two?.create({ NAME: 'Parent', DOMAIN: 'parent.com' }) ?? '';
    const child = small.systems.one?.create({ NAME: 'Child', DOMAIN: 'child.com', PARENT: parent }) ?? '';
    await small.notice('one', [parent]);
    const first = received(small);
    let isMet = false;
    const hub = interruptedHub(small.hub, async (call) => {
      if (call !== at) return;
      isMet = true;
      // Nothing is delivered yet: what is made elsewhere before the other one is known is there twice, whatever is done.
      await small.notice('two', [parentInTwo]);
      await absorbNotices(small.hub, received(small));
      await small.notice('one', [child]);
      await absorbNotices(small.hub, received(small));
    });
    await absorbNotices(hub, first);
    if (!isMet) break;
    moments += 1;
    await small.settle();

    const inTwo = small.systems.two?.all() ?? [];
    expect.soft(inTwo.map(({ values }) => values.NAME).sort(), `call ${at}`).toEqual(['Child', 'Parent']);
    expect.soft(inTwo.find(({ values }) => values.NAME === 'Child')?.values.PARENT, `call ${at}`).toBe(parentInTwo);
    expect.soft(await problemsOf(small), `call ${at}`).toEqual([]);
  }
  expect(moments).toBeGreaterThan(5);
});

test('a record that two workers meet for the first time, with another key each, is a source of one record only', async () => {
  let moments = 0;
  for (let at = 1; at < CALLS_MAX; at++) {
    const small = await smallHub(['one', 'two']);
    const other = small.systems.two?.create({ NAME: 'Globex', DOMAIN: 'globex.com' }) ?? '';
    await small.notice('two', [other]);
    await absorbNotices(small.hub, received(small));
    const record = small.systems.one?.create({ NAME: 'Globex', DOMAIN: 'globex-old.com' }) ?? '';
    await small.notice('one', [record]);
    const first = received(small);
    let isMet = false;
    const hub = interruptedHub(small.hub, async (call) => {
      if (call !== at) return;
      isMet = true;
      small.clock.now += 2_000;
      small.systems.one?.edit(record, { DOMAIN: 'globex.com' });
      await small.notice('one', [record]);
      await absorbNotices(small.hub, received(small));
    });
    await absorbNotices(hub, first);
    if (!isMet) break;
    moments += 1;

    const ids = new Set(small.store.everything().match(/01HUB\d{21}/g));
    const holders: string[] = [];
    for (const id of ids) {
      const { sources } = await small.store.readBundle('partner', id);
      if (sources.some(({ externalId }) => externalId === record)) holders.push(id);
    }
    expect.soft(holders, `call ${at}`).toEqual([(await bundleOf(small, 'one', record)).id]);
  }
  expect(moments).toBeGreaterThan(5);
});
