import { intentHash } from '../absorb/absorb-snapshot.ts';
import { isFrozen } from '../absorb/frozen-field.ts';
import { planDelivery, type TargetReference } from '../deliver/plan-delivery.ts';
import type { ThroughFields } from '../deliver/through-fields.ts';
import { waitsMet } from '../deliver/waiting-fields.ts';
import type { CompiledMapping, Directory, MappedField } from '../mapping/compiled-mapping.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type SourceRecord, WHOLE } from '../model/source-record.ts';
import type { UnifiedField, UnifiedRecord } from '../model/unified-record.ts';
import { isEmptyValue, isSameValue, type SystemValue, type Value } from '../model/value.ts';
import { canonicalValue, heldGroups, meansTheSame } from '../unify/canonical-source.ts';
import type { AuditReason, AuditReasons } from './difference.ts';
import { hashOf } from './window.ts';

/** One record as its system shows it now, beside what the hub keeps of it. Pure; times in ms. */
export interface JudgeInput {
  readonly snapshot: Snapshot;
  readonly unified: UnifiedRecord;
  /** What stands with the records it refers to, as far as the mapping writes it. */
  readonly through: ThroughFields;
  readonly source: SourceRecord;
  /** Whether the source has the seat; otherwise it is a second record of its connection. */
  readonly isSeated: boolean;
  /** Whether the unified record is what its sources make it. */
  readonly isSettled: boolean;
  readonly mapping: CompiledMapping;
  readonly directory: Directory;
  /** External id → unified id of the references the record holds, by the crosswalk as it is now. */
  readonly resolved: Readonly<Record<string, string>>;
  referenceTo(unifiedId: string, line: MappedField): TargetReference;
  readonly isDeletedElsewhere: boolean;
  /** Whether the hub may write to the connection now. */
  readonly isOpen: boolean;
  readonly now: number;
}

/** What an audit finds of one record, and the hash of each side: equal if and only if there is no reason. */
export interface Judgement {
  readonly reasons: AuditReasons;
  readonly there: bigint;
  readonly known: bigint;
}

/**
 * Holds what a system shows of a record against what the unified record says it should hold, field by field, by the
 * values' meaning. It compares on its own and asks the planner of deliveries only afterwards, whether that would write
 * what was found to be behind; so a planner that leaves something out is found as well.
 */
export function judgeRecord(input: JudgeInput): Judgement {
  const { snapshot, mapping, source } = input;
  const reasons: Record<string, AuditReason> = {};
  const there: unknown[] = [snapshot.externalId];
  const known: unknown[] = [snapshot.externalId];
  const whole = judgeWhole(input);
  if (whole !== undefined) reasons[WHOLE] = whole;
  for (const line of mapping.fields) {
    const reason = input.isSeated ? judgeField(input, line) : undefined;
    if (reason !== undefined) reasons[line.field] = reason;
    const seen = seenOf(input, line);
    there.push(line.vocabulary.tag, seen);
    known.push(line.vocabulary.tag, seen);
    if (reason === undefined) continue;
    known.push(reason, expectedOf(input, line)?.value ?? source.fields[line.field]?.value ?? null);
  }
  if (whole !== undefined) known.push(whole);
  return { reasons: explain(input, reasons), there: hashOf(there), known: hashOf(known) };
}

/** In the canonical form where there is one, so that another spelling of the same value is no difference between two audits. */
function seenOf({ snapshot, directory, resolved }: JudgeInput, line: MappedField): Value | SystemValue {
  const seen = snapshot.values[line.theirs] ?? null;
  return canonicalValue(line, seen, directory, resolved) ?? seen;
}

function judgeWhole(input: JudgeInput): AuditReason | undefined {
  if (!input.isSeated) return 'duplicate';
  if (input.isDeletedElsewhere && input.mapping.onDelete !== 'keep') {
    const { mapping, snapshot } = input;
    const isWaiting = waitsMet(mapping, ({ theirs }) => snapshot.values[theirs]).some(({ isWhole }) => isWhole);
    return isWaiting ? 'waiting' : deliverable(input);
  }
  return input.isSettled ? undefined : 'not-absorbed';
}

function expectedOf({ unified, through }: JudgeInput, line: MappedField): Pick<UnifiedField, 'value'> | undefined {
  return line.vocabulary.through === undefined ? unified.fields[line.field] : through[line.field];
}

function judgeField(input: JudgeInput, line: MappedField): AuditReason | undefined {
  const { snapshot, source, directory } = input;
  const expected = expectedOf(input, line);
  const stored = source.fields[line.field];
  const seen = snapshot.values[line.theirs];
  if (seen === undefined) {
    // What is never written there is expected there only if it was there before.
    const isWanted = line.flow !== 'in' && !isEmptyValue(expected?.value);
    return isEmptyValue(stored?.value) && !isWanted ? undefined : 'not-shown';
  }
  const isTakenIn = stored === undefined ? isEmptyValue(seen) : meansTheSame(line, stored.value, seen, directory);
  if (line.flow !== 'out' && !isTakenIn) return newsOf(input, line, seen);
  const held = holdOf(input, line);
  if (line.flow === 'in' || expected === undefined) return held;
  const reason = judgeOutwards(input, line, seen, expected, held);
  // A field that is only written is put right whatever is there, but the hub must first have seen that it is not.
  return reason === 'behind' && !isTakenIn ? newsOf(input, line, seen) : reason;
}

