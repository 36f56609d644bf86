import type { Problem } from '../../../domain/model/problem.ts';
import type { HubStore } from '../../../domain/pipeline/ports.ts';
import type { MemoryStore } from '../../../local/memory/memory-store.ts';
import { type HeldValue, placeOf } from '../oracles/end-of-run.ts';
import type { Erased } from './hub-deeds.ts';

/** The records that erased things were made of, as {@link placeOf} names them. */
export async function forgottenBy(store: HubStore, erased: readonly Erased[]): Promise<ReadonlySet<string>> {
  const places = new Set<string>();
  for (const { kind, id } of erased) {
    const erasure = await store.readErasure(kind, id);
    for (const ref of erasure?.refs ?? []) {
      const [system = '', , externalId = ''] = ref.split('#');
      places.add(placeOf(system, kind, externalId));
    }
  }
  return places;
}

/** Values of connected systems that wait for a person. */
export async function heldOf(store: MemoryStore, connected: readonly string[]): Promise<readonly HeldValue[]> {
  const held: HeldValue[] = [];
  for (const { connection, externalId, state, held: fields, kind, unifiedId } of store.allSources()) {
    if (state !== 'present' || !connected.includes(connection)) continue;
    // Of a record that is deleted everywhere else, or erased, nothing is taken over.
    if ((await store.readUnified(kind, [unifiedId])).get(unifiedId)?.state !== 'present') continue;
    held.push(...Object.keys(fields).map((field) => ({ connection, externalId, field })));
  }
  return held;
}

/** What people are asked. */
export async function openProblems(store: HubStore): Promise<readonly Problem[]> {
  return (await store.listProblems({ limit: 200 })).problems;
}
