import { isPatienceOver, retryDelayMs } from '../../deliver/retry.ts';
import type { CompiledMapping } from '../../mapping/compiled-mapping.ts';
import { type ExternalRef, refKey } from '../../model/external-ref.ts';
import type { Fault } from '../../model/fault.ts';
import { type Notice, type Work, workOf } from '../../model/notice.ts';
import type { ReadOutcome } from '../../model/snapshot.ts';
import { holdPage } from '../connections/backfill-pages.ts';
import { finishBackfillPage } from '../connections/finish-backfill.ts';
import { type Effects, noEffects, sendEffects } from '../effects.ts';
import { eraseNoticed } from '../erase/erase-in-system.ts';
import { inParallel } from '../in-parallel.ts';
import type { Bundle, Hub, SystemPort } from '../ports.ts';
import { raiseProblem } from '../problems/raise-problem.ts';
import { closeAfterReading } from '../problems/review-problems.ts';
import { absorbMerge, askForMerged } from './absorb-merge.ts';
import {
  type AbsorbBatch,
  absorbFound,
  absorbGone,
  REFERENCE_FIRST,
  REFERENCE_WAITS_MAX,
  type RecordEnd,
  UNRESOLVED,
} from './absorb-record.ts';
import { lostReferences } from './lost-references.ts';
import { absorbMissing, isNotShown } from './not-shown.ts';
import { type ReceivedNotice, slicesOf } from './notice-slices.ts';
import { passBuried } from './pass-buried.ts';
import { reportUnreachable, settleReachable } from './report-unreachable.ts';
import { readReferences, referencesOf } from './resolve-references.ts';
import { noteUnseen } from './unseen-fields.ts';

/** What became of a batch: how many records ended how. */
export type AbsorbReport = Readonly<Record<string, number>>;

/** Passes over records that others wrote between our read of the store and our write. */
const PASSES_MAX = 3;

/**
 * Absorbs a batch of notices: reads the records named, in batches, takes each snapshot in, and tells who must hear of
 * it. Works in slices and puts what it has no time left for back on the queue. Resolves when everything is either done
 * or safely on a queue again; rejects if the whole batch must come back.
 */
export async function absorbNotices(
  hub: Hub,
  received: readonly ReceivedNotice[],
  hasTime: () => boolean = () => true,
): Promise<AbsorbReport> {
  const report: Record<string, number> = {};
  const slices = slicesOf(received);
  for (const [index, slice] of slices.entries()) {
    if (index > 0 && !hasTime()) {
      const rest = slices.slice(index).flat();
      await hub.outbox.notice(
        // Raised, so that a message received before is still known as such.
        rest.map(({ notice, isRepeated }) => (isRepeated ? { ...notice, attempts: notice.attempts + 1 } : notice)),
        0,
      );
      report['put-back'] = rest.length;
      break;
    }
    await absorbSlice(hub, slice, report);
  }
  return report;
}

async function absorbSlice(
  hub: Hub,
  received: readonly ReceivedNotice[],
  report: Record<string, number>,
): Promise<void> {
  const effects = noEffects();
  const pages: Notice[] = [];
  const erasures = received.filter(({ notice }) => notice.reason === 'erasure');
  for (const notice of oncePerErasure(erasures)) countAs(report, await eraseNoticed(hub, notice, effects));
  for (const group of groupByObject(received.filter((each) => !erasures.includes(each)))) {
    const ends = await absorbGroup(hub, group, effects);
    for (const end of ends.values()) count(report, end);
    pages.push(...group.notices.flatMap(({ notice }) => (notice.page === undefined ? [] : [notice])));
  }
  await sendEffects(hub, effects);
  const isBack = ({ connection, object, page }: Notice): boolean =>
    effects.notices.some(
      ({ notice }) => notice.page === page && notice.connection === connection && notice.object === object,
    );
  for (const notice of pages) if (!isBack(notice)) await finishBackfillPage(hub, notice);
}

/** Whoever finds something left of an erased record asks for the erasure to go on; going on once is enough for all of them. */
function oncePerErasure(received: readonly ReceivedNotice[]): readonly Notice[] {
  const tried = received.map(({ notice }) => notice).sort((a, b) => a.attempts - b.attempts);
  return [...new Map(tried.map((notice) => [`${notice.erasure?.kind}#${notice.erasure?.id}`, notice])).values()];
}

