import { type Absorbed, absorbSnapshot } from '../../absorb/absorb-snapshot.ts';
import { beforeHalfWrite } from '../../absorb/half-written.ts';
import { MASS_CHANGE } from '../../absorb/mass-change-guard.ts';
import { retryDelayMs } from '../../deliver/retry.ts';
import type { CompiledMapping, Directory } from '../../mapping/compiled-mapping.ts';
import { type ExternalRef, refKey, seatKey } from '../../model/external-ref.ts';
import { type Notice, workOf } from '../../model/notice.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { NOTHING_KNOWN, type SourceRecord } from '../../model/source-record.ts';
import { creatingIn } from '../../model/unified-record.ts';
import { pauseConnection } from '../connections/pause-connection.ts';
import type { Effects } from '../effects.ts';
import { leaveAgain } from '../erase/leave-again.ts';
import { type Awaited, isPromisedTo, whyLinked } from '../identify/find-sole.ts';
import { type Identified, identifyRecord } from '../identify/identify-record.ts';
import type { Bundle, Hub } from '../ports.ts';
import { closeProblems } from '../problems/raise-problem.ts';
import { type SettleCause, type Settled, settleRecord } from '../settle-record.ts';
import { isBuried, isItsRef, meetStranger } from '../tombstone.ts';
import { createdWith, creationInFlightMs } from './creation-in-flight.ts';
import { identifyingValues } from './identifying-values.ts';
import { referencesOf, resolveReferences } from './resolve-references.ts';
import { settleHolds } from './settle-holds.ts';

/** How one record of a notice ended. */
export type RecordEnd =
  | { readonly end: 'absorbed' | 'unchanged' }
  | { readonly end: 'ignored'; readonly reason: string }
  /** Comes back later, after at least `waitMs`. */
  | { readonly end: 'waits'; readonly waitMs: number; readonly reason: string }
  /** The stored record moved since it was read: read the system again. */
  | { readonly end: 'overtaken' };

/** What absorbing the records of one batch shares. */
export interface AbsorbBatch {
  readonly notice: Notice;
  readonly isRepeated: boolean;
  readonly mapping: CompiledMapping;
  readonly directory: Directory;
  readonly connectedAt: number;
  /** When the read of the batch began. */
  readonly readAt: number;
  /** When it was answered. */
  readonly answeredAt: number;
  /** Unified ids of the references in all the batch's snapshots. */
  readonly crosswalk: ReadonlyMap<string, string>;
  /** Records referred to before that the system says it deleted, as `object#external id`. */
  readonly lost: ReadonlySet<string>;
  readonly effects: Effects;
}

/**
 * Takes one snapshot into the hub: identity, source record, unified record, and what follows from them. `known` is what the hub knew of
 * the record before the snapshot was read.
 */
