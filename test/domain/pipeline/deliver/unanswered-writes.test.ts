import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../../domain/model/fault.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import {
  absorbOne,
  behind,
  deliver,
  dueFor,
  LEASE_MS,
  sourceIn,
  UNANSWERED,
  waitingDues,
} from '../../../support/due-deliveries.ts';
import { bundleOf, pairedHub, smallHub, withPort } from '../../../support/small-hub.ts';

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

test('an element of a set that somebody puts back on top of a write without an answer is an edit', async () => {
  const { small, a, b } = await pairedHub();
  small.systems.one?.edit(a, { SKILLS: ['x', 'y'] });
  await small.notice('one', [a]);
  await small.settle();
  small.clock.now += 1_000;
  small.systems.one?.edit(a, { SKILLS: ['z'] });
  await small.notice('one', [a]);
  small.systems.two?.failNextWrite(UNANSWERED, true);
  await small.drain();
  expect(small.systems.two?.read(b).SKILLS).toEqual(['z']);

  small.clock.now += 1_000;
  small.systems.two?.edit(b, { SKILLS: ['y', 'z'] });
  await small.notice('two', [b]);
  await small.settle();

  expect(small.systems.one?.read(a).SKILLS).toEqual(['y', 'z']);
  expect(small.systems.two?.read(b).SKILLS).toEqual(['y', 'z']);
});

test.each(['read', 'write'])(
  'a newer edit elsewhere does not lose to an older one because a worker was stopped at its %s',
  async (at) => {
    const { small, a, b } = await pairedHub();
    small.clock.now += 1_000_000;
    small.systems.two?.edit(b, { NOTE: 'older' });
    small.clock.now += 10_000;
    small.systems.one?.edit(a, { NOTE: 'newer' });
    small.clock.now += 600_000;
    await absorbOne(small, [a]);
    const { id } = await bundleOf(small, 'one', a);
    const stopped = withPort(small.hub, 'two', () => ({ [at]: () => Promise.reject(new Error('stopped')) }));
    await expect(deliver(stopped, dueFor(id))).rejects.toThrow('stopped');

    small.clock.now += 120_000;
    await deliver(small.hub, dueFor(id));
    await small.settle();

    expect(small.systems.one?.read(a).NOTE).toBe('newer');
    expect(small.systems.two?.read(b).NOTE).toBe('newer');
  },
);

