import { describe, expect, test } from 'vitest';
import { unmergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import { mergeIdOf } from '../../../../domain/pipeline/merge/merge-records.ts';
import { bundleOf, problemsOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';

describe('who merges two records in a system', () => {
  test('has decided for what the one that lives on says, also against newer values of the other', async () => {
    const { small, older, newer } = await twoCompanies();

    await mergeInOne(small, newer, older);

    expect(small.systems.one?.read(older)).toMatchObject({ NAME: 'Acme', NOTE: 'kept', STREET: 'Main Street 1' });
    const { unified } = await bundleOf(small, 'one', newer);
    expect(unified?.fields).toMatchObject({ name: { value: 'Acme' }, note: { value: 'kept' } });
  });

  test('takes from the other what the one says nothing of, but not half of an address', async () => {
    const { small, older, newer } = await twoCompanies();

    await mergeInOne(small, newer, older);

    expect(small.systems.one?.read(older)).toMatchObject({ TIER: 'gold', SKILLS: ['build', 'sell'] });
    expect(small.systems.one?.read(older).CITY ?? null).toBeNull();
  });

  test('has decided nothing about what people enter afterwards', async () => {
    const { small, older, newer } = await twoCompanies();
    await mergeInOne(small, newer, older);

    small.clock.now += 5_000;
    small.systems.one?.edit(older, { NOTE: 'entered after' });
    await small.notice('one', [older]);
    await small.settle();

    expect((await bundleOf(small, 'one', older)).unified?.fields.note?.value).toBe('entered after');
  });

  test('decides for systems in which only the other one is', async () => {
    const { small, older, newer } = await twoCompanies();
    const there = small.systems.two?.all() ?? [];
    const ofOlder = there.find(({ values }) => values.NAME === 'Acme')?.id ?? '';
    const ofNewer = there.find(({ values }) => values.NAME === 'Quarry Robotics')?.id ?? '';
    small.systems.two?.remove(ofOlder);
    await small.notice('two', [ofOlder]);
    await small.settle();
    small.clock.now += 5_000;
    small.systems.two?.edit(ofNewer, { NOTE: 'entered before, elsewhere' });
    await small.notice('two', [ofNewer]);
    await small.settle();

    await mergeInOne(small, newer, older);

    expect(small.systems.two?.read(ofNewer)).toMatchObject({ NAME: 'Acme', NOTE: 'kept' });
    expect(small.systems.one?.read(older)).toMatchObject({ NAME: 'Acme', NOTE: 'kept' });
  });

  test('is asked for the same where there are two of it', async () => {
    const { small, older, newer } = await twoCompanies();

    await mergeInOne(small, newer, older);

    expect(await problemsOf(small)).toEqual(['duplicate']);
  });

  test('and is told that it was wrong: the other one says again what it said', async () => {
    const { small, older, newer } = await twoCompanies();
    const [survivor, loser] = [(await bundleOf(small, 'one', older)).id, (await bundleOf(small, 'one', newer)).id];
    await mergeInOne(small, newer, older);

    expect(await unmergeByPerson(small.hub, mergeIdOf(survivor, loser), 'ada')).toMatchObject({ end: 'done' });
    await small.settle();

    const { unified } = await small.store.readBundle('partner', loser);
    expect(unified).toMatchObject({
      state: 'present',
      fields: { name: { value: 'Quarry Robotics' }, note: { value: 'given up' }, street: { value: 'Side Street 2' } },
    });
  });
});

/** Two companies of `one`, both known to `two`; every value of the second one is newer. */
async function twoCompanies(): Promise<{ readonly small: SmallHub; readonly older: string; readonly newer: string }> {
  const small = await smallHub(['one', 'two']);
  const older = await enter(small, {
    NAME: 'Acme',
    DOMAIN: 'acme.com',
    NOTE: 'kept',
    STREET: 'Main Street 1',
    SKILLS: ['sell'],
  });
  const newer = await enter(small, {
    NAME: 'Quarry Robotics',
    DOMAIN: 'quarry.com',
    NOTE: 'given up',
    STREET: 'Side Street 2',
    CITY: 'Lund',
    TIER: 'gold',
    SKILLS: ['build'],
  });
  return { small, older, newer };
}

async function enter(small: SmallHub, values: Record<string, string | string[]>): Promise<string> {
  small.clock.now += 60_000;
  const id = small.systems.one?.create(values) ?? '';
  await small.notice('one', [id]);
  await small.settle();
  await small.notice('two', small.systems.two?.all().map((record) => record.id) ?? []);
  await small.settle();
  return id;
}

async function mergeInOne(small: SmallHub, loser: string, survivor: string): Promise<void> {
  small.clock.now += 60_000;
  small.systems.one?.merge(loser, survivor);
  await small.notice('one', [loser]);
  await small.settle();
}
