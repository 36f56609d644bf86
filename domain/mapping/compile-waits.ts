import type { LineSurroundings } from './compile-line.ts';
import type { MappedField, Wait } from './compiled-mapping.ts';
import { isAmong } from './conditions.ts';
import type { MappingDocument, MappingWait } from './documents.ts';
import type { Report } from './mapping-issue.ts';
import { suggestion } from './suggestion.ts';

/**
 * Compiles `waits`. The state must be among what a source record keeps of the system's record, so a line has to read
 * the field that says it; a field that is never written cannot wait.
 */
export function compileWaits(
  { waits = [] }: MappingDocument,
  lines: readonly MappedField[],
  around: LineSurroundings,
  report: Report,
): readonly Wait[] {
  return waits.flatMap((wait, index) =>
    compileWait(wait, lines, around, (path, reason) => report(['waits', index, ...path], reason)),
  );
}

function compileWait(
  wait: MappingWait,
  lines: readonly MappedField[],
  { vocabulary }: LineSurroundings,
  report: Report,
): readonly Wait[] {
  const readers = lines.filter(({ flow }) => flow !== 'out');
  const reader = readers.find(({ theirs }) => theirs === wait.theirs);
  if (reader === undefined) {
    const hint = suggestion(
      wait.theirs,
      readers.map(({ theirs }) => theirs),
    );
    report(['theirs'], `no line of this mapping reads "${wait.theirs}"${hint}`);
  }
  for (const [index, name] of (wait.fields ?? []).entries()) {
    const line = lines.find(({ field }) => field === name);
    if (line !== undefined && line.flow !== 'in') continue;
    const reason = vocabulary.fields.has(name)
      ? `"${name}" is not written by this mapping, so it cannot wait`
      : `the vocabulary of ${vocabulary.kind} has no field "${name}"${suggestion(name, vocabulary.fields.keys())}`;
    report(['fields', index], reason);
  }
  if (reader === undefined) return [];
  const { theirs, note } = wait;
  const isWhole = wait.fields === undefined;
  const fields = isWhole ? new Set(lines.map(({ field }) => field)) : withGroups(wait.fields ?? [], lines);
  return [{ theirs, readAs: reader.field, fields, isWhole, note, isMetBy: isAmong(wait.is) }];
}

/** Fields of one group only make sense together, so they go out together as well. */
function withGroups(names: readonly string[], lines: readonly MappedField[]): ReadonlySet<string> {
  const named = new Set(names);
  const groups = new Set(lines.filter(({ field }) => named.has(field)).map(({ vocabulary }) => vocabulary.group));
  const together = lines.filter(({ vocabulary: { group } }) => group !== undefined && groups.has(group));
  return new Set([...names, ...together.map(({ field }) => field)]);
}
