import type { CompiledMapping, Directory } from '../mapping/compiled-mapping.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { SourceRecord } from '../model/source-record.ts';
import { isEmptyValue, isSameValue, type SystemValue } from '../model/value.ts';
import { intentHash } from './absorb-snapshot.ts';

/**
 * A snapshot in which what was written by half has not changed yet.
 *
 * Where a system holds several values in a field that means one of them, and marks none (`Snapshot.among`), a write adds the new value and then
 * takes the former one away, or its own where somebody added another meanwhile. If what was sent stands among others and nobody knows that the write is done, one of
 * these calls is missing. Taken for what is meant, the others would stay beside it; so the write goes out again.
 */
export function beforeHalfWrite(
  mapping: CompiledMapping,
  directory: Directory,
  snapshot: Snapshot,
  { fields, intents }: Pick<SourceRecord, 'fields' | 'intents'>,
): Snapshot {
  const { among } = snapshot;
  if (among === undefined) return snapshot;
  const values: Record<string, SystemValue> = { ...snapshot.values };
  for (const line of mapping.fields) {
    const all = among[line.theirs];
    const stored = fields[line.field];
    const intent = intents[line.field];
    if (all === undefined || stored === undefined || intent === undefined) continue;
    const isSent = all.some((value) => intentHash(line, value, directory) === intent.hash);
    const isLeft = isEmptyValue(stored.value) || all.some((value) => isSameValue(value, stored.value));
    if (isSent && isLeft) values[line.theirs] = stored.value;
  }
  return { ...snapshot, values };
}
