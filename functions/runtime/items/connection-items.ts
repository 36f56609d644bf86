import { gunzipSync, gzipSync } from 'node:zlib';
import type { ConnectionState, HubStore, SweepCursor } from '../../../domain/pipeline/ports.ts';
import type { HubTable } from '../hub-table.ts';
import { type Item, numberAttribute, numberOf, textAttribute, textOf } from './attribute.ts';
import { ITEM_SCHEMA, keyAttributes, loneKey } from './item-keys.ts';

/**
 * What the hub remembers of a connection, `connection#<id>`; where its sweeps stand, `cursor#<id>#<object>#<mode>`; and the
 * pages of a backfill that are not absorbed yet, one item each in the partition `pages#<id>#<object>`, so that adding or
 * removing one twice changes nothing and needs no counter that could go wrong.
 *
 * *Units*: 1 read and 1 write unit each; a connection with 10,000 owners is about 150 KB, because owners are compressed: 150
 * write units every six hours and 38 read units. `trackPage` costs 1 write unit, and 1 read unit per 4 KB of pages left.
 *
 * *Bounds*: `trackPage` counts up to 1,000 pages; when there are more, it answers 1,000.
 */
export function connectionItems(
  table: HubTable,
): Pick<HubStore, 'readConnection' | 'putConnection' | 'readCursor' | 'putCursor' | 'trackPage'> {
  return {
    async readConnection(connection) {
      const item = await table.get(loneKey('connection', connection));
      return item === undefined ? undefined : decodeConnection(item, connection);
    },
    putConnection: (state, expected) => table.putCounted(encodeConnection(state), expected),

    async readCursor(connection, object, mode) {
      const item = await table.get(loneKey('cursor', connection, object, mode));
      if (item === undefined) return undefined;
      const finishedAt = item.z?.N;
      return {
        connection,
        object,
        mode,
        counter: numberOf(item, 'c'),
        position: item.p?.S === undefined ? undefined : (JSON.parse(item.p.S) as unknown),
        seen: numberOf(item, 'n'),
        startedAt: numberOf(item, 'a'),
        ...(finishedAt === undefined ? {} : { finishedAt: Number(finishedAt) }),
      };
    },
    putCursor: (cursor, expected) => table.putCounted(encodeCursor(cursor), expected),

    async trackPage(connection, object, page, change) {
      const { pk } = loneKey('pages', connection, object);
      if (change === 'add') await table.put(keyAttributes({ pk, sk: page }));
      else await table.delete({ pk, sk: page });
      const { items } = await table.query({
        key: { text: 'pk = :pk', values: { ':pk': textAttribute(pk) } },
        isConsistent: true,
        limit: PAGES_MAX,
      });
      return items.length;
    },
  };
}

function encodeConnection(state: ConnectionState): Item {
  const told: Told = {
    connectedAt: state.connectedAt,
    ownersReadAt: state.ownersReadAt,
    problems: state.problems,
    backfilledAt: state.backfilledAt,
    ...(state.releasedAt === undefined ? {} : { releasedAt: state.releasedAt }),
    ...(state.resumedAt === undefined ? {} : { resumedAt: state.resumedAt }),
    ...(state.unseen === undefined ? {} : { unseen: state.unseen }),
    ...(state.accountId === undefined ? {} : { accountId: state.accountId }),
    ...(state.paused === undefined ? {} : { paused: state.paused }),
  };
  return {
    ...keyAttributes(loneKey('connection', state.connection)),
    c: numberAttribute(state.counter),
    s: numberAttribute(ITEM_SCHEMA),
    d: textAttribute(JSON.stringify(told)),
    o: { B: gzipSync(JSON.stringify(state.owners)) },
  };
}

function decodeConnection(item: Item, connection: string): ConnectionState {
  const owners = item.o?.B;
  return {
    connection,
    counter: numberOf(item, 'c'),
    // Both written by encodeConnection and nobody else, hence the casts.
    ...(JSON.parse(textOf(item, 'd')) as Told),
    owners: owners === undefined ? {} : (JSON.parse(gunzipSync(owners).toString()) as ConnectionState['owners']),
  };
}

function encodeCursor(cursor: SweepCursor): Item {
  return {
    ...keyAttributes(loneKey('cursor', cursor.connection, cursor.object, cursor.mode)),
    c: numberAttribute(cursor.counter),
    s: numberAttribute(ITEM_SCHEMA),
    ...(cursor.position === undefined ? {} : { p: textAttribute(JSON.stringify(cursor.position)) }),
    n: numberAttribute(cursor.seen),
    a: numberAttribute(cursor.startedAt),
    ...(cursor.finishedAt === undefined ? {} : { z: numberAttribute(cursor.finishedAt) }),
  };
}

const PAGES_MAX = 1_000;

type Told = Omit<ConnectionState, 'connection' | 'counter' | 'owners'>;
