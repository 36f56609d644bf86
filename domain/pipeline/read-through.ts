import { NOTHING_THROUGH, type ThroughFields, throughFields } from '../deliver/through-fields.ts';
import type { Kind } from '../model/kind.ts';
import type { UnifiedRecord } from '../model/unified-record.ts';
import type { VocabularyField } from '../model/vocabulary.ts';
import type { Bundle, Hub } from './ports.ts';

/** What a record of those asked for has through the records it refers to. */
export type ThroughLookup = (unified: UnifiedRecord | undefined) => ThroughFields;

/** Merges followed from a record referred to; references are put right by the next look at the record that holds them. */
const MERGES_MAX = 5;

/**
 * Reads the records behind some fields that stand with others (`through` of the vocabulary), once for all the records given.
 *
 * *Units*: 1 read unit for each record referred to, and for each merge followed; none without such fields, or where the
 * records refer to nothing.
 */
export async function readThrough(
  hub: Hub,
  fields: readonly VocabularyField[],
  bundles: readonly Pick<Bundle, 'unified'>[],
): Promise<ThroughLookup> {
  if (fields.length === 0) return () => NOTHING_THROUGH;
  const wanted = new Map<Kind, Set<string>>();
  for (const { through } of fields) {
    if (through === undefined) continue;
    const ids = wanted.get(through.kind) ?? new Set<string>();
    for (const { unified } of bundles) {
      const id = unified?.fields[through.reference]?.value;
      if (typeof id === 'string') ids.add(id);
    }
    wanted.set(through.kind, ids);
  }
  const records = new Map<string, UnifiedRecord>();
  for (const [kind, ids] of wanted) {
    for (const [id, record] of await readAll(hub, kind, [...ids])) records.set(`${kind}#${id}`, record);
  }
  const find = (kind: Kind, id: string): UnifiedRecord | undefined => {
    let record = records.get(`${kind}#${id}`);
    for (let step = 0; step < MERGES_MAX && record?.mergedInto !== undefined; step++) {
      record = records.get(`${kind}#${record.mergedInto}`);
    }
    return record?.mergedInto === undefined ? record : undefined;
  };
  return (unified) => (unified === undefined ? NOTHING_THROUGH : throughFields(fields, unified, find));
}

/** The records of these ids and those they were merged into. */
async function readAll(hub: Hub, kind: Kind, ids: readonly string[]): Promise<ReadonlyMap<string, UnifiedRecord>> {
  const records = new Map<string, UnifiedRecord>();
  let open = ids;
  for (let step = 0; step <= MERGES_MAX && open.length > 0; step++) {
    const read = await hub.store.readUnified(kind, open);
    for (const [id, record] of read) records.set(id, record);
    const next = [...read.values()].flatMap(({ mergedInto }) => (mergedInto === undefined ? [] : [mergedInto]));
    open = [...new Set(next)].filter((id) => !records.has(id));
  }
  return records;
}
