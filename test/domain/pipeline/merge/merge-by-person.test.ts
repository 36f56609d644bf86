import { describe, expect, test } from 'vitest';
import { mergeByPerson, unmergeByPerson } from '../../../../domain/pipeline/merge/merge-by-person.ts';
import { mergeIdOf } from '../../../../domain/pipeline/merge/merge-records.ts';
import { previewMerge, previewUnmerge } from '../../../../domain/pipeline/merge/preview-merge.ts';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import { reviewProblems } from '../../../../domain/pipeline/problems/review-problems.ts';
import { bundleOf, problemsOf, type SmallHub, setConnection, smallHub } from '../../../support/small-hub.ts';

/** `one` and `two` hold one record each; both know nothing of the other. */
async function strangers(): Promise<{ small: SmallHub; first: string; second: string }> {
  const small = await smallHub(['one', 'two'], { isOpen: false });
  const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com', NOTE: 'first' }) ?? '';
  const b = small.systems.two?.create({ NAME: 'Globex', DOMAIN: 'globex.com', TIER: 'gold' }) ?? '';
  await small.notice('one', [a]);
  await small.notice('two', [b]);
  await small.settle();
  for (const id of ['one', 'two']) {
    await setConnection(small, id, (state) => ({ ...state, releasedAt: 1, backfilledAt: { thing: 1 } }));
  }
  small.clock.now += 60_000;
  return { small, first: (await bundleOf(small, 'one', a)).id, second: (await bundleOf(small, 'two', b)).id };
}

/** Everything that a merge moves, as it is in the end. */
async function endOf({ small, first, second }: Awaited<ReturnType<typeof strangers>>): Promise<unknown> {
  const bundles = await Promise.all([first, second].map((id) => small.store.readBundle('partner', id)));
  const keys = ['acme.com', 'globex.com'].map((value) => ({ kind: 'partner', type: 'domain', value }) as const);
  return {
    records: bundles.map(({ unified, sources }) => ({
      state: unified?.state,
      mergedInto: unified?.mergedInto,
      values: Object.entries(unified?.state === 'merged' ? {} : (unified?.fields ?? {})).map(([name, { value }]) => [
        name,
        value,
      ]),
      seats: unified?.state === 'merged' ? {} : unified?.seats,
      sources: sources.map(({ connection, externalId }) => `${connection} ${externalId}`),
    })),
    keys: [...(await small.store.readKeys(keys))],
    systems: [small.systems.one, small.systems.two].map((system) =>
      system?.all().map(({ values }) => ({ ...values, HUB_ID: '' })),
    ),
    problems: await problemsOf(small),
  };
}

const WRITES = [
  'putRef',
  'putKey',
  'putSource',
  'deleteSource',
  'putUnified',
  'putMerge',
  'putPin',
  'openProblem',
  'closeProblem',
  'appendJournal',
] as const;

/** The hub as a process that dies at its `nth` write, and for good. */
function dyingAt({ hub, store }: SmallHub, nth: number): { readonly hub: Hub; readonly writes: () => number } {
  let writes = 0;
  const dying = Object.fromEntries(
    WRITES.map((name) => [
      name,
      async (...values: readonly unknown[]) => {
        writes += 1;
        if (writes >= nth) throw new Error('killed');
        // The arguments are those of the method wrapped.
        return (store[name] as (...all: readonly unknown[]) => unknown)(...values);
      },
    ]),
  );
  return { hub: { ...hub, store: { ...store, ...dying } }, writes: () => writes };
}

/** Minutes in which the hub finishes by itself what was begun. */
async function timePasses(small: SmallHub): Promise<void> {
  for (let review = 0; review < 3; review++) {
    small.clock.now += 300_000;
    await reviewProblems(small.hub);
    await small.settle();
  }
}

async function merged(
  act: typeof strangers,
): Promise<{ world: Awaited<ReturnType<typeof strangers>>; mergeId: string }> {
  const world = await act();
  expect(await mergeByPerson(world.small.hub, 'partner', world.first, world.second, 'ada')).toBe('done');
  await world.small.settle();
  return { world, mergeId: mergeIdOf(world.first, world.second) };
}

