import { planDelivery } from '../deliver/plan-delivery.ts';
import { type ThroughFields, throughOfVocabulary } from '../deliver/through-fields.ts';
import { type WaitingFields, waitsOfSource } from '../deliver/waiting-fields.ts';
import { refKey, seatKey } from '../model/external-ref.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { Kind } from '../model/kind.ts';
import type { Problem } from '../model/problem.ts';
import type { SourceRecord } from '../model/source-record.ts';
import type { Rule, UnifiedField, UnifiedRecord } from '../model/unified-record.ts';
import { isEmptyValue, isSameValue, type SystemValue, type Value } from '../model/value.ts';
import { mayNotGoBack } from '../unify/candidate.ts';
import type { CanonicalSource } from '../unify/canonical-source.ts';
import { canonicalSources, vocabularyOf } from './connection-scope.ts';
import { inParallel } from './in-parallel.ts';
import type { Bundle, Hub } from './ports.ts';
import { idOfShadow, shadowsOf } from './problems/report-shadow.ts';
import { valueOfProblem } from './problems/value-of-problem.ts';
import { readThrough } from './read-through.ts';
import { isDeletedElsewhere } from './settle-record.ts';

/** What one connection says about a field. */
export interface DescribedOpinion {
  readonly source: string;
  readonly value: SystemValue;
  readonly at: string;
  /** `system`: changed there; `hub`: written by the hub; `found`: there from the beginning. */
  readonly origin: string;
  /** Why the value waits, if it does. */
  readonly held?: string;
}

/** One field of a unified record with where it came from and why it won. */
export interface DescribedField {
  readonly value: Value;
  readonly from: string;
  readonly at: string;
  /** `through`: the value stands with another record, which `from` names. */
  readonly rule: Rule | 'through';
  /** The rule in a sentence. */
  readonly why: string;
  readonly sources: readonly DescribedOpinion[];
}

/** What one connection takes no edits of now; nobody has to act. */
export interface DescribedWait extends WaitingFields {
  readonly connection: string;
  readonly object: string;
}

/** A unified record as a person reads it. Times are ISO 8601 in UTC. */
export interface DescribedRecord {
  readonly kind: Kind;
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly mergedInto?: string;
  readonly fields: Readonly<Record<string, DescribedField>>;
  readonly seats: Readonly<Record<string, string>>;
  /** Second records of a connection, which the hub leaves alone until they are merged there with the one in the seat. */
  readonly shadows: readonly { readonly seat: string; readonly externalId: string }[];
  readonly sources: readonly {
    readonly ref: string;
    readonly state: string;
    readonly modifiedAt: string;
    readonly readAt: string;
    readonly problems: readonly string[];
  }[];
  /** What waits for a person about it, with the next step. */
  readonly problems: readonly (Pick<Problem, 'id' | 'cause' | 'connection' | 'field' | 'message' | 'nextStep'> & {
    /** The value that no lookup lists. */
    readonly value?: string;
  })[];
  /** Fields that are not written to a connection in the present state of its record, and why. */
  readonly waiting: readonly DescribedWait[];
  readonly keys: readonly string[];
  readonly journal: readonly (Omit<JournalEntry, 'at'> & { readonly at: string })[];
}

const WHY: Readonly<Record<Rule, string>> = {
  only: 'no other source says anything else',
  newest: 'it is the newest edit',
  authority: 'its connection has the say on this field',
  union: 'the sets of all sources are merged element by element',
  hub: 'the hub itself decides this field',
  'found-order': 'nobody has edited it since the hub came; the first connection in the configuration counts',
  'tie-order': 'edits of the same moment; the first connection in the configuration counts',
  forward: 'a system that may only move it forward would have taken it back, and was passed over',
};

/** Describes a unified record with the provenance of every field, what each source says, and its history. `undefined`: there is none. */
export async function describeRecord(hub: Hub, kind: Kind, id: string): Promise<DescribedRecord | undefined> {
  const bundle = await hub.store.readBundle(kind, id);
  const { unified, sources } = bundle;
  if (unified === undefined) return undefined;
  const journal = await hub.store.readJournal(kind, id, 50);
  const hasPassedOver = Object.values(unified.fields).some(({ rule }) => rule === 'forward');
  const canonical = hasPassedOver ? await canonicalSources(hub, sources.filter(isPresent)) : [];
  const borrowed = throughOfVocabulary(vocabularyOf(hub, kind));
  const through = (await readThrough(hub, borrowed, [bundle]))(unified);
  const fields: Record<string, DescribedField> = {};
  for (const [name, field] of Object.entries(unified.fields)) {
    fields[name] = {
      value: field.value,
      from: field.from,
      at: iso(field.at),
      rule: field.rule,
      why: withHeld(name, field.rule, whyOf(name, field, canonical, unified.own[name]?.from), sources),
      sources: sources.flatMap((source) => opinionOf(source, name)),
    };
  }
  for (const { name, through: way } of borrowed) {
    const field = through[name];
    if (field === undefined || way === undefined || isEmptyValue(field.value)) continue;
    fields[name] = {
      value: field.value,
      from: field.from,
      at: iso(field.at),
      rule: 'through',
      why: `it is the ${way.field} of its ${way.reference}`,
      sources: sources.flatMap((source) => opinionOf(source, name)),
    };
  }
  return {
    kind,
    id,
    state: unified.state,
    version: unified.version,
    createdAt: iso(unified.createdAt),
    changedAt: iso(unified.changedAt),
    ...(unified.mergedInto === undefined ? {} : { mergedInto: unified.mergedInto }),
    fields,
    seats: Object.fromEntries(
      Object.entries(unified.seats).map(([key, seat]) => [
        key,
        'externalId' in seat ? seat.externalId : 'being created',
      ]),
    ),
    shadows: shadowsOf(hub, bundle).map(({ connection, object, externalId }) => ({
      seat: seatKey(connection, object),
      externalId,
    })),
    sources: sources.map((source) => ({
      ref: refKey(source),
      state: source.state,
      modifiedAt: iso(source.revision),
      readAt: iso(source.readAt),
      problems: source.problems,
    })),
    problems: await problemsOf(hub, bundle),
    waiting: await waitingOf(hub, bundle, unified, through),
    keys: unified.keys,
    journal: journal.map((entry) => ({ ...entry, at: iso(entry.at) })),
  };
}

