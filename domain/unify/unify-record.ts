import type { Kind } from '../model/kind.ts';
import type { SourceRecord } from '../model/source-record.ts';
import type { OwnField, UnifiedField, UnifiedRecord } from '../model/unified-record.ts';
import { isEmptyValue, isSameValue, type Value } from '../model/value.ts';
import type { Vocabulary } from '../model/vocabulary.ts';
import type { Seating } from './assign-seats.ts';
import type { CanonicalField, CanonicalSource } from './canonical-source.ts';
import { decideByRule } from './decide-by-rule.ts';
import { isTakenBack, ownBeneath } from './move-forward.ts';
import { unifyFields } from './unify-fields.ts';

/** A unified record as it should be, compared with what is stored. */
export interface Unification {
  readonly record: UnifiedRecord;
  /** Whether the merged content moved, so that the version rose. */
  readonly isChanged: boolean;
  /** Whether anything at all moved, so that the item must be written. */
  readonly isMoved: boolean;
  /** Fields whose value moved, with the value before and after. */
  readonly changes: Readonly<Record<string, readonly [Value | undefined, Value | undefined]>>;
}

/** What a unification works from. */
export interface UnifyInput {
  readonly kind: Kind;
  readonly id: string;
  readonly stored: UnifiedRecord | undefined;
  readonly sources: readonly SourceRecord[];
  readonly seating: Seating;
  /** The seated sources in canonical form. */
  readonly canonical: readonly CanonicalSource[];
  readonly vocabulary: Vocabulary;
  readonly keys: readonly string[];
  /** What is in doubt about it since it was stored, or as it is made. */
  readonly doubts?: readonly string[];
  /** Values the hub itself sets now, by field. */
  readonly set?: Readonly<Record<string, OwnField>>;
  readonly now: number;
}

/**
 * The unified record of these sources. When the source of a winning value went away, or its value cannot be told now, or it
 * says something by now that does not count, the hub's own source adopts that value with its time: nothing is cleared because
 * somebody left.
 */
export function unifyRecord(input: UnifyInput): Unification {
  const { stored, now } = input;
  const kept = { ...adoptOrphans(stored, input), ...input.set };
  const told = unifyFields(input.vocabulary, input.canonical, kept);
  const decided = decideByRule(input.vocabulary, told, now);
  const isDecided = Object.keys(decided).length > 0;
  const adopted = isDecided ? { ...kept, ...decided } : kept;
  const fields = isDecided ? unifyFields(input.vocabulary, input.canonical, adopted) : told;
  const own = ownBeneath(input.vocabulary, input.canonical, adopted, fields);
  const state = stateOf(input);
  const doubts = [...new Set([...(stored?.doubts ?? []), ...(input.doubts ?? [])])];
  const changes = changesBetween(stored?.fields ?? {}, fields);
  const isChanged = stored === undefined || Object.keys(changes).length > 0 || stored.state !== state;
  const isMoved =
    isChanged ||
    doubts.length > (stored.doubts ?? []).length ||
    JSON.stringify([stored.seats, stored.own, stored.keys]) !==
      JSON.stringify([input.seating.seats, own, input.keys]) ||
    !isSameProvenance(stored.fields, fields);
  return {
    record: {
      kind: input.kind,
      id: input.id,
      state,
      version: (stored?.version ?? 0) + (isChanged ? 1 : 0),
      counter: (stored?.counter ?? 0) + 1,
      createdAt: stored?.createdAt ?? now,
      changedAt: isChanged ? now : stored.changedAt,
      fields,
      seats: input.seating.seats,
      own,
      keys: input.keys,
      ...(doubts.length === 0 ? {} : { doubts }),
    },
    isChanged,
    isMoved,
    changes,
  };
}

/** The hub's own source, with every winning value that no source shows any more. */
function adoptOrphans(stored: UnifiedRecord | undefined, input: UnifyInput): Readonly<Record<string, OwnField>> {
  if (stored === undefined) return {};
  const own: Record<string, OwnField> = { ...stored.own };
  for (const [name, field] of Object.entries(stored.fields)) {
    const vocabulary = input.vocabulary.fields.get(name);
    if (vocabulary?.survivorship.by === 'union') {
      adoptElements(own, name, field, input.canonical);
      continue;
    }
    const source = input.canonical.find(({ from }) => from === field.from);
    const told = source?.fields[name];
    const isTold = told !== undefined && !isLost(told, field);
    const isKept = isTold && source?.moves !== undefined && isTakenBack(vocabulary, field, source, told);
    if (field.from === 'hub' || (isTold && !isKept)) continue;
    own[name] = { value: field.value, at: field.at, origin: field.origin, from: field.from };
  }
  return own;
}

/** A reference whose target its system deleted: it holds nothing there, and nobody emptied it. */
function isLost(told: CanonicalField, won: UnifiedField): boolean {
  return told.origin === 'hub' && told.at === won.at && isEmptyValue(told.value) && !isEmptyValue(won.value);
}

/** Elements of a set that no source tells a story of its own about any more. */
function adoptElements(
  own: Record<string, OwnField>,
  name: string,
  field: UnifiedField,
  canonical: readonly CanonicalSource[],
): void {
  const told = canonical.flatMap((source) =>
    Object.entries(source.fields[name]?.elements ?? {}).flatMap(([element, { origin }]) =>
      origin === 'hub' ? [] : [element],
    ),
  );
  const before = asSet(own[name]?.value);
  const orphans = asSet(field.value).filter((element) => !told.includes(element) && !before.includes(element));
  if (orphans.length === 0) return;
  own[name] = { value: [...before, ...orphans].sort(), at: field.at, origin: field.origin, from: field.from };
}

function asSet(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value : [];
}

/** A record is deleted when systems deleted it and none holds it any more. */
function stateOf(input: UnifyInput): 'present' | 'deleted' {
  const isGone = input.sources.some(({ state }) => state === 'deleted');
  const isHeld = input.seating.seated.length + input.seating.shadows.length > 0;
  return isGone && !isHeld ? 'deleted' : 'present';
}

function changesBetween(
  before: Readonly<Record<string, UnifiedField>>,
  after: Readonly<Record<string, UnifiedField>>,
): Record<string, readonly [Value | undefined, Value | undefined]> {
  const changes: Record<string, readonly [Value | undefined, Value | undefined]> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, next] = [before[name]?.value, after[name]?.value];
    if (!isSameValue(old, next)) changes[name] = [old, next];
  }
  return changes;
}

/**
 * Whether the values won from the same sources, of the same time. The rule is that of the decision: once the winner has been
 * delivered, the others hold it too and it would be the only candidate left, which is no reason to write the record again. That
 * something was passed over is one: nothing else tells people of it.
 */
function isSameProvenance(
  before: Readonly<Record<string, UnifiedField>>,
  after: Readonly<Record<string, UnifiedField>>,
): boolean {
  return Object.entries(after).every(([name, field]) => {
    const old = before[name];
    const isSame = old?.from === field.from && old.at === field.at && old.origin === field.origin;
    return isSame && (field.rule !== 'forward' || old.rule === 'forward');
  });
}
