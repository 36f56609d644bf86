import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../../domain/model/fault.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { BOTH, idOf, marketVocabulary } from '../../../support/market-hub.ts';
import { problemsOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';
import { tellingOf } from '../../../support/tiny-mapping.ts';

/** The market takes a while to make what it is asked for. */
const AT_IT: Fault = {
  kind: 'throttled',
  code: 'RUNNING',
  message: 'It is being made.',
  retryAfterMs: 30_000,
  isUnderWay: true,
};
const REFUSED: Fault = { kind: 'rejected', code: 'NO', message: 'Not like this.' };

/** A deal asks for an offer in the market, which answers so, and just then somebody makes another one there for its buyer, by hand. */
async function offeredBeside(answer: Fault): Promise<{ small: SmallHub; deal: string; byHand: string }> {
  const small = await smallHub(['crm', 'market'], {
    systemNames: { market: 'market' },
    vocabulary: tellingOf('market', marketVocabulary()),
    mapping: (connection, mapping) =>
      connection === 'market' ? { ...mapping, isSent: ({ stage }) => stage === 'second' } : mapping,
  });
  small.systems.market?.failNextWrite(answer, false);
  const deal = small.systems.crm?.create({ NAME: 'Big', ...BOTH, STAGE: 'second' }) ?? '';
  await small.notice('crm', [deal]);
  await small.drain();
  const byHand = small.systems.market?.create({ NAME: 'By hand', ...BOTH, NOTE: 'offer-2' }) ?? '';
  return { small, deal, byHand };
}

describe('an offer made by hand while the hub has one made for the only open deal', () => {
  test('waits until that is there, and is a deal of its own', async () => {
    const { small, deal, byHand } = await offeredBeside(AT_IT);
    await small.notice('market', [byHand]);
    await small.drain();
    await expect(idOf(small, 'market', byHand)).rejects.toThrow('is not in the crosswalk');
    await small.settle();

    const own = small.systems.market?.all().find(({ id }) => id !== byHand)?.id ?? '';
    expect(await idOf(small, 'market', own)).toBe(await idOf(small, 'crm', deal));
    expect(await idOf(small, 'market', byHand)).not.toBe(await idOf(small, 'crm', deal));
    expect(small.systems.crm?.all()).toHaveLength(2);
    expect(await problemsOf(small)).toEqual([]);
  });

  test('is taken in as a deal of its own when that takes very long', async () => {
    const { small, deal, byHand } = await offeredBeside(AT_IT);
    const base = { schema: 1, connection: 'market', object: 'thing', reason: 'webhook' } as const;
    const notice = { ...base, ids: [byHand], attempts: 16, correlationId: 'test' };
    await absorbNotices(small.hub, [{ notice, isRepeated: false }]);

    expect(await idOf(small, 'market', byHand)).not.toBe(await idOf(small, 'crm', deal));
  });

  test('takes the place when the market would not make the one that was asked for', async () => {
    const { small, deal, byHand } = await offeredBeside(REFUSED);
    await small.notice('market', [byHand]);
    await small.settle();

    expect(await idOf(small, 'market', byHand)).toBe(await idOf(small, 'crm', deal));
    expect(small.systems.market?.all()).toHaveLength(1);
  });
});
