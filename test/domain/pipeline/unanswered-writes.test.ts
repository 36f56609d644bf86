import { describe, expect, test } from 'vitest';
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

describe('a person’s edit of what a write without an answer may have brought', () => {
  /** `two` was written `first` without an answer, and somebody enters `on top` there while its clock is a minute behind. */
  async function editedOnTop() {
    const { small, a, b } = await pairedHub();
    small.systems.one?.edit(a, { NOTE: 'first' });
    await small.notice('one', [a]);
    small.systems.two?.failNextWrite(UNANSWERED, true);
    await small.drain();
    small.clock.now -= 59_000;
    small.systems.two?.edit(b, { NOTE: 'on top' });
    small.clock.now += 60_000;
    return { small, a, b };
  }

  test('beats it, though the system’s clock is behind', async () => {
    const { small, a, b } = await editedOnTop();

    await small.settle();

    expect(small.systems.one?.read(a).NOTE).toBe('on top');
    expect(small.systems.two?.read(b).NOTE).toBe('on top');
  });

  test('is not judged while the claim lives: until then nobody knows which was first', async () => {
    const { small, a, b } = await editedOnTop();

    await small.notice('two', [b]);
    await small.drain();
    const { sources } = await bundleOf(small, 'two', b);
    await small.settle();

    expect(sources.find(({ connection }) => connection === 'two')?.fields.note?.value).not.toBe('on top');
    expect(small.systems.one?.read(a).NOTE).toBe('on top');
  });

  test('does not beat what was only about to be written', async () => {
    const { small, a, b } = await pairedHub();
    small.clock.now -= 30_000;
    small.systems.two?.edit(b, { NOTE: 'earlier' });
    small.clock.now += 30_000;
    small.systems.one?.edit(a, { NOTE: 'later' });
    await small.notice('one', [a]);

    await small.settle();

    expect(small.systems.two?.read(b).NOTE).toBe('later');
  });
});
