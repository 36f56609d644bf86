import { type ExternalRef, refKey } from '../../../domain/model/external-ref.ts';
import type { HubStore, MatchKey } from '../../../domain/pipeline/ports.ts';
import { ABSENT, type Expression, type HubTable } from '../hub-table.ts';
import { textAttribute, textOf } from './attribute.ts';
import { type ItemKey, keyAttributes, loneKey } from './item-keys.ts';

/**
 * The crosswalk and the match keys: small items that each name one unified record in `u`, or, for a weak key, up to eight.
 *
 * *Units*: reading costs 1 read unit a reference or key, found or not; writing and deleting 1 write unit.
 *
 * *Bounds*: at most 1,000 references or keys a read; more throws, because the caller has lost its own bound.
 */
export function crosswalkItems(
  table: HubTable,
): Pick<HubStore, 'readRefs' | 'putRef' | 'deleteRef' | 'readKeys' | 'putKey' | 'deleteKey'> {
  return {
    readRefs: (refs) => readHolders(table, new Map(refs.map((ref) => [refKey(ref), keyOfRef(ref)]))),
    putRef: (ref, kind, unifiedId, expected) =>
      table.put(
        { ...keyAttributes(keyOfRef(ref)), u: textAttribute(unifiedId), k: textAttribute(kind) },
        heldBy(expected),
      ),
    deleteRef: (ref, expected) => table.delete(keyOfRef(ref), heldBy(expected)),

    readKeys: (keys) => readHolders(table, new Map(keys.map((key) => [nameOfKey(key), keyOfMatch(key)]))),
    putKey: (key, unifiedId, expected) =>
      table.put({ ...keyAttributes(keyOfMatch(key)), u: textAttribute(unifiedId) }, heldBy(expected)),
    deleteKey: (key, expected) => table.delete(keyOfMatch(key), heldBy(expected)),
  };
}

const READ_MAX = 1_000;

async function readHolders(table: HubTable, keys: ReadonlyMap<string, ItemKey>): Promise<ReadonlyMap<string, string>> {
  if (keys.size > READ_MAX) throw new RangeError(`At most ${READ_MAX} holders are read at once, not ${keys.size}.`);
  const items = await table.getMany([...keys.values()]);
  const byPartition = new Map(items.map((item) => [textOf(item, 'pk'), textOf(item, 'u')]));
  const holders = new Map<string, string>();
  for (const [name, { pk }] of keys) {
    const holder = byPartition.get(pk);
    if (holder !== undefined) holders.set(name, holder);
  }
  return holders;
}

function heldBy(expected: string | null): Expression {
  return expected === null ? ABSENT : { text: 'u = :u', values: { ':u': textAttribute(expected) } };
}

function keyOfRef(ref: ExternalRef): ItemKey {
  return loneKey('ref', ref.connection, ref.object, ref.externalId);
}

function keyOfMatch(key: MatchKey): ItemKey {
  return loneKey('key', key.kind, key.type, key.value);
}

function nameOfKey(key: MatchKey): string {
  return `${key.kind}#${key.type}#${key.value}`;
}
