import { valuesOf } from '../../deliver/plan-delivery.ts';
import { isBeingAskedFor, type SoleKey, seekingKeys, wordsFor } from '../../identity/sole-keys.ts';
import { type ExternalRef, refKey, seatKey } from '../../model/external-ref.ts';
import type { Kind } from '../../model/kind.ts';
import { type CreatingSeat, creatingIn, type Seat, type UnifiedRecord } from '../../model/unified-record.ts';
import type { Values } from '../../model/value.ts';
import { vocabularyOf } from '../connection-scope.ts';
import type { Hub, MatchKey } from '../ports.ts';
import { openHolders } from './sole-holders.ts';

/** A record just met that may belong to an open one. */
export interface Seeker {
  readonly kind: Kind;
  readonly ref: ExternalRef;
  readonly values: Values;
  /** Whether it can come back later, should it be open yet where it belongs. */
  readonly mayWait?: boolean;
  /** Unified ids of the records of its kind that it refers to. It belongs to none of them. */
  readonly refersTo?: readonly string[];
  /** It refers to one that nobody knows yet, and can come back when that is in. */
  readonly awaitsReference?: boolean;
}

/** What a record waits for before it is taken in; `others`: those that are taken in at the same moment. */
export type Awaited = 'first-read' | 'reference' | 'creation' | 'others';

/** The one open record that a new one belongs to, those among which a person must say, or none. `why` is for people. */
export type SoleMatch =
  | { readonly outcome: 'none' }
  /** Where it may belong is still being read for the first time, or may be the place of a record that it refers to, or that the hub is making. */
  | { readonly outcome: 'wait'; readonly for: Awaited }
  | { readonly outcome: 'one'; readonly id: string; readonly why: string }
  | { readonly outcome: 'several'; readonly ids: readonly string[]; readonly why: string };

const TRIES_MAX = 4;
/** A person compares no more than these. */
const CANDIDATES_MAX = 5;
/** How long a seat is kept for a record that is about to be linked, ms: longer than its message takes to come again. */
const PROMISE_MS = 900_000;

/**
 * Looks for the one open record that a new one belongs to by the vocabulary's sole keys. Exactly one that has room for it gets
 * it: the seat is promised by a conditional write, so that of two that come at the same moment the second is a question. Several, or more
 * than the key has room for, are a question as well. Records of objects that seek nothing find nothing.
 *
 * While a connection is still read for the first time, what may wait waits. So does what refers to a record that nobody knows yet: a renewal that is
 * heard of before the agreement it renews would find the open deal of that one. And while the hub is making an offer for the deal, nobody can tell yet
 * whether what comes is that offer, which will be known by its id, or another one, for which the deal has no room then.
 *
 * *Units*: none for objects that seek nothing; else a read for the key, at most 9 for what is under it, and one write.
 */
export async function findSole(hub: Hub, seeker: Seeker, strong: readonly MatchKey[]): Promise<SoleMatch> {
  const { kind, ref, values } = seeker;
  const keys = seekingKeys(systemOf(hub, ref), ref.object, values, vocabularyOf(hub, kind));
  if (keys.length > 0 && seeker.mayWait === true && (await isStillMet(hub, kind)))
    return { outcome: 'wait', for: 'first-read' };
  if (keys.length > 0 && seeker.awaitsReference === true) return { outcome: 'wait', for: 'reference' };
  for (const key of keys) {
    const match = await findUnder(hub, seeker, key, strong);
    if (match.outcome !== 'none') return match;
  }
  return { outcome: 'none' };
}

/**
 * Whether a connection is still read for the first time, and with it records that others may belong to: which of them comes first must
 * not decide. One that is paused may take for ever and is not waited for.
 */
async function isStillMet(hub: Hub, kind: Kind): Promise<boolean> {
  const rules = vocabularyOf(hub, kind).identity?.sole ?? [];
  for (const { id, system } of hub.connections) {
    const sought = hub
      .mappingsOf(id, kind)
      .filter(({ object }) => !rules.some(({ seekers }) => seekers.has(`${system}/${object}`)));
    if (sought.length === 0) continue;
    const { paused, backfilledAt } = await hub.connectionState(id);
    if (paused === undefined && sought.some(({ object }) => backfilledAt[object] === undefined)) return true;
  }
  return false;
}

