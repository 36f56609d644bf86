import { type ExternalRef, refKey, refOfKey } from '../model/external-ref.ts';
import type { Notice } from '../model/notice.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { NOTHING_KNOWN, type SourceRecord } from '../model/source-record.ts';
import type { Tombstone, UnifiedRecord } from '../model/unified-record.ts';
import type { Effects } from './effects.ts';
import type { Bundle, Hub } from './ports.ts';

/** A record of which nothing is left but what it is recognised by. */
export interface BuriedBundle extends Bundle {
  readonly unified: UnifiedRecord & { readonly erased: Tombstone };
}

/** Whether the record is erased, or was part of one that is. */
export function isBuried(bundle: Bundle | undefined): bundle is BuriedBundle {
  return bundle?.unified?.state === 'erased' && bundle.unified.erased !== undefined;
}

/** Whether the record of a system was part of the erased one: what it says is never read into the hub again. */
export function isItsRef({ unified }: BuriedBundle, ref: ExternalRef): boolean {
  return unified.erased.refs.includes(refKey(ref));
}

/** A unified record without anything it held. */
export function tombstoneOf(
  { kind, id, createdAt, version, counter }: UnifiedRecord,
  erased: Tombstone,
): UnifiedRecord {
  return {
    kind,
    id,
    state: 'erased',
    version: version + 1,
    counter: counter + 1,
    createdAt,
    changedAt: erased.at,
    fields: {},
    seats: {},
    own: {},
    keys: [],
    erased,
  };
}

/** A source record without anything it held: the note that its record is still to be deleted in its system. */
export function shellOf(source: Pick<SourceRecord, 'kind' | 'unifiedId' | 'counter'> & ExternalRef): SourceRecord {
  const { kind, unifiedId, connection, object, externalId, counter } = source;
  return {
    kind,
    unifiedId,
    connection,
    object,
    externalId,
    state: 'erased',
    counter: counter + 1,
    ...NOTHING_KNOWN,
    mappingVersion: 0,
  };
}

/** How far the systems' clocks may be from the hub's, and how late a create may be carried out, ms. */
const LATE_MS = 3_600_000;

/**
 * Whether a record that carries an erased record's id was made by the hub itself, by a create that was under way when the record
 * was erased, or is carried out later still. Later than that, somebody copied the id along with other things: a new record.
 */
export function isLateCreation({ createdAt: since, erased }: UnifiedRecord, createdAt: number | undefined): boolean {
  if (erased === undefined) return false;
  return createdAt === undefined || (createdAt >= since - LATE_MS && createdAt <= erased.at + LATE_MS);
}

/** Asks for an erasure to go on, with the record of the system named. */
export function erasureNotice(
  { connection, object, externalId }: ExternalRef,
  erasure: { readonly kind: string; readonly id: string },
  attempts = 0,
): Notice {
  const { kind, id } = erasure;
  return {
    schema: 1,
    connection,
    object,
    ids: [externalId],
    reason: 'erasure',
    attempts,
    correlationId: id,
    erasure: { kind, id },
  };
}

/**
 * Asks for the erasure to go on where a worker that began before it wrote something after it: a source record that came too late,
 * or a long text that lies there without one.
 */
export function buryAgain(bundle: BuriedBundle, from: ExternalRef | undefined, effects: Effects): void {
  const { kind, unified, sources } = bundle;
  const late = sources.filter(({ state }) => state !== 'erased');
  const refs = from === undefined ? late : [from, ...late];
  const erasure = { kind, id: unified.erased.under };
  for (const [, ref] of new Map(refs.map((each) => [refKey(each), each]))) {
    effects.notices.push({ notice: erasureNotice(ref, erasure), delayMs: 0 });
  }
}

/** Asks for the erasure to go on, whatever may have been written since and wherever. */
export async function lookForLeftovers(hub: Hub, { kind, unified }: BuriedBundle): Promise<void> {
  const { under: id, refs } = unified.erased;
  await hub.outbox.notice([driverOf(hub, { kind, id, refs })], 0);
}

/** The message that sees an erasure through. A message needs the name of a record, and goes by its connection's queue. */
export function driverOf(
  hub: Hub,
  { kind, id, refs }: { readonly kind: string; readonly id: string; readonly refs: readonly string[] },
): Notice {
  const [first] = refs;
  const { id: connection = '', objects: [object = ''] = [] } = hub.connections[0] ?? {};
  return erasureNotice(first === undefined ? { connection, object, externalId: id } : refOfKey(first), { kind, id });
}

/**
 * A record of a system leads to an erased one without ever having been part of it. Either the hub made it, by a create that ended
 * late: it is erased as well. Or it was just being linked when the record was erased: it stands for itself from now on. Answers
 * which.
 */
export async function meetStranger(
  hub: Hub,
  bundle: BuriedBundle,
  ref: ExternalRef,
  snapshot: Snapshot,
  isStamped: boolean,
  effects: Effects,
): Promise<'erased' | 'released'> {
  const { kind, id, unified } = bundle;
  if (isStamped && isLateCreation(unified, snapshot.createdAt)) {
    await hub.store.putSource(shellOf({ ...ref, kind, unifiedId: id, counter: 0 }), null);
    buryAgain(bundle, ref, effects);
    return 'erased';
  }
  const source = bundle.sources.find((each) => refKey(each) === refKey(ref));
  if (source !== undefined) await hub.store.deleteSource(source);
  await hub.store.deleteRef(ref, id);
  return 'released';
}
