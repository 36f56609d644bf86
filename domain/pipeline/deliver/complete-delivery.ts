import { absorbElements } from '../../absorb/absorb-elements.ts';
import { frozenReason } from '../../absorb/frozen-field.ts';
import { LOOP } from '../../absorb/mass-change-guard.ts';
import { type PlannedField, recordHash } from '../../deliver/plan-delivery.ts';
import { ATTEMPTS_MAX } from '../../deliver/retry.ts';
import { type ExternalRef, refKey, seatKey } from '../../model/external-ref.ts';
import type { Fault } from '../../model/fault.ts';
import type { WriteOutcome } from '../../model/snapshot.ts';
import {
  NOTHING_KNOWN,
  type SourceField,
  type SourceRecord,
  WHOLE,
  type WriteTally,
} from '../../model/source-record.ts';
import { creatingIn } from '../../model/unified-record.ts';
import { canonicalValue } from '../../unify/canonical-source.ts';
import { idsIn } from '../absorb/resolve-references.ts';
import { addUnseen } from '../absorb/unseen-fields.ts';
import { noteDue } from '../effects.ts';
import { closeProblems, raiseProblem } from '../problems/raise-problem.ts';
import { settleRecord } from '../settle-record.ts';
import { isToldOf } from '../tell-requests.ts';
import type { Delivery, DeliveryBatch } from './delivery-batch.ts';
import { meetHolder } from './meet-holder.ts';
import { noteLateWrite } from './note-late-write.ts';
import { putBack, tellOfGivingUp } from './put-back.ts';
import { lookAgain } from './refresh-before-write.ts';
import { endClaim, endCreation, releaseClaim } from './release-claim.ts';
import { refusalIds, reportRefusal } from './report-refusal.ts';

/** Writes down how one delivery ended, looks at the record again, and answers how it ended, for the report. */
export async function completeDelivery(
  batch: DeliveryBatch,
  delivery: Delivery,
  outcome: WriteOutcome,
): Promise<string> {
  const { plan, source } = delivery;
  if (outcome.outcome === 'failed') {
    const { fault, madeAs } = outcome;
    if (madeAs !== undefined && source === undefined) return completeBegun(batch, delivery, madeAs, fault);
    return completeFailure(batch, delivery, fault);
  }
  if (plan.operation === 'create') return completeCreation(batch, delivery, outcome);
  if (source === undefined) return 'defect';
  const asDone = (held: SourceRecord): SourceRecord =>
    plan.operation === 'delete' ? asDeleted(held) : asWritten(batch, delivery, held, outcome.modifiedAt);
  const done = asDone(source);
  const isStillRefused = Object.keys(done.refused).length > 0;
  const closed = refusalIds(batch, source, plan.fields, isStillRefused).filter((id) => source.problems.includes(id));
  await closeProblems(batch.hub, closed);
  const looped = await reportLoops(batch, delivery, done);
  const next = await endClaim(batch, delivery, source, (held) => ({
    ...asDone(held),
    problems: [...new Set([...held.problems.filter((id) => !closed.includes(id)), ...looped])],
  }));
  if (next === undefined) return lostClaim(batch, delivery, source);
  await lookAtRecord(batch, delivery, next, false);
  return plan.operation === 'delete' ? 'deleted' : 'updated';
}

/** What was sent is the hub's now, with the time of the value that won; intents are closed, the claim ends. */
function asWritten(
  batch: DeliveryBatch,
  { plan, source: claimed }: Delivery,
  source: SourceRecord,
  modifiedAt: number | undefined,
): SourceRecord {
  const { claim: _claim, ...rest } = source;
  const now = batch.hub.now();
  const fields = { ...source.fields };
  const refused = { ...source.refused };
  const held = { ...source.held };
  const tallies = { ...source.tallies };
  for (const planned of plan.fields) {
    const { field } = planned.line;
    fields[field] = writtenField(batch, source, planned);
    delete refused[field];
    const tally = tallied(source.tallies[field], now);
    tallies[field] = tally;
    if (tally.count > LOOP.writesMax) held[field] = frozenReason(`written ${tally.count} times within an hour`);
  }
  const revision = Math.max(source.revision, modifiedAt ?? 0);
  // What a worker that had outlived its lease noted under this claim is not ours to close: it may stand on top of what was written now.
  const noted = Object.entries(source.intents).filter(([field, { hash }]) => claimed?.intents[field]?.hash !== hash);
  return { ...rest, fields, refused, held, tallies, intents: Object.fromEntries(noted), revision };
}

