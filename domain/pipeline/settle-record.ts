import { planDelivery } from '../deliver/plan-delivery.ts';
import { throughOfMapping } from '../deliver/through-fields.ts';
import { strongKeys } from '../identity/match-keys.ts';
import type { SoleKey } from '../identity/sole-keys.ts';
import { refKey, refOfKey, seatKey } from '../model/external-ref.ts';
import type { JournalStep } from '../model/journal.ts';
import type { Kind } from '../model/kind.ts';
import type { Work } from '../model/notice.ts';
import { creatingIn, type UnifiedRecord } from '../model/unified-record.ts';
import type { Vocabulary } from '../model/vocabulary.ts';
import { assignSeats, type Seating } from '../unify/assign-seats.ts';
import type { CanonicalSource } from '../unify/canonical-source.ts';
import { type Unification, unifyRecord } from '../unify/unify-record.ts';
import { canonicalSources, targetsOf, vocabularyOf } from './connection-scope.ts';
import { type Effects, noteDue } from './effects.ts';
import { exchangeMoney } from './exchange-money.ts';
import { askAboutDoubts, doubtsSince } from './identify/find-likeness.ts';
import { dropKeys, holdKeys } from './identify/hold-keys.ts';
import { lookBack } from './identify/look-back.ts';
import { enterSoleKeys, leaveSoleKeys, openKeysOf } from './identify/sole-holders.ts';
import type { Bundle, Hub } from './ports.ts';
import { askAboutInvitation } from './problems/ask-about-invitation.ts';
import { reportShadow } from './problems/report-shadow.ts';
import { readThrough } from './read-through.ts';
import { type LoanCause, tellBorrowers } from './tell-borrowers.ts';
import { tellRequests } from './tell-requests.ts';
import { buryAgain, isBuried } from './tombstone.ts';

/** Why a record is settled. */
export interface SettleCause {
  readonly correlationId: string;
  /** `connection#object#externalId` that was absorbed or delivered. */
  readonly from?: string;
  /** That source carries the hub's own id, being what a create in flight made, or was promised the seat. */
  readonly isStamped?: boolean;
  /** The message was received before: what may have been told is told again. */
  readonly isRepeated: boolean;
  /** A journal word better than `created`/`changed` for what happened. */
  readonly step?: JournalStep;
  /** Why, for people; the journal then tells of it also when no value moved. */
  readonly note?: string;
  /** How urgent what follows is; `live` when absent. */
  readonly work?: Work;
  /** Match keys the identification of this very record has just claimed. */
  readonly claimedKeys?: readonly string[];
  /** Records that the one that is just made may be the same as. */
  readonly doubts?: readonly string[];
  /** Why, for people. */
  readonly doubtedBecause?: string;
  /** Others that may look like it and were not written when it was met. */
  readonly unwritten?: readonly string[];
  /**
   * The bundle handed in was read before the source in it was written, so another source may have changed since. That is
   * safe as long as the unified record is written, because the condition then fails; if there is nothing to write, the
   * record is read anew before it is believed.
   */
  readonly isBundleOlder?: boolean;
}

/** How settling ended: done, or a create in flight keeps the seat and the message must come back after `waitMs`. */
export type Settled =
  | { readonly outcome: 'settled'; readonly bundle: Bundle; readonly seating: Seating }
  | { readonly outcome: 'waits'; readonly waitMs: number }
  /** Others kept writing; the message must come back. */
  | { readonly outcome: 'contended' };

const ATTEMPTS_MAX = 6;

/**
 * Brings a unified record up to its sources: seats, survivorship, match keys, one conditional write if anything moved;
 * then notes who must hear of it, and every connection that does not hold what it should. Runs after every absorb and
 * every completion, changed or not: that is what heals a crash in the middle. `bundle` spares a read; see
 * {@link SettleCause.isBundleOlder} if something was written since.
 */
export async function settleRecord(
  hub: Hub,
  kind: Kind,
  id: string,
  cause: SettleCause,
  effects: Effects,
  bundle?: Bundle,
): Promise<Settled> {
  let known = bundle;
  let isOlder = cause.isBundleOlder === true && bundle !== undefined;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const read = known ?? (await hub.store.readBundle(kind, id));
    known = undefined;
    const isFirst = attempt === 0;
    if (isBuried(read)) {
      // What was written on the way here, or lies here since it was erased, goes as well.
      const from = isFirst || cause.from === undefined ? undefined : refOfKey(cause.from);
      buryAgain(read, from, effects);
    }
    if (read.unified?.mergedInto !== undefined || isBuried(read)) {
      return { outcome: 'settled', bundle: read, seating: assignSeats(read.unified, [], hub.now(), undefined) };
    }
    const stamped = cause.isStamped ? cause.from : undefined;
    const seating = assignSeats(read.unified, read.sources, hub.now(), stamped);
    const { next, canonical } = await unify(hub, read, seating, cause);
    if (isOlder && !next.isMoved) {
      isOlder = false;
      continue;
    }
    isOlder = false;
    const open = openKeysOf(next.record, vocabularyOf(hub, kind));
    if ((next.isMoved || cause.isRepeated) && !(await enterSoleKeys(hub, kind, id, open))) continue;
    if (next.isMoved && !(await hub.store.putUnified(next.record, read.unified?.counter ?? null))) continue;
    const record = next.isMoved ? next.record : (read.unified ?? next.record);
    await tell(hub, read, next, record, { ...seating, canonical }, cause, effects);
    if (seating.waitsUntil !== undefined) {
      return { outcome: 'waits', waitMs: Math.max(1_000, seating.waitsUntil - hub.now()) };
    }
    return { outcome: 'settled', bundle: { ...read, unified: record }, seating };
  }
  return { outcome: 'contended' };
}