export async function absorbFound(
  hub: Hub,
  batch: AbsorbBatch,
  snapshot: Snapshot,
  known: Bundle | undefined,
): Promise<RecordEnd> {
  const { mapping, notice, effects } = batch;
  const ref = { connection: notice.connection, object: notice.object, externalId: snapshot.externalId };
  const isTaken = mapping.isTaken(snapshot.values);
  if (known === undefined && !isTaken) return { end: 'ignored', reason: 'not-taken' };
  const located = await locate(hub, batch, ref, snapshot, known);
  if ('waitsFor' in located) {
    if (located.waitsFor === 'reference') return waitToBeMet(batch, snapshot);
    const waitMs = retryDelayMs(notice.attempts, undefined, hub.random());
    return { end: 'waits', waitMs, reason: WAIT_REASONS[located.waitsFor] };
  }
  const { bundle, claimedKeys, isStamped, doubts, doubtedBecause, unwritten, linkedBecause } = located;
  if (isBuried(bundle)) {
    if (known?.unified === undefined) await leaveAgain(hub, bundle, ref, identifyingValues(batch, snapshot), effects);
    if (isItsRef(bundle, ref)) return { end: 'ignored', reason: 'erased' };
    const met = await meetStranger(hub, bundle, ref, snapshot, isStamped, effects);
    return met === 'erased' ? { end: 'ignored', reason: 'erased' } : { end: 'overtaken' };
  }
  const stored = sourceOf(bundle, ref);
  // Another worker met it first, or moved it: what was read may be older than what is known by now, without a stamp that would tell.
  if (stored?.counter !== sourceOf(known, ref)?.counter) return { end: 'overtaken' };
  const inFlightMs = isStamped && stored === undefined ? creationInFlightMs(bundle, ref, hub.now()) : 0;
  if (inFlightMs > 0) {
    const waitMs = Math.min(inFlightMs, retryDelayMs(notice.attempts, undefined, hub.random()));
    return { end: 'waits', waitMs, reason: 'creation-in-flight' };
  }
  const references = referencesOf(ref.connection, mapping, snapshot);
  const { resolved, unresolved } = resolveReferences(references, batch.crosswalk);
  const meant = stored === undefined ? snapshot : beforeHalfWrite(mapping, batch.directory, snapshot, stored);
  const absorbed = absorbSnapshot({
    mapping,
    directory: batch.directory,
    snapshot: meant,
    source: stored ?? newSource(ref, bundle, mapping),
    isKnown: stored !== undefined,
    readAt: batch.readAt,
    answeredAt: batch.answeredAt,
    connectedAt: batch.connectedAt,
    resolved: {
      ...keepResolved(stored, referencesOf(ref.connection, mapping, meant)),
      ...resolved,
      ...keepResolved(stored, unresolved),
    },
    lost: batch.lost,
    unanswered: stored === undefined ? createdWith(bundle, ref, isStamped) : unanswered(stored, batch.readAt),
  });
  if (stored !== undefined && isUnderClaim(stored, batch.readAt) && meetsDelivery(stored, absorbed)) {
    const waitMs = retryDelayMs(notice.attempts, undefined, hub.random());
    return { end: 'waits', waitMs, reason: 'delivery-in-flight' };
  }
  if (await isMassClearing(hub, ref.connection, absorbed)) return { end: 'ignored', reason: 'paused' };
  const problems = await settleHolds(hub, absorbed, bundle, notice.correlationId);
  const isWritten = stored === undefined || absorbed.isChanged || problems !== absorbed.source.problems;
  let current = bundle;
  if (isWritten) {
    const source = { ...absorbed.source, unifiedId: bundle.id, counter: (stored?.counter ?? 0) + 1, problems };
    if (!(await hub.store.putSource(source, stored?.counter ?? null))) return { end: 'overtaken' };
    current = { ...bundle, sources: [...bundle.sources.filter((each) => each !== stored), source] };
  }
  const cause: SettleCause = {
    correlationId: notice.correlationId,
    from: refKey(ref),
    isStamped,
    isRepeated: batch.isRepeated,
    work: workOf(notice),
    claimedKeys,
    doubts,
    isBundleOlder: stored === undefined || absorbed.isContentChanged,
    ...(doubtedBecause === undefined ? {} : { doubtedBecause }),
    ...(unwritten === undefined ? {} : { unwritten }),
    ...(linkedBecause === undefined ? {} : { step: 'linked', note: linkedBecause }),
  };
  const settled = await settleRecord(hub, mapping.kind, bundle.id, cause, effects, current);
  if (stored === undefined && settled.outcome === 'settled' && settled.bundle.unified?.mergedInto !== undefined) {
    // Merged or folded into another record since it was located: it is taken in there instead.
    await hub.store.deleteSource({ ...absorbed.source, unifiedId: bundle.id, counter: 1 });
    return { end: 'overtaken' };
  }
  const end = endOf(settled, isWritten);
  if (unresolved.length === 0 || end.end === 'waits') return end;
  return waitForReferences(batch, unresolved);
}

/** Takes the system's word that a record is gone. The values it gave stay, adopted by the hub. */
export async function absorbGone(
  hub: Hub,
  batch: AbsorbBatch,
  ref: ExternalRef,
  mergedInto: string | undefined,
  known: Bundle | undefined,
): Promise<RecordEnd> {
  if (isBuried(known)) return { end: 'ignored', reason: 'erased' };
  const stored = sourceOf(known, ref);
  if (known === undefined || stored === undefined) return { end: 'ignored', reason: 'gone-and-unknown' };
  const state = mergedInto === undefined ? 'deleted' : 'merged';
  const isNews = stored.state !== state;
  if (isNews) {
    const { deletionsMax, windowMs } = MASS_CHANGE;
    const isDeletion = mergedInto === undefined;
    const deletions = isDeletion
      ? await hub.store.count(await guardName(hub, ref.connection, 'deletions'), windowMs, hub.now(), 1)
      : 0;
    if (deletions > deletionsMax) {
      await pauseConnection(hub, ref.connection, {
        cause: 'mass-change',
        message: `More than ${deletionsMax} records of ${ref.connection} were deleted within an hour.`,
        nextStep:
          'Check whether the records are really gone or the integration user lost its access; then resume the connection.',
      });
      return { end: 'ignored', reason: 'paused' };
    }
    await closeProblems(hub, stored.problems);
    const { claim: _ended, ...rest } = stored;
    const gone: SourceRecord = {
      ...rest,
      state,
      counter: stored.counter + 1,
      readAt: batch.readAt,
      // What a write may have left in it is there again when somebody restores it.
      intents: isDeletion ? stored.intents : {},
      problems: [],
      ...(mergedInto === undefined ? {} : { mergedInto }),
    };
    if (!(await hub.store.putSource(gone, stored.counter))) return { end: 'overtaken' };
  }
  const { correlationId } = batch.notice;
  const cause = { correlationId, from: refKey(ref), isRepeated: batch.isRepeated, work: workOf(batch.notice) };
  const settled = await settleRecord(hub, known.kind, known.id, cause, batch.effects, isNews ? undefined : known);
  return endOf(settled, isNews);
}

