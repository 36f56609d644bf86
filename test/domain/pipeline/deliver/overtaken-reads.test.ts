import { expect, test } from 'vitest';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import {
  absorbOne,
  behindByNote,
  deliver,
  dueFor,
  LEASE_MS,
  sourceIn,
  UNANSWERED,
} from '../../../support/due-deliveries.ts';
import { withPort } from '../../../support/small-hub.ts';

/** The hub as a worker sees it that is held up after it has taken in what it read, until `meanwhile` is over. */
function heldUp(hub: Hub, meanwhile: () => Promise<void>): Hub {
  let step: 'reads' | 'has-taken-in' | 'goes-on' = 'reads';
  const { store } = hub;
  return {
    ...hub,
    store: {
      ...store,
      putSource: async (source, expected) => {
        const isPut = await store.putSource(source, expected);
        if (isPut && step === 'reads') step = 'has-taken-in';
        return isPut;
      },
      readBundle: async (kind, id) => {
        if (step === 'has-taken-in') {
          step = 'goes-on';
          await meanwhile();
        }
        return store.readBundle(kind, id);
      },
    },
  };
}

/** A record of which `new` is due in `two`, where somebody has just changed another field. */
async function editedThere() {
  const { small, a, b, id } = await behindByNote();
  small.systems.two?.edit(b, { SKILLS: ['x'] });
  return { small, a, b, id };
}

test('a worker held up after its read does not close what another has declared since', async () => {
  const { small, a, b, id } = await editedThere();
  const slow = heldUp(small.hub, async () => {
    small.systems.two?.failNextWrite(UNANSWERED, true);
    await deliver(small.hub, dueFor(id));
    small.clock.now += 1_000;
    small.systems.one?.edit(a, { NOTE: 'former' });
    await absorbOne(small, [a]);
  });

  await deliver(slow, dueFor(id));
  const { intents } = await sourceIn(small, 'two', b);
  small.clock.now += LEASE_MS;
  // It moves the stamp of all that stands there.
  small.systems.two?.edit(b, { SKILLS: ['y'] });
  await small.notice('two', [b]);
  await small.settle();

  expect(Object.keys(intents)).toEqual(['note']);
  expect(small.systems.one?.read(a).NOTE).toBe('former');
  expect(small.systems.two?.read(b).NOTE).toBe('former');
});

test('a worker held up after its read writes nothing by it when the record has been written since', async () => {
  const { small, a, b, id } = await editedThere();
  const slow = heldUp(small.hub, async () => {
    await deliver(small.hub, dueFor(id));
    small.clock.now += 1_000;
    small.systems.one?.edit(a, { NOTE: 'newest' });
    await absorbOne(small, [a]);
  });
  const written: unknown[] = [];
  const watched = withPort(slow, 'two', ({ write }) => ({
    write: (object, hubIdField, items, work) => {
      written.push(...items.map(({ values }) => values.NOTE));
      return write(object, hubIdField, items, work);
    },
  }));

  await deliver(watched, dueFor(id));
  const byOldRead = [...written];
  await small.settle();

  expect(byOldRead).toEqual([]);
  expect(small.systems.two?.read(b).NOTE).toBe('newest');
});