/** Asks the planner of deliveries, so that what is said here is what is done. */
async function waitingOf(
  hub: Hub,
  bundle: Bundle,
  unified: UnifiedRecord,
  through: ThroughFields,
): Promise<readonly DescribedWait[]> {
  const waiting: DescribedWait[] = [];
  for (const source of bundle.sources) {
    const { connection, object, externalId } = source;
    const mapping = hub.mapping(connection, object);
    const seat = unified.seats[seatKey(connection, object)];
    const isSeated = seat !== undefined && 'externalId' in seat && seat.externalId === externalId;
    if (mapping === undefined || !isSeated || waitsOfSource(mapping, source).length === 0) continue;
    const plan = planDelivery({
      unified,
      through,
      source,
      refused: source.refused,
      mapping,
      directory: await hub.directory(connection),
      // Stands for any id there: what the target calls other records decides only how a reference is written.
      referenceTo: (unifiedId) => ({ id: unifiedId }),
      isDeletedElsewhere: isDeletedElsewhere(bundle, connection),
    });
    waiting.push(...plan.waiting.map((wait) => ({ connection, object, ...wait })));
  }
  return waiting;
}

/** The rule in a sentence; with who was passed over, as long as that is what its source says. */
function whyOf(
  name: string,
  { rule, value, from }: UnifiedField,
  canonical: readonly CanonicalSource[],
  toldBy: string | undefined,
): string {
  // A rule, or whoever said what the hub tells.
  if (rule === 'hub' && from === 'hub' && toldBy !== undefined) return `${WHY.hub}, by what ${toldBy} says`;
  if (rule !== 'forward') return WHY[rule];
  const passedOver = canonical.filter(({ fields, moves }) => {
    const told = fields[name];
    return told?.origin === 'system' && !isSameValue(told.value, value) && mayNotGoBack(moves?.[name], told.value);
  });
  const [first, ...more] = passedOver.map(({ from }) => from);
  if (first === undefined) return WHY.forward;
  return `${[first, ...more].join(' and ')} may only move it forward, would have taken it back, and was passed over`;
}

/** A value that waits competes with none, so that the rule alone would tell half of it. */
function withHeld(name: string, rule: Rule, why: string, sources: readonly SourceRecord[]): string {
  // What the hub decides depends on no source.
  if (rule === 'hub') return why;
  const held = sources
    .filter((source) => isPresent(source) && source.held[name] !== undefined)
    .map((source) => `${source.connection}’s value is held: ${source.held[name]}`);
  if (held.length === 0) return why;
  return [...(rule === 'only' ? [] : [why]), ...held].join('; ');
}

function opinionOf(source: SourceRecord, name: string): DescribedOpinion[] {
  const field = source.fields[name];
  if (field === undefined) return [];
  const held = source.held[name];
  return [
    {
      source: refKey(source),
      value: field.value,
      at: iso(field.at),
      origin: field.origin,
      ...(held === undefined ? {} : { held }),
    },
  ];
}

function isPresent({ state }: SourceRecord): boolean {
  return state === 'present';
}

/** Open problems that its source records and creations in flight name, and those about second records of a system. */
async function problemsOf(hub: Hub, bundle: Bundle): Promise<DescribedRecord['problems']> {
  const { unified, sources } = bundle;
  const creating = Object.values(unified?.seats ?? {}).flatMap((seat) => ('creating' in seat ? seat.problems : []));
  const doubles = shadowsOf(hub, bundle).map(idOfShadow);
  const named = [...doubles, ...sources.flatMap(({ problems }) => problems), ...creating];
  const ids = [...new Set(named)].slice(0, PROBLEMS_MAX);
  const read = await inParallel(ids, (id) => hub.store.readProblem(id));
  return read.flatMap((problem) => {
    if (problem?.state !== 'open') return [];
    const { id, cause, connection, field, message, nextStep } = problem;
    const value = valueOfProblem(problem, bundle);
    return [
      {
        id,
        cause,
        connection,
        ...(field === undefined ? {} : { field }),
        message,
        ...(value === undefined ? {} : { value }),
        nextStep,
      },
    ];
  });
}

const PROBLEMS_MAX = 50;

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
