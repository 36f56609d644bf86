import type { CompiledMapping, Directory } from '../../mapping/compiled-mapping.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Value } from '../../model/value.ts';
import { canonicalValue } from '../../unify/canonical-source.ts';

/** What a record says of itself in canonical values, as far as it can be read without knowing other records. */
export function identifyingValues(
  { mapping, directory }: { readonly mapping: CompiledMapping; readonly directory: Directory },
  snapshot: Snapshot,
): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const line of mapping.fields) {
    const seen = snapshot.values[line.theirs];
    if (seen === undefined || line.referenceTo !== undefined) continue;
    const value = canonicalValue(line, seen, directory, {});
    if (value !== undefined) values[line.field] = value;
  }
  return values;
}
