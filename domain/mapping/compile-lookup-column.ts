import type { VocabularyField } from '../model/vocabulary.ts';
import type { LookupDocument, MappingLine } from './documents.ts';
import { compileLookup, type Lookup, type LookupCell, lookupKey } from './lookup.ts';
import type { Report } from './mapping-issue.ts';
import { suggestion } from './suggestion.ts';

/** Where a column of a lookup is asked for. */
interface Surroundings {
  readonly system: string;
  readonly lookups: ReadonlyMap<string, LookupDocument>;
}

/**
 * Compiles one system's column of the table a line names. Every choice of the field needs its row, and no value there may
 * be read as two: only so does a value come back as what it went out as. Mistakes are reported at the line.
 */
export function compileLookupColumn(
  line: MappingLine,
  field: VocabularyField,
  { system, lookups }: Surroundings,
  report: Report,
): Lookup | undefined {
  const name = line.lookup ?? '';
  const document = lookups.get(name);
  if (document === undefined) {
    report(['lookup'], `there is no table lookups/${name}.yaml${suggestion(name, lookups.keys())}`);
    return undefined;
  }
  const refuse = (reason: string): void => report(['lookup'], `the lookup "${name}" ${reason}`);
  const choices = field.choices ?? [];
  for (const value of Object.keys(document.values)) {
    if (!choices.includes(value)) refuse(`has a row for "${value}", which is no choice of "${field.name}"`);
  }
  const cells = new Map<string, LookupCell>();
  for (const choice of choices) {
    const cell = cellOf(document, choice, system);
    if (typeof cell === 'string') refuse(cell);
    else cells.set(choice, cell);
  }
  const readAs = checkInvertible(cells, refuse);
  if (line.flow !== 'out') {
    for (const [choice, { out }] of cells) {
      if ('value' in out && readAs.get(lookupKey(out.value)) !== choice) {
        refuse(`says "written" of "${choice}", which is for lines that only go out`);
      }
    }
  }
  const unlisted = line.unlisted ?? 'hold';
  if (unlisted !== 'hold' && unlisted !== 'ignore' && !choices.includes(unlisted)) {
    report(['unlisted'], `this is hold, ignore or a choice of "${field.name}"${suggestion(unlisted, choices)}`);
  }
  return compileLookup(name, cells, unlisted);
}

/** One cell, or what is wrong with it. */
function cellOf(document: LookupDocument, choice: string, system: string): LookupCell | string {
  const row = document.values[choice];
  if (row === undefined) return `has no row for the choice "${choice}"`;
  const cell = row[system];
  if (cell === undefined) return `does not say what "${choice}" is in ${system}`;
  if (typeof cell !== 'object') return { in: [cell], out: { value: cell } };
  const { in: read, out, unwritten, written } = cell;
  if ([out, unwritten, written].filter((each) => each !== undefined).length !== 1)
    return `needs one of out, unwritten and written for "${choice}" in ${system}`;
  if (written !== undefined) return { in: read ?? [], out: { value: written } };
  if (out === undefined) return { in: read ?? [], out: { unwritten: unwritten ?? 'hold' } };
  if (read !== undefined && !read.includes(out)) {
    return `is not invertible: "${choice}" goes out to ${system} as a value that is not in its list`;
  }
  return { in: read ?? [out], out: { value: out } };
}

/** Answers what each value there is read as. */
function checkInvertible(
  cells: ReadonlyMap<string, LookupCell>,
  refuse: (reason: string) => void,
): ReadonlyMap<string, string> {
  const readAs = new Map<string, string>();
  for (const [choice, cell] of cells) {
    for (const theirs of cell.in) {
      const other = readAs.get(lookupKey(theirs));
      if (other !== undefined) {
        refuse(`is not invertible: ${JSON.stringify(theirs)} is read as "${other}" and as "${choice}"`);
      }
      readAs.set(lookupKey(theirs), choice);
    }
  }
  for (const [choice, { out }] of cells) {
    if (!('value' in out)) continue;
    const reader = cells.get(readAs.get(lookupKey(out.value)) ?? '');
    // Only so does writing twice equal writing once.
    if (reader === undefined || !('value' in reader.out) || reader.out.value !== out.value) {
      refuse(`says "written" of "${choice}" with a value that no other row is written as`);
    }
  }
  return readAs;
}
