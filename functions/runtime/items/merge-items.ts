import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync } from 'node:zlib';
import type { MergeItem } from '../../../domain/model/journal.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { ABSENT, type HubTable, PRESENT } from '../hub-table.ts';
import { numberAttribute, textAttribute } from './attribute.ts';
import { ITEM_SCHEMA, keyAttributes, loneKey } from './item-keys.ts';

/**
 * Merge items, `merge#<id>`, which hold two whole records as they were, compressed in `b` (older ones in `d`, by gzip); and the pins that say two records are not
 * the same, `pin#<kind>#<id>#<id>` with the ids in order.
 *
 * *Units*: a merge of two records with two sources each is about 3 KB: 3 write units, 1 read unit. A pin costs 1 of either.
 */
export function mergeItems(table: HubTable): Pick<HubStore, 'putMerge' | 'readMerge' | 'readPin' | 'putPin'> {
  return {
    putMerge: (item, expected) =>
      table.put(
        {
          ...keyAttributes(loneKey('merge', item.id)),
          s: numberAttribute(ITEM_SCHEMA),
          b: { B: compressed(JSON.stringify(item)) },
        },
        expected === 'absent' ? ABSENT : PRESENT,
      ),
    async readMerge(id) {
      const { b, d } = (await table.get(loneKey('merge', id))) ?? {};
      const text = b?.B === undefined ? d?.B && gunzipSync(d.B) : brotliDecompressSync(b.B);
      // Written by putMerge and nobody else, hence the cast.
      return text === undefined ? undefined : (JSON.parse(text.toString()) as MergeItem);
    },
    async readPin(kind, idA, idB) {
      return (await table.get(loneKey('pin', kind, ...[idA, idB].sort()))) !== undefined;
    },
    async putPin(kind, idA, idB) {
      await table.put({ ...keyAttributes(loneKey('pin', kind, ...[idA, idB].sort())), k: textAttribute(kind) });
    },
  };
}

/**
 * One long text is in such an item up to six times: in both records and in their sources. gzip sees no further back than
 * 32 KB, so with it an item could pass the 400 KB that the table takes; this window sees all the copies.
 */
function compressed(text: string): Buffer {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN } = constants;
  return brotliCompressSync(text, { params: { [BROTLI_PARAM_QUALITY]: 5, [BROTLI_PARAM_LGWIN]: 22 } });
}