/** Whether the unified record is what its sources make it; not, for a moment, while one of them is being taken in. */
export async function isSettled(hub: Hub, bundle: Bundle): Promise<boolean> {
  const { unified } = bundle;
  if (unified === undefined) return false;
  const seating = assignSeats(unified, bundle.sources, hub.now(), undefined);
  const canonical = await canonicalSources(hub, seating.seated);
  const vocabulary = vocabularyOf(hub, bundle.kind);
  const { keys } = unified;
  return !unifyRecord({ ...bundle, stored: unified, seating, canonical, vocabulary, keys, now: hub.now() }).isMoved;
}

/** Who sits where, and what the seated sources say. */
interface SeatedSources extends Seating {
  readonly canonical: readonly CanonicalSource[];
}

async function unify(
  hub: Hub,
  bundle: Bundle,
  seating: Seating,
  cause: SettleCause,
): Promise<{ readonly next: Unification; readonly canonical: readonly CanonicalSource[] }> {
  const vocabulary = vocabularyOf(hub, bundle.kind);
  const canonical = await canonicalSources(hub, seating.seated);
  const doubts = await doubtsSince(hub, bundle, cause.doubts ?? []);
  const input = {
    ...bundle,
    stored: bundle.unified,
    seating,
    canonical,
    vocabulary,
    now: hub.now(),
    doubts,
  };
  const draft = unifyRecord({ ...input, keys: bundle.unified?.keys ?? [] });
  const wanted = keysFor(vocabulary, draft.record, canonical);
  const held = await holdKeys(hub, bundle, wanted, { ...cause, doubts });
  const isAnew = cause.step === 'merged' || cause.step === 'unmerged';
  const set = {
    ...(await exchangeMoney(hub, vocabulary, bundle.unified, draft.record, isAnew)),
    ...(await tellRequests(hub, vocabulary, { draft: draft.record, seated: seating.seated, canonical })),
  };
  const isDone = sameKeys(held, draft.record.keys) && Object.keys(set).length === 0;
  const next = isDone ? draft : unifyRecord({ ...input, keys: held, set });
  return { next, canonical };
}

/** The match keys a record should hold, whoever holds them. */
export async function wantedKeys(hub: Hub, bundle: Bundle): Promise<readonly string[]> {
  if (bundle.unified === undefined) return [];
  const { seated } = assignSeats(bundle.unified, bundle.sources, hub.now(), undefined);
  return keysFor(vocabularyOf(hub, bundle.kind), bundle.unified, await canonicalSources(hub, seated));
}

/** The strong keys of the merged values and of every seated source, so that each system's spelling finds the record. */
function keysFor(vocabulary: Vocabulary, record: UnifiedRecord, canonical: readonly CanonicalSource[]): string[] {
  if (record.state !== 'present') return [];
  const read = fieldsOfKeys(vocabulary);
  // Sources mostly say the same, and a key takes longer to make than values to compare.
  const views = new Map(
    [record.fields, ...canonical.map(({ fields }) => fields)].map((fields) => [
      JSON.stringify(read.map((field) => fields[field]?.value ?? null)),
      fields,
    ]),
  );
  const keys = [...views.values()].flatMap((fields) =>
    strongKeys(vocabulary.kind, (field) => fields[field]?.value, vocabulary),
  );
  return [...new Set(keys.map(({ type, value }) => `${type}:${value}`))].sort().slice(0, KEYS_MAX);
}

function fieldsOfKeys({ identity }: Vocabulary): readonly string[] {
  if (identity === undefined) return [];
  const { keys, releasedBy } = identity;
  return [...keys.flatMap(({ fields }) => fields), ...(releasedBy === undefined ? [] : [releasedBy.field])];
}

/** More strong keys than this are not one company's; the rest are left to a person. */
const KEYS_MAX = 20;

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}