interface Group {
  readonly connection: string;
  readonly object: string;
  readonly work: Work;
  readonly first: ReceivedNotice;
  readonly notices: readonly ReceivedNotice[];
}

function groupByObject(received: readonly ReceivedNotice[]): Group[] {
  const groups = Map.groupBy(received, ({ notice }) => `${notice.connection}#${notice.object}#${workOf(notice)}`);
  return [...groups.values()].flatMap((notices) => {
    const [first] = notices;
    if (first === undefined) return [];
    const { connection, object } = first.notice;
    return [{ connection, object, work: workOf(first.notice), first, notices }];
  });
}

async function absorbGroup(hub: Hub, group: Group, effects: Effects): Promise<ReadonlyMap<string, RecordEnd>> {
  const { connection, object } = group;
  const byId = noticesById(
    group.notices.map((each) => ({ ...each, isRepeated: each.isRepeated || each.notice.attempts > 0 })),
  );
  const everyone = (end: RecordEnd): Map<string, RecordEnd> => new Map([...byId.keys()].map((id) => [id, end]));
  const info = hub.connections.find(({ id }) => id === connection);
  const mapping = hub.mapping(connection, object);
  if (info === undefined || mapping === undefined) return everyone({ end: 'ignored', reason: 'not-configured' });
  const state = await hub.connectionState(connection);
  if (state.paused !== undefined) {
    waitForResume(group.notices, effects);
    return everyone({ end: 'ignored', reason: 'paused' });
  }
  const system = await hub.system(connection);
  if (!system.ok) {
    await reportUnreachable(hub, connection, system.fault);
    return waitAll(hub, byId, system.fault, effects);
  }
  const ends = new Map<string, RecordEnd>();
  let open = [...byId.keys()];
  for (let pass = 0; pass < PASSES_MAX && open.length > 0; pass++) {
    const context = { hub, group, mapping, byId, effects, connectedAt: state.connectedAt, isAgain: pass > 0 };
    const answer = await absorbPass(context, system.value, open);
    if ('kind' in answer) {
      await reportUnreachable(hub, connection, answer);
      return new Map([...ends, ...(await waitAll(hub, pick(byId, open), answer, effects))]);
    }
    for (const [id, end] of answer) ends.set(id, end);
    open = open.filter((id) => ends.get(id)?.end === 'overtaken');
  }
  await settleReachable(hub, state);
  for (const [id, end] of ends) {
    await requeue(hub, byId, id, end, mapping, effects);
    if (byId.get(id)?.notice.reason === 'retry' && isAnswered(end)) {
      await closeAfterReading(hub, { connection, object, externalId: id }, !isNotShown(end));
    }
  }
  return ends;
}

/** Whether the system has told what became of the record. */
function isAnswered(end: RecordEnd): boolean {
  if (end.end === 'ignored')
    return end.reason !== 'problem' && end.reason !== 'paused' && end.reason !== 'not-answered';
  return end.end === 'absorbed' || end.end === 'unchanged' || (end.end === 'waits' && end.reason === UNRESOLVED);
}

interface PassContext {
  readonly hub: Hub;
  readonly group: Group;
  readonly mapping: CompiledMapping;
  readonly byId: ReadonlyMap<string, ReceivedNotice>;
  readonly effects: Effects;
  readonly connectedAt: number;
  /** Not the first pass over these records. */
  readonly isAgain: boolean;
}

/**
 * Resuming sweeps from where the cursors stand. What a cursor has moved past already would be lost if it were dropped, so
 * it waits; anything else the sweep finds again.
 */
function waitForResume(notices: readonly ReceivedNotice[], effects: Effects): void {
  for (const { notice } of notices) {
    if (notice.reason === 'sweep' || notice.reason === 'backfill')
      effects.notices.push({ notice, delayMs: PAUSED_WAIT_MS });
  }
}

/** As long as a queue can delay a message. */
const PAUSED_WAIT_MS = 900_000;

