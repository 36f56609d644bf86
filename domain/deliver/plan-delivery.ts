import { intentHash } from '../absorb/absorb-snapshot.ts';
import type { CompiledMapping, Directory, MappedField, Wait } from '../mapping/compiled-mapping.ts';
import { type Intent, type SourceRecord, WHOLE } from '../model/source-record.ts';
import type { UnifiedRecord } from '../model/unified-record.ts';
import { isEmptyValue, isSameValue, type SystemValue, type Value, type Values } from '../model/value.ts';
import { type CanonicalSource, canonicalValue, heldGroups } from '../unify/canonical-source.ts';
import { NOTHING_THROUGH, type ThroughFields } from './through-fields.ts';
import { stoppedBy, type WaitingFields, waitsOfSource } from './waiting-fields.ts';

/** What the target system calls a unified record: its external id there, `pending` when it will hold it later, `never` when it cannot. */
export type TargetReference = { readonly id: string } | 'pending' | 'never';

/** What planning one delivery needs. Pure; times in ms. */
export interface PlanInput {
  readonly unified: UnifiedRecord;
  /** What stands with the records it refers to, as far as this mapping asks for it. */
  readonly through: ThroughFields;
  /** The seat's source record; absent for a creation. */
  readonly source?: SourceRecord;
  /** The same source in canonical form, where that is known already. */
  readonly canonical?: CanonicalSource;
  /** Refused values of earlier attempts, by hub field; `*` is the record as a whole. */
  readonly refused: Readonly<Record<string, string>>;
  readonly mapping: CompiledMapping;
  readonly directory: Directory;
  /** The external id a referenced unified record has in this connection. */
  referenceTo(unifiedId: string, line: MappedField): TargetReference;
  /** Fields of the system that the account does not have or show: nothing can be written to them. */
  readonly unseen?: readonly string[];
  /** Whether another seat of the record was deleted by its system. */
  readonly isDeletedElsewhere: boolean;
}

/** One field about to be written. */
export interface PlannedField {
  readonly line: MappedField;
  readonly value: SystemValue;
  readonly intent: Intent;
  /** The record that the value stands with, as `kind#id`. */
  readonly borrowedFrom?: string;
}

/** What a delivery would do now, and why it leaves things out. */
export interface DeliveryPlan {
  readonly operation: 'none' | 'create' | 'update' | 'delete';
  readonly fields: readonly PlannedField[];
  /** References the target does not hold yet: worth another look later. */
  readonly pending: readonly string[];
  /** Values that cannot be written as they are, by hub field, with the reason for a person. */
  readonly held: Readonly<Record<string, string>>;
  /** Fields the system requires and that hold nothing; of a value that waits or was refused its own problem tells. */
  readonly missing: readonly string[];
  /** Fields left out because the system refused this very value; `*` is the record as a whole. */
  readonly refused: readonly string[];
  /** What the system takes no edits of in the present state of its record: written when that is over, nobody's to act on. */
  readonly waiting: readonly WaitingFields[];
}

const NOTHING: DeliveryPlan = {
  operation: 'none',
  fields: [],
  pending: [],
  held: {},
  missing: [],
  refused: [],
  waiting: [],
};

/**
 * Compares a unified record with what a connection holds and says what to write: nothing that means the same already,
 * nothing that waits for a person, nothing the system refused in this very form, no reference before its target exists.
 */
export function planDelivery(input: PlanInput): DeliveryPlan {
  const { unified, source, mapping } = input;
  if (unified.state === 'merged' || unified.state === 'erased') return NOTHING;
  if (source === undefined) return unified.state === 'present' ? planCreation(input) : NOTHING;
  if (source.state !== 'present') return NOTHING;
  if (input.isDeletedElsewhere && mapping.onDelete !== 'keep') return planDeletion(mapping, source);
  return unified.state === 'present' ? planUpdate(input, source) : NOTHING;
}

