import type { StoredEvent } from '../../../domain/model/vendor-event.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { ABSENT, type HubTable } from '../hub-table.ts';
import { type Item, numberAttribute, textAttribute, textOf } from './attribute.ts';
import { loneKey, shardOf } from './item-keys.ts';
import { listPlace, listSharded, type ShardedList } from './sharded-list.ts';

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
          listPk: textAttribute(LIST.partition(shardOf(`${connection}#${id}`, LIST.shards))),
          listSk: textAttribute(listPlace(receivedAt, connection, id)),
          ttl: numberAttribute(Math.ceil(receivedAt / 1_000) + retentionDays * 86_400),
        },
        ABSENT,
      );
    },

    async listEvents({ limit, before }) {
      const { items, ...more } = await listSharded(table, LIST, limit, before);
      return { events: items.map(decode), ...more };
    },
  };
}

const LIST: ShardedList = { shards: 4, partition: (shard) => `events#${shard}`, order: 'newest-first' };

function decode(item: Item): StoredEvent {
  // Written above and nowhere else, hence the cast.
  return JSON.parse(textOf(item, 'd')) as StoredEvent;
}
