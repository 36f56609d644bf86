import { expect, test } from 'vitest';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import { absorbOne, deliver, dueFor, sourceIn } from '../../../support/due-deliveries.ts';
import { bundleOf, type SmallHub, smallHub, withPort } from '../../../support/small-hub.ts';

const LATER = { kind: 'uncertain', code: 'THROTTLED', message: 'made, but not all of it' } as const;

/** A company in `one` that is to be made in `two`. */
async function newcomer(): Promise<{ small: SmallHub; id: string }> {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com', NOTE: 'first' }) ?? '';
  await absorbOne(small, [a]);
  return { small, id: (await bundleOf(small, 'one', a)).id };
}

/** `two` makes a record in several calls: first with its name alone; `between` happens before the rest is written. */
function makingInSteps({ hub, systems }: SmallHub, id: string, between: (made: string) => Promise<void>): Hub {
  return withPort(hub, 'two', () => ({
    write: async () => {
      const made = systems.two?.create({ NAME: 'Acme', DOMAIN: 'acme.com', HUB_ID: id }) ?? '';
      await between(made);
      systems.two?.edit(made, { NOTE: 'first' });
      return [{ outcome: 'written', externalId: made, created: true }];
    },
  }));
}

test('a record that is met between two calls of its creation waits, and nobody else writes what is just being written', async () => {
  const { small, id } = await newcomer();
  const hub = makingInSteps(small, id, async (made) => {
    await small.notice('two', [made]);
    const report = await absorbNotices(
      small.hub,
      small.outbox.takeNotices().map((notice) => ({ notice, isRepeated: false })),
    );
    expect(report).toEqual({ 'waits:creation-in-flight': 1 });
    expect(small.outbox.takeDeliveries('two')).toEqual([]);
  });

  expect(await deliver(hub, dueFor(id))).toEqual({ created: 1 });
  await small.settle();

  expect(small.systems.two?.all()).toHaveLength(1);
  expect(small.systems.two?.calls.writes).toBe(0);
});

test('a record that is met long after the process died that made it is taken in, and the rest is written', async () => {
  const { small, id } = await newcomer();
  const died = withPort(small.hub, 'two', () => ({
    write: async () => {
      small.systems.two?.create({ NAME: 'Acme', DOMAIN: 'acme.com', HUB_ID: id });
      throw new Error('killed');
    },
  }));
  await expect(deliver(died, dueFor(id))).rejects.toThrow('killed');
  small.clock.now += 120_000;

  await small.notice('two', ['two-1']);
  await small.settle();

  expect(small.systems.two?.all().map(({ values }) => values.NOTE)).toEqual(['first']);
});

test('a creation that made the record before a later call failed goes on as an update at once, and makes no other', async () => {
  const { small, id } = await newcomer();
  let made = '';
  const begun = withPort(small.hub, 'two', () => ({
    write: async () => {
      made = small.systems.two?.create({ NAME: 'Acme', DOMAIN: 'acme.com', HUB_ID: id }) ?? '';
      return [{ outcome: 'failed', fault: LATER, madeAs: made }];
    },
  }));

  expect(await deliver(begun, dueFor(id))).toEqual({ begun: 1 });
  const source = await sourceIn(small, 'two', made);
  expect(source.claim).toBeUndefined();
  expect(source.intents).toHaveProperty('note');
  await small.drain();

  expect(small.systems.two?.all().map(({ values }) => values.NOTE)).toEqual(['first']);
  expect((await sourceIn(small, 'two', made)).fields.name).toMatchObject({ value: 'Acme', origin: 'hub' });
});
