import type { CompiledMapping, Directory, MappedField } from '../mapping/compiled-mapping.ts';
import { shortHash } from '../model/short-hash.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type Intent, NEVER_READ, type Origin, type SourceField, type SourceRecord } from '../model/source-record.ts';
import { isEmptyValue, isSameValue, type SystemValue } from '../model/value.ts';
import { canonicalValue, meansTheSame } from '../unify/canonical-source.ts';
import { absorbElements } from './absorb-elements.ts';
import { isFrozen } from './frozen-field.ts';

/** What absorbing one snapshot needs to know. Times in ms since the epoch. */
export interface AbsorbInput {
  readonly mapping: CompiledMapping;
  readonly directory: Directory;
  readonly snapshot: Snapshot;
  /** The stored source record, whose counter was read before the snapshot was. */
  readonly source: SourceRecord;
  /** Whether the record was stored before; `false` at the first meeting. */
  readonly isKnown: boolean;
  /** When the read of the snapshot began, by the hub's clock. */
  readonly readAt: number;
  /** When its answer was there, which may be long after: a read waits for the vendor's budgets, and for the vendor. */
  readonly answeredAt: number;
  /** When the hub met the connection. */
  readonly connectedAt: number;
  /** External id → unified id for the references the snapshot holds, as far as the crosswalk knows them. */
  readonly resolved: Readonly<Record<string, string>>;
  /** Records it referred to before and that the system says it deleted, as `object#external id`. */
  readonly lost?: ReadonlySet<string>;
  /** Of the open intents, those of writes that may have arrived without an answer; not of one that is not sent yet. */
  readonly unanswered?: Readonly<Record<string, Intent>>;
}

/** The source record after a snapshot. */
export interface Absorbed {
  readonly source: SourceRecord;
  /** Whether anything but the time of reading is new, so that the item must be written. */
  readonly isChanged: boolean;
  /** Whether anything is new that the unified record is made from; otherwise only the revision or the mapping's version moved. */
  readonly isContentChanged: boolean;
  /** Fields somebody edited there. */
  readonly edited: readonly string[];
  /** Fields somebody emptied there. */
  readonly cleared: readonly string[];
  /** Fields that wait for a person now and did not before, with the reason. */
  readonly newlyHeld: Readonly<Record<string, string>>;
  /** Fields whose wait is over. */
  readonly released: readonly string[];
}

/**
 * Takes a snapshot into the source record, field by field.
 *
 * Equal to what is stored (in the system's form or the canonical one): nothing changes. Equal to an open intent: ours,
 * `hub`. Anything else is somebody's edit, at a time that beats what it replaces. A snapshot older than the newest
 * absorbed one changes nothing.
 */
export function absorbSnapshot(input: AbsorbInput): Absorbed {
  const { source, snapshot, mapping } = input;
  if (input.isKnown && snapshot.modifiedAt < source.revision) return unchanged(input);
  const fields: Record<string, SourceField> = { ...source.fields };
  const intents: Record<string, Intent> = { ...source.intents };
  const edited: string[] = [];
  const cleared: string[] = [];
  const unseen: string[] = [];
  for (const line of mapping.fields) {
    const seen = snapshot.values[line.theirs];
    if (seen === undefined) {
      if (source.fields[line.field] !== undefined) unseen.push(line.field);
      continue;
    }
    const stored = source.fields[line.field];
    if (stored !== undefined && isRespelled(line, seen, stored, input)) {
      fields[line.field] = { ...stored, value: seen };
      continue;
    }
    const next = nextField(line, seen, stored, input);
    if (next === stored || next === undefined) continue;
    fields[line.field] = next;
    if (next.origin === 'hub') delete intents[line.field];
    if (next.origin !== 'system') continue;
    edited.push(line.field);
    if (isEmptyValue(seen) && stored !== undefined && !isEmptyValue(stored.value)) cleared.push(line.field);
  }
  const held = heldFields(input, fields);
  const isContentChanged =
    Object.keys(fields).some((field) => fields[field] !== source.fields[field]) ||
    !isSameRecord(held, source.held) ||
    !isSameRecord(input.resolved, source.resolved) ||
    source.state !== 'present';
  const isChanged =
    isContentChanged ||
    // Also when no value moved: a slower worker may still hold an older snapshot, which must find itself overtaken.
    source.revision < snapshot.modifiedAt ||
    source.mappingVersion < mapping.version;
  const { unseen: _before, ...rest } = source;
  return {
    source: {
      ...rest,
      ...(unseen.length === 0 ? {} : { unseen }),
      state: 'present',
      revision: Math.max(source.revision, snapshot.modifiedAt),
      readAt: input.readAt,
      fields,
      intents,
      held,
      resolved: input.resolved,
      refused: withoutEdited(source.refused, edited),
      mappingVersion: mapping.version,
    },
    isChanged,
    isContentChanged,
    edited,
    cleared,
    newlyHeld: pickKeys(held, (field) => source.held[field] === undefined),
    released: Object.keys(source.held).filter((field) => held[field] === undefined),
  };
}