/** What the hub knows of a record, of what it knows of the thing. */
export function sourceOf(bundle: Bundle | undefined, ref: ExternalRef): SourceRecord | undefined {
  return bundle?.sources.find((source) => refKey(source) === refKey(ref));
}

/** Open intents of a write that has ended one way or another. */
function unanswered(source: SourceRecord, at: number): SourceRecord['intents'] {
  return isUnderClaim(source, at) ? {} : source.intents;
}

function isUnderClaim(source: SourceRecord | undefined, at: number): boolean {
  return source?.claim !== undefined && source.claim.until > at;
}

/**
 * Whether a field that a delivery is just writing has moved to something else than what it writes. Nobody can tell yet whether that edit is on top
 * of it or under it; when the delivery is done, or its lease is over, it is clear. The very value the hub writes is taken in, and with it
 * that the write has arrived: its answer may never come, and whoever sets the former value back has then edited what the hub wrote.
 */
function meetsDelivery({ intents, fields }: SourceRecord, { source }: Absorbed): boolean {
  const isOpen = (field: string): boolean => intents[field] !== undefined && source.intents[field] !== undefined;
  return Object.keys(intents).some((field) => isOpen(field) && source.fields[field] !== fields[field]);
}

function endOf(settled: Settled, isWritten: boolean): RecordEnd {
  if (settled.outcome === 'waits') return { end: 'waits', waitMs: settled.waitMs, reason: 'creation-in-flight' };
  if (settled.outcome === 'contended') return { end: 'waits', waitMs: 1_000, reason: 'contended' };
  return { end: isWritten ? 'absorbed' : 'unchanged' };
}

/** So often (about two hours) a record waits until others are read for the first time, or are made. */
const PLACE_WAITS_MAX = 16;

/** Why a record waits before it is met, in a report's words. */
const WAIT_REASONS = {
  'first-read': 'first-read-under-way',
  creation: 'creation-in-flight',
  others: 'others-under-way',
} as const satisfies Readonly<Record<Exclude<Awaited, 'reference'>, string>>;

interface Located extends Omit<Identified, 'unifiedId'> {
  readonly bundle: Bundle;
}

/** The record's bundle by the crosswalk, following merges, or by identity at the first meeting. */
async function locate(
  hub: Hub,
  batch: AbsorbBatch,
  ref: ExternalRef,
  snapshot: Snapshot,
  known: Bundle | undefined,
): Promise<Located | { readonly waitsFor: Awaited }> {
  const { kind, hubIdField } = batch.mapping;
  const hubId = asText(snapshot.values[hubIdField]);
  const current = known?.unified === undefined ? undefined : await survivorOf(hub, known);
  // One whose id became another name of a record before it was taken in has not been looked at as a part of that.
  const isFolded = current !== known && [known, current].every((each) => sourceOf(each, ref) === undefined);
  if (known !== undefined && current !== undefined && !isFolded) {
    const bundle = await leadTo(hub, ref, known, current);
    const base = { bundle, claimedKeys: [], isStamped: hubId === bundle.id, doubts: [] };
    if (!isPromisedTo(bundle.unified, ref)) return base;
    const linkedBecause = whyLinked(hub, { kind, ref, values: identifyingValues(batch, snapshot) });
    return { ...base, isStamped: true, linkedBecause };
  }
  const values = identifyingValues(batch, snapshot);
  const { resolved, unresolved } = ownKindReferences(batch, snapshot);
  const identified = await identifyRecord(hub, {
    kind,
    ref,
    hubId,
    values,
    ...(snapshot.createdAt === undefined ? {} : { createdAt: snapshot.createdAt }),
    ...(known === undefined ? {} : { begunId: known.id }),
    mayWait: batch.notice.attempts < PLACE_WAITS_MAX,
    refersTo: Object.values(resolved),
    awaitsReference: unresolved.length > 0 && (batch.notice.awaited ?? 0) < REFERENCE_WAITS_MAX,
  });
  if ('waitsFor' in identified) return identified;
  const found = await hub.store.readBundle(kind, identified.unifiedId);
  const bundle = await leadTo(hub, ref, found, await survivorOf(hub, found));
  const isStamped = identified.isStamped || hubId === bundle.id || isPromisedTo(bundle.unified, ref);
  return { ...identified, bundle, isStamped };
}

const MERGES_MAX = 5;