function writtenField(batch: DeliveryBatch, source: SourceRecord | undefined, planned: PlannedField): SourceField {
  const { line, value, intent } = planned;
  const written: SourceField = { value, at: intent.at, origin: 'hub' };
  if (line.vocabulary.survivorship.by !== 'union') return written;
  const canonical = canonicalValue(line, value, batch.directory, source?.resolved ?? {});
  const present = Array.isArray(canonical) ? canonical : [];
  const before = source?.fields[line.field]?.elements ?? {};
  return { ...written, elements: absorbElements(before, present, intent.at, 'hub') };
}

function tallied(tally: WriteTally | undefined, now: number): WriteTally {
  if (tally === undefined || now - tally.since > LOOP.windowMs) return { since: now, count: 1 };
  return { since: tally.since, count: tally.count + 1 };
}

function asDeleted(source: SourceRecord): SourceRecord {
  const { claim: _claim, ...rest } = source;
  return { ...rest, state: 'deleted', intents: {} };
}

async function completeCreation(
  batch: DeliveryBatch,
  delivery: Delivery,
  outcome: Extract<WriteOutcome, { outcome: 'written' }>,
): Promise<string> {
  const { connection, object } = batch;
  const { plan } = delivery;
  const ref: ExternalRef = { connection, object, externalId: outcome.externalId };
  if (outcome.isUntouched === true) {
    await endCreation(batch.hub, batch, delivery, { intents: 'keeps-unanswered' });
    lookAgain(batch, ref, delivery.due.correlationId);
    return 'found';
  }
  if (!(await pointTo(batch, delivery, ref))) return 'conflict';
  const fields = Object.fromEntries(
    plan.fields.map((planned) => [planned.line.field, writtenField(batch, undefined, planned)]),
  );
  const source: SourceRecord = {
    ...newSource(batch, delivery, ref),
    revision: outcome.modifiedAt ?? 0,
    fields,
    intents: earlierIntents(batch, delivery),
  };
  await seatMade(batch, delivery, source);
  return outcome.created ? 'created' : 'found-and-written';
}

/**
 * The record is there, but not all that belongs to it. From here on it is the deal's own record there, and the rest is an update of it, which
 * reads first. Nothing is taken for written: what was is recognised then, by what was noted before.
 */
async function completeBegun(
  batch: DeliveryBatch,
  delivery: Delivery,
  externalId: string,
  fault: Fault,
): Promise<string> {
  const { hub, connection, object } = batch;
  const { kind: faultKind, code } = fault;
  hub.log('creation-begun', { connection, object, record: delivery.due.id, fault: faultKind, code });
  const ref: ExternalRef = { connection, object, externalId };
  if (!(await pointTo(batch, delivery, ref))) return 'conflict';
  const intents = creatingSeat(batch, delivery)?.intents ?? {};
  await seatMade(batch, delivery, { ...newSource(batch, delivery, ref), intents });
  return 'begun';
}

/** Points the crosswalk to the record that was made. Not if it belongs to another unified record already: then both sides look again. */
async function pointTo(batch: DeliveryBatch, delivery: Delivery, ref: ExternalRef): Promise<boolean> {
  const { hub } = batch;
  const { kind, bundle, due } = delivery;
  if (await hub.store.putRef(ref, kind, bundle.id, null)) return true;
  const holder = (await hub.store.readRefs([ref])).get(refKey(ref));
  if (holder === bundle.id) return true;
  await endCreation(hub, batch, delivery, {});
  lookAgain(batch, ref, due.correlationId);
  return false;
}

/** A record that was made and never read; nothing is known of it yet. */
function newSource({ mapping }: DeliveryBatch, { kind, bundle }: Delivery, ref: ExternalRef): SourceRecord {
  return {
    ...ref,
    kind,
    unifiedId: bundle.id,
    state: 'present',
    counter: 1,
    ...NOTHING_KNOWN,
    mappingVersion: mapping.version,
  };
}

/** Stores what was made, in its seat. If its own webhook was faster the absorbed record stands, and one more look compares it. */
async function seatMade(batch: DeliveryBatch, delivery: Delivery, source: SourceRecord): Promise<void> {
  const { store } = batch.hub;
  if (!(await store.putSource(source, null))) {
    const waitMs = isLate(batch, delivery) ? await noteLateWrite(batch, delivery, source) : 0;
    lookAgain(batch, source, delivery.due.correlationId, waitMs);
  }
  await closeProblems(batch.hub, creatingSeat(batch, delivery)?.problems ?? []);
  await lookAtRecord(batch, delivery, source, true);
}

/** Whether the worker has outlived its lease, so that somebody else may have come after it. */
function isLate({ hub }: DeliveryBatch, { claim }: Delivery): boolean {
  return claim !== undefined && claim.until <= hub.now();
}

