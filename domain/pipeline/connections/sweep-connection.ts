import { retryDelayMs } from '../../deliver/retry.ts';
import type { Notice, SweepRequest } from '../../model/notice.ts';
import { reportUnreachable, settleReachable } from '../absorb/report-unreachable.ts';
import type { ChangesPage, CursorMode, Hub, SweepCursor } from '../ports.ts';
import { forgetPiecesBehind, holdPage, pageName, releasePage } from './backfill-pages.ts';
import { completeBackfill } from './finish-backfill.ts';

/** How a sweep request ended. */
export type SweepEnd =
  | { readonly end: 'finished' | 'goes-on' | 'overtaken'; readonly ids: number }
  | { readonly end: 'ignored'; readonly reason: string }
  | { readonly end: 'waits'; readonly reason: string };

const IDS_PER_NOTICE = 100;
/** Pages one request may take before it hands on to a new one; bounds the time of a step. */
const PAGES_MAX = 200;

/**
 * Takes the next pages of a sweep: asks the system for ids, puts them on the inbound queue, and only then moves the
 * cursor, by compare-and-set, so that two sweeps of one object cannot both move it. Stops before `hasTime` says no and
 * asks for the rest with a new request.
 */
export async function sweepConnection(hub: Hub, request: SweepRequest, hasTime: () => boolean): Promise<SweepEnd> {
  const { connection, object, mode } = request;
  const info = hub.connections.find(({ id }) => id === connection);
  if (info === undefined || hub.mapping(connection, object) === undefined) {
    return { end: 'ignored', reason: 'not-configured' };
  }
  const state = await hub.connectionState(connection);
  if (state.paused !== undefined) return comeBack(hub, request, 'paused', PAUSED_WAIT_MS);
  const system = await hub.system(connection);
  if (!system.ok) await reportUnreachable(hub, connection, system.fault);
  if (!system.ok)
    return comeBack(hub, request, system.fault.kind, retryDelayMs(request.attempts, system.fault, hub.random()));
  const begun = await begin(hub, request);
  if (begun === undefined) return { end: 'overtaken', ids: 0 };
  if (isServed(request, begun)) {
    // Cut short after its last page; what comes after it may not have been done.
    if (mode === 'backfill') await endBackfill(hub, begun);
    return { end: 'finished', ids: 0 };
  }
  let cursor = begun;
  let ids = 0;
  for (let page = 0; page < PAGES_MAX && hasTime(); page++) {
    const answer = await system.value.changes(object, mode, cursor.position, state.connectedAt);
    if (!answer.ok) {
      const { fault } = answer;
      await reportUnreachable(hub, connection, fault);
      hub.log('sweep-waits', { connection, object, mode, fault: fault.kind, code: fault.code });
      return comeBack(hub, request, fault.kind, retryDelayMs(request.attempts, fault, hub.random()));
    }
    const moved = await takePage(hub, request, cursor, answer.value);
    if (moved === undefined) return overtaken(hub, request, cursor, ids);
    cursor = moved;
    ids += answer.value.ids.length;
    if (!answer.value.hasMore) {
      await settleReachable(hub, state);
      if (mode === 'backfill') await endBackfill(hub, cursor);
      if (!isTooOld(request, cursor)) return { end: 'finished', ids };
      break;
    }
  }
  await hub.outbox.sweep([{ ...request, attempts: 0 }], 0);
  return { end: 'goes-on', ids };
}

/** The cursor as stored. A walk that has ended begins anew; a backfill that has ended as well, on request. */
async function begin(hub: Hub, request: SweepRequest): Promise<SweepCursor | undefined> {
  const { connection, object, mode } = request;
  const stored = await hub.store.readCursor(connection, object, mode);
  const fresh: SweepCursor = {
    connection,
    object,
    mode,
    counter: stored?.counter ?? 0,
    position: undefined,
    seen: 0,
    startedAt: hub.now(),
  };
  const isPassOver = stored?.finishedAt !== undefined && isWalk(mode);
  if (stored !== undefined && (!isPassOver || isServed(request, stored))) return stored;
  if (mode !== 'backfill') return fresh;
  // Its pages are named after the beginning of the pass, which therefore must be kept before the first of them.
  const kept = { ...fresh, counter: fresh.counter + 1 };
  return (await hub.store.putCursor(kept, stored?.counter ?? null)) ? kept : undefined;
}

/** Whether this walk or backfill is over already: it began after it was asked for, and ended. */
function isServed({ mode, askedAt }: SweepRequest, { startedAt, finishedAt }: SweepCursor): boolean {
  return isWalk(mode) && finishedAt !== undefined && askedAt !== undefined && startedAt >= askedAt;
}