/** One pass: counters first (with the bundles), then the system, then conditional writes. */
async function absorbPass(
  context: PassContext,
  system: SystemPort,
  open: readonly string[],
): Promise<ReadonlyMap<string, RecordEnd> | Fault> {
  const { hub, group, mapping } = context;
  const { connection, object } = group;
  const refs = open.map((externalId): ExternalRef => ({ connection, object, externalId }));
  const unifiedIds = await hub.store.readRefs(refs);
  const bundles = new Map<string, Bundle>();
  await inParallel(open, async (id) => {
    const unifiedId = unifiedIds.get(refKey({ connection, object, externalId: id }));
    if (unifiedId !== undefined) bundles.set(id, await hub.store.readBundle(mapping.kind, unifiedId));
  });
  const buried = passBuried(refs, bundles, context);
  const ids = open.filter((id) => !buried.has(id));
  if (ids.length === 0) return buried;
  const readAt = hub.now();
  const read = await system.read(object, ids, mapping.theirFields, group.work);
  const answeredAt = hub.now();
  if (!read.ok) return read.fault;
  const outcomes = read.value;
  await noteUnseen({ hub, connection, mapping }, outcomes);
  const directory = await hub.directory(connection);
  const crosswalk = await readReferences(
    hub,
    outcomes.flatMap((outcome) =>
      outcome.outcome === 'found' ? referencesOf(connection, mapping, outcome.snapshot) : [],
    ),
  );
  const shared = { ...group.first, mapping, directory, readAt, answeredAt, crosswalk, ...pickContext(context) };
  const stored = ids.map((id) => bundles.get(id));
  const lost = await lostReferences(hub, { system, outcomes, bundles: stored, batch: shared });
  if (!lost.ok) return lost.fault;
  const ends = await inParallel(ids, async (id, index): Promise<[string, RecordEnd]> => {
    const received = context.byId.get(id);
    const outcome = outcomes[index];
    if (received === undefined || outcome === undefined) return [id, { end: 'ignored', reason: 'not-answered' }];
    const batch = { ...shared, ...received, lost: lost.value };
    return [id, await absorbOutcome(hub, batch, id, outcome, bundles.get(id))];
  });
  return new Map([...buried, ...ends]);
}

function pickContext({ effects, connectedAt }: PassContext): Pick<AbsorbBatch, 'effects' | 'connectedAt'> {
  return { effects, connectedAt };
}

async function absorbOutcome(
  hub: Hub,
  batch: AbsorbBatch,
  id: string,
  outcome: ReadOutcome,
  known: Bundle | undefined,
): Promise<RecordEnd> {
  const { connection, object } = batch.notice;
  const ref = { connection, object, externalId: id };
  switch (outcome.outcome) {
    case 'found':
      if (outcome.snapshot.externalId !== id) {
        return absorbMerge(hub, batch, ref, outcome.snapshot.externalId, outcome.snapshot);
      }
      await askForMerged(hub, batch, outcome.snapshot);
      return absorbFound(hub, batch, outcome.snapshot, known);
    case 'deleted':
      if (outcome.mergedInto !== undefined) return absorbMerge(hub, batch, ref, outcome.mergedInto, undefined);
      return absorbGone(hub, batch, ref, undefined, known);
    case 'missing':
      return absorbMissing(hub, batch, ref, known);
    case 'failed':
      return faultEnd(hub, batch, ref, outcome.fault);
  }
}

async function faultEnd(hub: Hub, batch: AbsorbBatch, ref: ExternalRef, fault: Fault): Promise<RecordEnd> {
  if (fault.kind !== 'rejected' && fault.kind !== 'defect') {
    return { end: 'waits', waitMs: retryDelayMs(batch.notice.attempts, fault, hub.random()), reason: fault.kind };
  }
  await raiseProblem(hub, {
    cause: fault.kind === 'defect' ? 'defect' : 'refused-record',
    ...ref,
    kind: batch.mapping.kind,
    faultKind: fault.kind,
    code: fault.code,
    message: `Reading ${ref.object} ${ref.externalId} from ${ref.connection} failed: ${fault.message}`,
    nextStep: 'Check the record in that system and retry.',
    correlationId: batch.notice.correlationId,
  });
  return { end: 'ignored', reason: 'problem' };
}

/** The whole read failed: everything comes back later, and a person hears of what only a person can mend. */
async function waitAll(
  hub: Hub,
  byId: ReadonlyMap<string, ReceivedNotice>,
  fault: Fault,
  effects: Effects,
): Promise<Map<string, RecordEnd>> {
  const ends = new Map<string, RecordEnd>();
  for (const received of new Set(byId.values())) {
    const { notice } = received;
    const waitMs = retryDelayMs(notice.attempts, fault, hub.random());
    const ids = notice.ids.filter((id) => byId.has(id));
    for (const id of ids) ends.set(id, { end: 'waits', waitMs, reason: fault.kind });
    if (isPatienceOver(notice.attempts, fault)) {
      for (const id of ids) await giveUp(hub, notice, id, fault.kind);
      continue;
    }
    // Nothing of it was read, so a backfill page stays to be ticked off by the message that comes back.
    const { page } = notice;
    const back = again(notice, ids);
    effects.notices.push({ notice: page === undefined ? back : { ...back, page }, delayMs: waitMs });
  }
  hub.log('absorb-waits', { fault: fault.kind, code: fault.code, records: ends.size });
  return ends;
}

