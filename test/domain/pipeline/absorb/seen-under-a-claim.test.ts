import { expect, test } from 'vitest';
import { behindByNote, deliver, dueFor, LEASE_MS, sourceIn, UNANSWERED } from '../../../support/due-deliveries.ts';

/** A record of which `former` is everywhere, and of which `new` was written to `two` without an answer. */
async function unanswered() {
  const { small, a, b, id } = await behindByNote();
  small.systems.two?.failNextWrite(UNANSWERED, true);
  await deliver(small.hub, dueFor(id));
  return { small, a, b };
}

test('what a write has brought is the hub’s as soon as it is seen, also under the claim of that write', async () => {
  const { small, b } = await unanswered();

  await small.notice('two', [b]);
  await small.drain();

  const source = await sourceIn(small, 'two', b);
  expect(source.fields.note).toMatchObject({ value: 'new', origin: 'hub' });
  expect(source.claim).toBeDefined();
  expect(source.intents.note).toBeUndefined();
});

test('whoever sets the former value back after that has edited what the hub wrote', async () => {
  const { small, a, b } = await unanswered();
  await small.notice('two', [b]);
  await small.drain();

  small.clock.now += 1_000;
  small.systems.two?.edit(b, { NOTE: 'former' });
  await small.notice('two', [b]);
  small.clock.now += LEASE_MS;
  await small.settle();

  expect(small.systems.one?.read(a).NOTE).toBe('former');
  expect(small.systems.two?.read(b).NOTE).toBe('former');
});

test('anything else waits until it is known how the write has ended', async () => {
  const { small, b } = await unanswered();
  small.clock.now += 1_000;
  small.systems.two?.edit(b, { NOTE: 'on top' });

  await small.notice('two', [b]);
  await small.drain();

  expect((await sourceIn(small, 'two', b)).fields.note?.value).toBe('former');
});
