import type { Erasure } from '../../../domain/model/erasure.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import type { HubTable } from '../hub-table.ts';
import { type Item, numberAttribute, numberOf, textAttribute, textOf } from './attribute.ts';
import { ITEM_SCHEMA, type ItemKey, keyAttributes } from './item-keys.ts';

/**
 * The list of erasures, in a table of its own that is not restored together with the hub's: `pk` `erasures`, `sk`
 * `<kind>#<id>`. Ids and references only.
 *
 * *Units*: 1 read or write unit each; a page of the list 1 read unit per 4 KB, that is about 15 erasures.
 */
export function erasureItems(table: HubTable): Pick<HubStore, 'readErasure' | 'putErasure' | 'listErasures'> {
  return {
    async readErasure(kind, id) {
      const item = await table.get(keyOf(`${kind}#${id}`));
      return item === undefined ? undefined : decodeErasure(item);
    },
    putErasure: (erasure, expected) => table.putCounted(encodeErasure(erasure), expected),
    async listErasures({ limit, after }) {
      const { items, hasMore } = await table.query({
        key: {
          text: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
          values: {
            ':pk': textAttribute(ERASURES),
            ...(after === undefined ? {} : { ':after': textAttribute(after) }),
          },
        },
        isConsistent: true,
        limit: Math.max(1, Math.min(limit, LIST_MAX)),
      });
      const last = items.at(-1);
      return {
        erasures: items.map(decodeErasure),
        ...(hasMore && last !== undefined ? { next: textOf(last, 'sk') } : {}),
      };
    },
  };
}

const ERASURES = 'erasures';
const LIST_MAX = 200;

function keyOf(sk: string): ItemKey {
  return { pk: ERASURES, sk };
}

function encodeErasure({ counter, ...told }: Erasure): Item {
  return {
    ...keyAttributes(keyOf(`${told.kind}#${told.id}`)),
    c: numberAttribute(counter),
    s: numberAttribute(ITEM_SCHEMA),
    d: textAttribute(JSON.stringify(told)),
  };
}

function decodeErasure(item: Item): Erasure {
  // Written by encodeErasure and nobody else, hence the cast.
  return { ...(JSON.parse(textOf(item, 'd')) as Omit<Erasure, 'counter'>), counter: numberOf(item, 'c') };
}
