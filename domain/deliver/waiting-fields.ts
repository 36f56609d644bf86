import type { CompiledMapping, Wait } from '../mapping/compiled-mapping.ts';
import type { SourceRecord } from '../model/source-record.ts';
import type { SystemValue } from '../model/value.ts';

/** Fields that differ and are not written while the system's record is in a state that takes no edits, and why. */
export interface WaitingFields {
  /** Hub fields; empty where it is the deletion of the record that waits. */
  readonly fields: readonly string[];
  /** The mapping's note, for people. */
  readonly note: string;
}

/** The waits that a system's record meets, by what is known of it. A field that the connection may not see stops nothing. */
export function waitsMet(mapping: CompiledMapping, held: (wait: Wait) => SystemValue | undefined): readonly Wait[] {
  return mapping.waits.filter((wait) => {
    const value = held(wait);
    return value !== undefined && wait.isMetBy(value);
  });
}

/** The waits that the record of a source meets, as it was last read. */
export function waitsOfSource(mapping: CompiledMapping, source: SourceRecord): readonly Wait[] {
  return waitsMet(mapping, ({ readAs }) => source.fields[readAs]?.value);
}

/** Fields by the first wait that stops each; fields that nothing stops are left out. */
export function stoppedBy(waits: readonly Wait[], fields: readonly string[]): readonly WaitingFields[] {
  const byWait = Map.groupBy(new Set(fields), (field) => waits.find((wait) => wait.fields.has(field)));
  return [...byWait].flatMap(([wait, stopped]) => (wait === undefined ? [] : [{ fields: stopped, note: wait.note }]));
}
