import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync } from 'node:zlib';
import type { MergeItem } from '../../../domain/model/journal.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import { ABSENT, type HubTable, PRESENT } from '../hub-table.ts';
import { numberAttribute, textAttribute, textOf } from './attribute.ts';
import { ITEM_SCHEMA, type ItemKey, keyAttributes, loneKey, MERGE_PREFIX, recordPartition } from './item-keys.ts';

/**
 * Merge items, `merge#<id>`, which hold two whole records as they were, compressed in `b` (older ones in `d`, by gzip); and the pins that say two records are not
 * the same, `pin#<kind>#<id>#<id>` with the ids in order.
 *
 * Each of the two records names the merge in its own partition, `merge#<id>`.
 *
 * *Units*: a merge of two records with two sources each is about 3 KB: 3 write units, 1 read unit, and 2 write units for the names
 * when it begins. Reading the names costs 1 read unit, deleting a merge its size and 2 write units. A pin costs 1 of either.
 */
export function mergeItems(
  table: HubTable,
): Pick<HubStore, 'putMerge' | 'readMerge' | 'readMergesOf' | 'deleteMerge' | 'readPin' | 'putPin'> {
  return {
    async putMerge(item, expected) {
      // Before the item itself, which must not be there without being found; only once, because a merge begins with it.
      if (expected === 'absent') {
        const named = [item.survivor.id, item.loser.id].map((id) => nameOf(item.kind, id, item.id));
        await table.putMany(named.map(keyAttributes));
      }
      return table.put(
        {
          ...keyAttributes(loneKey('merge', item.id)),
          s: numberAttribute(ITEM_SCHEMA),
          b: { B: compressed(JSON.stringify(item)) },
        },
        expected === 'absent' ? ABSENT : PRESENT,
      );
    },
    async readMerge(id) {
      const { b, d } = (await table.get(loneKey('merge', id))) ?? {};
      const text = b?.B === undefined ? d?.B && gunzipSync(d.B) : brotliDecompressSync(b.B);
      // Written by putMerge and nobody else, hence the cast.
      return text === undefined ? undefined : (JSON.parse(text.toString()) as MergeItem);
    },
    async readMergesOf(kind, id) {
      const { items } = await table.query({
        key: {
          text: 'pk = :pk AND begins_with(sk, :merge)',
          values: { ':pk': textAttribute(recordPartition(kind, id)), ':merge': textAttribute(MERGE_PREFIX) },
        },
        isConsistent: true,
      });
      return items.map((item) => textOf(item, 'sk').slice(MERGE_PREFIX.length));
    },
    async deleteMerge(kind, mergeId) {
      await table.delete(loneKey('merge', mergeId));
      for (const id of mergeId.split('.')) await table.delete(nameOf(kind, id, mergeId));
    },
    async readPin(kind, idA, idB) {
      return (await table.get(loneKey('pin', kind, ...[idA, idB].sort()))) !== undefined;
    },
    async putPin(kind, idA, idB) {
      await table.put({ ...keyAttributes(loneKey('pin', kind, ...[idA, idB].sort())), k: textAttribute(kind) });
    },
  };
}

/** Where a record's partition names a merge it took part in. */
function nameOf(kind: string, id: string, mergeId: string): ItemKey {
  return { pk: recordPartition(kind, id), sk: MERGE_PREFIX + mergeId };
}

/**
 * One long text is in such an item up to six times: in both records and in their sources. gzip sees no further back than
 * 32 KB, so with it an item could pass the 400 KB that the table takes; this window sees all the copies.
 */
function compressed(text: string): Buffer {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN } = constants;
  return brotliCompressSync(text, { params: { [BROTLI_PARAM_QUALITY]: 5, [BROTLI_PARAM_LGWIN]: 22 } });
}
