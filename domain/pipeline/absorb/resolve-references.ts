import type { CompiledMapping } from '../../mapping/compiled-mapping.ts';
import { type ExternalRef, refKey } from '../../model/external-ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Hub } from '../ports.ts';

/** Every record of the same connection that the snapshot refers to. */
export function referencesOf(connection: string, mapping: CompiledMapping, snapshot: Snapshot): ExternalRef[] {
  return mapping.fields.flatMap((line) => {
    const { referenceTo } = line;
    if (referenceTo === undefined || line.flow === 'out') return [];
    return idsIn(snapshot.values[line.theirs]).map((externalId) => ({
      connection,
      object: referenceTo.object,
      externalId,
    }));
  });
}

/** The crosswalk for a whole batch's references in few reads: unified ids by `connection#object#externalId`. */
export async function readReferences(
  hub: Hub,
  references: readonly ExternalRef[],
): Promise<ReadonlyMap<string, string>> {
  const distinct = new Map(references.map((ref) => [refKey(ref), ref]));
  return distinct.size === 0 ? new Map() : hub.store.readRefs([...distinct.values()]);
}

/** External id → unified id for one snapshot's references, and those nobody knows yet. */
export function resolveReferences(
  references: readonly ExternalRef[],
  crosswalk: ReadonlyMap<string, string>,
): { readonly resolved: Readonly<Record<string, string>>; readonly unresolved: readonly ExternalRef[] } {
  const resolved: Record<string, string> = {};
  const unresolved: ExternalRef[] = [];
  for (const ref of references) {
    const unifiedId = crosswalk.get(refKey(ref));
    if (unifiedId === undefined) unresolved.push(ref);
    else resolved[ref.externalId] = unifiedId;
  }
  return { resolved, unresolved };
}

/** The ids a reference field's value holds: one, several or none. */
export function idsIn(value: unknown): readonly string[] {
  if (typeof value === 'string' && value !== '') return [value];
  return Array.isArray(value) ? value.filter((id) => typeof id === 'string' && id !== '') : [];
}
