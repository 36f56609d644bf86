import type { AuditDifference } from '../../audit/difference.ts';
import { type AuditWindow, addToWindow, isWindowFull } from '../../audit/window.ts';
import { type Fault, isWaiting, type Result, succeed } from '../../model/fault.ts';
import type { Hub } from '../ports.ts';
import { type AuditContext, readBundles } from './audit-context.ts';
import { auditElsewhere } from './audit-elsewhere.ts';
import { auditGone } from './audit-gone.ts';
import { type AuditedRecords, auditRecords } from './audit-records.ts';
import { queueRepairs, type Repairs } from './audit-repairs.ts';

/** Where an audit of one object stands. Plain JSON: whoever asks for the pages keeps it. */
export interface AuditCursor {
  /** First every record that the system lists, then those it says it has deleted. */
  readonly phase: 'records' | 'deletions';
  /** The connector's own place behind `listed`. */
  readonly position?: unknown;
  /** Ids listed and not yet looked at. */
  readonly listed: readonly string[];
  /** Whether the system lists more behind them. */
  readonly hasMore: boolean;
  /** The window that the next record belongs to. */
  readonly window?: AuditWindow;
}

/** What to look at. */
export interface AuditRequest {
  readonly connection: string;
  readonly object: string;
  /** As the last page answered; `undefined` to begin. */
  readonly cursor: AuditCursor | undefined;
  /**
   * Look at these records only, once more: at what they hold themselves (`own`), or at what of them other connections lack
   * (`elsewhere`). At most 200.
   */
  readonly again?: { readonly ids: readonly string[]; readonly look: 'own' | 'elsewhere' };
  /** Seats (`connection#object`) that are walked by the same audit; `undefined` for all. A record missing elsewhere is told by one of them. */
  readonly scope: ReadonlySet<string> | undefined;
  /** End the page when so many records were looked at. */
  readonly most?: number;
  /** Whether to queue what would put the differences right. */
  readonly isRepairing: boolean;
}

/** What an audit found on one page. */
export interface AuditPage {
  /** Records of the object: looked at, kept out by the mapping's `take`, and the same on both sides. */
  readonly looked: number;
  readonly leftOut: number;
  readonly same: number;
  /** Of this object; and of others, what is missing or gone there of the records looked at. */
  readonly differences: readonly AuditDifference[];
  /** Connections that could not be asked whether the records' seats there still are. */
  readonly unchecked: readonly string[];
  /** Windows that ended on this page. */
  readonly windows: readonly AuditWindow[];
  readonly queued: Repairs;
  readonly cursor: AuditCursor;
  readonly hasMore: boolean;
  /** Present when the page ended early: the system's allowance for work that is not live is spent, or it does not answer. */
  readonly waits?: { readonly ms: number; readonly code: string };
}

/** Records looked at together: two full reads of most systems. */
const SLICE_IDS_MAX = 200;
/** Slices of one page, at most; bounds the size of an answer. */
const SLICES_MAX = 10;
const WAIT_DEFAULT_MS = 5_000;

/**
 * Audits the next records of one object: reads them from their system, holds each against what the hub's unified record
 * says should be there, and looks whether the records' other seats are still there. Writes nothing; when asked, queues
 * notices and deliveries for what a repair can put right. All vendor calls leave room for live ones.
 *
 * *Bounds*: memory for one listing of the system (up to 2,000 ids) and one slice of records.
 *
 * *Faults*: what is merely to be waited for ends the page early (`waits`); anything else fails it.
 */
export async function auditPage(
  hub: Hub,
  request: AuditRequest,
  hasTime: () => boolean = () => true,
): Promise<Result<AuditPage>> {
  const system = await hub.system(request.connection);
  if (!system.ok) return system;
  const context = { ...request, hub, system: system.value };
  if (request.again !== undefined) return auditAgain(context, request, request.again);
  let page: AuditPage = { ...EMPTY, cursor: request.cursor ?? BEGINNING };
  const { most = Number.POSITIVE_INFINITY } = request;
  for (let slice = 0; page.hasMore && slice < SLICES_MAX; slice++) {
    if (page.looked >= most || (slice > 0 && !hasTime())) break;
    const next = await takeStep(context, page, Math.min(SLICE_IDS_MAX, most - page.looked));
    if (!next.ok && isWaiting(next.fault)) {
      page = { ...page, waits: waitFor(next.fault) };
      break;
    }
    // What was found before is handed over; the next page meets the fault again.
    if (!next.ok && slice > 0) break;
    if (!next.ok) return next;
    page = next.value;
  }
  return end(context, request, page);
}

/** Queues the repairs, if asked for, and says in the log what was found. */
async function end(
  { hub, connection, object }: AuditContext,
  { isRepairing }: AuditRequest,
  page: AuditPage,
): Promise<Result<AuditPage>> {
  const queued = isRepairing ? await queueRepairs(hub, page.differences) : page.queued;
  const { looked, same, differences, waits } = page;
  hub.log('audit', { connection, object, looked, same, different: differences.length, ...queued, waits: waits?.code });
  return succeed({ ...page, queued });
}

