import type { CompiledMapping } from '../mapping/compiled-mapping.ts';
import type { Kind } from '../model/kind.ts';
import type { SourceRecord } from '../model/source-record.ts';
import type { Vocabulary } from '../model/vocabulary.ts';
import { type CanonicalSource, canonicalSource } from '../unify/canonical-source.ts';
import type { ConnectionInfo, Hub } from './ports.ts';

/** An object of a connection that records of a kind are written to. */
export interface DeliveryTarget {
  readonly connection: ConnectionInfo;
  readonly mapping: CompiledMapping;
}

/** Where a kind is written to: every object configured for it, in connections that are open outwards. */
export function targetsOf(hub: Hub, kind: Kind): readonly DeliveryTarget[] {
  return hub.connections
    .filter(({ direction }) => direction !== 'in')
    .flatMap((connection) => hub.mappingsOf(connection.id, kind).map((mapping) => ({ connection, mapping })));
}

/** The vocabulary of a kind. *Faults*: a kind without one is a defect of the build. */
export function vocabularyOf(hub: Hub, kind: Kind): Vocabulary {
  const vocabulary = hub.vocabularies.get(kind);
  if (vocabulary === undefined) throw new Error(`There is no vocabulary for the kind ${kind}.`);
  return vocabulary;
}

/** Sources in canonical form, each with its connection's place in the configuration. Sources of removed connections are left out. */
export async function canonicalSources(hub: Hub, sources: readonly SourceRecord[]): Promise<CanonicalSource[]> {
  const canonical: CanonicalSource[] = [];
  for (const source of sources) {
    const mapping = hub.mapping(source.connection, source.object);
    const rank = hub.connections.findIndex(({ id }) => id === source.connection);
    if (mapping === undefined || rank === -1) continue;
    canonical.push(canonicalSource(source, mapping, await hub.directory(source.connection), rank));
  }
  return canonical;
}
