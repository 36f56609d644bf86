import { describe, expect, test } from 'vitest';
import type { Notice } from '../../../../domain/model/notice.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { holdPage, releasePage } from '../../../../domain/pipeline/connections/backfill-pages.ts';
import type { HubStore } from '../../../../domain/pipeline/ports.ts';
import { memoryStore } from '../../../../local/memory/memory-store.ts';
import { BOTH, idOf, market, meet } from '../../../support/market-hub.ts';
import { bundleOf, problemsOf, type SmallHub } from '../../../support/small-hub.ts';

/** An open deal of a CRM, the first agreement about it, which names the deal, and the one that renewed that by itself. */
async function renewed(store = memoryStore()) {
  const small = await market(store);
  const [deal = ''] = await meet(small, 'crm', { NAME: 'Big', ...BOTH });
  const id = await idOf(small, 'crm', deal);
  const first = small.systems.market?.create({ NAME: 'First', ...BOTH, HUB_ID: id }) ?? '';
  const renewal = small.systems.market?.create({ NAME: 'Renewal', ...BOTH, PARENT: first }) ?? '';
  small.clock.now += 5_000;
  return { small, deal, id, first, renewal };
}

function absorb(small: SmallHub, store: HubStore, ids: readonly string[], change: Partial<Notice> = {}) {
  const base = { schema: 1, connection: 'market', object: 'thing', reason: 'webhook', attempts: 0 } as const;
  const notice: Notice = { ...base, ids, correlationId: 'test', ...change };
  return absorbNotices({ ...small.hub, store }, [{ notice, isRepeated: false }]);
}

describe('a renewal is a deal of its own, and what it renewed gets its place', () => {
  test.each([
    ['it is heard of first', 'renewal'],
    ['both are heard of at once', 'both'],
  ])('when %s', async (_name, told) => {
    const { small, deal, id, first, renewal } = await renewed();
    await small.notice('market', told === 'both' ? [renewal, first] : [renewal]);
    await small.settle();

    expect(await idOf(small, 'market', first)).toBe(id);
    const own = await bundleOf(small, 'market', renewal);
    expect(own.id).not.toBe(id);
    expect(own.unified?.fields.parent?.value).toBe(id);
    expect(small.systems.crm?.all().map(({ values }) => values.PARENT)).toEqual([undefined, deal]);
    expect(await problemsOf(small)).toEqual([]);
  });

  test('when it comes while that is known already and not yet in its place', async () => {
    const memory = memoryStore();
    const { small, id, first, renewal } = await renewed(memory);
    let isHeldUp = false;
    const slow: HubStore = {
      ...memory,
      putSource: async (...call) => {
        if (!isHeldUp) {
          isHeldUp = true;
          await absorb(small, memory, [renewal]);
        }
        return memory.putSource(...call);
      },
    };
    await absorb(small, slow, [first]);
    await small.settle();

    expect(await idOf(small, 'market', first)).toBe(id);
    expect(await idOf(small, 'market', renewal)).not.toBe(id);
    expect(await problemsOf(small)).toEqual([]);
  });
});

test('a renewal goes to the open deal that somebody entered for it', async () => {
  const { small, first, renewal } = await renewed();
  await small.notice('market', [first]);
  await small.settle();
  small.systems.crm?.edit('crm-1', { TIER: 'won' });
  await small.notice('crm', ['crm-1']);
  await small.settle();
  const [entered = ''] = await meet(small, 'crm', { NAME: 'Next year', ...BOTH });
  await small.notice('market', [renewal]);
  await small.settle();

  expect(await idOf(small, 'market', renewal)).toBe(await idOf(small, 'crm', entered));
});

describe('a renewal of an agreement that is never shown', () => {
  test('is taken in after a while, and a person hears of it', async () => {
    const small = await market();
    const renewal = small.systems.market?.create({ NAME: 'Renewal', ...BOTH, PARENT: 'market-99' }) ?? '';
    const before = small.clock.now;
    await small.notice('market', [renewal]);
    await small.drain();
    await expect(idOf(small, 'market', renewal)).rejects.toThrow('is not in the crosswalk');
    await small.settle();

    expect(small.clock.now - before).toBeLessThan(3_600_000);
    expect(await idOf(small, 'market', renewal)).not.toBe('');
    expect(await problemsOf(small)).toEqual(['unresolved-reference']);
  });

  test('holds up the end of a first reading until it is in', async () => {
    const small = await market();
    const renewal = small.systems.market?.create({ NAME: 'Renewal', ...BOTH, PARENT: 'market-99' }) ?? '';
    await holdPage(small.hub, 'market', 'thing', '1.0.0');
    await absorb(small, small.store, [renewal], { reason: 'backfill', page: '1.0.0' });

    // Of the page and the record that stands for it, both are still to be ticked off.
    expect(await releasePage(small.hub, 'market', 'thing', '1.0.0')).toBeGreaterThan(0);
    await small.settle();
    expect(await releasePage(small.hub, 'market', 'thing', '1.0.0')).toBe(0);
  });
});