const BEGINNING: AuditCursor = { phase: 'records', listed: [], hasMore: true };
const EMPTY: AuditPage = {
  looked: 0,
  leftOut: 0,
  same: 0,
  differences: [],
  unchecked: [],
  windows: [],
  queued: { notices: 0, deliveries: 0 },
  cursor: BEGINNING,
  hasMore: true,
};

async function auditAgain(
  context: AuditContext,
  request: AuditRequest,
  { ids, look }: NonNullable<AuditRequest['again']>,
): Promise<Result<AuditPage>> {
  const last = { ...EMPTY, hasMore: false };
  const page = look === 'own' ? await lookAtOwn(context, ids, last) : await lookElsewhere(context, ids, last);
  if (page.ok) return end(context, request, page.value);
  return isWaiting(page.fault) ? succeed({ ...last, waits: waitFor(page.fault) }) : page;
}

async function lookAtOwn(context: AuditContext, ids: readonly string[], last: AuditPage): Promise<Result<AuditPage>> {
  const records = await auditRecords(context, ids);
  if (!records.ok) return records;
  return succeed({ ...last, ...countsOf(records.value), differences: records.value.differences });
}

async function lookElsewhere(
  context: AuditContext,
  ids: readonly string[],
  last: AuditPage,
): Promise<Result<AuditPage>> {
  const elsewhere = await auditElsewhere(context, await readBundles(context, ids));
  return elsewhere.ok ? succeed({ ...last, ...elsewhere.value }) : elsewhere;
}

/** Lists the next ids, or looks at the next slice of those listed, of `size` at most. A step is done as a whole or not at all. */
async function takeStep(context: AuditContext, page: AuditPage, size: number): Promise<Result<AuditPage>> {
  const { cursor } = page;
  if (cursor.listed.length > 0) return lookAtSlice(context, page, size);
  if (cursor.hasMore) return listMore(context, page);
  if (cursor.phase === 'deletions') return succeed({ ...page, hasMore: false });
  // The last window ends where the records do.
  const windows = cursor.window === undefined ? page.windows : [...page.windows, cursor.window];
  return succeed({ ...page, windows, cursor: { phase: 'deletions', listed: [], hasMore: true } });
}

async function listMore(context: AuditContext, page: AuditPage): Promise<Result<AuditPage>> {
  const { hub, connection, object, system } = context;
  const { phase, position } = page.cursor;
  const mode = phase === 'records' ? 'walk' : 'deletions';
  const { connectedAt } = await hub.connectionState(connection);
  const listed = await system.changes(object, mode, position, connectedAt, 'backfill');
  if (!listed.ok) return listed;
  const { ids, hasMore } = listed.value;
  return succeed({ ...page, cursor: { ...page.cursor, position: listed.value.position, listed: ids, hasMore } });
}

async function lookAtSlice(context: AuditContext, page: AuditPage, size: number): Promise<Result<AuditPage>> {
  const { cursor } = page;
  const ids = cursor.listed.slice(0, size);
  const rest = { ...cursor, listed: cursor.listed.slice(size) };
  if (cursor.phase === 'deletions') {
    // Of what the system says it has deleted, only what the hub believes to be there is worth a call.
    const gone = await auditGone(context, ids);
    return gone.ok ? succeed({ ...page, differences: [...page.differences, ...gone.value], cursor: rest }) : gone;
  }
  const records = await auditRecords(context, ids);
  if (!records.ok) return records;
  const elsewhere = await auditElsewhere(context, records.value.bundles);
  if (!elsewhere.ok) return elsewhere;
  const { windows, open } = intoWindows(context, records.value, cursor.window);
  const counts = countsOf(records.value);
  return succeed({
    ...page,
    looked: page.looked + counts.looked,
    leftOut: page.leftOut + counts.leftOut,
    same: page.same + counts.same,
    differences: [...page.differences, ...records.value.differences, ...elsewhere.value.differences],
    unchecked: [...new Set([...page.unchecked, ...elsewhere.value.unchecked])],
    windows: [...page.windows, ...windows],
    cursor: open === undefined ? withoutWindow(rest) : { ...rest, window: open },
  });
}

function intoWindows(
  context: AuditContext,
  { entries }: AuditedRecords,
  before: AuditWindow | undefined,
): { readonly windows: readonly AuditWindow[]; readonly open: AuditWindow | undefined } {
  const { hub, connection, object } = context;
  const about = { connection, object, mappingVersion: hub.mapping(connection, object)?.version ?? 0 };
  const windows: AuditWindow[] = [];
  let open = before;
  for (const entry of entries) {
    open = addToWindow(open, about, entry);
    if (!isWindowFull(open)) continue;
    windows.push(open);
    open = undefined;
  }
  return { windows, open };
}

function withoutWindow({ window: _ended, ...cursor }: AuditCursor): AuditCursor {
  return cursor;
}

function countsOf({ looked, leftOut, same }: AuditedRecords): Pick<AuditPage, 'looked' | 'leftOut' | 'same'> {
  return { looked, leftOut, same };
}

function waitFor({ retryAfterMs, code }: Fault): { readonly ms: number; readonly code: string } {
  return { ms: Math.ceil(retryAfterMs ?? WAIT_DEFAULT_MS), code };
}
