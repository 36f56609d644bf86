import type { CompiledMapping, Directory, MappedField, Moves } from '../mapping/compiled-mapping.ts';
import { refKey } from '../model/external-ref.ts';
import type { Origin, SourceElement, SourceField, SourceRecord } from '../model/source-record.ts';
import { isSameValue, type SystemValue, type Value } from '../model/value.ts';

/** One field of a source in canonical form. */
export interface CanonicalField {
  readonly value: Value;
  readonly at: number;
  readonly origin: Origin;
  /** Set fields merged element by element: each element's story. */
  readonly elements?: Readonly<Record<string, SourceElement>>;
}

/** A source record as survivorship sees it: canonical values with their time and origin. */
export interface CanonicalSource {
  /** `connection#object#externalId`. */
  readonly from: string;
  readonly connection: string;
  /** The connection's place in the configuration; lower wins ties. */
  readonly rank: number;
  readonly fields: Readonly<Record<string, CanonicalField>>;
  /** Fields that this source may only move forward; absent where there are none. */
  readonly moves?: Readonly<Record<string, Moves>>;
}

/**
 * Derives a source's canonical values by its mapping. A field that waits for a person, a value the mapping cannot carry
 * and a reference that is not resolved yet are left out: unknown, never empty.
 */
export function canonicalSource(
  source: SourceRecord,
  mapping: CompiledMapping,
  directory: Directory,
  rank: number,
): CanonicalSource {
  const fields: Record<string, CanonicalField> = {};
  const torn = heldGroups(source, mapping);
  let moves: Record<string, Moves> | undefined;
  for (const line of mapping.fields) {
    const stored = source.fields[line.field];
    if (stored === undefined || line.flow === 'out' || source.held[line.field] !== undefined) continue;
    if (line.vocabulary.group !== undefined && torn.has(line.vocabulary.group)) continue;
    const value = canonicalValue(line, stored.value, directory, source.resolved);
    if (value === undefined) continue;
    fields[line.field] = withElements(value, stored);
    if (line.moves !== undefined) moves = { ...moves, [line.field]: line.moves };
  }
  const canonical = { from: refKey(source), connection: source.connection, rank, fields };
  return moves === undefined ? canonical : { ...canonical, moves };
}

/** Groups of which a member waits for a person: an amount is nothing without its currency, so the whole group waits with it. */
export function heldGroups(source: SourceRecord, mapping: CompiledMapping): ReadonlySet<string> {
  const held = Object.keys(source.held).map((field) => mapping.byField.get(field)?.vocabulary.group);
  return new Set(held.filter((group) => group !== undefined));
}

/**
 * One stored value in canonical form; `undefined` when it cannot be told now. References become unified ids by
 * `resolved` (external id → unified id); in a set, the elements not resolved yet are left out.
 */
export function canonicalValue(
  line: MappedField,
  value: SystemValue,
  directory: Directory,
  resolved: Readonly<Record<string, string>>,
): Value | undefined {
  const carried = line.readIn(value, directory);
  if (!carried.ok) return undefined;
  if (line.referenceTo === undefined || carried.value === null) return carried.value;
  if (typeof carried.value === 'string') return resolved[carried.value];
  if (!Array.isArray(carried.value)) return undefined;
  const ids = carried.value.map((id) => resolved[id]);
  const known = ids.filter((id) => id !== undefined);
  if (known.length < ids.length && line.vocabulary.survivorship.by !== 'union') return undefined;
  return [...new Set(known)].sort();
}

/** Whether two values of a field mean the same: equal in the system's own form or in the canonical one. */
export function meansTheSame(line: MappedField, a: SystemValue, b: SystemValue, directory: Directory): boolean {
  if (isSameValue(a, b)) return true;
  const left = line.readIn(a, directory);
  const right = line.readIn(b, directory);
  return left.ok && right.ok && isSameValue(left.value, right.value);
}

function withElements(value: Value, stored: SourceField): CanonicalField {
  const base = { value, at: stored.at, origin: stored.origin };
  return stored.elements === undefined ? base : { ...base, elements: stored.elements };
}
