import { describe, expect, test } from 'vitest';
import type { Notice } from '../../../domain/model/notice.ts';
import { absorbNotices } from '../../../domain/pipeline/absorb/absorb-notices.ts';
import type { ReceivedNotice } from '../../../domain/pipeline/absorb/notice-slices.ts';
import { deliverDue } from '../../../domain/pipeline/deliver/deliver-due.ts';
import { keepApart } from '../../../domain/pipeline/identify/decide-likeness.ts';
import { mergeByPerson } from '../../../domain/pipeline/merge/merge-by-person.ts';
import type { Hub } from '../../../domain/pipeline/ports.ts';
import { retryProblem } from '../../../domain/pipeline/problems/retry-problem.ts';
import { bundleOf, pairedHub, problemsOf, type SmallHub, smallHub } from '../../support/small-hub.ts';

describe('two systems keep the same company', () => {
  test('a company made in one appears in the other, once, under one unified id', async () => {
    const { small, a, b } = await pairedHub();

    expect(small.systems.two?.all().map(({ values }) => values.NAME)).toEqual(['Acme']);
    expect((await bundleOf(small, 'one', a)).id).toBe((await bundleOf(small, 'two', b)).id);
    expect(small.systems.two?.read(b).HUB_ID).toBe((await bundleOf(small, 'one', a)).id);
  });

  test('an edit travels either way and the echo is quiet', async () => {
    const { small, a, b } = await pairedHub();

    small.systems.two?.edit(b, { NAME: 'Acme Corp', STREET: '1 Main St', CITY: 'Springfield' });
    await small.notice('two', [b]);
    await small.settle();
    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.one?.read(a)).toMatchObject({ NAME: 'Acme Corp', STREET: '1 Main St', CITY: 'Springfield' });
    const writes = { ...small.systems.one?.calls };
    await small.notice('one', [a]);
    await small.notice('two', [b]);
    await small.settle();
    expect(small.systems.one?.calls.writes).toBe(writes.writes);
  });

  test('the later of two edits of one field wins on both sides', async () => {
    const { small, a, b } = await pairedHub();

    small.systems.one?.edit(a, { NAME: 'First' });
    small.clock.now += 5_000;
    small.systems.two?.edit(b, { NAME: 'Second' });
    await small.notice('one', [a]);
    await small.notice('two', [b]);
    await small.settle();

    expect(small.systems.one?.read(a).NAME).toBe('Second');
    expect(small.systems.two?.read(b).NAME).toBe('Second');
  });

  test('a losing edit is put back', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.one?.edit(a, { TIER: 'gold' });
    await small.notice('one', [a]);
    await small.settle();

    small.clock.now += 60_000;
    small.systems.two?.edit(b, { TIER: 'lead' });
    await small.notice('two', [b]);
    await small.settle();

    expect(small.systems.two?.read(b).TIER).toBe('gold');
  });

  test('clearing a field clears it on the other side', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.one?.edit(a, { NOTE: 'call on Monday' });
    await small.notice('one', [a]);
    await small.settle();

    small.clock.now += 60_000;
    small.systems.two?.edit(b, { NOTE: null });
    await small.notice('two', [b]);
    await small.settle();

    expect(small.systems.one?.read(a).NOTE).toBeNull();
  });

  test('a reference entered where there was none is carried over', async () => {
    const { small, a, b } = await pairedHub();
    const parent = small.systems.one?.create({ NAME: 'Parent', DOMAIN: 'parent.com' }) ?? '';
    await small.notice('one', [parent]);
    await small.settle();
    const parentThere = small.systems.two?.all().find(({ values }) => values.NAME === 'Parent')?.id;

    small.clock.now += 60_000;
    small.systems.one?.edit(a, { PARENT: parent });
    await small.notice('one', [a]);
    await small.settle();

    expect(parentThere).toBeDefined();
    expect(small.systems.two?.read(b).PARENT).toBe(parentThere);
  });

  test('an edit just before the hub writes is taken in, not written over', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.one?.edit(a, { NAME: 'From one' });
    await small.notice('one', [a]);
    const notices = small.outbox.takeNotices();
    await absorbNotices(
      small.hub,
      notices.map((notice) => ({ notice, isRepeated: false })),
    );
    small.clock.now += 10_000;
    small.systems.two?.edit(b, { NAME: 'From two, later' });

    await small.settle();

    expect(small.systems.two?.read(b).NAME).toBe('From two, later');
    expect(small.systems.one?.read(a).NAME).toBe('From two, later');
  });

  test('an edit that is being taken in while another one is delivered is not written over', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.two?.edit(b, { NOTE: 'from two' });
    await small.notice('two', [b]);
    await absorbNotices(small.hub, received(small.outbox.takeNotices()));
    small.systems.one?.edit(a, { NAME: 'From one' });
    await small.notice('one', [a]);
    const { promise: isOpen, resolve: open } = Promise.withResolvers<void>();
    const { promise: isBetween, resolve: between } = Promise.withResolvers<void>();
    // The source record holds the edit already, the unified record not yet.
    const slow: Hub = {
      ...small.hub,
      store: {
        ...small.store,
        putUnified: async (record, expected) => {
          between();
          await isOpen;
          return small.store.putUnified(record, expected);
        },
      },
    };

    const absorbing = absorbNotices(slow, received(small.outbox.takeNotices()));
    await isBetween;
    const dues = small.outbox.takeDeliveries('one').map((due) => ({ due, isRepeated: false }));
    await deliverDue(small.hub, dues, 60_000);
    open();
    await absorbing;
    await small.settle();

    expect(dues).toHaveLength(1);
    expect(small.systems.one?.read(a)).toMatchObject({ NAME: 'From one', NOTE: 'from two' });
    expect(small.systems.two?.read(b)).toMatchObject({ NAME: 'From one', NOTE: 'from two' });
  });

  test('the same company made on both sides at once is one record without a third', async () => {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
    const b = small.systems.two?.create({ NAME: 'ACME Inc', DOMAIN: 'acme.com' }) ?? '';
    await small.notice('one', [a]);
    await small.notice('two', [b]);
    await small.settle();

    expect((await bundleOf(small, 'one', a)).id).toBe((await bundleOf(small, 'two', b)).id);
    expect(small.systems.one?.all()).toHaveLength(1);
    expect(small.systems.two?.all()).toHaveLength(1);
    expect(small.systems.one?.read(a).NAME).toBe(small.systems.two?.read(b).NAME);
  });
});