describe('a merge by a person', () => {
  test('is in the journals of both, with who did it', async () => {
    const { world, mergeId } = await merged(strangers);

    for (const id of [world.first, world.second]) {
      const journal = await world.small.store.readJournal('partner', id, 50);
      expect(journal).toContainEqual(expect.objectContaining({ step: 'merged', by: 'ada', note: mergeId }));
    }
  });

  test('cut short at any write is finished by itself, as if it had not been', async () => {
    const { world } = await merged(strangers);
    await timePasses(world.small);
    const whole = await endOf(world);
    const { writes } = await killed(Number.POSITIVE_INFINITY);
    expect(writes).toBeGreaterThan(8);

    // The first write is the mark: before it nothing was begun.
    for (let nth = 2; nth <= writes; nth++) {
      const { again } = await killed(nth);
      await timePasses(again.small);
      expect([nth, await endOf(again)]).toEqual([nth, whole]);
    }
  });

  async function killed(nth: number): Promise<{ again: Awaited<ReturnType<typeof strangers>>; writes: number }> {
    const again = await strangers();
    const { hub, writes } = dyingAt(again.small, nth);
    await mergeByPerson(hub, 'partner', again.first, again.second, 'ada').catch(() => undefined);
    return { again, writes: writes() };
  }

  test('is previewed without a trace, and does what the preview said', async () => {
    const { small, first, second } = await strangers();
    const silent = failingWrites(small);

    const answer = await previewMerge(silent, 'partner', first, second);

    if (answer.end !== 'done') throw new Error(answer.end);
    const { fields, writes } = answer.preview;
    expect(writes.map(({ connection, operation }) => `${connection} ${operation}`)).toContain('one update');
    await mergeByPerson(small.hub, 'partner', first, second, 'ada');
    const { unified } = await small.store.readBundle('partner', first);
    for (const { field, after } of fields)
      expect([field, unified?.fields[field]?.value ?? null]).toEqual([field, after]);
    await small.settle();
    for (const { connection, externalId = '', fields: written } of writes) {
      for (const { theirs, after } of written)
        expect(small.systems[connection]?.read(externalId)[theirs]).toEqual(after);
    }
  });

  test('of a record that is not there, or with itself, has no preview', async () => {
    const { small, first } = await strangers();

    expect(await previewMerge(small.hub, 'partner', first, 'nowhere')).toEqual({ end: 'unknown' });
    expect(await previewMerge(small.hub, 'partner', first, first)).toEqual({ end: 'unknown' });
  });
});

describe('undoing a merge', () => {
  test('is previewed without a trace, and does what the preview said', async () => {
    const { world, mergeId } = await merged(strangers);
    const { small, second } = world;

    const answer = await previewUnmerge(failingWrites(small), mergeId);

    if (answer.end !== 'done') throw new Error(answer.end);
    expect(answer.preview.fields).toContainEqual({ id: second, field: 'name', before: 'Acme', after: 'Globex' });
    await unmergeByPerson(small.hub, mergeId, 'ada');
    for (const { id, field, after } of answer.preview.fields) {
      const { unified } = await small.store.readBundle('partner', id);
      expect([id, field, unified?.fields[field]?.value ?? null]).toEqual([id, field, after]);
    }
    expect(await previewUnmerge(small.hub, mergeId)).toEqual({ end: 'unknown' });
    expect(await previewUnmerge(small.hub, 'a.b')).toEqual({ end: 'unknown' });
  });

  test('cut short at any write is finished by itself, as if it had not been', async () => {
    const { world, mergeId } = await merged(strangers);
    await unmergeByPerson(world.small.hub, mergeId, 'ada');
    await world.small.settle();
    await timePasses(world.small);
    const whole = await endOf(world);
    const { writes } = await killed(Number.POSITIVE_INFINITY);
    expect(writes).toBeGreaterThan(8);

    for (let nth = 2; nth <= writes; nth++) {
      const { again } = await killed(nth);
      await timePasses(again.small);
      expect([nth, await endOf(again)]).toEqual([nth, whole]);
    }
  });

  async function killed(nth: number): Promise<{ again: Awaited<ReturnType<typeof strangers>>; writes: number }> {
    const { world, mergeId: id } = await merged(strangers);
    const { hub, writes } = dyingAt(world.small, nth);
    await unmergeByPerson(hub, id, 'ada').catch(() => undefined);
    return { again: world, writes: writes() };
  }

  test('of a merge made in a system stays undone, and says what only a person can do there', async () => {
    const small = await smallHub(['one'], { isOpen: false });
    const [a = '', b = ''] = ['acme.com', 'globex.com'].map(
      (domain) => small.systems.one?.create({ NAME: domain, DOMAIN: domain }) ?? '',
    );
    await small.notice('one', [a, b]);
    await small.settle();
    const [first, second] = [(await bundleOf(small, 'one', a)).id, (await bundleOf(small, 'one', b)).id];
    small.systems.one?.merge(b, a);
    await small.notice('one', [b]);
    await small.settle();
    expect((await bundleOf(small, 'one', b)).id).toBe(first);

    const answer = await unmergeByPerson(small.hub, mergeIdOf(first, second), 'ada');
    await small.notice('one', [b]);
    await small.settle();

    expect(answer).toEqual({
      end: 'done',
      goneInSystems: [{ connection: 'one', object: 'thing', externalId: b, into: a }],
    });
    expect((await small.store.readBundle('partner', second)).unified?.state).not.toBe('merged');
  });
});

/** A hub whose store takes no write and whose queues take no message. */
function failingWrites({ hub, store }: SmallHub): Hub {
  const refuse = async (): Promise<never> => {
    throw new Error('written');
  };
  const silent = Object.fromEntries([...WRITES, 'putConnection', 'putCursor', 'count'].map((name) => [name, refuse]));
  const outbox = { notice: refuse, deliver: refuse, deliverLater: refuse, changed: refuse, sweep: refuse };
  return { ...hub, outbox, store: { ...store, ...silent } };
}
