import { expect, test } from 'vitest';
import { mergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import { bundleOf, type SmallHub, smallHub } from '../../../support/small-hub.ts';

/** As many as a weak key has room for. */
const HOLDERS_MAX = 8;

async function enter(small: SmallHub, name: string, domain: string): Promise<string> {
  const id = small.systems.one?.create({ NAME: name, DOMAIN: domain }) ?? '';
  await small.notice('one', [id]);
  await small.settle();
  return id;
}

async function fill(small: SmallHub): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let number = 1; number <= HOLDERS_MAX; number++) ids.push(await enter(small, 'Acme', `acme-${number}.com`));
  return ids;
}

/** Whether somebody is asked about a record that was just entered, and about which others. */
async function askedAbout(small: SmallHub, externalId: string): Promise<readonly string[]> {
  const { problems } = await small.store.listProblems({ limit: 100 });
  const { id } = await bundleOf(small, 'one', externalId);
  const question = problems.find(({ cause, unifiedId }) => cause === 'doubtful-match' && unifiedId === id);
  return (question?.candidates ?? []).filter((each) => each !== id);
}

test('a weak key that was full has room again when who held it was deleted', async () => {
  const small = await smallHub(['one']);
  for (const id of await fill(small)) {
    small.systems.one?.remove(id);
    await small.notice('one', [id]);
    await small.settle();
  }

  const ninth = await enter(small, 'Acme', 'acme-9.com');
  const tenth = await enter(small, 'Acme', 'acme-10.com');

  expect(await askedAbout(small, tenth)).toEqual([(await bundleOf(small, 'one', ninth)).id]);
});

test('who was merged into another record holds no place of its own in a weak key', async () => {
  const small = await smallHub(['one']);
  const ids = await Promise.all((await fill(small)).map(async (id) => (await bundleOf(small, 'one', id)).id));
  const [survivor = '', ...losers] = ids;
  for (const loser of losers) expect(await mergeByPerson(small.hub, 'partner', survivor, loser, 'ann')).toBe('done');
  await small.settle();

  const ninth = await enter(small, 'Acme', 'acme-9.com');
  const tenth = await enter(small, 'Acme', 'acme-10.com');

  expect(await askedAbout(small, tenth)).toContain((await bundleOf(small, 'one', ninth)).id);
});
