import type { JournalEntry, JournalStep } from '../../../domain/model/journal.ts';
import type { Kind } from '../../../domain/model/kind.ts';
import type { Value } from '../../../domain/model/value.ts';
import type { Vocabulary } from '../../../domain/model/vocabulary.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import type { HubTable } from '../hub-table.ts';
import { type Item, numberAttribute, numberOf, textAttribute, textOf } from './attribute.ts';
import { type FieldTags, fieldTags } from './field-tags.ts';
import { JOURNAL_PREFIX, keyAttributes, recordPartition, shardOf } from './item-keys.ts';

/**
 * The journal: one item an entry, `journal#<ulid>` in its record's partition, deleted by the table's TTL after
 * `retentionDays`. An entry that tells of changed content is also in the index `recent` (keys only): `recentPk`
 * `recent#<shard>`, 16 shards by the record's id, `recentSk` the entry's ULID.
 *
 * *Units*: an entry costs 1 write unit, and 1 in the index if it tells of changed content; `readJournal` 1 read unit per 8 KB.
 */
export function journalItems(
  table: HubTable,
  vocabularies: ReadonlyMap<Kind, Vocabulary>,
  retentionDays: number,
): Pick<HubStore, 'appendJournal' | 'readJournal'> {
  const tagsByKind = new Map([...vocabularies].map(([kind, vocabulary]) => [kind, fieldTags(vocabulary)]));
  const tagsOf = (kind: Kind): FieldTags => {
    const tags = tagsByKind.get(kind);
    if (tags === undefined) throw new Error(`There is no vocabulary for the kind ${kind}.`);
    return tags;
  };
  return {
    async appendJournal(entries) {
      await table.putMany(entries.map((entry) => encodeEntry(entry, tagsOf(entry.kind), retentionDays)));
    },
    async readJournal(kind, id, limit) {
      // The table takes no limit of nothing.
      if (limit < 1) return [];
      const { items } = await table.query({
        key: {
          text: 'pk = :pk AND begins_with(sk, :journal)',
          values: { ':pk': textAttribute(recordPartition(kind, id)), ':journal': textAttribute(JOURNAL_PREFIX) },
        },
        isConsistent: false,
        isBackward: true,
        limit: Math.min(limit, READ_MAX),
      });
      return items.map((item) => decodeEntry(item, kind, id, tagsOf(kind)));
    },
  };
}

/** How many shards the index of recent changes has; a record's entries are all in one. */
export const RECENT_SHARDS = 16;

/** An entry as an item. Pure. */
export function encodeEntry(entry: JournalEntry, tags: FieldTags, retentionDays: number): Item {
  const changes = Object.entries(entry.changes).map(([field, [before, after]]) => [
    tags.tagOf(field),
    before ?? (before === null ? null : UNKNOWN),
    after ?? (after === null ? null : UNKNOWN),
  ]);
  return {
    ...keyAttributes({ pk: recordPartition(entry.kind, entry.unifiedId), sk: JOURNAL_PREFIX + entry.id }),
    a: numberAttribute(entry.at),
    j: textAttribute(entry.step),
    n: numberAttribute(entry.version),
    ...(entry.from === undefined ? {} : { f: textAttribute(entry.from) }),
    ...(changes.length === 0 ? {} : { d: textAttribute(JSON.stringify(changes)) }),
    ...(entry.correlationId === undefined ? {} : { o: textAttribute(entry.correlationId) }),
    ...(entry.by === undefined ? {} : { y: textAttribute(entry.by) }),
    ...(entry.note === undefined ? {} : { m: textAttribute(entry.note) }),
    ttl: numberAttribute(Math.ceil(entry.at / 1_000) + retentionDays * 86_400),
    ...(changes.length > 0 || RAISING.has(entry.step)
      ? {
          recentPk: textAttribute(`recent#${shardOf(entry.unifiedId, RECENT_SHARDS)}`),
          recentSk: textAttribute(entry.id),
        }
      : {}),
  };
}

/** The inverse of {@link encodeEntry}; a field that is not in the vocabulary is left out. */
export function decodeEntry(item: Item, kind: Kind, unifiedId: string, tags: FieldTags): JournalEntry {
  // Written by encodeEntry and nobody else, hence the casts.
  const changes = JSON.parse(item.d?.S ?? '[]') as readonly (readonly [string, Stored, Stored])[];
  return {
    id: textOf(item, 'sk').slice(JOURNAL_PREFIX.length),
    kind,
    unifiedId,
    at: numberOf(item, 'a'),
    step: textOf(item, 'j') as JournalStep,
    version: numberOf(item, 'n'),
    ...(item.f?.S === undefined ? {} : { from: item.f.S }),
    changes: Object.fromEntries(
      changes.flatMap(([tag, before, after]) => {
        const field = tags.fieldOf(tag);
        return field === undefined ? [] : [[field, [known(before), known(after)] as const]];
      }),
    ),
    ...(item.o?.S === undefined ? {} : { correlationId: item.o.S }),
    ...(item.y?.S === undefined ? {} : { by: item.y.S }),
    ...(item.m?.S === undefined ? {} : { note: item.m.S }),
  };
}

const READ_MAX = 200;

/** Steps that change what the world sees of a record, even when no field is named. */
const RAISING: ReadonlySet<JournalStep> = new Set(['created', 'changed', 'deleted', 'merged', 'unmerged']);

/** "Not known" in JSON, which has no `undefined`; no canonical value is a number. */
const UNKNOWN = 0;
type Stored = Value | typeof UNKNOWN;

function known(stored: Stored): Value | undefined {
  return stored === UNKNOWN ? undefined : stored;
}
