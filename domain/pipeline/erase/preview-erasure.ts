import { refKey } from '../../model/external-ref.ts';
import type { Kind } from '../../model/kind.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { isEmptyValue, type SystemValue } from '../../model/value.ts';
import type { Hub } from '../ports.ts';
import { closedReason } from './erase-in-system.ts';
import { erasureScope, followedId } from './erasure-scope.ts';

/** What would become of the record in one system. */
export interface ErasedSeat {
  readonly connection: string;
  readonly object: string;
  readonly externalId: string;
  readonly will: 'delete' | 'keep';
  /** Why it has to wait, and what a person can do about it. */
  readonly waits?: string;
}

/** What erasing a record would take away, and where. Names only, no values. */
export interface ErasurePreview {
  readonly kind: Kind;
  /** The record itself, merges followed. */
  readonly id: string;
  readonly state: string;
  /** Ids that were merged into it and go with it. */
  readonly aliases: readonly string[];
  /** In the systems; of one erased already, where it still is to be deleted. */
  readonly systems: readonly ErasedSeat[];
  /** Fields that hold something, in the hub or as a system has them. */
  readonly fields: readonly string[];
  /** Types of the match keys it holds. */
  readonly keys: readonly string[];
  /** Entries of its journal, up to 200 for each id. */
  readonly journal: number;
  readonly merges: readonly string[];
  /** Records that were one with it for a time: that time goes from their journals. */
  readonly parted: readonly string[];
  /** What must be said before it can be done. */
  readonly refusals: readonly string[];
  /** When it was asked for, if it was. */
  readonly askedAt?: string;
}

const JOURNAL_MAX = 200;

/** Says what erasing a record would do, and writes nothing. `undefined`: there is no such record. */
export async function previewErasure(
  hub: Hub,
  kind: Kind,
  asked: string,
  keepIn: readonly string[],
): Promise<ErasurePreview | undefined> {
  const { store } = hub;
  const id = await followedId(store, kind, asked);
  const scope = await erasureScope(store, kind, [id]);
  const own = scope.bundles.get(id)?.unified;
  const erasure = await store.readErasure(kind, own?.erased?.under ?? id);
  if (own === undefined && erasure === undefined) return undefined;
  const bundles = [...scope.bundles.values()];
  const sources = bundles.flatMap((bundle) => bundle.sources).filter(({ state }) => state !== 'merged');
  const journals = await Promise.all(bundles.map((bundle) => store.readJournal(kind, bundle.id, JOURNAL_MAX)));
  const names = bundles.flatMap(({ unified, sources: held }) => [
    ...namesIn(unified?.fields),
    ...namesIn(unified?.own),
    ...held.flatMap(({ fields }) => namesIn(fields)),
  ]);
  const keys = bundles.flatMap(({ unified }) => unified?.keys ?? []).map((key) => key.slice(0, key.indexOf(':')));
  return {
    kind,
    id,
    state: own?.state ?? 'absent',
    aliases: bundles.map((bundle) => bundle.id).filter((each) => each !== id),
    systems: await Promise.all(sources.map((source) => seatOf(hub, source, keepIn))),
    fields: [...new Set(names)].sort(),
    keys: [...new Set(keys)].sort(),
    journal: journals.reduce((sum, { length }) => sum + length, 0),
    merges: scope.mergeIds,
    parted: scope.parted.map((parted) => parted.id),
    refusals: await refusalsOf(hub, sources, keepIn),
    ...(erasure === undefined ? {} : { askedAt: new Date(erasure.at).toISOString() }),
  };
}

/** Fields that hold something. */
function namesIn(fields: Readonly<Record<string, { readonly value: SystemValue }>> | undefined): readonly string[] {
  return Object.entries(fields ?? {}).flatMap(([name, { value }]) => (isEmptyValue(value) ? [] : [name]));
}

async function seatOf(hub: Hub, source: SourceRecord, keepIn: readonly string[]): Promise<ErasedSeat> {
  const { connection, object, externalId } = source;
  const seat = { connection, object, externalId };
  if (keepIn.includes(connection)) return { ...seat, will: 'keep' };
  const closed = await closedReason(hub, connection, object);
  return {
    ...seat,
    will: 'delete',
    ...(closed === undefined ? {} : { waits: `${closed.message} ${closed.nextStep}` }),
  };
}

/** What would wait for ever is not begun: a person says first that the record stays there. */
async function refusalsOf(
  hub: Hub,
  sources: readonly SourceRecord[],
  keepIn: readonly string[],
): Promise<readonly string[]> {
  const known = new Set(hub.connections.map(({ id }) => id));
  const there = new Set(sources.map(({ connection }) => connection));
  const refusals = keepIn
    .filter((id) => !known.has(id) && !there.has(id))
    .map(
      (id) => `There is no connection ${id} to keep it in; there are ${[...new Set([...known, ...there])].join(', ')}.`,
    );
  const seats = new Map(sources.map((source) => [refKey({ ...source, externalId: '' }), source]));
  for (const { connection, object, state } of seats.values()) {
    if (keepIn.includes(connection) || state === 'erased') continue;
    const closed = await closedReason(hub, connection, object);
    if (closed?.reason === 'not-configured' || closed?.reason === 'read-only') {
      refusals.push(
        `${closed.message} The hub cannot delete it there: say --keep-in ${connection}, and delete it there yourself.`,
      );
    }
  }
  return refusals;
}
