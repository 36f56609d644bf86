import type { SystemValues, Value, Values } from '../model/value.ts';
import type { CompiledMapping, Directory, NotCarried } from './compiled-mapping.ts';

/** A record of a system in canonical form. */
export interface CanonicalRecord {
  readonly values: Values;
  /** Fields whose value is not carried over, with the reason. */
  readonly notCarried: Readonly<Record<string, NotCarried>>;
}

/** Reads all fields of a record at once. A field the snapshot does not show is in neither part. References stay the system's ids. */
export function readRecord(mapping: CompiledMapping, held: SystemValues, directory: Directory): CanonicalRecord {
  const values: Record<string, Value> = {};
  const notCarried: Record<string, NotCarried> = {};
  for (const line of mapping.fields) {
    const theirs = held[line.theirs];
    if (theirs === undefined || line.flow === 'out') continue;
    const read = line.readIn(theirs, directory);
    if (read.ok) values[line.field] = read.value;
    else notCarried[line.field] = read;
  }
  return { values, notCarried };
}
