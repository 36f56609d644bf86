import { describe, expect, test } from 'vitest';
import { mergeByPerson } from '../../../domain/pipeline/merge/merge-by-person.ts';
import { resumeConnection } from '../../../domain/pipeline/problems/retry-problem.ts';
import { bundleOf, pairedHub, problemsOf, smallHub } from '../../support/small-hub.ts';

describe('what is cut short, late or taken in by halves', () => {
  test('a value a lost answer left behind is recognised as the hub’s own, not as an edit', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.two?.failNextWrite({ kind: 'uncertain', code: 'ECONNRESET', message: 'no answer' }, true);
    small.systems.one?.edit(a, { NAME: 'First' });
    await small.notice('one', [a]);
    await small.drain();
    small.systems.one?.edit(a, { NAME: 'Second' });
    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.one?.read(a).NAME).toBe('Second');
    expect(small.systems.two?.read(b).NAME).toBe('Second');
  });

  test('a group waits as a whole while one of its members waits', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.one?.edit(a, { STREET: '1 Old St', CITY: 'Oldtown' });
    await small.notice('one', [a]);
    await small.settle();
    small.clock.now += 60_000;

    small.systems.one?.edit(a, { STREET: '9 New St', CITY: '?unlisted' });
    await small.notice('one', [a]);
    await small.settle();

    expect(small.systems.two?.read(b)).toMatchObject({ STREET: '1 Old St', CITY: 'Oldtown' });
    expect(small.systems.one?.read(a)).toMatchObject({ STREET: '9 New St', CITY: '?unlisted' });
  });

  test('two records cannot be merged into each other in turn', async () => {
    const { small, a } = await pairedHub();
    const other = small.systems.one?.create({ NAME: 'Globex', DOMAIN: 'globex-corp.com' }) ?? '';
    await small.notice('one', [other]);
    await small.settle();
    const [first, second] = [await bundleOf(small, 'one', a), await bundleOf(small, 'one', other)];

    expect(await mergeByPerson(small.hub, 'partner', first.id, second.id, 'ada')).toBe('done');
    expect(await mergeByPerson(small.hub, 'partner', second.id, first.id, 'ada')).toBe('unknown');
    expect((await small.store.readBundle('partner', first.id)).unified?.state).toBe('present');
  });

  test('a record cut short between crosswalk and content is identified again', async () => {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
    await small.store.putRef({ connection: 'one', object: 'thing', externalId: a }, 'partner', 'GHOST', null);
    const b = small.systems.two?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
    await small.notice('two', [b]);
    await small.drain();
    await small.notice('one', [a]);
    await small.settle();

    expect((await bundleOf(small, 'one', a)).id).toBe((await bundleOf(small, 'two', b)).id);
  });

  test('a system that does not answer is a problem of its connection, which closes when it answers again', async () => {
    const { small, a } = await pairedHub();
    const { port } = small.systems.one ?? {};
    if (port === undefined) throw new Error('the system is there');
    const read = port.read;
    Object.assign(port, {
      read: async () => ({ ok: false, fault: { kind: 'transient', code: 'ECONNREFUSED', message: 'nobody listens' } }),
    });
    await small.notice('one', [a]);
    await small.drain();
    expect(await problemsOf(small)).toEqual(['unreachable']);

    Object.assign(port, { read });
    await small.settle();
    expect(await problemsOf(small)).toEqual([]);
  });

  test('what a sweep had moved past already waits while its connection is paused', async () => {
    const { small, a, b } = await pairedHub();
    const state = await small.store.readConnection('one');
    if (state === undefined) throw new Error('the state is there');
    const paused = { at: small.clock.now, reason: 'test', by: 'person' } as const;
    await small.store.putConnection({ ...state, paused, counter: state.counter + 1 }, state.counter);
    small.systems.one?.remove(a);
    await small.outbox.notice(
      [{ schema: 1, connection: 'one', object: 'thing', ids: [a], reason: 'sweep', attempts: 0, correlationId: 't' }],
      0,
    );
    await small.drain();
    await resumeConnection(small.hub, 'one');
    await small.settle();

    expect((await bundleOf(small, 'two', b)).sources.find(({ connection }) => connection === 'one')?.state).toBe(
      'deleted',
    );
  });
});