/** The record that another one was merged into, if it was. */
async function survivorOf(hub: Hub, bundle: Bundle): Promise<Bundle> {
  let current = bundle;
  for (let step = 0; step < MERGES_MAX && current.unified?.mergedInto !== undefined; step++) {
    current = await hub.store.readBundle(current.kind, current.unified.mergedInto);
  }
  return current;
}

/** The crosswalk is put right on the way. */
async function leadTo(hub: Hub, ref: ExternalRef, from: Bundle, survivor: Bundle): Promise<Bundle> {
  if (survivor.id !== from.id) await hub.store.putRef(ref, from.kind, survivor.id, from.id);
  return survivor;
}

/** A fresh source record. What a create in flight is about to write is its to recognise. */
function newSource(ref: ExternalRef, bundle: Bundle, mapping: CompiledMapping): SourceRecord {
  const seat = bundle.unified?.seats[seatKey(ref.connection, ref.object)];
  return {
    ...ref,
    kind: mapping.kind,
    unifiedId: bundle.id,
    state: 'present',
    counter: 0,
    ...NOTHING_KNOWN,
    intents: creatingIn(seat)?.intents ?? {},
    mappingVersion: mapping.version,
  };
}

/** What was resolved once stays so when the crosswalk is silent: an unread page is no news. */
function keepResolved(stored: SourceRecord | undefined, unresolved: readonly ExternalRef[]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const { externalId } of unresolved) {
    const before = stored?.resolved[externalId];
    if (before !== undefined) kept[externalId] = before;
  }
  return kept;
}

/** A guard counts anew after a person resumed the connection: what was confirmed is not asked again. */
async function guardName(hub: Hub, connection: string, what: string): Promise<string> {
  const { resumedAt = 0 } = await hub.connectionState(connection);
  return `${what}#${connection}#${resumedAt}`;
}

async function isMassClearing(hub: Hub, connection: string, absorbed: Absorbed): Promise<boolean> {
  if (absorbed.cleared.length === 0) return false;
  const { clearsMax, windowMs } = MASS_CHANGE;
  for (const field of absorbed.cleared) {
    const name = await guardName(hub, connection, `clears#${field}`);
    const clears = await hub.store.count(name, windowMs, hub.now(), 1);
    if (clears <= clearsMax) continue;
    await pauseConnection(hub, connection, {
      cause: 'mass-change',
      field,
      message: `More than ${clearsMax} records of ${connection} lost their ${field} within an hour.`,
      nextStep:
        'Check whether the field was really emptied or the integration user lost the permission to see it; then resume the connection.',
    });
    return true;
  }
  return false;
}

/** After this many waits for a record referred to (about 20 minutes) a person is asked. */
export const REFERENCE_WAITS_MAX = 8;
const REFERENCE_WAIT_MS = 5_000;
const REFERENCE_ASKS_MAX = 2;

/** The records referred to are asked for, and this one looks again when they should be there. */
function waitForReferences(
  batch: AbsorbBatch,
  unresolved: readonly ExternalRef[],
): Extract<RecordEnd, { end: 'waits' }> {
  const { awaited = 0 } = batch.notice;
  for (const [object, refs] of Map.groupBy(unresolved, ({ object }) => object)) {
    // Asked for again only in the beginning: throttling may have swallowed the first time.
    if (awaited > REFERENCE_ASKS_MAX) continue;
    askFor(batch, object, [...new Set(refs.map(({ externalId }) => externalId))].slice(0, 100));
  }
  return {
    end: 'waits',
    waitMs: REFERENCE_WAIT_MS * 2 ** Math.min(awaited, 7),
    reason: UNRESOLVED,
  };
}

/** Why a record waits that is in already, but for what it refers to. */
export const UNRESOLVED = 'unresolved-reference';
/** Why one waits that is not in before what it refers to is. */
export const REFERENCE_FIRST = 'reference-first';

function waitToBeMet(batch: AbsorbBatch, snapshot: Snapshot): RecordEnd {
  return { ...waitForReferences(batch, ownKindReferences(batch, snapshot).unresolved), reason: REFERENCE_FIRST };
}

/** The records of its own kind that a snapshot refers to. */
function ownKindReferences({ mapping, notice, crosswalk }: AbsorbBatch, snapshot: Snapshot) {
  const fields = mapping.fields.filter(({ referenceTo }) => referenceTo?.kind === mapping.kind);
  return resolveReferences(referencesOf(notice.connection, { ...mapping, fields }, snapshot), crosswalk);
}

/** Has the hub look at records that this one has to do with. */
export function askFor({ notice, effects }: AbsorbBatch, object: string, ids: readonly string[]): void {
  effects.notices.push({
    notice: { ...asNew(notice), object, ids, reason: 'reference', attempts: 0, work: workOf(notice) },
    delayMs: 0,
  });
}

/** A notice for others than it names: without what is about those. */
export function asNew({ page: _page, awaited: _awaited, ...notice }: Notice): Notice {
  return notice;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