/** Puts one record that must come back on the queue again, or asks a person when it has come back often enough. */
async function requeue(
  hub: Hub,
  byId: ReadonlyMap<string, ReceivedNotice>,
  id: string,
  end: RecordEnd,
  mapping: CompiledMapping,
  effects: Effects,
): Promise<void> {
  const received = byId.get(id);
  if (received === undefined || (end.end !== 'waits' && end.end !== 'overtaken')) return;
  const { notice } = received;
  const reason = end.end === 'waits' ? end.reason : 'overtaken';
  const isReference = reason === UNRESOLVED || reason === REFERENCE_FIRST;
  const { awaited = 0 } = notice;
  const isOver = isReference ? awaited >= REFERENCE_WAITS_MAX : isPatienceOver(notice.attempts, faultOf(end));
  if (!isOver) {
    const delayMs = end.end === 'waits' ? Math.min(end.waitMs, 900_000) : retryDelayMs(0, undefined, hub.random());
    const back = isReference ? { ...again(notice, [id]), awaited: awaited + 1 } : again(notice, [id]);
    // A record that is in, and only waits for the one it refers to, does not hold up the end of a backfill.
    const page = reason === UNRESOLVED ? undefined : pageOf(notice, id);
    if (page !== undefined) await holdPage(hub, notice.connection, notice.object, page);
    effects.notices.push({ notice: page === undefined ? back : { ...back, page }, delayMs });
    return;
  }
  if (!isReference) {
    await giveUp(hub, notice, id, reason);
    return;
  }
  await raiseProblem(hub, {
    cause: 'unresolved-reference',
    connection: notice.connection,
    object: notice.object,
    externalId: id,
    kind: mapping.kind,
    message: `${notice.object} ${id} refers to a record that ${notice.connection} does not show to the hub.`,
    nextStep:
      'Check that the integration user may see the record referred to and that its object is mapped; then retry.',
    correlationId: notice.correlationId,
  });
}

/** The waits of `faultEnd` carry the fault's kind as their reason. */
function faultOf(end: RecordEnd): Pick<Fault, 'kind'> | undefined {
  return end.end === 'waits' && end.reason === 'throttled' ? { kind: 'throttled' } : undefined;
}

/** The backfill page of one record that comes back by itself, which stands for it until it is in. */
function pageOf({ page }: Notice, id: string): string | undefined {
  return page === undefined || page.endsWith(`/${id}`) ? page : `${page}/${id}`;
}

/** The end of a record's patience: a person is asked. */
async function giveUp(hub: Hub, notice: Notice, id: string, reason: string): Promise<void> {
  await raiseProblem(hub, {
    cause: 'gave-up',
    connection: notice.connection,
    object: notice.object,
    externalId: id,
    message: `${notice.object} ${id} could not be taken in after ${notice.attempts} attempts (${reason}).`,
    nextStep: 'See whether the connection has other problems; then retry.',
    correlationId: notice.correlationId,
  });
}

function again({ page: _page, ...notice }: Notice, ids: readonly string[]): Notice {
  return { ...notice, ids, attempts: notice.attempts + 1 };
}

/** One entry per id; of several notices for it, one that was delivered before counts as repeated. */
function noticesById(notices: readonly ReceivedNotice[]): Map<string, ReceivedNotice> {
  const byId = new Map<string, ReceivedNotice>();
  for (const received of notices) {
    for (const id of received.notice.ids) {
      const other = byId.get(id);
      if (other === undefined || (!other.isRepeated && received.isRepeated)) byId.set(id, received);
    }
  }
  return byId;
}

function pick<T>(map: ReadonlyMap<string, T>, keys: readonly string[]): Map<string, T> {
  return new Map([...map].filter(([key]) => keys.includes(key)));
}

function count(report: Record<string, number>, end: RecordEnd): void {
  countAs(report, 'reason' in end ? `${end.end}:${end.reason}` : end.end);
}

function countAs(report: Record<string, number>, name: string): void {
  report[name] = (report[name] ?? 0) + 1;
}
