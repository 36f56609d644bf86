import { describe, expect, test } from 'vitest';
import { type Fault, fail } from '../../../../domain/model/fault.ts';
import type { SourceRecord } from '../../../../domain/model/source-record.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import type { DeliveryReport } from '../../../../domain/pipeline/deliver/deliver-due.ts';
import {
  absorbOne,
  behind,
  deliver,
  dueFor,
  LEASE_MS,
  sourceIn,
  waitingDues,
} from '../../../support/due-deliveries.ts';
import { bundleOf, problemsOf, type SmallHub, smallHub, withPort } from '../../../support/small-hub.ts';

async function touch(small: SmallHub, source: SourceRecord, change: Partial<SourceRecord> = {}): Promise<void> {
  expect(await small.store.putSource({ ...source, ...change, counter: source.counter + 1 }, source.counter)).toBe(true);
}

async function absorb(small: SmallHub, connection: string, externalId: string): Promise<void> {
  await small.notice(connection, [externalId]);
  const received = small.outbox.takeNotices();
  await absorbNotices(
    small.hub,
    received.map((notice) => ({ notice, isRepeated: false })),
  );
}

const notices = ({ outbox }: SmallHub) => outbox.waiting.notices.map(({ message }) => message);

describe('a claim', () => {
  test('that is live makes the message wait for its end, and nothing is written', async () => {
    const { small, b, id } = await behind();
    await touch(small, await sourceIn(small, 'two', b), { claim: { token: 'other', until: small.clock.now + 30_000 } });
    const writes = small.systems.two?.calls.writes;

    await deliver(small.hub, dueFor(id, { attempts: 7 }));

    expect(small.systems.two?.calls.writes).toBe(writes);
    expect(waitingDues(small)).toEqual([{ ...dueFor(id, { attempts: 7 }), visibleAt: small.clock.now + 30_000 }]);
  });

  test('that has lapsed is taken over; what its holder wrote late counts as the hub’s, not as an edit', async () => {
    const { small, b, id } = await behind();
    const source = await sourceIn(small, 'two', b);
    let intents: SourceRecord['intents'] = {};
    const spying = withPort(small.hub, 'two', () => ({
      write: async (_object, _field, items) => {
        intents = (await sourceIn(small, 'two', b)).intents;
        return items.map(() => ({ outcome: 'failed', fault: { kind: 'uncertain', code: 'X', message: 'no answer' } }));
      },
    }));
    await deliver(spying, dueFor(id));
    expect(Object.keys(intents)).toEqual(['name']);
    small.clock.now += LEASE_MS;
    small.systems.two?.edit(b, { NAME: 'Renamed' });

    await deliver(small.hub, dueFor(id));

    expect((await sourceIn(small, 'two', b)).fields.name).toMatchObject({ value: 'Renamed', origin: 'hub' });
    expect((await sourceIn(small, 'two', b)).claim).toBeUndefined();
    expect((await bundleOf(small, 'two', b)).unified?.fields.name?.from).toContain('one#');
    expect(source.fields.name?.value).toBe('Acme');
  });

  test('lost while the system wrote queues both directions', async () => {
    const { small, b, id } = await behind();
    const raced = withPort(small.hub, 'two', ({ write }) => ({
      write: async (...asked) => {
        const outcomes = await write(...asked);
        await touch(small, await sourceIn(small, 'two', b), { claim: { token: 'other', until: small.clock.now + 1 } });
        return outcomes;
      },
    }));

    expect(await deliver(raced, dueFor(id))).toEqual({ 'lost-claim': 1 });

    expect(notices(small)).toMatchObject([{ connection: 'two', ids: [b], reason: 'delivery' }]);
    expect(waitingDues(small)).toMatchObject([{ id, connection: 'two', attempts: 0 }]);
    await small.settle();
    expect(small.systems.two?.read(b).NAME).toBe('Renamed');
    expect((await sourceIn(small, 'two', b)).fields.name).toMatchObject({ value: 'Renamed', origin: 'hub' });
  });

  test('under which the record was taken in while the system wrote is ended all the same', async () => {
    const { small, b, id } = await behind();
    const raced = withPort(small.hub, 'two', ({ write }) => ({
      write: async (...asked) => {
        small.clock.now += 1_000;
        small.systems.two?.edit(b, { NOTE: 'by a person' });
        await absorb(small, 'two', b);
        return write(...asked);
      },
    }));

    expect(await deliver(raced, dueFor(id))).toEqual({ updated: 1 });

    const source = await sourceIn(small, 'two', b);
    expect(source.claim).toBeUndefined();
    expect(source.intents).toEqual({});
    expect(source.fields.name).toMatchObject({ value: 'Renamed', origin: 'hub' });
    expect(source.fields.note).toMatchObject({ value: 'by a person', origin: 'system' });
  });

  test('under which the record was taken in before it was read once more is given up at once', async () => {
    const { small, b, id } = await behind();
    const raced = withPort(small.hub, 'two', ({ read }) => ({
      read: async (...asked) => {
        small.clock.now += 1_000;
        small.systems.two?.edit(b, { NOTE: 'by a person' });
        await absorb(small, 'two', b);
        return read(...asked);
      },
    }));

    await deliver(raced, dueFor(id));

    expect((await sourceIn(small, 'two', b)).claim).toBeUndefined();
    expect(small.systems.two?.read(b).NAME).toBe('Acme');
    await small.drain();
    expect(small.systems.two?.read(b)).toMatchObject({ NAME: 'Renamed', NOTE: 'by a person' });
  });

  test('is given up when the system cannot be read before the write', async () => {
    const { small, b, id } = await behind();
    const fault: Fault = { kind: 'transient', code: '503', message: 'down' };
    const down = withPort(small.hub, 'two', () => ({ read: async () => fail(fault) }));

    await deliver(down, dueFor(id));

    expect(await sourceIn(small, 'two', b)).toMatchObject({ intents: {} });
    expect((await sourceIn(small, 'two', b)).claim).toBeUndefined();
    expect(waitingDues(small)).toMatchObject([{ attempts: 1, visibleAt: small.clock.now + 3_000 }]);
  });

  test('of a creation under way makes another one wait', async () => {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
    await absorbOne(small, [a]);
    const { id } = await bundleOf(small, 'one', a);
    let second: DeliveryReport = {};
    const slow = withPort(small.hub, 'two', ({ write }) => ({
      write: async (...asked) => {
        second = await deliver(small.hub, dueFor(id));
        return write(...asked);
      },
    }));

    expect(await deliver(slow, dueFor(id))).toEqual({ created: 1 });

    expect(second).toEqual({ 'nothing-to-do-or-waits': 1 });
    expect(small.systems.two?.all()).toHaveLength(1);
    expect(waitingDues(small)[0]).toMatchObject({ visibleAt: small.clock.now + LEASE_MS });
  });
});

