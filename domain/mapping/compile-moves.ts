import type { VocabularyField } from '../model/vocabulary.ts';
import type { Moves } from './compiled-mapping.ts';
import type { LookupDocument, MappingLine } from './documents.ts';
import type { Report } from './mapping-issue.ts';
import { suggestion } from './suggestion.ts';

/** Where a line stands. */
interface Surroundings {
  readonly system: string;
  readonly lookups: ReadonlyMap<string, LookupDocument>;
}

/**
 * What the lookup of a line says about moving forward, if it says so of this system. Only a single choice has an order, and
 * only where the newest value wins is there anything to pass over. Mistakes are reported at the line.
 */
export function compileMoves(
  line: MappingLine,
  field: VocabularyField,
  { system, lookups }: Surroundings,
  report: Report,
): Moves | undefined {
  const moves = lookups.get(line.lookup ?? '')?.moves;
  if (moves?.forward.includes(system) !== true || line.flow === 'out') return undefined;
  if (field.isMany || field.survivorship.by !== 'newest' || field.group !== undefined) {
    report(
      ['lookup'],
      `the lookup "${line.lookup}" moves its field forward; "${field.name}" must be a single choice, in no group, of which the newest wins`,
    );
  }
  return { back: new Set(moves.back) };
}

/** What a table says of moving forward must be about systems that have a column in it, and values that have a row. */
export function checkMoves({ moves, values }: LookupDocument, report: Report): void {
  const systems = new Set(Object.values(values).flatMap((row) => Object.keys(row)));
  for (const [index, system] of (moves?.forward ?? []).entries()) {
    if (!systems.has(system))
      report(['moves', 'forward', index], `there is no column for "${system}"${suggestion(system, systems)}`);
  }
  for (const [index, value] of (moves?.back ?? []).entries()) {
    if (values[value] === undefined)
      report(['moves', 'back', index], `there is no row for "${value}"${suggestion(value, Object.keys(values))}`);
  }
}
