import { describe, expect, test } from 'vitest';
import { refKey } from '../../../../domain/model/external-ref.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import { noEffects, sendEffects } from '../../../../domain/pipeline/effects.ts';
import { type EraseEnd, eraseByPerson } from '../../../../domain/pipeline/erase/erase-by-person.ts';
import { previewErasure } from '../../../../domain/pipeline/erase/preview-erasure.ts';
import { mergeByPerson, unmergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import { settleRecord } from '../../../../domain/pipeline/settle-record.ts';
import { erasureNotice } from '../../../../domain/pipeline/tombstone.ts';
import { MARK, MARKS, markedHub } from '../../../support/marked-hub.ts';
import { bundleOf, pairedHub, problemsOf, type SmallHub, setConnection, smallHub } from '../../../support/small-hub.ts';

function erase(small: SmallHub, id: string, keepIn: readonly string[] = [], hub: Hub = small.hub): Promise<EraseEnd> {
  return eraseByPerson(hub, { kind: 'partner', id, keepIn, by: 'officer' });
}

describe('erasing a record', () => {
  test('is shown before it is done, by names and without values, and writes nothing', async () => {
    const { small, id, a, b } = await markedHub();
    const before = small.store.everything();

    const preview = await previewErasure(small.hub, 'partner', id, ['two']);

    expect(preview).toMatchObject({
      id,
      state: 'present',
      fields: ['domain', 'name', 'note'],
      keys: ['domain'],
      refusals: [],
      systems: [
        { connection: 'one', externalId: a, will: 'delete' },
        { connection: 'two', externalId: b, will: 'keep' },
      ],
    });
    expect(JSON.stringify(preview)).not.toMatch(MARK);
    expect(small.store.everything()).toBe(before);
  });

  test('leaves no value of it in the hub and no record of it in any system', async () => {
    const { small, id, a, b } = await markedHub();
    expect(small.store.everything()).toMatch(MARK);

    const end = await erase(small, id);
    expect(small.store.everything()).not.toMatch(MARK);
    await small.settle();

    expect(end).toMatchObject({ end: 'begun', erasure: { id, refs: [`one#thing#${a}`, `two#thing#${b}`] } });
    const { unified, sources } = await small.store.readBundle('partner', id);
    expect(unified).toMatchObject({ state: 'erased', fields: {}, seats: {}, keys: [] });
    expect(sources).toEqual([]);
    expect(small.systems.one?.all()).toEqual([]);
    expect(small.systems.two?.all()).toEqual([]);
    expect(await small.store.readErasure('partner', id)).toMatchObject({ by: 'officer', doneAt: expect.any(Number) });
    expect(await problemsOf(small)).toEqual([]);
  });

  test('leaves other records as they are', async () => {
    const { small, id } = await markedHub();
    const other = small.systems.one?.create({ NAME: 'Globex', DOMAIN: 'globex.example' }) ?? '';
    await small.notice('one', [other]);
    await small.settle();
    const before = await bundleOf(small, 'one', other);

    await erase(small, id);
    await small.settle();

    expect(await bundleOf(small, 'one', other)).toEqual(before);
    expect(small.systems.two?.all()).toHaveLength(1);
  });

  test('keeps it where it is said to stay, and reads nothing from there any more', async () => {
    const { small, id, b } = await markedHub();

    await erase(small, id, ['two']);
    await small.settle();
    small.systems.two?.edit(b, { NOTE: 'marked again' });
    await small.notice('two', [b]);
    await small.settle();

    expect(small.systems.one?.all()).toEqual([]);
    expect(small.systems.two?.all()).toHaveLength(1);
    expect(small.store.everything()).not.toMatch(MARK);
    expect(await small.store.readErasure('partner', id)).toMatchObject({ keepIn: ['two'], doneAt: expect.any(Number) });
  });

  test('takes the records merged into it along, and what is kept of how they were', async () => {
    const { small, id } = await markedHub();
    const alike = small.systems.one?.create({ NAME: 'Marked twin', DOMAIN: 'twin.example' }) ?? '';
    await small.notice('one', [alike]);
    await small.settle();
    const twin = (await bundleOf(small, 'one', alike)).id;
    expect(await mergeByPerson(small.hub, 'partner', id, twin, 'somebody')).toBe('done');
    await small.settle();

    await erase(small, twin);
    await small.settle();

    expect(small.store.everything()).not.toMatch(MARK);
    expect(small.store.everything()).not.toMatch(/twin/);
    for (const each of [id, twin])
      expect((await small.store.readBundle('partner', each)).unified?.state).toBe('erased');
    expect(small.systems.one?.all()).toEqual([]);
    expect(await unmergeByPerson(small.hub, `${id}.${twin}`, 'somebody')).toEqual({ end: 'unknown' });
  });

  test('forgets it where it was part of another record for a time', async () => {
    const { small, id } = await markedHub();
    const other = small.systems.one?.create({ NAME: 'Globex', DOMAIN: 'globex.example' }) ?? '';
    await small.notice('one', [other]);
    await small.settle();
    const living = (await bundleOf(small, 'one', other)).id;
    await mergeByPerson(small.hub, 'partner', living, id, 'somebody');
    await small.settle();
    small.clock.now += 60_000;
    await unmergeByPerson(small.hub, `${living}.${id}`, 'somebody');
    await small.settle();

    await erase(small, id);
    await small.settle();

    expect(small.store.everything()).not.toMatch(MARK);
    expect((await small.store.readBundle('partner', living)).unified?.fields.name?.value).toBe('Globex');
  });

  test('can be asked for again without harm', async () => {
    const { small, id } = await markedHub();
    await erase(small, id);
    await small.settle();

    expect(await erase(small, id)).toMatchObject({ end: 'begun' });
    await small.settle();

    expect(await small.store.readErasure('partner', id)).toMatchObject({ doneAt: expect.any(Number) });
  });

  test('of a record that is not there is answered so', async () => {
    const { small } = await markedHub();

    expect(await erase(small, 'nobody')).toEqual({ end: 'unknown' });
  });
});

describe('a connection that does not delete', () => {
  test('keeps the erasure waiting while it is paused, with a problem that says so, and is caught up with', async () => {
    const { small, id, b } = await markedHub();
    await setConnection(small, 'two', (state) => ({
      ...state,
      paused: { at: small.clock.now, reason: 'test', by: 'person' },
    }));

    await erase(small, id);
    small.clock.now += 10_000;
    await small.drain();

    expect(small.store.everything()).not.toMatch(MARK);
    expect(small.systems.one?.all()).toEqual([]);
    expect(small.systems.two?.read(b).NAME).toBe('Marked Anna');
    expect(await problemsOf(small)).toEqual(['erasure-waits']);
    expect(await small.store.readErasure('partner', id)).not.toHaveProperty('doneAt');

    await setConnection(small, 'two', ({ paused: _, ...state }) => state);
    await small.settle();

    expect(small.systems.two?.all()).toEqual([]);
    expect(await problemsOf(small)).toEqual([]);
    expect(await small.store.readErasure('partner', id)).toHaveProperty('doneAt');
  });

  test('is left out when that is said later', async () => {
    const { small, id } = await markedHub();
    await setConnection(small, 'two', ({ releasedAt: _, ...state }) => state);
    await erase(small, id);
    small.clock.now += 10_000;
    await small.drain();

    await erase(small, id, ['two']);
    await small.settle();

    expect(small.systems.two?.all()).toHaveLength(1);
    expect(await small.store.readErasure('partner', id)).toHaveProperty('doneAt');
  });

  test('since it does not show the record keeps the erasure waiting, until somebody says what became of it', async () => {
    const { small, id, b } = await markedHub();
    small.systems.two?.hide([b]);

    await erase(small, id);
    small.clock.now += 10_000;
    await small.drain();

    expect(await problemsOf(small)).toEqual(['erasure-waits']);
    expect(await small.store.readErasure('partner', id)).not.toHaveProperty('doneAt');

    small.systems.two?.hide([]);
    await small.settle();

    expect(small.systems.two?.all()).toEqual([]);
    expect(await problemsOf(small)).toEqual([]);
    expect(await small.store.readErasure('partner', id)).toHaveProperty('doneAt');
  });

  test('that the hub may not write to is named before anything is begun', async () => {
    const small = await smallHub(['one', 'two'], { directions: { two: 'in' } });
    const there = small.systems.two?.create(MARKS) ?? '';
    await small.notice('two', [there]);
    await small.settle();
    const { id } = await bundleOf(small, 'two', there);
    const before = small.store.everything();

    const end = await erase(small, id);

    expect(end).toMatchObject({ end: 'refused', reasons: [expect.stringContaining('--keep-in two')] });
    expect(small.store.everything()).toBe(before);
  });

  test('is tried again until it answers', async () => {
    const { small, id } = await markedHub();
    small.systems.one?.failNextWrite({ kind: 'transient', code: 'DOWN', message: 'down' }, false);

    await erase(small, id);
    await small.settle();

    expect(small.systems.one?.all()).toEqual([]);
    expect(await problemsOf(small)).toEqual([]);
  });
});

describe('what is erased stays erased', () => {
  test('when its system restores the record', async () => {
    const { small, id, a } = await markedHub();
    await erase(small, id);
    await small.settle();
    small.systems.one?.restore(a);

    await small.notice('one', [a]);
    await small.outbox.sweep([{ schema: 1, connection: 'one', object: 'thing', mode: 'walk', attempts: 0 }], 0);
    await small.settle();

    expect(small.store.everything()).not.toMatch(MARK);
    expect(small.systems.two?.all()).toEqual([]);
    expect(small.systems.one?.all()).toHaveLength(1);
  });

  test('while the same person entered anew is a new record', async () => {
    const { small, id } = await markedHub();
    await erase(small, id);
    await small.settle();

    const anew = small.systems.one?.create(MARKS) ?? '';
    await small.notice('one', [anew]);
    await small.settle();

    expect((await bundleOf(small, 'one', anew)).id).not.toBe(id);
    expect(small.systems.two?.all()).toHaveLength(1);
  });

  test('a create of the hub that is carried out after it is taken back', async () => {
    const { small, id } = await markedHub();
    await erase(small, id);
    await small.settle();
    const late = small.systems.two?.create({ ...MARKS, HUB_ID: id }) ?? '';

    await small.notice('two', [late]);
    await small.settle();

    expect(small.systems.two?.all()).toEqual([]);
    expect(small.store.everything()).not.toMatch(MARK);
    expect((await small.store.readErasure('partner', id))?.refs).toContain(`two#thing#${late}`);
  });

  test('an id that somebody copied long afterwards makes a new record', async () => {
    const { small, id } = await markedHub();
    await erase(small, id);
    await small.settle();
    small.clock.now += 86_400_000;
    const copy = small.systems.two?.create({ ...MARKS, HUB_ID: id }) ?? '';

    await small.notice('two', [copy]);
    await small.settle();

    expect((await bundleOf(small, 'two', copy)).id).not.toBe(id);
    expect(small.systems.one?.all()).toHaveLength(1);
  });

  test('a source record that a slow worker writes after it goes as well', async () => {
    const { small, id, b } = await markedHub();
    const source = (await bundleOf(small, 'two', b)).sources.find(({ connection }) => connection === 'two');
    await erase(small, id);
    await small.settle();
    if (source !== undefined) await small.store.putSource(source, null);
    expect(small.store.everything()).toMatch(MARK);

    const effects = noEffects();
    await settleRecord(small.hub, 'partner', id, { correlationId: 'late', isRepeated: false }, effects);
    await sendEffects(small.hub, effects);
    await small.settle();

    expect(small.store.everything()).not.toMatch(MARK);
  });

  test('a merge that was under way is called off, and the other record stands for itself', async () => {
    const { small, id } = await markedHub();
    const other = small.systems.one?.create({ NAME: 'Globex', DOMAIN: 'globex.example' }) ?? '';
    await small.notice('one', [other]);
    await small.settle();
    const living = (await bundleOf(small, 'one', other)).id;
    await erase(small, id);
    await small.settle();

    expect(await mergeByPerson(small.hub, 'partner', id, living, 'somebody')).toBe('unknown');
    expect(await mergeByPerson(small.hub, 'partner', living, id, 'somebody')).toBe('unknown');
    expect((await small.store.readBundle('partner', living)).unified?.state).toBe('present');
  });

  test('a record another one referred to is referred to no more', async () => {
    const { small, a, b } = await pairedHub();
    const child = small.systems.one?.create({ NAME: 'Child', PARENT: a }) ?? '';
    await small.notice('one', [child]);
    await small.settle();
    const { id } = await bundleOf(small, 'one', a);
    expect(refKey({ connection: 'two', object: 'thing', externalId: b })).toBe(`two#thing#${b}`);

    await erase(small, id);
    await small.settle();
    small.systems.one?.edit(child, { NOTE: 'still here' });
    await small.notice('one', [child]);
    await small.settle();

    expect(small.systems.two?.all()).toMatchObject([{ values: { NAME: 'Child', NOTE: 'still here' } }]);
    expect(await problemsOf(small)).toEqual([]);
  });
});

test('an erasure waits for whoever is writing the record to a system', async () => {
  const { small, id, b } = await markedHub();
  const source = (await bundleOf(small, 'two', b)).sources.find(({ connection }) => connection === 'two');
  if (source === undefined) throw new Error('no source');
  const claim = { token: 'somebody', until: small.clock.now + 60_000 };
  await small.store.putSource({ ...source, claim, counter: source.counter + 1 }, source.counter);

  await erase(small, id);
  expect((await small.store.readBundle('partner', id)).unified?.state).toBe('present');
  await small.settle();

  expect(small.clock.now).toBeGreaterThanOrEqual(claim.until);
  expect(small.store.everything()).not.toMatch(MARK);
});

test('keys made of what a record was called when it was first met go as well', async () => {
  const { small, id, a } = await markedHub();
  small.systems.one?.edit(a, { NAME: 'Another name' });
  await small.notice('one', [a]);
  await small.settle();
  await small.store.forgetJournal('partner', id, 0, small.clock.now);

  await erase(small, id);
  await small.settle();

  expect(small.store.everything()).not.toMatch(MARK);
});

test('an erasure is called done only when whoever began before it has ended, and what they wrote late is gone by then', async () => {
  const { small, id } = await markedHub();
  const [entry] = await small.store.readJournal('partner', id, 1);
  if (entry === undefined) throw new Error('no history');

  await erase(small, id);
  small.clock.now += 60_000;
  await small.drain();
  expect(small.systems.one?.all()).toEqual([]);
  expect(await small.store.readErasure('partner', id)).not.toHaveProperty('doneAt');
  await small.store.appendJournal([{ ...entry, changes: { name: [null, MARKS.NAME] } }]);
  await small.settle();

  expect(await small.store.readErasure('partner', id)).toHaveProperty('doneAt');
  expect(small.store.everything()).not.toMatch(MARK);
});

test('several messages about one erasure are worked off as one', async () => {
  const { small, id, a, b } = await markedHub();
  await erase(small, id);
  const received = [
    { connection: 'one', object: 'thing', externalId: a },
    { connection: 'two', object: 'thing', externalId: b },
  ].map((ref) => ({ notice: erasureNotice(ref, { kind: 'partner', id }), isRepeated: false }));

  expect(await absorbNotices(small.hub, received)).toEqual({ 'waits:quiet': 1 });
});