function planDeletion(mapping: CompiledMapping, source: SourceRecord): DeliveryPlan {
  const wait = waitsOfSource(mapping, source).find(({ isWhole }) => isWhole);
  if (wait === undefined) return { ...NOTHING, operation: 'delete' };
  return { ...NOTHING, waiting: [{ fields: [], note: wait.note }] };
}

function planUpdate(input: PlanInput, source: SourceRecord): DeliveryPlan {
  const torn = heldGroups(source, input.mapping);
  const draft = draftFields(input, (line, value) => {
    if (source.held[line.field] !== undefined || torn.has(line.vocabulary.group ?? '')) return true;
    const stored = source.fields[line.field];
    if (stored === undefined) return isEmptyValue(value);
    const canonical =
      input.canonical?.fields[line.field]?.value ??
      canonicalValue(line, stored.value, input.directory, source.resolved);
    // A value the mapping leaves alone, and a reference the crosswalk does not know yet, are somebody's, not the hub's to write over.
    return canonical === undefined || isSameValue(canonical, value);
  });
  const fields = draft.fields.filter(({ line, value }) => {
    const stored = source.fields[line.field];
    return stored === undefined || !isSameValue(stored.value, value);
  });
  const { waiting, ...rest } = setAside({ ...draft, fields }, waitsOfSource(input.mapping, source));
  return { ...rest, operation: rest.fields.length > 0 ? 'update' : 'none', missing: [], waiting };
}

/**
 * What the record's present state stops is neither sent nor looked at again by itself, and is no question to a person:
 * when the state changes the record is taken in, and what differs then goes out.
 */
function setAside(draft: Draft, waits: readonly Wait[]): Draft & Pick<DeliveryPlan, 'waiting'> {
  if (waits.length === 0) return { ...draft, waiting: [] };
  const isFree = (field: string): boolean => !waits.some(({ fields }) => fields.has(field));
  const differing = [...draft.fields.map(({ line }) => line.field), ...draft.pending, ...Object.keys(draft.held)];
  return {
    fields: draft.fields.filter(({ line }) => isFree(line.field)),
    pending: draft.pending.filter(isFree),
    held: Object.fromEntries(Object.entries(draft.held).filter(([field]) => isFree(field))),
    refused: draft.refused.filter(isFree),
    waiting: stoppedBy(waits, differing),
  };
}

function planCreation(input: PlanInput): DeliveryPlan {
  if ((input.unified.doubts ?? []).length > 0 || !input.mapping.isSent(valuesOf(input.unified, input.through)))
    return NOTHING;
  const draft = draftFields(input, (_line, value) => isEmptyValue(value));
  // A record nobody told anything about (known only from a connection the hub does not listen to) is not worth making.
  if (draft.fields.length === 0) return NOTHING;
  const written = new Set(draft.fields.map(({ line }) => line.field));
  const missing = input.mapping.fields.filter(
    (line) => line.isRequired && line.flow !== 'in' && !written.has(line.field),
  );
  const waits = missing.some((line) => draft.pending.includes(line.field));
  if (missing.length > 0) {
    // What is there and waits, or was refused, is a problem already: to ask for it as well would mislead.
    const isAsked = (field: string): boolean => draft.held[field] !== undefined || isRefusedValue(input, field);
    const names = waits ? [] : missing.map((line) => line.field).filter((field) => !isAsked(field));
    return { ...draft, operation: 'none', fields: [], missing: names, waiting: [] };
  }
  const isRefused = input.refused[WHOLE] === recordHash(draft.fields);
  const isPart = draft.refused.length > 0 || Object.keys(draft.held).length > 0;
  if (isRefused || (input.mapping.isMadeWhole && isPart)) {
    const refused = isRefused ? [WHOLE, ...draft.refused] : draft.refused;
    return { ...draft, operation: 'none', fields: [], missing: [], refused, waiting: [] };
  }
  return { ...draft, operation: 'create', missing: [], waiting: [] };
}

