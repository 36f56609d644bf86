import { expect, test } from 'vitest';
import { bundleOf, pairedHub } from '../../support/small-hub.ts';

const UNANSWERED = { kind: 'transient', code: 'TIMED_OUT', message: 'no answer', isUnanswered: true } as const;

test('what a write without an answer left behind is the hub’s, and loses to an edit made meanwhile', async () => {
  const { small, a, b } = await pairedHub();
  small.systems.one?.edit(a, { NOTE: 'first' });
  await small.notice('one', [a]);
  small.systems.two?.failNextWrite(UNANSWERED, true);
  await small.drain();
  const { sources } = await bundleOf(small, 'two', b);
  expect(sources.find(({ connection }) => connection === 'two')?.claim).toBeDefined();

  small.clock.now += 1_000;
  small.systems.one?.edit(a, { NOTE: 'second' });
  await small.notice('one', [a]);
  await small.settle();

  expect(small.systems.one?.read(a).NOTE).toBe('second');
  expect(small.systems.two?.read(b).NOTE).toBe('second');
});

test('a write of which a part was done before it had to wait is recognised', async () => {
  const { small, a, b } = await pairedHub();
  small.systems.one?.edit(a, { NOTE: 'first' });
  await small.notice('one', [a]);
  small.systems.two?.failNextWrite({ kind: 'throttled', code: '429', message: 'slow down' }, true);
  await small.drain();

  small.clock.now += 1_000;
  await small.notice('two', [b]);
  await small.drain();

  const { sources } = await bundleOf(small, 'two', b);
  expect(sources.find(({ connection }) => connection === 'two')?.fields.note).toMatchObject({
    value: 'first',
    origin: 'hub',
  });
});