/** What the system shows is not what is stored: an edit, the hub's own write before its completion, or an old answer. */
function newsOf({ source, snapshot, directory }: JudgeInput, line: MappedField, seen: SystemValue): AuditReason {
  if (source.intents[line.field]?.hash === intentHash(line, seen, directory)) return 'on-its-way';
  return snapshot.modifiedAt < source.revision ? 'older' : 'not-absorbed';
}

function holdOf({ source, mapping }: JudgeInput, line: MappedField): AuditReason | undefined {
  const reason = source.held[line.field];
  if (reason !== undefined) return isFrozen(reason) ? 'frozen' : 'held';
  const { group } = line.vocabulary;
  return group !== undefined && heldGroups(source, mapping).has(group) ? 'held' : undefined;
}

function judgeOutwards(
  input: JudgeInput,
  line: MappedField,
  seen: SystemValue,
  expected: Pick<UnifiedField, 'value'>,
  held: AuditReason | undefined,
): AuditReason | undefined {
  const { directory, source } = input;
  const canonical = canonicalValue(line, seen, directory, { ...source.resolved, ...input.resolved });
  const isUnresolved = canonical === undefined && line.referenceTo !== undefined;
  if (!isUnresolved && canonical !== undefined && isSameValue(canonical, expected.value)) return undefined;
  if (held !== undefined) return held;
  const carried = line.readIn(seen, directory);
  // A value that the mapping leaves alone is somebody's; nothing else is expected there.
  if (!carried.ok) return carried.isIgnored === true ? undefined : 'held';
  if (isUnresolved) return 'waiting';
  const wanted = wantedThere(input, line, expected.value);
  if (wanted === 'waiting') return 'waiting';
  const written = line.writeOut(wanted.value, directory);
  if (!written.ok) return written.isIgnored === true ? undefined : 'held';
  if (isSameValue(written.value, seen) || meansTheSame(line, written.value, seen, directory)) {
    return wanted.isPartial ? 'waiting' : undefined;
  }
  if (source.refused[line.field] === intentHash(line, written.value, directory)) return 'refused';
  if (isStopped(input, line)) return 'waiting';
  // Nobody writes over a reference that the hub has not recognised yet; looking at the record again is what makes it known.
  const isRecognised = canonicalValue(line, seen, directory, source.resolved) !== undefined;
  return isRecognised ? deliverable(input) : 'not-absorbed';
}

/** Whether the system takes no edit of the field, in the state it shows now. */
function isStopped({ mapping, snapshot }: JudgeInput, { field }: MappedField): boolean {
  return waitsMet(mapping, ({ theirs }) => snapshot.values[theirs]).some(({ fields }) => fields.has(field));
}

type Wanted = { readonly value: Value; readonly isPartial: boolean } | 'waiting';

/** The value as the system would hold it: unified ids become its own. */
function wantedThere(input: JudgeInput, line: MappedField, value: Value): Wanted {
  if (line.referenceTo === undefined || value === null || typeof value === 'boolean')
    return { value, isPartial: false };
  const ids = typeof value === 'string' ? [value] : value;
  const targets = ids.map((id) => input.referenceTo(id, line));
  const theirs = targets.flatMap((target) => (typeof target === 'string' ? [] : [target.id]));
  if (typeof value === 'string') return theirs[0] === undefined ? 'waiting' : { value: theirs[0], isPartial: false };
  if (theirs.length === 0 && ids.length > 0) return 'waiting';
  return { value: [...new Set([...theirs, ...strangers(input, line)])].sort(), isPartial: targets.includes('pending') };
}

/** Elements the system holds that the hub does not know: nobody would take them away. */
function strangers({ snapshot, source, resolved }: JudgeInput, line: MappedField): readonly string[] {
  const seen = snapshot.values[line.theirs];
  if (!Array.isArray(seen)) return [];
  return seen.filter((id) => resolved[id] === undefined && source.resolved[id] === undefined);
}

function deliverable({ isOpen, source, now }: JudgeInput): AuditReason {
  if (!isOpen) return 'closed';
  return source.claim !== undefined && source.claim.until > now ? 'on-its-way' : 'behind';
}

/** What is behind must be what a delivery would write; if it is not, no repair would help. */
function explain(input: JudgeInput, reasons: Readonly<Record<string, AuditReason>>): AuditReasons {
  const behind = Object.keys(reasons).filter((field) => reasons[field] === 'behind');
  if (behind.length === 0) return reasons;
  // The system's state first has to be taken in; only then is it known what is to be written.
  if (reasons[WHOLE] === 'not-absorbed') {
    return { ...reasons, ...Object.fromEntries(behind.map((field) => [field, 'not-absorbed' as const])) };
  }
  const plan = planDelivery({
    unified: input.unified,
    through: input.through,
    source: input.source,
    refused: input.source.refused,
    mapping: input.mapping,
    directory: input.directory,
    referenceTo: (id, line) => input.referenceTo(id, line),
    isDeletedElsewhere: input.isDeletedElsewhere,
  });
  const written = new Set(plan.fields.map(({ line }) => line.field));
  const lost = behind.filter((field) => !written.has(field) && plan.operation !== 'delete');
  return { ...reasons, ...Object.fromEntries(lost.map((field) => [field, 'unexplained' as const])) };
}