function nextField(
  line: MappedField,
  seen: SystemValue,
  stored: SourceField | undefined,
  input: AbsorbInput,
): SourceField | undefined {
  const { directory, source } = input;
  if (stored !== undefined && meansTheSame(line, stored.value, seen, directory)) {
    return adoptResolved(line, stored, input);
  }
  const intent = source.intents[line.field];
  if (intent?.hash === intentHash(line, seen, directory)) {
    return withElements(line, stored, { value: seen, at: intent.at, origin: 'hub' }, input);
  }
  const lost = withoutLost(line, seen, stored, input);
  if (lost !== undefined) return lost;
  // A field the hub only writes is never a candidate: what was found or changed there is put right by the next delivery.
  if (line.flow === 'out') return { value: seen, at: input.snapshot.modifiedAt, origin: 'hub' };
  return withElements(line, stored, { value: seen, ...timeAndOrigin(line, seen, stored, input) }, input);
}

const NEVER_FILLED: SourceField = { value: null, at: 0, origin: 'hub' };

function timeAndOrigin(
  line: MappedField,
  seen: SystemValue,
  stored: SourceField | undefined,
  input: AbsorbInput,
): { at: number; origin: Origin } {
  const { snapshot, source } = input;
  const modifiedAt = modifiedAtOf(line, snapshot);
  const stamped = Math.min(modifiedAt, input.answeredAt);
  if (stored === undefined) {
    const written = input.unanswered?.[line.field];
    // The hub made the record with another value, and it was modified since: somebody entered this one on top, or emptied the field.
    if (!input.isKnown && written !== undefined && modifiedAt > (snapshot.createdAt ?? modifiedAt)) {
      return { at: Math.max(stamped, written.at + 1), origin: 'system' };
    }
    const isFound = input.isKnown ? !isEditedSinceMade(line, input) : (snapshot.createdAt ?? 0) < input.connectedAt;
    if (isFound || isEmptyValue(seen)) return { at: stamped, origin: 'found' };
    // What the hub left empty was filled in beside what it wrote to the other fields of the group.
    return { at: Math.max(stamped, newestOf(line, NEVER_FILLED, input) + 1), origin: 'system' };
  }
  // The stamp did not move although the value did (whole-second stamps, associations, formulas): it changed after the last read.
  // What that read did not show may have changed long before it.
  const wasSeen = source.unseen?.includes(line.field) !== true;
  const notBefore = wasSeen && snapshot.modifiedAt <= source.revision ? Math.min(source.readAt, input.readAt) : 0;
  return { at: Math.max(stamped, notBefore, newestOf(line, stored, input) + 1), origin: 'system' };
}

/** The time of what an edit replaces: of what is stored, or of what a write without an answer put there since. */
function newestOf(line: MappedField, stored: SourceField, input: AbsorbInput): number {
  const { mapping, unanswered = {} } = input;
  const { group } = line.vocabulary;
  const sent = mapping.fields.filter(
    ({ field, vocabulary }) => field === line.field || (group !== undefined && vocabulary.group === group),
  );
  return Math.max(newestStored(line, stored, input), ...sent.map(({ field }) => unanswered[field]?.at ?? 0));
}

/** Fields of a group win together, so that an edit of one was entered on top of the newest of them. */
function newestStored(line: MappedField, stored: SourceField, { mapping, source }: AbsorbInput): number {
  const { group } = line.vocabulary;
  if (group === undefined) return stored.at;
  const members = mapping.fields.filter(({ vocabulary }) => vocabulary.group === group);
  return Math.max(stored.at, ...members.map(({ field }) => source.fields[field]?.at ?? 0));
}

/**
 * A record the hub made, seen for the first time: in the fields the hub left empty there is what the system filled in by itself, or,
 * if it was modified since it was made, what a person entered meanwhile.
 */
function isEditedSinceMade(line: MappedField, { source, snapshot }: AbsorbInput): boolean {
  const madeAt = Math.max(source.revision, snapshot.createdAt ?? 0);
  return source.readAt === NEVER_READ && modifiedAtOf(line, snapshot) > madeAt;
}

/** A field that stands with another record there (a lead's person) has a time of its own, and moves no stamp of this one. */
function modifiedAtOf({ theirs }: MappedField, { fieldTimes, modifiedAt }: Snapshot): number {
  return fieldTimes?.[theirs] ?? modifiedAt;
}

/**
 * A reference that went because its target was deleted there is no edit: the system did it, and other systems still have the target.
 * Nothing is held now, by nobody's will: the value that won stays with the hub, and the elements of a set keep their story.
 */
