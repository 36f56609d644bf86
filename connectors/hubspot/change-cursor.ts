import * as z from 'zod';
import { openToldRows, type ToldRowsMemory, toldRowsMemory } from '../kit/told-rows.ts';
import type { SearchFilter } from './api.ts';
import { byNumber } from './association-fields.ts';
import type { ObjectType } from './object-types.ts';

/**
 * Where a search for changed records stands. Plain JSON; the decisions here are pure.
 *
 * ```
 *    passFrom            startedAt − overlap      startedAt
 *  ─────┼───────────────────────┼─────────────────────┼──────▶ modification time, by HubSpot's clock
 *       └── read by this pass ──┴── read, and again by the next one ──
 * ```
 *
 * A pass reads in ascending order of modification time, page by page, each page beginning *at* the last time of the page
 * before. Never by offset: a record that changes meanwhile moves to the end, those behind it move up, and an offset would step
 * over one. It also keeps every search far from the wall at result 10,000. When one instant fills a whole page, a search for
 * that instant alone goes through it by record id.
 *
 * Searches lag behind writes, so the next pass begins `overlapMs` before this one *began*, not at its end: a long pass must
 * not outrun the lag. What "now" is at HubSpot is taken from the stamps read, carried forward by the hub's own clock, so
 * that a wrong clock here loses nothing. Records read twice are known by id and modification time in `seen`.
 */
export interface ChangeCursor {
  /** Where this pass began, ms. */
  readonly passFrom: number;
  /** HubSpot's clock at the start of this pass, at the latest; absent between two passes. */
  readonly startedAt?: number | undefined;
  /** Where the next page begins, ms; `isAfter`: behind that instant, which is finished. */
  readonly from: number;
  readonly isAfter: boolean;
  /** The instant that is gone through by record id, and the last id. */
  readonly tie?: { readonly at: number; readonly afterId: string } | undefined;
  /** When the hub's clock stood at `at`, HubSpot's stood at `stamp` or later. */
  readonly anchor: { readonly stamp: number; readonly at: number };
  /** Handed out already, and still within reach of a later search. */
  readonly seen: ToldRowsMemory;
}

/** A record a search found. */
export interface ChangedRecord {
  readonly id: string;
  readonly modifiedAt: number;
}

export const changeCursorSchema = z.object({
  passFrom: z.number(),
  startedAt: z.number().optional(),
  from: z.number(),
  isAfter: z.boolean(),
  tie: z.object({ at: z.number(), afterId: z.string() }).optional(),
  anchor: z.object({ stamp: z.number(), at: z.number() }),
  seen: toldRowsMemory,
});

/**
 * How long a change may take to reach searches. HubSpot says "moments"; minutes are seen under load. A walk over everything
 * catches what takes longer. *Source*: https://developers.hubspot.com/docs/api-reference/search/guide (checked November 2026).
 */
export const overlapMs = 300_000;

/** Results a search page holds at most. */
export const searchPageSize = 200;

/** How far behind the hub's clock HubSpot's may be before the first stamp was read. */
const skewMaxMs = 600_000;

/** Begins a pass, the first one or one after the other; a pass that is under way goes on. */
export function beginPass(cursor: ChangeCursor | undefined, connectedAt: number, now: number): ChangeCursor {
  if (cursor === undefined) {
    const from = connectedAt - overlapMs;
    const anchor = { stamp: now - skewMaxMs, at: now };
    return { passFrom: from, startedAt: anchor.stamp, from, isAfter: false, anchor, seen: {} };
  }
  if (cursor.startedAt !== undefined) return cursor;
  return { ...cursor, startedAt: hubspotNow(cursor, now), passFrom: cursor.from };
}

/** The search for the next page. */
export function nextSearch(
  type: ObjectType,
  { from, isAfter, tie }: ChangeCursor,
): { readonly filters: readonly SearchFilter[]; readonly sort: string } {
  const property = type.modifiedProperty;
  if (tie === undefined) {
    return { filters: [{ property, operator: isAfter ? 'GT' : 'GTE', value: String(from) }], sort: property };
  }
  return {
    filters: [
      { property, operator: 'EQ', value: String(tie.at) },
      { property: 'hs_object_id', operator: 'GT', value: tie.afterId },
    ],
    sort: 'hs_object_id',
  };
}

/** Takes a page in: what to hand out, and where to go on. */
export function takePage(
  cursor: ChangeCursor,
  page: readonly ChangedRecord[],
  now: number,
): { readonly ids: readonly string[]; readonly cursor: ChangeCursor; readonly hasMore: boolean } {
  const anchor = raiseAnchor(cursor, page, now);
  const step = advance(cursor, page);
  const startedAt = cursor.startedAt ?? anchor.stamp;
  const overlapFrom = Math.max(cursor.passFrom, startedAt - overlapMs);
  const next: ChangeCursor =
    step === 'finished'
      ? { passFrom: overlapFrom, from: overlapFrom, isAfter: false, anchor, seen: {} }
      : { ...cursor, ...step, tie: step.tie, anchor };
  // Within a pass only the instant at the page's edge is read again; the next pass reads everything from the overlap on.
  const edge = next.tie?.at ?? next.from;
  const seen = openToldRows(cursor.seen);
  const fresh = page.map(({ id, modifiedAt }) => ({ id, at: modifiedAt })).filter((row) => !seen.has(row));
  seen.keep((from, to) => to > overlapFrom || (from <= edge && edge < to));
  for (const row of fresh) if (row.at >= overlapFrom || row.at === edge) seen.add(row);
  return {
    ids: [...new Set(fresh.map(({ id }) => id))],
    cursor: { ...next, seen: seen.memory() },
    hasMore: step !== 'finished',
  };
}

type Step = Pick<ChangeCursor, 'from' | 'isAfter' | 'tie'>;

function advance({ from, tie }: ChangeCursor, page: readonly ChangedRecord[]): Step | 'finished' {
  const isFull = page.length >= searchPageSize;
  if (tie !== undefined) {
    if (!isFull) return { from: tie.at, isAfter: true, tie: undefined };
    const afterId =
      page
        .map(({ id }) => id)
        .sort(byNumber)
        .at(-1) ?? tie.afterId;
    return { from, isAfter: false, tie: { at: tie.at, afterId } };
  }
  if (!isFull) return 'finished';
  const last = Math.max(...page.map(({ modifiedAt }) => modifiedAt));
  const first = Math.min(...page.map(({ modifiedAt }) => modifiedAt));
  // A page of one instant cannot move the lower bound ahead without leaving out the rest of that instant.
  if (last === first) return { from: last, isAfter: false, tie: { at: last, afterId: '0' } };
  return { from: last, isAfter: false, tie: undefined };
}

/** HubSpot's clock at this moment of the hub's clock, at the latest it can be proved to be. */
function hubspotNow({ anchor }: ChangeCursor, now: number): number {
  return anchor.stamp + Math.max(0, now - anchor.at);
}

function raiseAnchor(cursor: ChangeCursor, page: readonly ChangedRecord[], now: number): ChangeCursor['anchor'] {
  const newest = Math.max(...page.map(({ modifiedAt }) => modifiedAt), Number.NEGATIVE_INFINITY);
  return newest > hubspotNow(cursor, now) ? { stamp: newest, at: now } : cursor.anchor;
}
