import { seatKey } from '../../model/external-ref.ts';
import type { Kind } from '../../model/kind.ts';
import type { UnifiedRecord } from '../../model/unified-record.ts';
import type { Bundle, Hub } from '../ports.ts';
import type { DeliveryBatch, ReferenceLookup } from './delivery-batch.ts';

/**
 * Reads the unified records that a batch's records refer to, once for the whole batch, and answers what the target
 * system calls each: its external id, `pending` while it may still get one, `never` when nothing will give it one.
 */
export async function targetReferences(
  batch: Pick<DeliveryBatch, 'hub' | 'mapping' | 'connection'>,
  bundles: readonly Bundle[],
): Promise<ReferenceLookup> {
  const { hub, mapping, connection } = batch;
  const wanted = new Map<Kind, Set<string>>();
  for (const line of mapping.fields) {
    if (line.referenceTo === undefined || line.flow === 'in') continue;
    const ids = wanted.get(line.referenceTo.kind) ?? new Set<string>();
    for (const { unified } of bundles) {
      for (const id of idsIn(unified?.fields[line.field]?.value)) ids.add(id);
    }
    wanted.set(line.referenceTo.kind, ids);
  }
  const records = new Map<string, UnifiedRecord>();
  for (const [kind, ids] of wanted) {
    if (ids.size === 0) continue;
    for (const [id, record] of await readFollowing(hub, kind, [...ids])) records.set(id, record);
  }
  return (unifiedId, line) => {
    const object = line.referenceTo?.object ?? '';
    const record = records.get(unifiedId);
    if (record === undefined) return 'pending';
    const seat = record.seats[seatKey(connection, object)];
    if (seat !== undefined && 'externalId' in seat) return seat.isGone === true ? 'never' : { id: seat.externalId };
    return record.state === 'present' ? 'pending' : 'never';
  };
}

/** Records by the id asked for, merged ones answered by their survivor. */
async function readFollowing(hub: Hub, kind: Kind, ids: readonly string[]): Promise<Map<string, UnifiedRecord>> {
  const records = new Map(await hub.store.readUnified(kind, ids));
  const merged = [...records].flatMap(([id, { mergedInto }]) => (mergedInto === undefined ? [] : [{ id, mergedInto }]));
  if (merged.length === 0) return records;
  const survivors = await hub.store.readUnified(
    kind,
    merged.map(({ mergedInto }) => mergedInto),
  );
  for (const { id, mergedInto } of merged) {
    const survivor = survivors.get(mergedInto);
    if (survivor !== undefined) records.set(id, survivor);
  }
  return records;
}

function idsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value : [];
}