async function findUnder(hub: Hub, seeker: Seeker, key: SoleKey, strong: readonly MatchKey[]): Promise<SoleMatch> {
  const { kind, ref, refersTo = [] } = seeker;
  const what = wordsFor(kind, key);
  let rivals: readonly string[] = [];
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const { records, hasMore } = await openHolders(hub, { kind, ...key });
    const fitting = records.filter(
      ({ id, seats }) => !refersTo.includes(id) && hasRoom(seats[seatKey(ref.connection, ref.object)]),
    );
    const open = fitting.filter((record) => !isBeingMade(hub, record, ref));
    if (open.length < fitting.length && seeker.mayWait === true) return { outcome: 'wait', for: 'creation' };
    const [only, ...others] = open;
    if (only === undefined) return { outcome: 'none' };
    const ids = open.slice(0, CANDIDATES_MAX).map(({ id }) => id);
    if (others.length > 0 || hasMore) {
      return { outcome: 'several', ids, why: `may belong to any ${what}: there are several.` };
    }
    if (isPromisedElsewhere(only, ref, strong, hub.now())) {
      return { outcome: 'several', ids, why: `came at the same moment as another one for the only ${what}.` };
    }
    if (await promiseSeat(hub, only, ref, strong)) return { outcome: 'one', id: only.id, why: linkedAs(what) };
    rivals = ids;
  }
  return { outcome: 'several', ids: rivals, why: `may belong to the only ${what}, which others keep writing.` };
}

/** A seat that a record sits in, or sat in, is none for another one. */
function hasRoom(seat: Seat | undefined): boolean {
  return seat === undefined || 'creating' in seat;
}

/** Whether the seat is kept for this very record: what was decided of it stands, also if its message was cut short after that. */
export function isPromisedTo(unified: UnifiedRecord | undefined, ref: ExternalRef): boolean {
  const seat = unified?.seats[seatKey(ref.connection, ref.object)];
  return seat !== undefined && 'creating' in seat && promiseIn(seat.creating.token)?.to === refKey(ref);
}

/** Why a record was linked by what it seeks with, in words. */
export function whyLinked(hub: Hub, { kind, ref, values }: Seeker): string {
  const [key] = seekingKeys(systemOf(hub, ref), ref.object, values, vocabularyOf(hub, kind));
  return key === undefined ? 'linked to the only one it could belong to' : linkedAs(wordsFor(kind, key));
}

function linkedAs(what: string): string {
  return `linked because it is the only ${what}`;
}

function systemOf(hub: Hub, { connection }: ExternalRef): string {
  return hub.connections.find(({ id }) => id === connection)?.system ?? '';
}

/** Whether the hub is making a record in that very seat, or has asked the system for one that takes long. */
function isBeingMade(hub: Hub, record: UnifiedRecord, { connection, object }: ExternalRef): boolean {
  const seat = record.seats[seatKey(connection, object)];
  const isTaken = seat !== undefined && 'creating' in seat && seat.creating.until > hub.now();
  return (isTaken && !isPromised(seat)) || isBeingAskedFor(valuesOf(record), vocabularyOf(hub, record.kind));
}

/** Whether a seat of the record is kept for another one just now, with which this one has nothing else in common. */
function isPromisedElsewhere(
  { seats }: UnifiedRecord,
  ref: ExternalRef,
  strong: readonly MatchKey[],
  now: number,
): boolean {
  return Object.values(seats).some((seat) => {
    if (!('creating' in seat) || seat.creating.until <= now) return false;
    const promise = promiseIn(seat.creating.token);
    if (promise === undefined || promise.to === refKey(ref)) return false;
    return !strong.some((key) => promise.keys.includes(textOf(key)));
  });
}

async function promiseSeat(
  hub: Hub,
  record: UnifiedRecord,
  ref: ExternalRef,
  strong: readonly MatchKey[],
): Promise<boolean> {
  const name = seatKey(ref.connection, ref.object);
  const earlier = creatingIn(record.seats[name]);
  const token = JSON.stringify([refKey(ref), ...strong.map(textOf)]);
  const seat: Seat = {
    intents: {},
    refused: {},
    isUncertain: false,
    problems: [],
    ...earlier,
    creating: { token, until: hub.now() + PROMISE_MS },
  };
  const next = { ...record, seats: { ...record.seats, [name]: seat }, counter: record.counter + 1 };
  return hub.store.putUnified(next, record.counter);
}

/** Whether the seat is kept for a record that is about to be linked, and nothing is made in it. */
export function isPromised(seat: CreatingSeat): boolean {
  return promiseIn(seat.creating.token) !== undefined;
}

/** A promise is told from a creation by its token, which names whom the seat is kept for and its strong keys. */
function promiseIn(token: string): { readonly to: string; readonly keys: readonly string[] } | undefined {
  if (!token.startsWith('[')) return undefined;
  // Written by promiseSeat and nobody else, hence the cast.
  const [to = '', ...keys] = JSON.parse(token) as readonly string[];
  return { to, keys };
}

function textOf({ type, value }: MatchKey): string {
  return `${type}:${value}`;
}