/**
 * Whether this walk was under way already when it was asked for. What it had read by then was read before whatever the walk was
 * asked for happened, so another one must follow. A backfill asked for twice is one.
 */
function isTooOld({ mode, askedAt }: SweepRequest, { startedAt }: SweepCursor): boolean {
  return mode === 'walk' && askedAt !== undefined && startedAt < askedAt - CLOCKS_DIFFER_MS;
}

/** The queue's clock says when a walk was asked for, a worker's when it began; without this every walk might be done twice. */
const CLOCKS_DIFFER_MS = 1_000;
/** When a walk looks again whether the one that overtook it has ended. */
const OVERTAKEN_WAIT_MS = 60_000;

/** Another sweep of the same object has moved the cursor and goes on; whether it serves this request as well, its beginning tells. */
async function overtaken(hub: Hub, request: SweepRequest, cursor: SweepCursor, ids: number): Promise<SweepEnd> {
  if (!isTooOld(request, cursor)) return { end: 'overtaken', ids };
  await hub.outbox.sweep([{ ...request, attempts: 0 }], OVERTAKEN_WAIT_MS);
  return { end: 'goes-on', ids };
}

/** Whether it reads everything there is, and ends. */
function isWalk(mode: CursorMode): mode is 'walk' | 'backfill' {
  return mode === 'walk' || mode === 'backfill';
}

/** As long as a queue can delay a message. */
const PAUSED_WAIT_MS = 900_000;

async function takePage(
  hub: Hub,
  request: SweepRequest,
  cursor: SweepCursor,
  page: ChangesPage,
): Promise<SweepCursor | undefined> {
  const notices = noticesOf(hub, request, page.ids, cursor);
  for (const { page: name } of notices) {
    if (name !== undefined) await holdPage(hub, request.connection, request.object, name);
  }
  if (notices.length > 0) await hub.outbox.notice(notices, 0);
  const isOver = !page.hasMore;
  if (isOver && request.mode === 'backfill') {
    const behind = { pass: cursor.startedAt, page: cursor.counter, start: notices.length * IDS_PER_NOTICE };
    await forgetPiecesBehind(hub, request.connection, request.object, behind, IDS_PER_NOTICE);
  }
  const { finishedAt: _before, ...rest } = cursor;
  const next: SweepCursor = {
    ...rest,
    position: page.position,
    seen: cursor.seen + page.ids.length,
    counter: cursor.counter + 1,
    ...(isOver ? { finishedAt: hub.now() } : {}),
  };
  if (!isWorthWriting(cursor, next, page)) return { ...cursor, position: page.position };
  return (await hub.store.putCursor(next, cursor.counter === 0 ? null : cursor.counter)) ? next : undefined;
}

/** A quiet sweep that found nothing and stands where it stood is not written. */
function isWorthWriting(before: SweepCursor, after: SweepCursor, page: ChangesPage): boolean {
  if (isWalk(after.mode) || page.ids.length > 0 || before.counter === 0) return true;
  return JSON.stringify(before.position) !== JSON.stringify(after.position);
}

function noticesOf(hub: Hub, request: SweepRequest, ids: readonly string[], cursor: SweepCursor): Notice[] {
  const reason = isWalk(request.mode) ? request.mode : 'sweep';
  const notices: Notice[] = [];
  for (let start = 0; start < ids.length; start += IDS_PER_NOTICE) {
    const part = ids.slice(start, start + IDS_PER_NOTICE);
    notices.push({
      schema: 1,
      connection: request.connection,
      object: request.object,
      ids: part,
      reason,
      attempts: 0,
      correlationId: hub.newId(),
      ...(request.mode === 'backfill'
        ? { page: pageName({ pass: cursor.startedAt, page: cursor.counter, start }) }
        : {}),
    });
  }
  return notices;
}

/** The walk is over; if every page has been absorbed already, so is the backfill. */
async function endBackfill(hub: Hub, { connection, object, startedAt }: SweepCursor): Promise<void> {
  const marker = `${startedAt}.end`;
  await holdPage(hub, connection, object, marker);
  const remaining = await releasePage(hub, connection, object, marker);
  if (remaining === 0) await completeBackfill(hub, connection, object, startedAt);
}

async function comeBack(hub: Hub, request: SweepRequest, reason: string, delayMs: number): Promise<SweepEnd> {
  // Regular sweeps come back with the schedule; a walk has nobody else to ask for it again.
  if (isWalk(request.mode)) {
    await hub.outbox.sweep([{ ...request, attempts: request.attempts + 1 }], delayMs);
  }
  return { end: 'waits', reason };
}
