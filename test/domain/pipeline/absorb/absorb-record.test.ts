import { describe, expect, test } from 'vitest';
import { absorb, createAll, notice, reading, waitingNotices } from '../../../support/notice-batches.ts';
import { bundleOf, problemsOf, type SmallHub, smallHub, withPort } from '../../../support/small-hub.ts';

/** The hub of a worker to whom something happens between the first answer of a read from `one` and what it makes of it. */
function heldUpAfterReading(small: SmallHub, meanwhile: () => Promise<void>): SmallHub['hub'] {
  let isHeldUp = false;
  return withPort(small.hub, 'one', ({ read }) => ({
    read: async (...asked) => {
      const answer = await read(...asked);
      if (!isHeldUp) {
        isHeldUp = true;
        await meanwhile();
      }
      return answer;
    },
  }));
}

describe('a record that another worker has met since it was read', () => {
  test('is read again: what the hub wrote over meanwhile is not an edit on top of that', async () => {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com', NOTE: 'first' }) ?? '';
    small.clock.now += 10_000;
    const b = small.systems.two?.create({ NAME: 'Acme', DOMAIN: 'acme.com', NOTE: 'second' }) ?? '';
    const slow = heldUpAfterReading(small, async () => {
      await small.notice('one', [a]);
      await small.notice('two', [b]);
      await small.settle();
    });

    await absorb(slow, notice([a]));
    await small.settle();

    expect([small.systems.one?.read(a).NOTE, small.systems.two?.read(b).NOTE]).toEqual(['second', 'second']);
  });
});

describe('a record that is not there', () => {
  test('is not taken for deleted', async () => {
    const small = await smallHub(['one']);
    const [id = ''] = createAll(small, 1, () => ({ NAME: 'Acme' }));
    await absorb(small.hub, notice([id]));

    const report = await absorb(
      reading(small.hub, () => ({ outcome: 'missing' })),
      notice([id, 'never-met']),
    );

    expect(report).toEqual({ 'waits:not-shown': 1, 'ignored:missing-and-unknown': 1 });
    const { unified, sources } = await bundleOf(small, 'one', id);
    expect([unified?.state, sources[0]?.state]).toEqual(['present', 'present']);
  });

  test('and that the system says is deleted is; one nobody knew leaves no trace', async () => {
    const small = await smallHub(['one']);
    const [id = '', unknown = ''] = createAll(small, 2, (index) => ({ NAME: `Company ${index}` }));
    await absorb(small.hub, notice([id]));
    for (const each of [id, unknown]) small.systems.one?.remove(each);

    expect(await absorb(small.hub, notice([id, unknown]))).toEqual({ absorbed: 1, 'ignored:gone-and-unknown': 1 });

    expect((await bundleOf(small, 'one', id)).unified?.state).toBe('deleted');
    expect(await absorb(small.hub, notice([id]))).toEqual({ unchanged: 1 });
  });
});