function creatingSeat({ connection, object }: DeliveryBatch, { bundle }: Delivery) {
  return creatingIn(bundle.unified?.seats[seatKey(connection, object)]);
}

/**
 * What an earlier attempt at the creation may have written to fields that this one left out, for instance because they were
 * emptied meanwhile: still to be recognised as the hub's, and to be emptied.
 */
function earlierIntents(batch: DeliveryBatch, delivery: Delivery): SourceRecord['intents'] {
  const seat = creatingSeat(batch, delivery);
  if (seat?.isUncertain !== true) return {};
  const written = new Set(delivery.plan.fields.map(({ line }) => line.field));
  return Object.fromEntries(Object.entries(seat.intents).filter(([field]) => !written.has(field)));
}

/** The record may have moved on while it was written: settle it and queue what is still behind, this system included. */
async function lookAtRecord(
  batch: DeliveryBatch,
  delivery: Delivery,
  source: SourceRecord,
  isStamped: boolean,
): Promise<void> {
  const { due, kind, bundle } = delivery;
  const cause = {
    correlationId: due.correlationId,
    from: refKey(source),
    isStamped,
    isRepeated: batch.isRepeated,
    work: batch.work,
    ...(isStamped ? { step: 'delivered-new' as const } : {}),
  };
  const settled = await settleRecord(batch.hub, kind, bundle.id, cause, batch.effects);
  if (settled.outcome !== 'settled') noteDue(batch.effects, { ...due, attempts: 0 });
}

/** Another worker took over: what we wrote and what it wrote must both be looked at. */
async function lostClaim(batch: DeliveryBatch, delivery: Delivery, source: SourceRecord): Promise<string> {
  const { due } = delivery;
  lookAgain(batch, source, due.correlationId, await noteLateWrite(batch, delivery, source));
  noteDue(batch.effects, { ...due, attempts: 0 });
  return 'lost-claim';
}

async function completeFailure(batch: DeliveryBatch, delivery: Delivery, fault: Fault): Promise<string> {
  const { hub, effects } = batch;
  const { due, source } = delivery;
  hub.log('delivery-failed', {
    connection: batch.connection,
    object: batch.object,
    record: due.id,
    fault: fault.kind,
    code: fault.code,
  });
  const isUncertain = fault.kind === 'uncertain' || fault.isUnanswered === true;
  if (isUncertain && source !== undefined && isLate(batch, delivery)) await noteLateWrite(batch, delivery, source);
  if (isUncertain && due.attempts >= ATTEMPTS_MAX) {
    await putBack(hub, effects, due, fault);
    return 'gave-up';
  }
  if (isUncertain) {
    // The claim is left to lapse with its intents: whoever takes it over reads first. Nobody is at a creation any more, so that what came of
    // it may be taken in as soon as it is met; not of a second one, since what is met may be what the first one made.
    if (source === undefined && creatingSeat(batch, delivery)?.isUncertain !== true) {
      await endCreation(hub, batch, delivery, { intents: 'keeps-intents', isUnanswered: true });
    }
    const waitMs = Math.max(1_000, (delivery.claim?.until ?? hub.now()) - hub.now());
    effects.dueLater.push({ due: { ...due, attempts: due.attempts + 1 }, delayMs: Math.min(900_000, waitMs) });
    return 'uncertain';
  }
  // Without a planned field among them, leaving them out would change nothing: then it is a refusal like any other.
  const unseen = delivery.plan.fields.flatMap(({ line }) => (fault.unseen?.includes(line.theirs) ? [line.theirs] : []));
  if (fault.kind === 'rejected' && unseen.length > 0) return completeUnseen(batch, delivery, unseen);
  if (fault.kind === 'rejected' || fault.kind === 'defect') return completeRefusal(batch, delivery, fault);
  if (source === undefined) {
    const problem = await meetHolder(batch, delivery, fault);
    if (problem !== undefined) {
      await endCreation(hub, batch, delivery, { intents: 'keeps-intents', problems: [problem] });
      await tellOfGivingUp(hub, effects, due);
      return 'taken';
    }
  }
  // A write may be several calls, and some of it done before one failed: that is still to be recognised.
  if (source === undefined && fault.isUnderWay === true) {
    await endCreation(hub, batch, delivery, { intents: 'keeps-intents', isUnderWay: true });
  } else await releaseClaim(batch, delivery);
  if (fault.kind === 'missing') lookAtReferences(batch, delivery);
  await putBack(hub, effects, due, fault);
  return `waits:${fault.kind}`;
}

/**
 * A record that was read right before it was written, or is only being made, is hardly what is missing: one that it refers to was deleted,
 * and the hub has not heard of that. It looks at those, and the record goes out without what is really gone. If it was the record
 * itself, the next attempt reads that.
 */
