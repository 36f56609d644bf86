import { describe, expect, test } from 'vitest';
import { type Fault, fail, succeed } from '../../../../domain/model/fault.ts';
import {
  type PreviewPage,
  type PreviewRequest,
  previewConnection,
} from '../../../../domain/pipeline/connections/preview-connection.ts';
import type { Hub, HubStore } from '../../../../domain/pipeline/ports.ts';
import { behind } from '../../../support/due-deliveries.ts';
import { bundleOf, type SmallHub, smallHub, withPort } from '../../../support/small-hub.ts';
import { tinyMapping } from '../../../support/tiny-mapping.ts';

const READS = ['readRefs', 'readBundle', 'readConnection'] as const;

/** A hub that may read, and in which everything else is a defect. */
function readOnly({ hub, store, outbox }: SmallHub): Hub {
  const refusing = <T extends object>(target: T, allowed: readonly string[]): T =>
    new Proxy(target, {
      get(known, name, receiver) {
        if (allowed.includes(String(name))) return Reflect.get(known, name, receiver);
        throw new Error(`a preview must not call ${String(name)}`);
      },
    });
  const plain: Hub = { ...hub, store: refusing<HubStore>(store, READS), outbox: refusing(outbox, []) };
  const guarded = (port: Hub, connection: string): Hub =>
    withPort(port, connection, () => ({
      write: async () => {
        throw new Error('a preview must not write');
      },
    }));
  return hub.connections.reduce((each, { id }) => guarded(each, id), plain);
}

async function preview(hub: Hub, change: Partial<PreviewRequest> = {}): Promise<PreviewPage> {
  const page = await previewConnection(hub, {
    target: undefined,
    connection: 'one',
    object: 'thing',
    position: undefined,
    most: undefined,
    replace: undefined,
    ...change,
  });
  if (!page.ok) throw new Error(page.fault.message);
  return page.value;
}

describe('a preview', () => {
  test('says for each record and field what would be written and who said so, and writes nothing', async () => {
    const { small, a, b, id } = await behind();

    const page = await preview(readOnly(small));

    expect(page.records).toEqual([
      {
        kind: 'partner',
        id,
        connection: 'two',
        object: 'thing',
        externalId: b,
        operation: 'update',
        fields: [
          { field: 'name', theirs: 'NAME', before: 'Acme', after: 'Renamed', from: `one#thing#${a}`, rule: 'only' },
        ],
        held: {},
        missing: [],
        pending: [],
        waiting: [],
      },
    ]);
    expect(page).toMatchObject({ seen: 1, unknown: 0, hasMore: false });
  });

  test('shows what a first sync would create before the connection is released', async () => {
    const small = await smallHub(['one', 'two'], { isOpen: false });
    const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
    await small.notice('one', [a]);
    await small.settle();

    const { records } = await preview(readOnly(small));

    expect(records).toMatchObject([{ connection: 'two', externalId: undefined, operation: 'create' }]);
    expect(small.systems.two?.all()).toEqual([]);
  });

  test('says what could not be written, and why', async () => {
    const small = await smallHub(['one', 'two'], { isOpen: false });
    const a = small.systems.one?.create({ NOTE: 'no name' }) ?? '';
    await small.notice('one', [a]);
    await small.settle();

    expect((await preview(readOnly(small))).records).toMatchObject([{ operation: 'none', missing: ['name'] }]);
  });

  test('is silent about what is in step, and counts what the hub has not read', async () => {
    const small = await smallHub(['one', 'two']);
    const a = small.systems.one?.create({ NAME: 'Acme' }) ?? '';
    await small.notice('one', [a]);
    await small.settle();
    small.systems.one?.create({ NAME: 'Never read' });

    expect(await preview(readOnly(small))).toMatchObject({ records: [], seen: 2, unknown: 1 });
  });

  test('can be of one target only', async () => {
    const { small } = await behind();

    expect((await preview(readOnly(small), { target: 'one' })).records).toEqual([]);
    expect((await preview(readOnly(small), { target: 'two' })).records).toHaveLength(1);
  });

  test('of another mapping shows what that one would write, and leaves the one in force as it is', async () => {
    const { small, a } = await behind();
    const shouting = tinyMapping('fake');
    const replace = {
      ...shouting,
      fields: shouting.fields.map((line) => ({
        ...line,
        writeOut: (value: unknown) => ({ ok: true as const, value: String(value).toUpperCase() }),
      })),
    };

    const { records } = await preview(readOnly(small), { replace });

    const names = records.flatMap(({ connection, fields }) =>
      fields.flatMap(({ field, after }) => (field === 'name' ? [`${connection} ${after}`] : [])),
    );
    expect(names).toEqual(['two RENAMED']);
    await small.notice('one', [a]);
    await small.settle();
    expect(small.systems.two?.all()[0]?.values.NAME).toBe('Renamed');
  });

  test('of another mapping reads by that one, too', async () => {
    const { small } = await behind();
    const listing = tinyMapping('fake');
    const replace = {
      ...listing,
      fields: listing.fields.map((line) => ({
        ...line,
        readIn: (value: unknown) => ({ ok: true as const, value: value === 'Renamed' ? 'Read anew' : String(value) }),
      })),
    };

    const { records } = await preview(readOnly(small), { replace, target: 'two' });

    expect(records[0]?.fields).toMatchObject([{ field: 'name', before: 'Acme', after: 'Read anew' }]);
  });

  test('takes one page at a time, from where the last one ended', async () => {
    const { small, a } = await behind();
    const asked: unknown[] = [];
    const paged = withPort(readOnly(small), 'one', () => ({
      changes: async (_object, mode, position) => {
        asked.push([mode, position]);
        return succeed({ ids: [a, a], position: 'next', hasMore: position === undefined });
      },
    }));

    const first = await preview(paged);
    const second = await preview(paged, { position: first.position });

    expect(asked).toEqual([
      ['walk', undefined],
      ['walk', 'next'],
    ]);
    expect([first.hasMore, second.hasMore]).toEqual([true, false]);
    expect(first.records).toHaveLength(1);
  });

  test('fails as its system fails', async () => {
    const { small } = await behind();
    const fault: Fault = { kind: 'throttled', code: '429', message: 'slow down' };
    const request = {
      target: undefined,
      connection: 'one',
      object: 'thing',
      position: undefined,
      most: undefined,
      replace: undefined,
    };

    const closed: Hub = { ...small.hub, system: async () => fail(fault) };
    const throttled = withPort(small.hub, 'one', () => ({ changes: async () => fail(fault) }));

    expect(await previewConnection(closed, request)).toEqual({ ok: false, fault });
    expect(await previewConnection(throttled, request)).toEqual({ ok: false, fault });
  });

  test('of a merged record is that of the one it lives on in', async () => {
    const small = await smallHub(['one', 'two'], { isOpen: false });
    const [a = '', b = ''] = ['Acme', 'Globex'].map((name) => small.systems.one?.create({ NAME: name }) ?? '');
    await small.notice('one', [a, b]);
    await small.settle();
    small.systems.one?.merge(b, a);
    await small.notice('one', [b]);
    await small.settle();

    const { records } = await preview(readOnly(small));

    expect(records.map(({ id }) => id)).toEqual([(await bundleOf(small, 'one', a)).id]);
  });
});
