import { describe, expect, test } from 'vitest';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { describeRecord } from '../../../../domain/pipeline/describe-record.ts';
import { keepApart } from '../../../../domain/pipeline/identify/decide-likeness.ts';
import { mergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import type { HubStore } from '../../../../domain/pipeline/ports.ts';
import { reviewProblems } from '../../../../domain/pipeline/problems/review-problems.ts';
import { memoryStore } from '../../../../local/memory/memory-store.ts';
import { BOTH, idOf, market, marketVocabulary, meet } from '../../../support/market-hub.ts';
import { bundleOf, problemsOf, type SmallHub, setConnection, smallHub } from '../../../support/small-hub.ts';

async function questions(small: SmallHub) {
  const { problems } = await small.store.listProblems({ limit: 50 });
  return problems.filter(({ cause }) => cause === 'doubtful-match');
}

describe('a new offer', () => {
  test('becomes part of the only open deal of its buyer and product, and the journal says why', async () => {
    const small = await market();
    const [deal = ''] = await meet(small, 'crm', { NAME: 'Big', ...BOTH });
    const [offer = ''] = await meet(small, 'market', { NAME: 'Offer', ...BOTH, NOTE: 'offer-1' });

    const id = await idOf(small, 'crm', deal);
    expect(await idOf(small, 'market', offer)).toBe(id);
    expect(small.systems.crm?.read(deal)).toMatchObject({ NOTE: 'offer-1' });
    const { journal, seats } = (await describeRecord(small.hub, 'partner', id)) ?? {};
    expect(journal?.find(({ step }) => step === 'linked')).toMatchObject({
      from: `market#thing#${offer}`,
      note: 'linked because it is the only open partner of buyer 123456789013 and product prod-example',
    });
    expect(seats).toMatchObject({ 'market#thing': offer });
    expect(await problemsOf(small)).toEqual([]);
  });

  test('finds a deal whose buyer was only entered later', async () => {
    const small = await market();
    const [deal = ''] = await meet(small, 'crm', { NAME: 'Big' });
    small.clock.now += 5_000;
    small.systems.crm?.edit(deal, BOTH);
    await small.notice('crm', [deal]);
    await small.settle();
    const [offer = ''] = await meet(small, 'market', { NAME: 'Offer', ...BOTH, NOTE: 'offer-1' });

    expect(await idOf(small, 'market', offer)).toBe(await idOf(small, 'crm', deal));
  });

  test.each([
    ['there is none', {}],
    ['the deal was lost', { ...BOTH, TIER: 'lost' }],
    ['the deal has an offer', { ...BOTH, NOTE: 'offer-9' }],
    ['the deal is of another product', { ...BOTH, CITY: 'prod-other' }],
  ])('is a new deal when %s', async (_name, values) => {
    const small = await market();
    const [deal = ''] = await meet(small, 'crm', { NAME: 'Big', ...values });
    const [offer = ''] = await meet(small, 'market', { NAME: 'Offer', ...BOTH, NOTE: 'offer-1' });

    expect(await idOf(small, 'market', offer)).not.toBe(await idOf(small, 'crm', deal));
    expect(await problemsOf(small)).toEqual([]);
  });

  test('is a new deal when the deal was open, and has ended since', async () => {
    const small = await market();
    const [deal = ''] = await meet(small, 'crm', { NAME: 'Big', ...BOTH });
    small.clock.now += 5_000;
    small.systems.crm?.edit(deal, { TIER: 'won' });
    await small.notice('crm', [deal]);
    await small.settle();
    const [offer = ''] = await meet(small, 'market', { NAME: 'Offer', ...BOTH, NOTE: 'offer-1' });

    expect(await idOf(small, 'market', offer)).not.toBe(await idOf(small, 'crm', deal));
    expect((await small.store.readKeys([KEY])).size).toBe(0);
  });

  test('that comes second is a new deal without a question', async () => {
    const small = await market();
    await meet(small, 'crm', { NAME: 'Big', ...BOTH });
    await meet(small, 'market', { NAME: 'Offer', ...BOTH, NOTE: 'offer-1' });
    const [second = ''] = await meet(small, 'market', { NAME: 'Second', ...BOTH, NOTE: 'offer-2' });

    expect((await bundleOf(small, 'market', second)).sources.map(({ connection }) => connection)).toContain('crm');
    expect(small.systems.crm?.all()).toHaveLength(2);
    expect(await problemsOf(small)).toEqual([]);
  });

  test('that may belong to several is a question, and is made nowhere until it is answered', async () => {
    const small = await market();
    const deals = await meet(small, 'crm', { NAME: 'Big', ...BOTH }, { NAME: 'Small', ...BOTH });
    const [offer = ''] = await meet(small, 'market', { NAME: 'Offer', ...BOTH, NOTE: 'offer-1' });
    const ids = await Promise.all(deals.map((deal) => idOf(small, 'crm', deal)));
    const own = await idOf(small, 'market', offer);

    const [question, ...more] = await questions(small);
    expect(more).toEqual([]);
    expect(question?.candidates).toEqual([own, ...ids.toSorted()]);
    expect(question?.message).toContain('buyer 123456789013 and product prod-example: there are several.');
    expect(small.systems.crm?.all()).toHaveLength(2);
    small.clock.now += 600_000;
    await reviewProblems(small.hub);
    expect(await questions(small)).toHaveLength(1);

    await mergeByPerson(small.hub, 'partner', ids[0] ?? '', own, 'ann');
    await small.settle();
    small.clock.now += 600_000;
    await reviewProblems(small.hub);
    expect(await idOf(small, 'market', offer)).toBe(ids[0]);
    expect(await questions(small)).toEqual([]);
  });

  test('of which a person says that it belongs to none becomes a deal of its own', async () => {
    const small = await market();
    await meet(small, 'crm', { NAME: 'Big', ...BOTH }, { NAME: 'Small', ...BOTH });
    await meet(small, 'market', { NAME: 'Offer', ...BOTH, NOTE: 'offer-1' });
    const [question] = await questions(small);
    await keepApart(small.hub, question?.id ?? '');
    await small.settle();

    expect(small.systems.crm?.all()).toHaveLength(3);
  });

  test('is a question as well where there are more deals than a key has room for', async () => {
    const small = await market();
    const ids: string[] = [];
    for (let place = 0; place < 10; place++)
      ids.push(...(await meet(small, 'crm', { NAME: `Deal ${place}`, ...BOTH })));
    const ended = ids.slice(0, 7);
    small.clock.now += 5_000;
    for (const id of ended) small.systems.crm?.edit(id, { TIER: 'lost' });
    await small.notice('crm', ended);
    await small.settle();
    await meet(small, 'market', { NAME: 'Offer', ...BOTH, NOTE: 'offer-1' });

    // Of those still open the key has room for one; that there were more is remembered.
    const [question] = await questions(small);
    expect(question?.candidates).toHaveLength(2);
  });
});

describe('two offers for one open deal at the same moment', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'are one that is linked and one question, however they meet (%i)',
    async (delay) => {
      const memory = memoryStore();
      // Each call of the first offer's worker lets the other's go on by so many steps, so that they meet at different places.
      const small = await market(memory);
      await meet(small, 'crm', { NAME: 'Big', ...BOTH });
      const first = small.systems.market?.create({ NAME: 'First', ...BOTH, NOTE: 'offer-1' }) ?? '';
      const second = small.systems.market?.create({ NAME: 'Second', ...BOTH, NOTE: 'offer-2' }) ?? '';
      const late: HubStore = {
        ...memory,
        readUnified: async (...call) => {
          for (let step = 0; step < delay; step++) await Promise.resolve();
          return memory.readUnified(...call);
        },
      };
      await Promise.all([
        absorbNotices(small.hub, [{ notice: noticeOf(first), isRepeated: false }]),
        absorbNotices({ ...small.hub, store: late }, [{ notice: noticeOf(second), isRepeated: false }]),
      ]);
      await small.settle();

      const ids = [await idOf(small, 'market', first), await idOf(small, 'market', second)];
      expect(new Set(ids).size).toBe(2);
      expect(await problemsOf(small)).toEqual(['doubtful-match']);
      const [question] = await questions(small);
      expect(question?.candidates?.toSorted()).toEqual(ids.toSorted());
      expect(small.systems.crm?.all()).toHaveLength(1);
    },
  );

  test('that are the same offer are both linked', async () => {
    const small = await smallHub(['crm', 'market', 'store'], {
      systemNames: { market: 'market', store: 'market' },
      vocabulary: marketVocabulary(),
      mapping: (connection, mapping) => (connection === 'crm' ? mapping : { ...mapping, isSent: () => false }),
    });
    const [deal = ''] = await meet(small, 'crm', { NAME: 'Big', ...BOTH });
    const offer = small.systems.market?.create({ NAME: 'Offer', ...BOTH, NOTE: 'offer-1' }) ?? '';
    const agreement = small.systems.store?.create({ NAME: 'Agreement', ...BOTH, NOTE: 'offer-1' }) ?? '';
    await Promise.all([
      absorbNotices(small.hub, [{ notice: noticeOf(offer), isRepeated: false }]),
      absorbNotices(small.hub, [{ notice: { ...noticeOf(agreement), connection: 'store' }, isRepeated: false }]),
    ]);
    await small.settle();

    const id = await idOf(small, 'crm', deal);
    expect([await idOf(small, 'market', offer), await idOf(small, 'store', agreement)]).toEqual([id, id]);
    expect(await problemsOf(small)).toEqual([]);
  });
});