function lookAtReferences(batch: DeliveryBatch, { plan, due }: Delivery): void {
  const { connection } = batch;
  for (const { line, value } of plan.fields) {
    const object = line.referenceTo?.object;
    if (object === undefined) continue;
    for (const externalId of idsIn(value)) lookAgain(batch, { connection, object, externalId }, due.correlationId);
  }
}

/** Fields that the account does not have are noted for all its records at once, and the record goes out again without them. */
async function completeUnseen(batch: DeliveryBatch, delivery: Delivery, unseen: readonly string[]): Promise<string> {
  await addUnseen(batch, unseen);
  // Of an update, some calls may have been done before one was refused, but none with these; a creation that is refused was not made.
  if (delivery.source === undefined) await endCreation(batch.hub, batch, delivery, {});
  else {
    const sent = delivery.plan.fields.filter(({ line }) => unseen.includes(line.theirs)).map(({ line }) => line.field);
    await endClaim(batch, delivery, delivery.source, ({ claim: _claim, ...held }) => ({
      ...held,
      intents: withoutFields(held.intents, sent),
    }));
  }
  const { due } = delivery;
  batch.effects.dueLater.push({ due: { ...due, attempts: due.attempts + 1 }, delayMs: UNSEEN_WAIT_MS });
  return 'unseen-fields';
}

/** Longer than a process takes a connection's state for granted: nobody sends again what was just refused. */
const UNSEEN_WAIT_MS = 10_000;

/** Refused values are remembered by hash and not sent again until something changes; the rest of the record goes on at once. */
async function completeRefusal(batch: DeliveryBatch, delivery: Delivery, fault: Fault): Promise<string> {
  const { source, plan, due } = delivery;
  const named = plan.fields.filter(({ line }) => fault.fields?.includes(line.theirs));
  const refusedFields = named.length > 0 ? named : plan.fields;
  const problems = await reportRefusal(batch, delivery, fault, named);
  const hashes = Object.fromEntries(refusedFields.map(({ line, intent }) => [line.field, intent.hash]));
  if (source === undefined) {
    const refused = named.length > 0 ? hashes : { [WHOLE]: recordHash(plan.fields) };
    // An attempt before this one may have arrived, or still arrive.
    const ended = { intents: 'keeps-unanswered', refused } as const;
    await endCreation(batch.hub, batch, delivery, { ...ended, problems });
  } else {
    const ended = await endClaim(batch, delivery, source, ({ claim: _claim, ...held }) => ({
      ...held,
      // The other fields may have been written before these were refused; they are looked at again at once.
      intents: withoutFields(held.intents, Object.keys(hashes)),
      refused: { ...held.refused, ...hashes },
      problems: [...new Set([...held.problems, ...problems])],
    }));
    if (ended === undefined) return lostClaim(batch, delivery, source);
  }
  await tellOfRefusal(batch, delivery);
  const isRestLeft = named.length > 0 && named.length < plan.fields.length;
  if (isRestLeft) noteDue(batch.effects, { ...due, attempts: 0 });
  return 'refused';
}

function withoutFields(intents: SourceRecord['intents'], fields: readonly string[]): SourceRecord['intents'] {
  return Object.fromEntries(Object.entries(intents).filter(([field]) => !fields.includes(field)));
}

/** Where the record itself says what became of what was asked for, it says so at once. */
async function tellOfRefusal(batch: DeliveryBatch, { due, kind, bundle }: Delivery): Promise<void> {
  const { hub, effects, isRepeated, work } = batch;
  if (!isToldOf(hub, kind, batch)) return;
  const cause = { correlationId: due.correlationId, isRepeated, work };
  const settled = await settleRecord(hub, kind, bundle.id, cause, effects);
  if (settled.outcome !== 'settled') noteDue(effects, { ...due, attempts: 0 });
}

async function reportLoops(batch: DeliveryBatch, delivery: Delivery, done: SourceRecord): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const field of Object.keys(done.held)) {
    if (delivery.source?.held[field] !== undefined) continue;
    const id = await raiseProblem(batch.hub, {
      cause: 'loop',
      connection: done.connection,
      object: done.object,
      externalId: done.externalId,
      kind: done.kind,
      unifiedId: done.unifiedId,
      field,
      message: `${field} was written to ${done.connection} more than ${LOOP.writesMax} times within an hour, so the hub stopped.`,
      nextStep: `Look for an automation in ${done.connection} that keeps changing ${field} back; then retry.`,
      correlationId: delivery.due.correlationId,
    });
    ids.push(id);
  }
  return ids;
}
