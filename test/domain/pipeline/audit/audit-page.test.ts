import { describe, expect, test } from 'vitest';
import { frozenReason } from '../../../../domain/absorb/frozen-field.ts';
import { type Fault, succeed } from '../../../../domain/model/fault.ts';
import { absorbNotices } from '../../../../domain/pipeline/absorb/absorb-notices.ts';
import type { Hub } from '../../../../domain/pipeline/ports.ts';
import { auditAll, auditOnePage, inShort } from '../../../support/audited-hub.ts';
import { absorbOne, behind, sourceIn } from '../../../support/due-deliveries.ts';
import { pairedHub, type SmallHub, setConnection, smallHub, withPort } from '../../../support/small-hub.ts';

/** Refuses every write: of the store, of queues, of systems. */
function readOnly({ hub, store, outbox }: SmallHub): Hub {
  const refusing = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(known, name, receiver) {
        if (String(name).startsWith('read')) return Reflect.get(known, name, receiver);
        throw new Error(`an audit must not call ${String(name)}`);
      },
    });
  const plain: Hub = { ...hub, store: refusing(store), outbox: refusing(outbox) };
  const write = async () => {
    throw new Error('an audit must not write');
  };
  return hub.connections.reduce((each, { id }) => withPort(each, id, () => ({ write })), plain);
}

const found = async (small: SmallHub): Promise<readonly string[]> =>
  inShort((await auditAll(readOnly(small))).differences);