async function tell(
  hub: Hub,
  read: Bundle,
  next: Unification,
  record: UnifiedRecord,
  seating: SeatedSources,
  cause: SettleCause,
  effects: Effects,
): Promise<void> {
  const { kind, id } = read;
  await dropKeys(hub, read, record.keys);
  await askAboutInvitation(hub, record, next.isChanged || cause.isRepeated, effects);
  const isDoubted = (record.doubts ?? []).length > (cause.isRepeated ? 0 : (read.unified?.doubts ?? []).length);
  if (isDoubted && cause.from !== undefined) {
    await askAboutDoubts(hub, record, refOfKey(cause.from), cause.doubtedBecause);
  }
  const { unwritten = [] } = cause;
  if (read.unified === undefined || cause.isRepeated || unwritten.length > 0) await lookBack(hub, record, unwritten);
  await leaveSoleKeys(hub, kind, id, keysLeft(hub, read.unified, record));
  if (next.isChanged || cause.note !== undefined) {
    effects.journal.push({
      id: hub.newId(),
      kind,
      unifiedId: id,
      at: hub.now(),
      step: cause.step ?? stepOf(read.unified, record),
      ...(cause.from === undefined ? {} : { from: cause.from }),
      version: record.version,
      changes: next.changes,
      correlationId: cause.correlationId,
      ...(cause.note === undefined ? {} : { note: cause.note }),
    });
  }
  if (next.isChanged || cause.isRepeated) {
    const changed = Object.keys(next.changes);
    effects.changed.push({ schema: 1, kind, id, version: record.version, fields: changed });
    await tellBorrowers(hub, kind, id, loanCauseOf(cause, changed), effects);
  }
  const bundle = { ...read, unified: record };
  for (const { connection, object } of await connectionsBehind(hub, bundle, seating)) {
    const { correlationId, work } = cause;
    const due = { schema: 1, connection, object, kind, id, attempts: 0, correlationId } as const;
    noteDue(effects, work === 'backfill' ? { ...due, work } : due);
  }
  for (const shadow of seating.shadows) {
    // A record that came by a merge moves nothing if it says the same.
    if (refKey(shadow) === cause.from || next.isMoved || cause.isRepeated) await reportShadow(hub, bundle, shadow);
  }
}

/** Sole keys under which the record could be found before, and cannot any more. */
function keysLeft(hub: Hub, before: UnifiedRecord | undefined, after: UnifiedRecord): readonly SoleKey[] {
  const vocabulary = vocabularyOf(hub, after.kind);
  const kept = new Set(openKeysOf(after, vocabulary).map(({ type, value }) => `${type}:${value}`));
  return openKeysOf(before, vocabulary).filter(({ type, value }) => !kept.has(`${type}:${value}`));
}

/** What was told before may have been cut short, whatever it was. */
function loanCauseOf({ correlationId, work, isRepeated }: SettleCause, changed: readonly string[]): LoanCause {
  return { correlationId, ...(work === undefined ? {} : { work }), ...(isRepeated ? {} : { changed }) };
}

function stepOf(before: UnifiedRecord | undefined, after: UnifiedRecord): JournalStep {
  if (before === undefined) return 'created';
  return before.state !== 'deleted' && after.state === 'deleted' ? 'deleted' : 'changed';
}

/**
 * The connections that do not hold what they should, or cannot be given it (the delivery tells a person). References count as behind when they differ at all: only the
 * delivery itself looks up what the target calls the other record.
 *
 * *Units*: 1 read unit for each target whose mapping writes fields that stand with a record this one refers to.
 */
async function connectionsBehind(
  hub: Hub,
  bundle: Bundle,
  seating: SeatedSources,
): Promise<readonly { connection: string; object: string }[]> {
  const behind: { connection: string; object: string }[] = [];
  const { unified } = bundle;
  if (unified === undefined) return behind;
  for (const { connection: target, mapping } of targetsOf(hub, bundle.kind)) {
    const state = await hub.connectionState(target.id);
    if (state.releasedAt === undefined || state.paused !== undefined) continue;
    const seat = unified.seats[seatKey(target.id, mapping.object)];
    const source = seating.seated.find((seated) => seated.connection === target.id && seated.object === mapping.object);
    const canonical = source && seating.canonical.find(({ from }) => from === refKey(source));
    const isFree = seat === undefined || 'creating' in seat;
    if (isFree && state.backfilledAt[mapping.object] === undefined) continue;
    if (!isFree && source === undefined) continue;
    const through = await readThrough(hub, throughOfMapping(mapping), [bundle]);
    const plan = planDelivery({
      unified,
      through: through(unified),
      ...(source === undefined ? {} : { source }),
      ...(canonical === undefined ? {} : { canonical }),
      refused: source?.refused ?? creatingIn(seat)?.refused ?? {},
      mapping,
      directory: await hub.directory(target.id),
      // Stands for any id there, and must not look like nothing: a reference that was empty until now is one to write.
      referenceTo: (unifiedId) => ({ id: unifiedId }),
      unseen: state.unseen?.[mapping.object] ?? [],
      isDeletedElsewhere: isDeletedElsewhere(bundle, target.id),
    });
    const isStuck = Object.keys(plan.held).length + plan.missing.length > 0;
    if (plan.operation !== 'none' || isStuck) behind.push({ connection: target.id, object: mapping.object });
  }
  return behind;
}

/** Whether a system other than `connection` says that the record was deleted there, not merged away. */
export function isDeletedElsewhere(bundle: Bundle, connection: string): boolean {
  return bundle.sources.some(
    ({ state, connection: other, object }) =>
      state === 'deleted' &&
      other !== connection &&
      // The deletion of a duplicate is not the deletion of the record.
      !bundle.sources.some((each) => each.state === 'present' && each.connection === other && each.object === object),
  );
}
