import { expect, test } from 'vitest';
import { releaseConnection } from '../../../../domain/pipeline/connections/release-connection.ts';
import type { Hub, HubStore } from '../../../../domain/pipeline/ports.ts';
import { type SmallHub, smallHub } from '../../../support/small-hub.ts';

/** Two connections that were read to the end, `two` not released yet. */
async function readToTheEnd(): Promise<SmallHub> {
  const small = await smallHub(['one', 'two']);
  await change(small, ({ releasedAt: _, ...state }) => state);
  return small;
}

type State = NonNullable<Awaited<ReturnType<HubStore['readConnection']>>>;

async function change({ store }: SmallHub, by: (state: State) => State): Promise<void> {
  const state = await store.readConnection('two');
  if (state === undefined) throw new Error('no connection two');
  await store.putConnection({ ...by(state), counter: state.counter + 1 }, state.counter);
}

const walksOf = ({ outbox }: SmallHub): string[] =>
  outbox.waiting.sweeps.map(({ message: { connection, object, mode } }) => `${mode} ${connection} ${object}`);
const isReleased = async ({ store }: SmallHub): Promise<boolean> =>
  (await store.readConnection('two'))?.releasedAt !== undefined;

/** The hub with another outbox or store, as told. */
const withSweep = (hub: Hub, sweep: Hub['outbox']['sweep']): Hub => ({ ...hub, outbox: { ...hub.outbox, sweep } });

test('a release that is cut short before all walks are asked for can be asked for again', async () => {
  const small = await readToTheEnd();
  let calls = 0;
  const failing = withSweep(small.hub, async (...request) => {
    calls += 1;
    if (calls === 2) throw new Error('the queue does not answer');
    await small.hub.outbox.sweep(...request);
  });

  await expect(releaseConnection(failing, 'two')).rejects.toThrow('does not answer');
  expect(await isReleased(small)).toBe(false);
  await releaseConnection(small.hub, 'two');

  expect(await isReleased(small)).toBe(true);
  expect(new Set(walksOf(small))).toEqual(new Set(['walk one thing', 'walk two thing']));
});

test('an object that comes to the end of its backfill while a release is under way is walked as well', async () => {
  const small = await smallHub(['one', 'two']);
  await change(small, ({ releasedAt: _, ...state }) => ({ ...state, backfilledAt: {} }));
  let isRead = false;
  const store: HubStore = {
    ...small.store,
    putConnection: async (state, expected) => {
      // The last page is ticked off at the last moment.
      if (!isRead) {
        isRead = true;
        await change(small, (current) => ({ ...current, backfilledAt: { thing: small.clock.now } }));
      }
      return small.store.putConnection(state, expected);
    },
  };

  await releaseConnection({ ...small.hub, store }, 'two');

  expect(await isReleased(small)).toBe(true);
  expect(new Set(walksOf(small))).toEqual(new Set(['walk one thing', 'walk two thing']));
});

test('walks that may have come before the release is known everywhere are asked for again', async () => {
  const small = await readToTheEnd();
  const slow = withSweep(small.hub, async (...request) => {
    small.clock.now += 4_000;
    await small.hub.outbox.sweep(...request);
  });

  await releaseConnection(slow, 'two');

  expect(walksOf(small).toSorted()).toEqual(['walk one thing', 'walk one thing', 'walk two thing', 'walk two thing']);
});

test('a connection that is released is left as it is', async () => {
  const small = await smallHub(['one', 'two']);

  await releaseConnection(small.hub, 'two');

  expect(walksOf(small)).toEqual([]);
});