describe('what goes wrong', () => {
  test('an answer lost after a create was done makes no second record', async () => {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
    small.systems.two?.failNextWrite({ kind: 'uncertain', code: 'ECONNRESET', message: 'no answer' }, true);
    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.two?.all()).toHaveLength(1);
    expect(Object.keys((await bundleOf(small, 'one', a)).unified?.seats ?? {})).toEqual(['one#thing', 'two#thing']);
  });

  test('throttling waits and nothing is lost', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.two?.failNextWrite(
      { kind: 'throttled', code: '429', message: 'slow down', retryAfterMs: 10_000 },
      false,
    );
    small.systems.one?.edit(a, { NAME: 'Later' });
    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.two?.read(b).NAME).toBe('Later');
  });

  test('a refused value becomes a problem, the rest of the record goes on, and a retry sends it again', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.two?.refuse('bad');
    small.systems.one?.edit(a, { NAME: 'Good', NOTE: 'bad word' });
    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.two?.read(b)).toMatchObject({ NAME: 'Good' });
    expect(small.systems.two?.read(b).NOTE ?? null).toBeNull();
    expect(await problemsOf(small)).toEqual(['refused-value:note']);
    const writes = small.systems.two?.calls.writes;
    await small.notice('one', [a]);
    await small.settle();
    expect(small.systems.two?.calls.writes).toBe(writes);

    small.systems.two?.refuse('worse');
    const { problems } = await small.store.listProblems({ limit: 1 });
    expect(await retryProblem(small.hub, problems[0]?.id ?? '')).toBe('queued');
    await small.settle();
    expect(small.systems.two?.read(b).NOTE).toBe('bad word');
    expect(await problemsOf(small)).toEqual([]);
  });

  test('a value no lookup lists holds its field only, and is not written over', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.one?.edit(a, { NOTE: '?unlisted', NAME: 'Renamed' });
    await small.notice('one', [a]);
    await small.settle();
    expect(small.systems.two?.read(b).NAME).toBe('Renamed');
    expect(small.systems.one?.read(a).NOTE).toBe('?unlisted');
    expect(await problemsOf(small)).toEqual(['unmapped-value:note']);

    small.clock.now += 60_000;
    small.systems.one?.edit(a, { NOTE: 'listed' });
    await small.notice('one', [a]);
    await small.settle();
    expect(small.systems.two?.read(b).NOTE).toBe('listed');
    expect(await problemsOf(small)).toEqual([]);
  });

  test('a deleted record keeps its values and its twin, and is not made again', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.one?.remove(a);
    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.one?.all()).toHaveLength(0);
    expect(small.systems.two?.read(b).NAME).toBe('Acme');
    expect((await bundleOf(small, 'two', b)).unified?.fields.name?.value).toBe('Acme');
  });

  test('a second record of one system that matches is a duplicate for a person, never written to', async () => {
    const { small, a } = await pairedHub();
    const twin = small.systems.one?.create({ NAME: 'Acme (old)', DOMAIN: 'acme.com' }) ?? '';
    await small.notice('one', [twin]);
    await small.settle();

    expect(small.systems.one?.read(twin).NAME).toBe('Acme (old)');
    expect(small.systems.two?.all()).toHaveLength(1);
    expect(await problemsOf(small)).toEqual(['duplicate']);
    expect((await bundleOf(small, 'one', twin)).id).toBe((await bundleOf(small, 'one', a)).id);
  });

  test('a merge at a system makes one unified record of two', async () => {
    const { small, a } = await pairedHub();
    const other = small.systems.one?.create({ NAME: 'Acme West', DOMAIN: 'west-acme.com' }) ?? '';
    await small.notice('one', [other]);
    await small.settle();
    expect(small.systems.two?.all()).toHaveLength(2);

    small.systems.one?.merge(other, a);
    await small.notice('one', [other]);
    await small.settle();

    expect((await bundleOf(small, 'one', other)).id).toBe((await bundleOf(small, 'one', a)).id);
    expect(await problemsOf(small)).toEqual(['duplicate']);
  });

  test('a reference to a record not met yet waits and is then set on both sides', async () => {
    const small = await smallHub(['one', 'two']);
    const parent = small.systems.one?.create({ NAME: 'Parent' }) ?? '';
    const child = small.systems.one?.create({ NAME: 'Child', PARENT: parent }) ?? '';
    await small.notice('one', [child]);
    await small.settle();

    const inTwo = small.systems.two?.all() ?? [];
    const parentInTwo = inTwo.find(({ values }) => values.NAME === 'Parent');
    expect(inTwo.find(({ values }) => values.NAME === 'Child')?.values.PARENT).toBe(parentInTwo?.id);
  });
});