test('a message cut short after the seat was promised is finished by its redelivery, at once and with its reason', async () => {
  const memory = memoryStore();
  const small = await market(memory);
  const [deal = ''] = await meet(small, 'crm', { NAME: 'Big', ...BOTH });
  const offer = small.systems.market?.create({ NAME: 'Offer', ...BOTH, NOTE: 'offer-1' }) ?? '';
  const broken: HubStore = {
    ...memory,
    putSource: async () => {
      throw new Error('cut short');
    },
  };
  const dying = absorbNotices({ ...small.hub, store: broken }, [{ notice: noticeOf(offer), isRepeated: false }]);
  await expect(dying).rejects.toThrow('cut short');
  const before = small.clock.now;
  await small.notice('market', [offer]);
  await small.drain();

  expect(small.clock.now).toBe(before);
  const { id, unified } = await bundleOf(small, 'market', offer);
  expect(id).toBe(await idOf(small, 'crm', deal));
  expect(unified?.seats['market#thing']).toEqual({ externalId: offer });
  const notes = (await small.store.readJournal('partner', id, 50)).map(({ note }) => note);
  expect(notes).toContain('linked because it is the only open partner of buyer 123456789013 and product prod-example');
});

describe('an offer that is met before the deals are', () => {
  async function unread(small: SmallHub): Promise<void> {
    await setConnection(small, 'crm', (state) => ({ ...state, backfilledAt: {} }));
  }

  test('waits until they have been read, and finds its own whichever came first', async () => {
    const small = await market();
    await unread(small);
    const offer = small.systems.market?.create({ NAME: 'Offer', ...BOTH, NOTE: 'offer-1' }) ?? '';
    await small.notice('market', [offer]);
    await small.drain();
    await expect(idOf(small, 'market', offer)).rejects.toThrow('is not in the crosswalk');

    const deal = small.systems.crm?.create({ NAME: 'Big', ...BOTH }) ?? '';
    await small.notice('crm', [deal]);
    await small.drain();
    await setConnection(small, 'crm', (state) => ({ ...state, backfilledAt: { thing: small.clock.now } }));
    await small.settle();

    expect(await idOf(small, 'market', offer)).toBe(await idOf(small, 'crm', deal));
    expect(await problemsOf(small)).toEqual([]);
  });

  test('does not wait for ever, nor for a connection that is paused', async () => {
    const small = await market();
    await unread(small);
    const first = small.systems.market?.create({ NAME: 'Offer', ...BOTH, NOTE: 'offer-1' }) ?? '';
    const before = small.clock.now;
    await small.notice('market', [first]);
    await small.settle();
    expect(small.clock.now - before).toBeGreaterThan(3_600_000);
    expect(small.clock.now - before).toBeLessThan(4 * 3_600_000);
    expect(await idOf(small, 'market', first)).not.toBe('');

    const pause = { at: small.clock.now, reason: 'by Ann', by: 'person' } as const;
    await setConnection(small, 'crm', (state) => ({ ...state, paused: pause }));
    const second = small.systems.market?.create({ NAME: 'Offer', ...BOTH, NOTE: 'offer-2' }) ?? '';
    await small.notice('market', [second]);
    await small.drain();
    expect(await idOf(small, 'market', second)).not.toBe('');
  });

  test('waits for nobody if it looks for nothing', async () => {
    const small = await market();
    await unread(small);
    const offer = small.systems.market?.create({ NAME: 'Offer', STREET: BOTH.STREET, NOTE: 'offer-1' }) ?? '';
    await small.notice('market', [offer]);
    await small.drain();

    expect(await idOf(small, 'market', offer)).not.toBe('');
  });
});

test('records that are not new are never linked to each other by a sole key', async () => {
  const small = await market();
  const deals = await meet(small, 'crm', { NAME: 'Big', ...BOTH }, { NAME: 'Small', ...BOTH });
  const [third = ''] = await meet(small, 'other', { NAME: 'Third', ...BOTH });

  const ids = await Promise.all([...deals.map((deal) => idOf(small, 'crm', deal)), idOf(small, 'other', third)]);
  expect(new Set(ids).size).toBe(3);
  expect(await problemsOf(small)).toEqual([]);
});

const KEY = { kind: 'partner', type: 'sole-buyer-product', value: '123456789013 prod-example' } as const;

function noticeOf(id: string) {
  return {
    schema: 1,
    connection: 'market',
    object: 'thing',
    ids: [id],
    reason: 'webhook',
    attempts: 0,
    correlationId: 'race',
  } as const;
}