describe('a creation', () => {
  async function newcomer(): Promise<{ small: SmallHub; a: string; id: string }> {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
    await absorbOne(small, [a]);
    return { small, a, id: (await bundleOf(small, 'one', a)).id };
  }

  test('whose answer was lost waits for its lease and looks before it creates', async () => {
    const { small, id } = await newcomer();
    small.systems.two?.failNextWrite({ kind: 'uncertain', code: 'ECONNRESET', message: 'no answer' }, false);
    const steps: string[] = [];
    const spying = withPort(small.hub, 'two', ({ find, write }) => ({
      find: async (...asked) => {
        steps.push('looks');
        return find(...asked);
      },
      write: async (...asked) => {
        steps.push('creates');
        return write(...asked);
      },
    }));

    expect(await deliver(spying, dueFor(id))).toEqual({ uncertain: 1 });
    const [again] = waitingDues(small);
    expect(again).toMatchObject({ attempts: 1, visibleAt: small.clock.now + LEASE_MS });
    small.clock.now = again?.visibleAt ?? 0;
    expect(await deliver(spying, dueFor(id))).toEqual({ created: 1 });

    expect(steps).toEqual(['creates', 'looks', 'creates']);
  });

  test('whose answer was lost leaves alone what a person entered in the record meanwhile', async () => {
    const { small, a, id } = await newcomer();
    small.systems.two?.failNextWrite({ kind: 'uncertain', code: 'ECONNRESET', message: 'no answer' }, true);
    expect(await deliver(small.hub, dueFor(id))).toEqual({ uncertain: 1 });
    const [made] = small.systems.two?.all() ?? [];
    small.clock.now += 1_000;
    small.systems.two?.edit(made?.id ?? '', { NAME: 'Acme Limited' });
    small.clock.now = waitingDues(small)[0]?.visibleAt ?? 0;

    expect(await deliver(small.hub, dueFor(id))).toEqual({ 'nothing-to-do-or-waits': 1 });
    await small.settle();

    expect(small.systems.one?.read(a).NAME).toBe('Acme Limited');
    expect(small.systems.two?.all().map(({ values }) => values.NAME)).toEqual(['Acme Limited']);
  });

  test('whose answer was lost is looked for as long as it has not come about, however often it fails for certain since', async () => {
    const { small, a, id } = await newcomer();
    small.systems.two?.failNextWrite({ kind: 'uncertain', code: 'ECONNRESET', message: 'no answer' }, false);
    expect(await deliver(small.hub, dueFor(id))).toEqual({ uncertain: 1 });
    small.clock.now = waitingDues(small)[0]?.visibleAt ?? 0;
    small.systems.two?.failNextWrite({ kind: 'throttled', code: '429', message: 'slow down' }, false);
    expect(await deliver(small.hub, dueFor(id))).toEqual({ 'waits:throttled': 1 });
    // Only now the first attempt is carried out.
    const made = small.systems.two?.create({ NAME: 'Acme', HUB_ID: id }) ?? '';
    small.clock.now += 1_000;
    small.systems.two?.edit(made, { NAME: 'Acme Limited' });

    await small.settle();

    expect(small.systems.one?.read(a).NAME).toBe('Acme Limited');
    expect(small.systems.two?.all().map(({ values }) => values.NAME)).toEqual(['Acme Limited']);
  });

  test('that cannot be looked for is not repeated', async () => {
    const { small, id } = await newcomer();
    small.systems.two?.failNextWrite({ kind: 'uncertain', code: 'ECONNRESET', message: 'no answer' }, true);
    expect(await deliver(small.hub, dueFor(id))).toEqual({ uncertain: 1 });
    small.clock.now = waitingDues(small)[0]?.visibleAt ?? 0;
    const writes = small.systems.two?.calls.writes;
    const down = withPort(small.hub, 'two', () => ({
      find: async () => fail({ kind: 'throttled', code: '429', message: 'slow down' }),
    }));

    await deliver(down, dueFor(id));

    expect(small.systems.two?.calls.writes).toBe(writes);
    expect(waitingDues(small).at(-1)).toMatchObject({ attempts: 1 });
  });

  test('that is only looked for is not about to write what it would: a field left empty was not emptied', async () => {
    const { small, a, id } = await newcomer();
    small.systems.two?.failNextWrite({ kind: 'uncertain', code: 'ECONNRESET', message: 'no answer' }, true);
    expect(await deliver(small.hub, dueFor(id))).toEqual({ uncertain: 1 });
    const [made] = small.systems.two?.all() ?? [];
    small.clock.now += 1_000;
    small.systems.two?.edit(made?.id ?? '', { CITY: 'Oldtown' });
    small.clock.now += 1_000;
    small.systems.one?.edit(a, { STREET: '9 New St' });
    await absorbOne(small, [a]);
    small.clock.now = waitingDues(small)[0]?.visibleAt ?? 0;
    const killed = withPort(small.hub, 'two', () => ({ find: () => Promise.reject(new Error('killed')) }));
    await expect(deliver(killed, dueFor(id))).rejects.toThrow('killed');
    small.clock.now += LEASE_MS;

    await deliver(small.hub, dueFor(id));
    await small.settle();

    expect(small.systems.one?.read(a)).toMatchObject({ STREET: '9 New St' });
    expect(small.systems.two?.read(made?.id ?? '')).toMatchObject({ STREET: '9 New St' });
  });

  test('that failed for certain frees its seat, and need not look first', async () => {
    const { small, id } = await newcomer();
    small.systems.two?.failNextWrite({ kind: 'transient', code: '503', message: 'down' }, false);

    expect(await deliver(small.hub, dueFor(id))).toEqual({ 'waits:transient': 1 });

    const { unified } = await small.store.readBundle('partner', id);
    expect(unified?.seats['two#thing']).toMatchObject({ creating: { token: '', until: 0 }, isUncertain: false });
    expect(await deliver(small.hub, dueFor(id))).toEqual({ created: 1 });
  });

  test('refused as a whole is a problem, and is not sent again until something changes', async () => {
    const { small, a, id } = await newcomer();
    small.systems.two?.failNextWrite({ kind: 'rejected', code: 'DUPLICATE_RULE', message: 'no' }, false);
    expect(await deliver(small.hub, dueFor(id))).toEqual({ refused: 1 });
    expect(await problemsOf(small)).toEqual(['refused-record']);

    expect(await deliver(small.hub, dueFor(id))).toEqual({ 'nothing-to-do-or-waits': 1 });
    small.clock.now += 60_000;
    small.systems.one?.edit(a, { NAME: 'Acme GmbH' });
    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.two?.all().map(({ values }) => values.NAME)).toEqual(['Acme GmbH']);
    expect(await problemsOf(small)).toEqual([]);
  });

  test('answered with a record of another unified record links nothing and makes both sides look', async () => {
    const { small, id } = await newcomer();
    const taken = small.systems.two?.create({ NAME: 'Globex' }) ?? '';
    await small.notice('two', [taken]);
    await small.drain();
    const b = small.systems.two?.all().find(({ values }) => values.NAME === 'Acme')?.id;
    expect(b).toBeUndefined();
    const confused = withPort(small.hub, 'two', () => ({
      write: async () => [{ outcome: 'written', externalId: taken, created: false }],
    }));

    expect(await deliver(confused, dueFor(id))).toEqual({ conflict: 1 });

    expect((await bundleOf(small, 'two', taken)).id).not.toBe(id);
    expect(notices(small)).toMatchObject([{ connection: 'two', ids: [taken] }]);
    expect((await small.store.readBundle('partner', id)).unified?.seats['two#thing']).toMatchObject({
      creating: { token: '' },
    });
  });

  test('without a field the system requires is a problem that names the field', async () => {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NOTE: 'no name' }) ?? '';
    await absorbOne(small, [a]);

    await deliver(small.hub, dueFor((await bundleOf(small, 'one', a)).id));

    expect(small.systems.two?.calls.writes).toBe(0);
    expect(await problemsOf(small)).toEqual(['required-missing:name']);
  });
});
