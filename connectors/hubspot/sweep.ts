import * as z from 'zod';
import { type Result, succeed } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import type { Call, ObjectConnector } from '../kit/connector.ts';
import type { HubspotApi } from './api.ts';
import {
  beginPass,
  type ChangeCursor,
  changeCursorSchema,
  nextSearch,
  searchPageSize,
  takePage,
} from './change-cursor.ts';
import { lineItemType } from './line-items.ts';
import { modifiedAtOf } from './modified-at.ts';
import { type ObjectType, objectTypes } from './object-types.ts';
import { callBudgets, searchBudgets } from './rate-limits.ts';
import { readAssociations } from './read-associations.ts';
import { isHiddenFrom } from './read-line-items.ts';

/** What the kit tells a sweep. */
export type Sweep = Parameters<ObjectConnector<HubspotApi>['changes']>[1];

/**
 * One page of a sweep.
 *
 * - `changes`: searches by modification time (see `change-cursor.ts`); for leads also their contacts', because a lead's
 *   person lives there and changing it leaves no trace on the lead, and for deals their line items', which need not stamp the deal.
 * - `deletions`: the list of archived records, which is in no order of time and so is gone through whole; records archived
 *   since the last pass began are handed out.
 * - `walk`, `backfill`: the list of live records.
 *
 * *Bounds*: at most 200 records a page and two calls. A position that cannot be read begins the sweep anew: nothing is lost.
 */
export async function sweepPage(call: Call<HubspotApi>, type: ObjectType, sweep: Sweep): Promise<Result<ChangesPage>> {
  if (sweep.mode === 'changes') return changesPage(call, type, sweep);
  if (sweep.mode === 'deletions') return deletionsPage(call, type, sweep);
  return walkPage(call, type, sweep);
}

/** One source of changes of an object: its own records, or those of another type with the way back. */
interface Feed {
  readonly searched: ObjectType;
  /** The object whose records stand behind those found; absent: they themselves. */
  readonly behind?: ObjectType;
}

const changesPosition = z.object({ feed: z.int().min(0), cursors: z.array(changeCursorSchema.nullable()) });

async function changesPage(call: Call<HubspotApi>, type: ObjectType, sweep: Sweep): Promise<Result<ChangesPage>> {
  const feeds = feedsOf(type);
  const stored = changesPosition.safeParse(sweep.position);
  const cursors: (ChangeCursor | null)[] = feeds.map((_, index) =>
    stored.success ? (stored.data.cursors[index] ?? null) : null,
  );
  const index = stored.success && stored.data.feed < feeds.length ? stored.data.feed : 0;
  const feed = feeds[index];
  if (feed === undefined) return succeed({ ids: [], position: null, hasMore: false });

  const cursor = beginPass(cursors[index] ?? undefined, sweep.connectedAt, sweep.now);
  const { filters, sort } = nextSearch(feed.searched, cursor);
  const properties = [feed.searched.modifiedProperty, 'hs_object_id'];
  const found = await call(
    { route: `${feed.searched.path}.search`, isRepeatable: true, budgets: searchBudgets },
    (api, signal) => api.search(feed.searched, { filters, sort, properties, limit: searchPageSize }, signal),
  );
  // An app that may not see line items has no changes of them, and the changes of deals go on.
  const isSkipped = !found.ok && feed.searched === lineItemType && isHiddenFrom(found.fault);
  if (isSkipped) return succeed({ ids: [], position: { feed: 0, cursors }, hasMore: false });
  if (!found.ok) return found;

  const page = found.value.map((record) => ({
    id: record.id,
    modifiedAt: modifiedAtOf(feed.searched, record) ?? cursor.from,
  }));
  const taken = takePage(cursor, page, sweep.now);
  const ids = feed.behind === undefined ? succeed(taken.ids) : await recordsBehind(call, feed, feed.behind, taken.ids);
  if (!ids.ok) return ids;

  cursors[index] = taken.cursor;
  const isLast = !taken.hasMore && index === feeds.length - 1;
  const nextFeed = taken.hasMore ? index : isLast ? 0 : index + 1;
  return succeed({ ids: ids.value, position: { feed: nextFeed, cursors }, hasMore: !isLast });
}

function feedsOf(type: ObjectType): readonly Feed[] {
  const own = { searched: type };
  if (type.object === 'lead') return [own, { searched: objectTypes.contact, behind: type }];
  return type.object === 'deal' ? [own, { searched: lineItemType, behind: type }] : [own];
}

/** The leads that stand for contacts, the deals of line items. What cannot be told of one is left to the walk. */
async function recordsBehind(
  call: Call<HubspotApi>,
  { searched }: Feed,
  behind: ObjectType,
  foundIds: readonly string[],
): Promise<Result<readonly string[]>> {
  if (foundIds.length === 0) return succeed([]);
  const linked = await readAssociations(call, searched, behind, foundIds);
  if (!linked.ok) return linked;
  const ids = [...linked.value.values()].flatMap((answer) => (answer.ok ? answer.value.map(({ id }) => id) : []));
  return succeed([...new Set(ids)]);
}

/** Records archived since `since`, ms; the pass began at `startedAt` and stands behind `after`. */
const deletionsPosition = z.object({
  since: z.number(),
  startedAt: z.number().optional(),
  after: z.string().optional(),
});

/** Deletions are stamped by HubSpot's clock and compared with the hub's; this is how far the two may be apart. */
const deletionOverlapMs = 600_000;
const listPageSize = 100;

async function deletionsPage(call: Call<HubspotApi>, type: ObjectType, sweep: Sweep): Promise<Result<ChangesPage>> {
  const stored = deletionsPosition.safeParse(sweep.position);
  const since = stored.success ? stored.data.since : sweep.connectedAt - deletionOverlapMs;
  const startedAt = (stored.success ? stored.data.startedAt : undefined) ?? sweep.now;
  const page = await listPage(call, type, stored.success ? stored.data.after : undefined, true);
  if (!page.ok) return page;

  const { results, after } = page.value;
  const ids = results.filter(({ archivedAt }) => archivedAt === undefined || archivedAt >= since).map(({ id }) => id);
  if (after !== undefined) return succeed({ ids, position: { since, startedAt, after }, hasMore: true });
  return succeed({ ids, position: { since: startedAt - deletionOverlapMs }, hasMore: false });
}

const walkPosition = z.object({ after: z.string() });

async function walkPage(call: Call<HubspotApi>, type: ObjectType, sweep: Sweep): Promise<Result<ChangesPage>> {
  const stored = walkPosition.safeParse(sweep.position);
  const page = await listPage(call, type, stored.success ? stored.data.after : undefined, false);
  if (!page.ok) return page;

  const { results, after } = page.value;
  const ids = results.map(({ id }) => id);
  return succeed({ ids, position: after === undefined ? null : { after }, hasMore: after !== undefined });
}

function listPage(call: Call<HubspotApi>, type: ObjectType, after: string | undefined, isArchived: boolean) {
  return call(
    { route: `${type.path}.list${isArchived ? '.archived' : ''}`, isRepeatable: true, budgets: callBudgets },
    (api, signal) => api.list(type, { limit: listPageSize, after, isArchived }, signal),
  );
}