describe('a connection that is not open', () => {
  test('is read but never written before it is released', async () => {
    const small = await smallHub(['one', 'two'], { isOpen: false });
    const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.two?.calls.writes).toBe(0);
    expect((await bundleOf(small, 'one', a)).unified?.fields.name?.value).toBe('Acme');
  });

  test('is filled after release and backfill, without duplicates of what both sides had', async () => {
    const small = await smallHub(['one', 'two'], { isOpen: false });
    small.systems.one?.create({ NAME: 'Only one', DOMAIN: 'aaa-only.com' });
    small.systems.one?.create({ NAME: 'Both', DOMAIN: 'bbb-both.com' });
    small.systems.two?.create({ NAME: 'BOTH', DOMAIN: 'bbb-both.com' });
    small.systems.two?.create({ NAME: 'Only two', DOMAIN: 'ccc-only.com' });
    const { releaseConnection } = await import('../../../domain/pipeline/connections/release-connection.ts');
    for (const connection of ['one', 'two']) {
      await releaseConnection(small.hub, connection);
      await small.outbox.sweep([{ schema: 1, connection, object: 'thing', mode: 'backfill', attempts: 0 }], 0);
    }
    await small.settle();

    const names = (connection: string): unknown[] =>
      (small.systems[connection]?.all() ?? []).map(({ values }) => values.NAME).sort();
    expect(names('one')).toEqual(['Both', 'Only one', 'Only two']);
    expect(names('two')).toEqual(names('one'));
  });
});

describe('likeness without proof', () => {
  async function alike(): Promise<{ small: SmallHub; a: string; b: string; problem: string }> {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Quarry Robotics' }) ?? '';
    await small.notice('one', [a]);
    await small.settle();
    const b = small.systems.two?.create({ NAME: 'Quarry Robotics', NOTE: 'met at the fair' }) ?? '';
    await small.notice('two', [b]);
    await small.settle();
    const { problems } = await small.store.listProblems({ limit: 10 });
    return { small, a, b, problem: problems[0]?.id ?? '' };
  }

  test('is a question to a person, and the record is created nowhere else meanwhile', async () => {
    const { small } = await alike();

    expect(await problemsOf(small)).toEqual(['doubtful-match']);
    expect(small.systems.one?.all()).toHaveLength(1);
  });

  test('said not to be the same, the record is created and never asked about again', async () => {
    const { small, b, problem } = await alike();

    expect(await keepApart(small.hub, problem)).toBe('done');
    await small.settle();
    await small.notice('two', [b]);
    await small.settle();

    expect(small.systems.one?.all()).toHaveLength(2);
    expect(await problemsOf(small)).toEqual([]);
  });

  test('said to be the same, the two become one', async () => {
    const { small, a, b } = await alike();
    const [first, second] = [await bundleOf(small, 'one', a), await bundleOf(small, 'two', b)];

    expect(await mergeByPerson(small.hub, 'partner', first.id, second.id, 'ada')).toBe('done');
    await small.settle();

    expect((await bundleOf(small, 'two', b)).id).toBe(first.id);
    expect(small.systems.one?.all()).toHaveLength(1);
    expect(await problemsOf(small)).not.toContain('doubtful-match');
  });
});

function received(notices: readonly Notice[]): readonly ReceivedNotice[] {
  return notices.map((notice) => ({ notice, isRepeated: false }));
}
