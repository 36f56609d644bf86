import { describe, expect, test } from 'vitest';
import { type AbsorbReport, absorbNotices } from '../../../domain/pipeline/absorb/absorb-notices.ts';
import { bundleOf, problemsOf, type SmallHub, smallHub } from '../../support/small-hub.ts';

/** One notice that names all of them: the guard counts records, not messages. */
function absorb(small: SmallHub, ids: readonly string[]): Promise<AbsorbReport> {
  const notice = {
    schema: 1,
    connection: 'one',
    object: 'thing',
    ids,
    reason: 'sweep',
    attempts: 0,
    correlationId: 'c',
  } as const;
  return absorbNotices(small.hub, [{ notice, isRepeated: false }]);
}

describe('a mass change', () => {
  /** More than the guard lets pass, known to the hub. */
  async function crowd(): Promise<{ small: SmallHub; ids: readonly string[] }> {
    const small = await smallHub(['one']);
    const ids = Array.from(
      { length: 502 },
      (_, index) => small.systems.one?.create({ NAME: `Company ${index}`, NOTE: 'kept' }) ?? '',
    );
    await absorb(small, ids);
    small.clock.now += 60_000;
    return { small, ids };
  }

  test('of deletions pauses the connection and takes in no more of them', async () => {
    const { small, ids } = await crowd();
    for (const id of ids) small.systems.one?.remove(id);

    expect(await absorb(small, ids)).toEqual({ absorbed: 500, 'ignored:paused': 2 });

    expect((await small.store.readConnection('one'))?.paused).toMatchObject({ by: 'hub' });
    expect(await problemsOf(small)).toEqual(['mass-change']);
    const states = await Promise.all(ids.map(async (id) => (await bundleOf(small, 'one', id)).unified?.state));
    expect(states.filter((state) => state === 'deleted')).toHaveLength(500);
  });

  test('of emptied fields pauses the connection and keeps the values that are left', async () => {
    const { small, ids } = await crowd();
    for (const id of ids) small.systems.one?.edit(id, { NOTE: null });

    expect(await absorb(small, ids)).toEqual({ absorbed: 500, 'ignored:paused': 2 });

    expect(await problemsOf(small)).toEqual(['mass-change:note']);
    const notes = await Promise.all(
      ids.map(async (id) => (await bundleOf(small, 'one', id)).unified?.fields.note?.value),
    );
    expect(notes.filter((value) => value === 'kept')).toHaveLength(2);
  });

  test('spread over hours is none', async () => {
    const { small, ids } = await crowd();
    for (const id of ids) small.systems.one?.remove(id);
    await absorb(small, ids.slice(0, 400));
    small.clock.now += 3_600_000;

    expect(await absorb(small, ids.slice(400))).toEqual({ absorbed: 102 });
    expect((await small.store.readConnection('one'))?.paused).toBeUndefined();
  });
});