describe('an audit', () => {
  test('finds nothing where all is the same, and says how many it looked at', async () => {
    const { small } = await pairedHub();

    const audit = await auditAll(readOnly(small));

    expect(audit).toMatchObject({ looked: 2, same: 2, leftOut: 0, differences: [] });
    expect(audit.windows).toHaveLength(2);
    for (const { there, known } of audit.windows) expect(known).toEqual(there);
  });

  test('finds an edit that nobody told the hub of, by field', async () => {
    const { small, b } = await pairedHub();
    small.systems.two?.edit(b, { NOTE: 'by hand', NAME: 'Acme Inc' });

    const audit = await auditAll(readOnly(small));

    expect(inShort(audit.differences)).toEqual([`two ${b} differs name:not-absorbed note:not-absorbed`]);
    expect(audit).toMatchObject({ looked: 2, same: 1 });
    const [one, two] = audit.windows;
    expect(one?.there).toEqual(one?.known);
    expect(two?.there).not.toEqual(two?.known);
  });

  test('takes another spelling of the same value for the same', async () => {
    const { small, b } = await pairedHub();
    small.systems.two?.edit(b, { NAME: '  Acme ' });

    expect(await found(small)).toEqual([]);
  });

  test('finds what the hub has not written yet', async () => {
    const { small, b, id } = await behind();

    const { differences } = await auditAll(readOnly(small));

    expect(differences).toEqual([
      {
        what: 'differs',
        connection: 'two',
        object: 'thing',
        externalId: b,
        kind: 'partner',
        unifiedId: id,
        reasons: { name: 'behind' },
      },
    ]);
  });

  test('finds a record that nobody told the hub of', async () => {
    const { small } = await pairedHub();
    const c = small.systems.two?.create({ NAME: 'New' });

    expect(await found(small)).toEqual([`two ${c} unknown *:not-absorbed`]);
  });

  test('leaves out what the mapping does not take in', async () => {
    const { small } = await pairedHub();
    small.systems.two?.create({ NAME: 'New' });
    const mapping = small.hub.mapping('two', 'thing');
    if (mapping === undefined) throw new Error('no mapping');
    const picky = { ...mapping, isTaken: () => false };
    const hub = {
      ...small.hub,
      mapping: (id: string, object: string) => (id === 'two' ? picky : small.hub.mapping(id, object)),
    };

    expect(await auditAll(hub)).toMatchObject({ looked: 3, same: 2, leftOut: 1, differences: [] });
  });

  test('finds a deletion that nobody told the hub of, once by the record on the other side', async () => {
    const { small, b } = await pairedHub();
    small.systems.two?.remove(b);

    const differences = await found(small);

    // Met from the other side, and again in what the system says it has deleted.
    expect(new Set(differences)).toEqual(new Set([`two ${b} gone *:not-absorbed`]));
    expect(inShort((await auditAll(readOnly(small), ['two'])).differences)).toEqual([`two ${b} gone *:not-absorbed`]);
  });

  test('finds a merge that nobody told the hub of', async () => {
    const { small, b } = await pairedHub();
    const c = small.systems.two?.create({ NAME: 'Other', DOMAIN: 'other.com' }) ?? '';
    await small.notice('two', [c]);
    await small.settle();
    small.systems.two?.merge(b, c);

    expect(new Set(await found(small))).toEqual(new Set([`two ${b} gone *:not-absorbed`]));
  });

  test('does not take what a system no longer shows for deleted', async () => {
    const { small, b } = await pairedHub();
    const hub = withPort(readOnly(small), 'two', () => ({
      changes: async () => succeed({ ids: [], position: null, hasMore: false }),
      read: async (_object, ids) => succeed(ids.map(() => ({ outcome: 'missing' }) as const)),
    }));

    expect(inShort((await auditAll(hub)).differences)).toEqual([`two ${b} gone *:not-shown`]);
  });

  test('finds what is missing on the other side, and names the record that stands for it', async () => {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
    await absorbOne(small, [a]);

    const { differences } = await auditAll(readOnly(small));

    expect(inShort(differences)).toEqual(['two - missing *:behind']);
    expect(differences[0]?.elsewhere).toEqual({ connection: 'one', object: 'thing', externalId: a });
  });

  test('tells what is missing in a third system once', async () => {
    const small = await smallHub(['one', 'two', 'three']);
    await setConnection(small, 'three', ({ backfilledAt: _, ...state }) => ({ ...state, backfilledAt: {} }));
    const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
    await small.notice('one', [a]);
    await small.settle();
    const b = small.systems.two?.all()[0]?.id ?? '';
    await small.notice('two', [b]);
    await small.settle();

    expect(await found(small)).toEqual(['three - missing *:closed']);
    expect(inShort((await auditAll(readOnly(small), ['two'])).differences)).toEqual(['three - missing *:closed']);
  });

  test('tells what is missing also where a connection was taken out of the configuration', async () => {
    const small = await smallHub(['zero', 'one', 'two']);
    const zero = small.systems.zero?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
    const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
    await small.notice('zero', [zero]);
    await absorbOne(small, [a]);
    small.outbox.takeDeliveries('zero');
    const hub: Hub = {
      ...small.hub,
      connections: small.hub.connections.filter(({ id }) => id !== 'zero'),
      mapping: (connection, object) => (connection === 'zero' ? undefined : small.hub.mapping(connection, object)),
    };

    expect(inShort((await auditAll(hub)).differences)).toContain('two - missing *:behind');
    expect((await auditOnePage(hub, 'one')).differences.map(({ what }) => what)).toContain('missing');
  });

  test('does not miss what was deleted there, nor what a record needs to be made', async () => {
    const { small, b } = await pairedHub();
    small.systems.two?.remove(b);
    await small.notice('two', [b]);
    await small.settle();
    expect(await found(small)).toEqual([]);

    const nameless = small.systems.one?.create({ NOTE: 'no name' }) ?? '';
    await small.notice('one', [nameless]);
    await small.settle();

    expect(await found(small)).toEqual(['two - missing name:held']);
  });

  test('tells a value that waits for a person, a frozen one and a refused one apart', async () => {
    const { small, a, b } = await pairedHub();
    small.systems.one?.edit(a, { NOTE: '?unlisted' });
    await small.notice('one', [a]);
    await small.settle();
    small.systems.two?.refuse('Bad');
    small.systems.one?.edit(a, { TIER: 'Bad' });
    await small.notice('one', [a]);
    await small.settle();
    const source = await sourceIn(small, 'two', b);
    small.systems.one?.edit(a, { NAME: 'Renamed' });
    await absorbOne(small, [a]);
    const held = { name: frozenReason('written too often') };
    await small.store.putSource({ ...source, held, counter: source.counter + 1 }, source.counter);

    expect(await found(small)).toEqual([`one ${a} differs note:held`, `two ${b} differs name:frozen tier:refused`]);
  });

  test('knows a second record of a connection, and looks whether it is still there', async () => {
    const { small, a } = await pairedHub();
    const twin = small.systems.one?.create({ NAME: 'Acme again', DOMAIN: 'acme.com' }) ?? '';
    await small.notice('one', [twin]);
    await small.settle();

    expect(await found(small)).toEqual([`one ${twin} differs *:duplicate`]);
    small.systems.one?.merge(twin, a);
    const after = (await auditAll(readOnly(small), ['one'])).differences;
    expect(new Set(inShort(after))).toEqual(new Set([`one ${twin} gone *:not-absorbed`]));
  });

  test('finds a record whose unified record is not what its sources make it', async () => {
    const { small, a } = await pairedHub();
    const source = await sourceIn(small, 'one', a);
    small.systems.one?.edit(a, { NAME: 'Cut short' });
    const name = { value: 'Cut short', at: small.clock.now, origin: 'system' } as const;
    // What a crash between the two writes of an absorb leaves.
    const torn = {
      ...source,
      fields: { ...source.fields, name },
      revision: small.clock.now,
      counter: source.counter + 1,
    };
    await small.store.putSource(torn, source.counter);

    const differences = await found(small);

    expect(differences).toHaveLength(2);
    expect(differences[0]).toBe(`one ${a} differs *:not-absorbed name:not-absorbed`);
  });

  test('says that a connection is closed rather than behind', async () => {
    const { small, b } = await behind();
    await setConnection(small, 'two', ({ releasedAt: _, ...state }) => state);

    expect(await found(small)).toEqual([`two ${b} differs name:closed`]);
  });

  test('says that a value is being written while a claim is live', async () => {
    const { small, b } = await behind();
    const source = await sourceIn(small, 'two', b);
    const claim = { token: 't', until: small.clock.now + 1 };
    await small.store.putSource({ ...source, claim, counter: source.counter + 1 }, source.counter);

    expect(await found(small)).toEqual([`two ${b} differs name:on-its-way`]);
  });

  test('expects nothing of a system that is only read, but that it is taken in', async () => {
    const { small, a } = await pairedHub({ directions: { one: 'in' } });
    const b = small.systems.two?.all()[0]?.id ?? '';
    small.systems.two?.edit(b, { NOTE: 'only here' });
    await small.notice('two', [b]);
    await small.settle();
    expect(await found(small)).toEqual([]);

    small.systems.one?.edit(a, { NOTE: 'untold' });
    expect(await found(small)).toEqual([`one ${a} differs note:not-absorbed`]);
  });

  test('follows references by the crosswalk and by what the system calls them', async () => {
    const small = await smallHub(['one', 'two']);
    const parent = small.systems.one?.create({ NAME: 'Parent', DOMAIN: 'parent.com' }) ?? '';
    const child = small.systems.one?.create({ NAME: 'Child', DOMAIN: 'child.com', PARENT: parent }) ?? '';
    await small.notice('one', [parent, child]);
    await small.settle();
    expect(await found(small)).toEqual([]);
    const there = small.systems.two?.all().find(({ values }) => values.NAME === 'Child')?.id ?? '';
    expect(small.systems.two?.read(there).PARENT).toMatch(/^two-/);

    small.systems.one?.edit(child, { PARENT: child });
    await absorbOne(small, [child]);

    // What was written there is recognised as the parent's when it is looked at for the first time.
    expect(await found(small)).toEqual([`two ${there} differs parent:not-absorbed`]);
    await small.notice('two', [there]);
    const notices = small.outbox.takeNotices().map((notice) => ({ notice, isRepeated: false }));
    await absorbNotices(small.hub, notices);
    expect(await found(small)).toEqual([`two ${there} differs parent:behind`]);
  });

  test('says what a system did not answer for', async () => {
    const { small, a } = await pairedHub();
    const fault: Fault = { kind: 'rejected', code: 'BAD', message: 'bad' };
    const hub = withPort(readOnly(small), 'one', () => ({
      read: async (_object, ids) => succeed(ids.map(() => ({ outcome: 'failed', fault }) as const)),
    }));

    expect(inShort((await auditAll(hub, ['one'])).differences)).toEqual([`one ${a} differs *:unreadable`]);
  });
});