function isRefusedValue({ unified, through, refused }: PlanInput, field: string): boolean {
  const value = (through[field] ?? unified.fields[field])?.value;
  return refused[field] !== undefined && value !== undefined && !isEmptyValue(value);
}

/** The hash of a whole creation, by which a refused record is recognised until any of its values changes. */
export function recordHash(fields: readonly PlannedField[]): string {
  return fields.map(({ line, intent }) => `${line.vocabulary.tag}${intent.hash}`).join('');
}

type Draft = Pick<DeliveryPlan, 'fields' | 'pending' | 'held' | 'refused'>;

function draftFields(input: PlanInput, isSettled: (line: MappedField, value: Value) => boolean): Draft {
  const fields: PlannedField[] = [];
  const pending: string[] = [];
  const held: Record<string, string> = {};
  const refused: string[] = [];
  for (const line of input.mapping.fields) {
    const isBorrowed = line.vocabulary.through !== undefined;
    const unified = isBorrowed ? input.through[line.field] : input.unified.fields[line.field];
    if (line.flow === 'in' || input.unseen?.includes(line.theirs) === true) continue;
    if (unified === undefined || isSettled(line, unified.value)) continue;
    const referenced = dereference(line, unified.value, input);
    if (referenced === 'pending' || referenced === 'never') {
      if (referenced === 'pending') pending.push(line.field);
      continue;
    }
    if (referenced.isPartial) pending.push(line.field);
    const carried = line.writeOut(referenced.value, input.directory);
    if (!carried.ok) {
      if (carried.isIgnored !== true) held[line.field] = carried.reason;
      continue;
    }
    const hash = intentHash(line, carried.value, input.directory);
    if (input.refused[line.field] === hash) {
      refused.push(line.field);
      continue;
    }
    const intent = { hash, at: unified.at, ...elementsOf(line, unified.value, referenced.isPartial) };
    const isLent = isBorrowed && !isEmptyValue(unified.value);
    fields.push({ line, value: carried.value, intent, ...(isLent ? { borrowedFrom: unified.from } : {}) });
  }
  return { fields, pending, held, refused };
}

function elementsOf(line: MappedField, value: Value, isPartial: boolean): Pick<Intent, 'elements'> {
  const isWhole = line.vocabulary.survivorship.by === 'union' && Array.isArray(value) && !isPartial;
  return isWhole ? { elements: value } : {};
}

type Dereferenced = { readonly value: Value; readonly isPartial: boolean } | 'pending' | 'never';

/** Unified ids become the target's own. A set goes out with the elements the target holds; the rest is pending. */
function dereference(line: MappedField, value: Value, input: PlanInput): Dereferenced {
  if (line.referenceTo === undefined || value === null || typeof value === 'boolean')
    return { value, isPartial: false };
  if (typeof value === 'string') {
    const target = input.referenceTo(value, line);
    return typeof target === 'string' ? target : { value: target.id, isPartial: false };
  }
  const targets = value.map((id) => input.referenceTo(id, line));
  const ids = targets.flatMap((target) => (typeof target === 'string' ? [] : [target.id]));
  const isPartial = targets.includes('pending');
  if (ids.length === 0 && value.length > 0) return isPartial ? 'pending' : 'never';
  return { value: [...new Set([...ids, ...unresolvedIds(line, input.source)])].sort(), isPartial };
}

/** Elements the target holds that the hub does not know yet: not the hub's to remove. */
function unresolvedIds(line: MappedField, source: SourceRecord | undefined): readonly string[] {
  const stored = source?.fields[line.field]?.value;
  return Array.isArray(stored) ? stored.filter((id) => source?.resolved[id] === undefined) : [];
}

/** The canonical values of a unified record, and what it has through others, for a mapping's filter. */
export function valuesOf(unified: UnifiedRecord, through: ThroughFields = NOTHING_THROUGH): Values {
  const fields = [...Object.entries(unified.fields), ...Object.entries(through)];
  return Object.fromEntries(fields.map(([field, { value }]) => [field, value]));
}
