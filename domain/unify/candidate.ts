import type { Moves } from '../mapping/compiled-mapping.ts';
import type { Origin } from '../model/source-record.ts';
import type { OwnField } from '../model/unified-record.ts';
import { isEmptyValue, type Value } from '../model/value.ts';
import type { VocabularyField } from '../model/vocabulary.ts';
import type { CanonicalField, CanonicalSource } from './canonical-source.ts';

/** A value that may win: an edit, or what was found. */
export interface Candidate {
  readonly value: Value;
  readonly at: number;
  readonly from: string;
  readonly origin: Exclude<Origin, 'hub'>;
  readonly rank: number;
  /** It counts only where it moves the field forward; see `move-forward.ts`. */
  readonly isForwardOnly: boolean;
}

/** The hub's own source, as survivorship sees it: after every connection in ties. */
export const HUB = 'hub';
const HUB_RANK = Number.MAX_SAFE_INTEGER;

/** What may win in a field that is decided by itself. */
export function candidatesOf(
  field: VocabularyField,
  sources: readonly CanonicalSource[],
  own: Readonly<Record<string, OwnField>>,
): Candidate[] {
  const candidates: Candidate[] = [];
  const held = own[field.name];
  if (held !== undefined) candidates.push(asOwn(held));
  if (field.survivorship.by === 'hub') return candidates;
  for (const source of sources) {
    const value = source.fields[field.name];
    const candidate = value && asCandidate(field, value, source);
    if (candidate !== undefined) candidates.push(candidate);
  }
  return candidates;
}

/** A value of the hub's own. What it has adopted has been decided, so it stands like any edit. */
export function asOwn({ value, at, origin }: OwnField): Candidate {
  return { value, at, origin, from: HUB, rank: HUB_RANK, isForwardOnly: false };
}

function asCandidate(
  { name }: VocabularyField,
  { value, at, origin }: CanonicalField,
  { from, rank, moves }: CanonicalSource,
): Candidate | undefined {
  if (origin === 'hub') return undefined;
  if (origin === 'found' && isEmptyValue(value)) return undefined;
  return { value, at, from, origin, rank, isForwardOnly: moves !== undefined && mayNotGoBack(moves[name], value) };
}

/** Whether a line that sets this value may only move the field forward by it. */
export function mayNotGoBack(moves: Moves | undefined, value: Value): boolean {
  return moves !== undefined && !(typeof value === 'string' && moves.back.has(value));
}

export type Order = (a: Candidate, b: Candidate) => number;

/** Best first: edits before what was found; then the newest, the order of the connections, the value. */
export const byMerit: Order = (a, b) => {
  if (a.origin !== b.origin) return a.origin === 'system' ? -1 : 1;
  const byTime = a.origin === 'system' ? b.at - a.at : 0;
  return (
    byTime ||
    a.rank - b.rank ||
    compareText(a.from, b.from) ||
    compareText(asText(a.value), asText(b.value)) ||
    b.at - a.at
  );
};

export function asText(value: Value): string {
  return JSON.stringify(value);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
