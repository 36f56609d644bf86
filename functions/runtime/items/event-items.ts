import type { StoredEvent } from '../../../domain/model/vendor-event.ts';
import { inParallel } from '../../../domain/pipeline/in-parallel.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { ABSENT, type HubTable } from '../hub-table.ts';
import { type Item, numberAttribute, textAttribute, textOf } from './attribute.ts';
import { loneKey, shardOf } from './item-keys.ts';

/**
 * Kept events, each an item `event#<connection>#<event id>` that is never changed. In the index `lists`: `listPk` `events#<shard>`,
 * 4 shards by their id, `listSk` the time they came and their id. Deleted by the table's TTL after `retentionDays`.
 *
 * *Units*: keeping one costs 1 write unit and 1 in the index, once more the same event 1; listing at least 2 read units.
 */
export function eventItems(table: HubTable, retentionDays: number): Pick<HubStore, 'keepEvent' | 'listEvents'> {
  return {
    async keepEvent(event) {
      const { connection, id, receivedAt } = event;
      const key = loneKey('event', connection, id);
      return table.put(
        {
          pk: textAttribute(key.pk),
          sk: textAttribute(key.sk),
          d: textAttribute(JSON.stringify(event)),
          listPk: textAttribute(partition(shardOf(`${connection}#${id}`, SHARDS))),
          listSk: textAttribute(place(event)),
          ttl: numberAttribute(Math.ceil(receivedAt / 1_000) + retentionDays * 86_400),
        },
        ABSENT,
      );
    },

    async listEvents({ limit, before }) {
      const wanted = Math.max(1, Math.min(limit, LIST_MAX));
      const shards = await inParallel(
        Array.from({ length: SHARDS }, (_, shard) => shard),
        (shard) =>
          table.query({
            index: 'lists',
            key: {
              text: `listPk = :shard${before === undefined ? '' : ' AND listSk < :before'}`,
              values: {
                ':shard': textAttribute(partition(shard)),
                ...(before === undefined ? {} : { ':before': textAttribute(before) }),
              },
            },
            isConsistent: false,
            isBackward: true,
            limit: wanted,
          }),
      );
      const merged = shards
        .flatMap(({ items }) => items)
        .sort((a, b) => (textOf(a, 'listSk') > textOf(b, 'listSk') ? -1 : 1));
      const page = merged.slice(0, wanted);
      const last = page.at(-1);
      const isMore = merged.length > wanted || shards.some(({ hasMore }) => hasMore);
      return {
        events: page.map(decode),
        ...(isMore && last !== undefined ? { next: textOf(last, 'listSk') } : {}),
      };
    },
  };
}

const SHARDS = 4;
const LIST_MAX = 200;

function partition(shard: number): string {
  return `events#${shard}`;
}

/** Sorts by time: 15 digits last until the year 33658. */
function place({ receivedAt, connection, id }: StoredEvent): string {
  return `${String(receivedAt).padStart(15, '0')}#${connection}#${id}`;
}

function decode(item: Item): StoredEvent {
  // Written above and nowhere else, hence the cast.
  return JSON.parse(textOf(item, 'd')) as StoredEvent;
}
