import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Kind } from '../../../domain/model/kind.ts';
import type { SourceRecord } from '../../../domain/model/source-record.ts';
import type { UnifiedRecord } from '../../../domain/model/unified-record.ts';
import type { Vocabulary } from '../../../domain/model/vocabulary.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import type { HubTable } from '../hub-table.ts';
import { type Item, numberAttribute, textAttribute, textOf } from './attribute.ts';
import { type FieldTags, fieldTags } from './field-tags.ts';
import {
  keyAttributes,
  LONG_VALUE_PREFIX,
  RECORD_SK,
  recordPartition,
  SOURCE_LAST,
  SOURCE_PREFIX,
  sourceKey,
} from './item-keys.ts';
import type { LongValues } from './long-values.ts';
import { decodeSource, encodeSource, longValuesOfSource } from './source-codec.ts';
import { decodeUnified, encodeUnified, longValuesOfUnified } from './unified-codec.ts';

/**
 * Source records and unified records, which lie in one partition: `record`, then `source#…`, one range; the journal sorts
 * before them and long values (`blob#<hash>`) before that, so neither is read with them.
 *
 * *Units*:
 * - `readBundle`: 1 read unit for up to 4 KB, that is a unified record and three sources; and 1 for each long value.
 * - `readUnified`: 1 read unit an id, and 1 for each long value.
 * - `putSource`, `putUnified`, `deleteSource`: 1 write unit per KB, that is 1 for 20 usual fields; and for a long value that
 *   this process has neither read nor written before, 1 per KB.
 *
 * Long values lie in their record's own partition, so that erasing a partition erases them. One that nothing refers to any
 * more stays until then.
 */
export function recordItems(
  table: HubTable,
  vocabularies: ReadonlyMap<Kind, Vocabulary>,
): Pick<HubStore, 'readBundle' | 'readUnified' | 'putSource' | 'deleteSource' | 'putUnified'> {
  const tagsByKind = new Map([...vocabularies].map(([kind, vocabulary]) => [kind, fieldTags(vocabulary)]));
  const stored = rememberedSet(REMEMBERED_MAX);

  const tagsOf = (kind: Kind): FieldTags => {
    const tags = tagsByKind.get(kind);
    if (tags === undefined) throw new Error(`There is no vocabulary for the kind ${kind}.`);
    return tags;
  };

  async function readLong(wanted: ReadonlyMap<string, readonly string[]>): Promise<ReadonlyMap<string, LongValues>> {
    const keys = [...wanted].flatMap(([pk, hashes]) => hashes.map((hash) => ({ pk, sk: LONG_VALUE_PREFIX + hash })));
    const byPartition = new Map<string, Map<string, AttributeValue>>();
    if (keys.length === 0) return byPartition;
    for (const item of await table.getMany(keys)) {
      const pk = textOf(item, 'pk');
      const hash = textOf(item, 'sk').slice(LONG_VALUE_PREFIX.length);
      const values = byPartition.get(pk) ?? new Map<string, AttributeValue>();
      byPartition.set(pk, values);
      if (item.v !== undefined) values.set(hash, item.v);
      stored.add(pk + hash);
    }
    return byPartition;
  }

  async function writeLong(pk: string, long: LongValues): Promise<void> {
    const missing = [...long].filter(([hash]) => !stored.has(pk + hash));
    await table.putMany(
      missing.map(([hash, value]): Item => ({ ...keyAttributes({ pk, sk: LONG_VALUE_PREFIX + hash }), v: value })),
    );
    for (const [hash] of missing) stored.add(pk + hash);
  }

  async function readUnified(kind: Kind, ids: readonly string[]): Promise<ReadonlyMap<string, UnifiedRecord>> {
    const items = await table.getMany(ids.map((id) => ({ pk: recordPartition(kind, id), sk: RECORD_SK })));
    const long = await readLong(new Map(items.map((item) => [textOf(item, 'pk'), longValuesOfUnified(item)])));
    const records = items.map((item) => decodeUnified(item, tagsOf(kind), long.get(textOf(item, 'pk')) ?? NO_VALUES));
    return new Map(records.map((record) => [record.id, record]));
  }

  return {
    async readBundle(kind, id) {
      const pk = recordPartition(kind, id);
      const { items } = await table.query({
        key: {
          text: 'pk = :pk AND sk BETWEEN :first AND :last',
          values: { ':pk': textAttribute(pk), ':first': textAttribute(RECORD_SK), ':last': textAttribute(SOURCE_LAST) },
        },
        isConsistent: true,
      });
      const own = items.find((item) => item.sk?.S === RECORD_SK);
      const others = items.filter((item) => item.sk?.S?.startsWith(SOURCE_PREFIX));
      const hashes = [...(own === undefined ? [] : longValuesOfUnified(own)), ...others.flatMap(longValuesOfSource)];
      const long = (await readLong(new Map([[pk, hashes]]))).get(pk) ?? NO_VALUES;
      return {
        kind,
        id,
        ...(own === undefined ? {} : { unified: decodeUnified(own, tagsOf(kind), long) }),
        sources: others.map((item) => decodeSource(item, tagsOf(kind), long)),
      };
    },

    readUnified,

    async putSource(source: SourceRecord, expected) {
      const { item, long } = encodeSource(source, tagsOf(source.kind));
      await writeLong(recordPartition(source.kind, source.unifiedId), long);
      return table.putCounted(item, expected);
    },

    deleteSource: (source) =>
      table.delete(sourceKey(source.kind, source.unifiedId, source), {
        text: 'c = :c',
        values: { ':c': numberAttribute(source.counter) },
      }),

    async putUnified(record, expected) {
      const { item, long } = encodeUnified(record, tagsOf(record.kind));
      await writeLong(recordPartition(record.kind, record.id), long);
      return table.putCounted(item, expected);
    },
  };
}

const NO_VALUES: LongValues = new Map();
const REMEMBERED_MAX = 10_000;

/** A set that forgets everything when it is full: forgetting costs a repeated write and no more. */
function rememberedSet(max: number): Pick<Set<string>, 'has'> & { add(text: string): void } {
  const texts = new Set<string>();
  return {
    has: (text) => texts.has(text),
    add(text) {
      if (texts.size >= max) texts.clear();
      texts.add(text);
    },
  };
}