function withoutLost(
  line: MappedField,
  seen: SystemValue,
  stored: SourceField | undefined,
  { lost }: AbsorbInput,
): SourceField | undefined {
  const { referenceTo } = line;
  if (referenceTo === undefined || stored === undefined || lost === undefined) return undefined;
  const isLost = (id: string): boolean => lost.has(`${referenceTo.object}#${id}`);
  if (Array.isArray(stored.value) && Array.isArray(seen)) {
    const left = stored.value.filter((id) => !isLost(id));
    return left.length < stored.value.length && isSameValue(left, seen) ? { ...stored, value: seen } : undefined;
  }
  if (typeof stored.value !== 'string' || !isEmptyValue(seen) || !isLost(stored.value)) return undefined;
  return { value: seen, at: stored.at, origin: 'hub' };
}

/**
 * Values of a state that mean the same to the hub may not be the same to the system: it takes edits in one and none in
 * the other. So where a wait looks, the system's newest word is kept; whose it is and since when stay as they were.
 */
function isRespelled(line: MappedField, seen: SystemValue, stored: SourceField, input: AbsorbInput): boolean {
  const isWatched = input.mapping.waits.some(({ readAs }) => readAs === line.field);
  return isWatched && !isSameValue(stored.value, seen) && meansTheSame(line, stored.value, seen, input.directory);
}

/** A reference that could not be resolved when it was stored may be by now: a union's new elements join the story then. */
function adoptResolved(line: MappedField, stored: SourceField, input: AbsorbInput): SourceField {
  if (stored.elements === undefined || line.referenceTo === undefined) return stored;
  if (isSameRecord(input.resolved, input.source.resolved)) return stored;
  return withElements(line, stored, { value: stored.value, at: stored.at, origin: stored.origin }, input);
}

function withElements(
  line: MappedField,
  stored: SourceField | undefined,
  next: SourceField,
  input: AbsorbInput,
): SourceField {
  if (line.vocabulary.survivorship.by !== 'union') return next;
  const value = canonicalValue(line, next.value, input.directory, input.resolved);
  if (value === undefined) return stored?.elements === undefined ? next : { ...next, elements: stored.elements };
  const present = Array.isArray(value) ? value : [];
  const before = beforeEdit(line, stored?.elements ?? {}, present, next, input);
  return { ...next, elements: absorbElements(before, present, next.at, next.origin) };
}

/**
 * What somebody edited: the set as it is stored, or as a write without an answer had left it. That the write arrived shows by an
 * element it brought or took away; what it took away and is there again, somebody put back.
 */
function beforeEdit(
  line: MappedField,
  stored: NonNullable<SourceField['elements']>,
  present: readonly string[],
  { origin }: SourceField,
  { unanswered, isKnown }: AbsorbInput,
): NonNullable<SourceField['elements']> {
  const sent = unanswered?.[line.field];
  if (origin !== 'system' || sent?.elements === undefined) return stored;
  const { elements } = sent;
  const hasArrived = [...new Set([...Object.keys(stored), ...elements])].some((element) => {
    const isMeant = elements.includes(element);
    return isMeant !== (stored[element]?.isPresent === true) && isMeant === present.includes(element);
  });
  // A record that was not known is what the write made.
  return hasArrived || !isKnown ? absorbElements(stored, elements, sent.at, 'hub') : stored;
}

/** The hash by which a value is recognised as the one the hub sent: of the canonical form where there is one, since systems reformat. */
export function intentHash(line: MappedField, value: SystemValue, directory: Directory): string {
  const carried = line.readIn(value, directory);
  return shortHash(carried.ok ? carried.value : value);
}

function heldFields(input: AbsorbInput, fields: Readonly<Record<string, SourceField>>): Record<string, string> {
  const held: Record<string, string> = {};
  for (const line of input.mapping.fields) {
    const before = input.source.held[line.field];
    if (before !== undefined && isFrozen(before)) held[line.field] = before;
    const stored = fields[line.field];
    if (stored === undefined || line.flow === 'out' || held[line.field] !== undefined) continue;
    const carried = line.readIn(stored.value, input.directory);
    if (!carried.ok && carried.isIgnored !== true) held[line.field] = carried.reason;
  }
  return held;
}

function unchanged(input: AbsorbInput): Absorbed {
  return {
    source: input.source,
    isChanged: false,
    isContentChanged: false,
    edited: [],
    cleared: [],
    newlyHeld: {},
    released: [],
  };
}

/** An edit by a person is a new question to the system: what it refused before may be sent again. */
function withoutEdited(refused: Readonly<Record<string, string>>, edited: readonly string[]): Record<string, string> {
  return pickKeys(refused, (field) => !edited.includes(field));
}

function pickKeys<T>(record: Readonly<Record<string, T>>, keep: (key: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => keep(key)));
}

function isSameRecord(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