test('a write that is repeated says which values an earlier one was to set', async () => {
  const { small, b, id } = await behind();
  const told: unknown[] = [];
  const listening = withPort(small.hub, 'two', () => ({
    write: async (_object, _hubIdField, items) => {
      told.push(...items.map(({ values, unanswered }) => [Object.keys(values), unanswered]));
      return items.map(() => ({
        outcome: 'failed',
        fault: { kind: 'throttled', code: 'TASK_RUNNING', message: 'still at it' },
      }));
    },
  }));

  await deliver(listening, dueFor(id));
  await deliver(listening, dueFor(id));

  const [[fields]] = told as [[string[]]];
  expect(fields.length).toBeGreaterThan(0);
  expect(told).toEqual([
    [fields, []],
    [fields, fields],
  ]);
  expect((await sourceIn(small, 'two', b)).claim).toBeUndefined();
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

test('a creation of which nothing can be told yet keeps no other waiting', async () => {
  const small = await smallHub(['one', 'two']);
  const ids = ['Acme', 'Beta'].map((name) => small.systems.one?.create({ NAME: name, NOTE: 'first' }) ?? '');
  await absorbOne(small, ids);
  const [acme = '', beta = ''] = await Promise.all(ids.map(async (each) => (await bundleOf(small, 'one', each)).id));
  small.systems.two?.failNextWrite(UNANSWERED, true);
  await deliver(small.hub, dueFor(acme), dueFor(beta));
  small.clock.now += 120_000;
  const running: Fault = { kind: 'throttled', code: 'CHANGE_SET_RUNNING', message: 'still at it' };
  const one = withPort(small.hub, 'two', ({ find }) => ({
    find: async (...asked) => {
      const found = await find(...asked);
      return found.ok ? { ok: true, value: new Map<string, string | Fault>([...found.value, [acme, running]]) } : found;
    },
  }));

  await deliver(one, dueFor(acme), dueFor(beta));

  expect(small.outbox.takeNotices().flatMap((notice) => notice.ids)).toEqual(['two-2']);
  expect(small.systems.two?.calls.writes).toBe(1);
  await small.settle();
  expect((await bundleOf(small, 'two', 'two-1')).id).toBe(acme);
});

test('a creation of which only a person can find out is a question to one, and nothing is made beside it', async () => {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
  await absorbOne(small, [a]);
  const { id } = await bundleOf(small, 'one', a);
  small.systems.two?.failNextWrite(UNANSWERED, false);
  await deliver(small.hub, dueFor(id));
  small.clock.now += 120_000;
  const odd: Fault = { kind: 'rejected', code: 'STATE_UNKNOWN', message: 'It is HELD, which the hub does not know.' };
  const asking = withPort(small.hub, 'two', () => ({
    find: async () => ({ ok: true, value: new Map<string, string | Fault>([[id, odd]]) }),
  }));

  await deliver(asking, dueFor(id));

  const { problems } = await small.store.listProblems({ limit: 10 });
  expect(problems).toMatchObject([{ cause: 'refused-record', code: 'STATE_UNKNOWN', unifiedId: id }]);
  expect(small.systems.two?.all()).toEqual([]);
  expect((await bundleOf(small, 'one', a)).unified?.seats['two#thing']).toMatchObject({ isUncertain: true });
});

test('a creation that meets what an earlier attempt made, and writes nothing, claims nothing of what it holds', async () => {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com', NOTE: 'first' }) ?? '';
  await absorbOne(small, [a]);
  const { id } = await bundleOf(small, 'one', a);
  // Made and forgotten: the deal has moved on since.
  const b = small.systems.two?.create({ NAME: 'Acme', DOMAIN: 'acme.com', NOTE: 'long ago', HUB_ID: id }) ?? '';
  small.clock.now += 3_600_000;
  small.systems.one?.edit(a, { NOTE: 'second' });
  await absorbOne(small, [a]);
  const meeting = withPort(small.hub, 'two', () => ({
    write: async (_object, _hubIdField, items) =>
      items.map(() => ({ outcome: 'written', externalId: b, created: false, isUntouched: true })),
  }));

  await deliver(meeting, dueFor(id));
  const before = (await bundleOf(small, 'one', a)).sources.map(({ connection }) => connection);
  await small.settle();

  expect(before).toEqual(['one']);
  expect(small.systems.two?.read(b).NOTE).toBe('second');
  expect(small.systems.one?.read(a).NOTE).toBe('second');
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

describe('a person’s entry of the very value the hub is about to write', () => {
  test('is an edit as new as it is, and beats one in a third system that was made before', async () => {
    const small = await smallHub(['one', 'two', 'three']);
    const ids = { one: '', two: '', three: '' };
    ids.one = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
    await small.notice('one', [ids.one]);
    await small.settle();
    for (const connection of ['two', 'three'] as const) {
      ids[connection] = small.systems[connection]?.all()[0]?.id ?? '';
      await small.notice(connection, [ids[connection]]);
    }
    await small.settle();
    small.clock.now += 60_000;
    small.systems.one?.edit(ids.one, { NOTE: 'same' });
    small.clock.now += 60_000;
    small.systems.three?.edit(ids.three, { NOTE: 'other' });
    small.clock.now += 60_000;
    small.systems.two?.edit(ids.two, { NOTE: 'same' });
    small.clock.now += 60_000;

    await small.notice('one', [ids.one]);
    await small.settle();
    await small.notice('three', [ids.three]);
    await small.settle();

    expect(small.systems.three?.read(ids.three).NOTE).toBe('same');
    expect(small.systems.one?.read(ids.one).NOTE).toBe('same');
  });

  test('is not taken for the hub’s while its write is under way', async () => {
    const { small, b, id } = await behind();
    const reading = withPort(small.hub, 'two', ({ read }) => ({
      read: async (...asked) => {
        small.systems.two?.edit(b, { NAME: 'Renamed' });
        await small.notice('two', [b]);
        const notices = small.outbox.takeNotices();
        await absorbNotices(
          small.hub,
          notices.map((notice) => ({ notice, isRepeated: false })),
        );
        return read(...asked);
      },
    }));

    await deliver(reading, dueFor(id));

    expect((await sourceIn(small, 'two', b)).fields.name).toMatchObject({ value: 'Renamed', origin: 'system' });
  });
});

test('a creation that the system carries out by itself holds up neither what it made nor whoever looks for it', async () => {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Acme', NOTE: 'first' }) ?? '';
  await absorbOne(small, [a]);
  const { id } = await bundleOf(small, 'one', a);
  small.systems.two?.failNextWrite(
    { kind: 'throttled', code: 'CHANGE_SET_RUNNING', message: 'at it', retryAfterMs: 30_000, isUnderWay: true },
    true,
  );
  expect(await deliver(small.hub, dueFor(id))).toEqual({ 'waits:throttled': 1 });
  expect(waitingDues(small)).toMatchObject([{ attempts: 1 }]);
  expect(waitingDues(small)[0]?.visibleAt).toBeLessThan(small.clock.now + LEASE_MS);

  // The system tells of what it made, and a person has been there already.
  const [made] = small.systems.two?.all() ?? [];
  small.clock.now += 1_000;
  small.systems.two?.edit(made?.id ?? '', { NOTE: 'edited' });
  await small.notice('two', [made?.id ?? '']);
  await small.drain();

  expect(small.systems.one?.read(a).NOTE).toBe('edited');
  const writes = small.systems.two?.calls.writes;
  await small.settle();
  expect(small.systems.two?.calls.writes).toBe(writes);
  expect(small.systems.two?.read(made?.id ?? '').NOTE).toBe('edited');
});

test('a creation that the system carries out by itself is looked for before anything is sent again', async () => {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
  await absorbOne(small, [a]);
  const { id } = await bundleOf(small, 'one', a);
  small.systems.two?.failNextWrite(
    { kind: 'throttled', code: 'CHANGE_SET_RUNNING', message: 'at it', isUnderWay: true },
    true,
  );
  await deliver(small.hub, dueFor(id));
  const writes = small.systems.two?.calls.writes;

  await deliver(small.hub, dueFor(id));

  expect(small.systems.two?.calls.writes).toBe(writes);
  expect(small.outbox.takeNotices().flatMap((notice) => notice.ids)).toEqual(['two-1']);
});

test('a creation without an answer is taken in when it is met, and attempted again only when it can arrive no more', async () => {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Acme', NOTE: 'first' }) ?? '';
  await absorbOne(small, [a]);
  const { id } = await bundleOf(small, 'one', a);
  small.systems.two?.failNextWrite(UNANSWERED, true);
  expect(await deliver(small.hub, dueFor(id))).toEqual({ uncertain: 1 });
  const writes = small.systems.two?.calls.writes;

  await deliver(small.hub, dueFor(id));
  expect(small.systems.two?.calls.writes).toBe(writes);
  expect(waitingDues(small).map(({ visibleAt }) => visibleAt)).toEqual([
    small.clock.now + LEASE_MS,
    small.clock.now + LEASE_MS,
  ]);

  small.clock.now += 1_000;
  const [made] = small.systems.two?.all() ?? [];
  small.systems.two?.edit(made?.id ?? '', { NOTE: 'edited' });
  await small.notice('two', [made?.id ?? '']);
  await small.drain();

  expect((await sourceIn(small, 'two', made?.id ?? '')).fields.name).toMatchObject({ value: 'Acme', origin: 'hub' });
  expect(small.systems.one?.read(a).NOTE).toBe('edited');
  await small.settle();
  expect(small.systems.two?.all()).toHaveLength(1);
  expect(small.systems.two?.calls.writes).toBe(writes);
});

test('what the first of two creations without an answer made late does not beat an edit made before the second', async () => {
  const small = await smallHub(['one', 'two']);
  const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com', NOTE: 'first' }) ?? '';
  await absorbOne(small, [a]);
  const { id } = await bundleOf(small, 'one', a);
  small.systems.two?.failNextWrite(UNANSWERED, false);
  await deliver(small.hub, dueFor(id));
  small.clock.now += LEASE_MS + 1_000;
  small.systems.one?.edit(a, { NOTE: 'second' });
  await absorbOne(small, [a]);
  small.systems.two?.failNextWrite(UNANSWERED, false);
  await deliver(small.hub, dueFor(id));

  // The clock of `two` is a minute behind.
  small.clock.now -= 60_000;
  const b = small.systems.two?.create({ NAME: 'Acme', DOMAIN: 'acme.com', NOTE: 'first', HUB_ID: id }) ?? '';
  small.clock.now += 61_000;
  await small.notice('two', [b]);
  await small.settle();

  expect(small.systems.one?.read(a).NOTE).toBe('second');
  expect(small.systems.two?.read(b).NOTE).toBe('second');
});