describe('a record that answers under another id', () => {
  test('was merged into that one: both ids lead to one record from now on', async () => {
    const small = await smallHub(['one']);
    const [loser = '', survivor = ''] = createAll(small, 2, (index) => ({ NAME: `Company ${index}` }));
    await absorb(small.hub, notice([loser, survivor]));
    const before = await bundleOf(small, 'one', survivor);
    small.systems.one?.merge(loser, survivor);

    await absorb(small.hub, notice([loser]));

    const merged = await bundleOf(small, 'one', loser);
    expect(merged.id).toBe(before.id);
    expect(merged.sources.map(({ externalId, state }) => [externalId, state])).toEqual([
      [loser, 'merged'],
      [survivor, 'present'],
    ]);
  });

  test('is that one, when neither was known', async () => {
    const small = await smallHub(['one']);
    const [loser = '', survivor = ''] = createAll(small, 2, (index) => ({ NAME: `Company ${index}` }));
    small.systems.one?.merge(loser, survivor);

    expect(await absorb(small.hub, notice([loser]))).toEqual({ absorbed: 1 });

    expect((await bundleOf(small, 'one', loser)).id).toBe((await bundleOf(small, 'one', survivor)).id);
  });

  test('and was written under that one since it was read is asked for again', async () => {
    const small = await smallHub(['one', 'two']);
    const survivor = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com', NOTE: 'first' }) ?? '';
    const [loser = ''] = createAll(small, 1, () => ({ NAME: 'Nordlicht' }));
    await small.notice('one', [survivor, loser]);
    await small.settle();
    const b = small.systems.two?.all().find(({ values }) => values.DOMAIN === 'acme.com')?.id ?? '';
    await small.notice('two', [b]);
    await small.settle();
    small.systems.one?.merge(loser, survivor);
    const slow = heldUpAfterReading(small, async () => {
      small.clock.now += 10_000;
      small.systems.two?.edit(b, { NOTE: 'second' });
      await small.notice('two', [b]);
      await small.settle();
    });

    await absorb(slow, notice([loser]));
    await small.settle();

    expect([small.systems.one?.read(survivor).NOTE, small.systems.two?.read(b).NOTE]).toEqual(['second', 'second']);
    expect((await bundleOf(small, 'one', loser)).id).toBe((await bundleOf(small, 'one', survivor)).id);
  });

  test('is asked for with a patience of its own, however long this one had waited for what it referred to', async () => {
    const small = await smallHub(['one']);
    const [loser = '', survivor = ''] = createAll(small, 2, (index) => ({ NAME: `Company ${index}` }));
    await absorb(small.hub, notice([loser, survivor]));
    small.systems.one?.merge(loser, survivor);

    await absorb(small.hub, notice([loser], { attempts: 9, awaited: 9 }));

    const [asked] = small.outbox.takeNotices();
    expect(asked).toMatchObject({ ids: [survivor], reason: 'reference', attempts: 0 });
    expect(asked?.awaited).toBeUndefined();
  });

  test('which the system only names is asked for first', async () => {
    const small = await smallHub(['one']);
    const [loser = '', survivor = ''] = createAll(small, 2, (index) => ({ NAME: `Company ${index}` }));
    await absorb(small.hub, notice([loser]));
    const named = reading(small.hub, (id) => (id === loser ? { outcome: 'deleted', mergedInto: survivor } : undefined));

    expect(await absorb(named, notice([loser], { page: 'p1' }))).toEqual({ 'waits:survivor-unknown': 1 });
    expect(waitingNotices(small)).toMatchObject([
      { ids: [survivor], reason: 'reference', visibleAt: small.clock.now },
      { ids: [loser], attempts: 1, visibleAt: small.clock.now + 5_000 },
    ]);
    await absorb(named, ...small.outbox.takeNotices());
    small.clock.now += 5_000;
    await absorb(named, ...small.outbox.takeNotices());

    expect((await bundleOf(small, 'one', loser)).id).toBe((await bundleOf(small, 'one', survivor)).id);
  });

  test.each([
    ['known', true, { absorbed: 1 }],
    ['unknown', false, { 'ignored:gone-and-unknown': 1 }],
  ])(
    'that was deleted before the hub met it is not waited for; the %s other one is gone with it',
    async (_what, isKnown, end) => {
      const small = await smallHub(['one']);
      const [loser = '', survivor = ''] = createAll(small, 2, (index) => ({ NAME: `Company ${index}` }));
      if (isKnown) await absorb(small.hub, notice([loser]));
      small.systems.one?.remove(survivor);
      const named = reading(small.hub, (id) =>
        id === loser ? { outcome: 'deleted', mergedInto: survivor } : undefined,
      );

      await absorb(named, notice([loser]));
      await absorb(named, ...small.outbox.takeNotices());
      small.clock.now += 5_000;

      expect(await absorb(named, ...small.outbox.takeNotices())).toEqual(end);
      expect(small.outbox.takeNotices()).toEqual([]);
      if (isKnown) expect((await bundleOf(small, 'one', loser)).sources).toMatchObject([{ state: 'deleted' }]);
    },
  );

  test('that was merged on before the hub met it leads to the last of them', async () => {
    const small = await smallHub(['one']);
    const [loser = '', between = '', last = ''] = createAll(small, 3, (index) => ({ NAME: `Company ${index}` }));
    await absorb(small.hub, notice([loser, last]));
    const into: Record<string, string> = { [loser]: between, [between]: last };
    const named = reading(small.hub, (id) => {
      const mergedInto = into[id];
      return mergedInto === undefined ? undefined : { outcome: 'deleted', mergedInto };
    });

    expect(await absorb(named, notice([loser], { attempts: 1 }))).toEqual({ absorbed: 1 });

    expect((await bundleOf(small, 'one', loser)).id).toBe((await bundleOf(small, 'one', last)).id);
  });
});

describe('a reference to a record the hub has not met', () => {
  test('asks for that record, in the beginning more than once, and looks again later, in longer and longer waits', async () => {
    const small = await smallHub(['one']);
    const parent = small.systems.one?.create({ NAME: 'Parent' }) ?? '';
    const child = small.systems.one?.create({ NAME: 'Child', PARENT: parent }) ?? '';

    expect(await absorb(small.hub, notice([child]))).toEqual({ 'waits:unresolved-reference': 1 });
    expect(waitingNotices(small)).toMatchObject([
      { ids: [parent], reason: 'reference', attempts: 0, visibleAt: small.clock.now },
      { ids: [child], attempts: 1, visibleAt: small.clock.now + 5_000 },
    ]);
    const waits: number[] = [];
    const asks: number[] = [];
    for (let look = 1; look <= 5; look++) {
      const [again] = waitingNotices(small).filter(({ ids }) => ids.includes(child));
      small.clock.now = again?.visibleAt ?? 0;
      const mine = small.outbox.takeNotices().filter(({ ids }) => ids.includes(child));
      await absorb(small.hub, ...mine);
      const [next] = waitingNotices(small).filter(({ ids }) => ids.includes(child));
      waits.push((next?.visibleAt ?? 0) - small.clock.now);
      asks.push(waitingNotices(small).filter(({ ids }) => ids.includes(parent)).length);
    }

    expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 160_000]);
    expect(asks).toEqual([1, 1, 0, 0, 0]);
  });

  test('is asked for however long the record has waited for its system before', async () => {
    const small = await smallHub(['one']);
    const parent = small.systems.one?.create({ NAME: 'Parent' }) ?? '';
    const child = small.systems.one?.create({ NAME: 'Child', PARENT: parent }) ?? '';

    await absorb(small.hub, notice([child], { attempts: 50 }));
    expect(await problemsOf(small)).toEqual([]);
    await small.settle();

    expect(await problemsOf(small)).toEqual([]);
    const { unified } = await bundleOf(small, 'one', child);
    expect(unified?.fields.parent?.value).toBe((await bundleOf(small, 'one', parent)).id);
  });

  test('that never shows is a question to a person, and the rest of the record is taken in', async () => {
    const small = await smallHub(['one']);
    const child = small.systems.one?.create({ NAME: 'Child', PARENT: 'nowhere' }) ?? '';

    await small.notice('one', [child]);
    await small.settle();

    expect(await problemsOf(small)).toEqual(['unresolved-reference']);
    const { unified } = await bundleOf(small, 'one', child);
    expect(unified?.fields.name?.value).toBe('Child');
    expect(unified?.fields.parent).toBeUndefined();
  });
});
