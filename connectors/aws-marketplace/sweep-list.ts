import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import { type FoundRow, openToldRows } from '../kit/told-rows.ts';
import type { Page } from './ask.ts';
import {
  type ChangesPosition,
  type ListPosition,
  readChangesPosition,
  readListPosition,
  restartsMax,
} from './sweep-position.ts';

/** What a connector is asked for a page of a sweep. Times in ms. */
export interface Sweep {
  readonly position: unknown;
  readonly connectedAt: number;
  readonly now: number;
}

/** A page of a list and AWS's own clock when it answered, ms. */
export type DatedPage<Row> = Page<Row> & { readonly answeredAt?: number | undefined };

/** A row that tells of a change: the record, and how it is remembered. */
export interface NewsRow {
  readonly id: string;
  readonly found: FoundRow;
}

/** How a list is looked through for changes. */
export interface ChangesList<Row> {
  /** How far passes overlap, ms. */
  readonly overlapMs: number;
  /** A pass of several pages goes on at once; else with the next run. */
  readonly goesOnAtOnce: boolean;
  askPage(token: string | undefined, since: number): Promise<Result<DatedPage<Row>>>;
  /** The rows of a page that are news since then. `now` is AWS's. */
  newsIn(rows: readonly Row[], since: number, now: number): readonly NewsRow[];
  /** Whether no page after this one can hold news; the list's end always ends a pass. */
  isBehind(rows: readonly Row[], since: number): boolean;
}

/**
 * A page on from a position, or where to begin anew because AWS refused the token.
 *
 * AWS does not say how long its tokens live. One that is refused begins the pass anew: pages told twice do no harm. *Faults*:
 * `defect` with code `TOKENS_REFUSED` when that happened three times in one pass.
 */
async function pageFrom<Row>(
  position: ListPosition,
  askPage: (token: string | undefined) => Promise<Result<DatedPage<Row>>>,
): Promise<Result<{ readonly page: DatedPage<Row> } | { readonly page?: undefined; readonly restarts: number }>> {
  const answer = await askPage(position.token);
  if (answer.ok) return succeed({ page: answer.value });
  if (position.token === undefined || answer.fault.kind !== 'rejected') return answer;
  return position.restarts >= restartsMax ? fail(tokensRefused) : succeed({ restarts: position.restarts + 1 });
}

/**
 * One page of a pass through a list, for what changed since the last one; each change is told once. The next pass begins before this one
 * did, by {@link ChangesList.overlapMs}. *Bounds*: one call.
 */
export async function sweepChanges<Row>(
  { position: stored, connectedAt, now }: Sweep,
  list: ChangesList<Row>,
): Promise<Result<ChangesPage>> {
  const position = readChangesPosition(stored, connectedAt - list.overlapMs);
  const answer = await pageFrom(position, (token) => list.askPage(token, position.since));
  if (!answer.ok) return answer;
  const { page } = answer.value;
  if (page === undefined) {
    const anew: ChangesPosition = { ...position, token: undefined, restarts: answer.value.restarts };
    return succeed({ ids: [], position: anew, hasMore: list.goesOnAtOnce });
  }
  const awsNow = page.answeredAt ?? now;
  const passBegan = position.passBegan ?? Math.min(awsNow, now);
  const told = openToldRows(position.told);
  const fresh = list.newsIn(page.rows, position.since, awsNow).filter(({ found }) => !told.has(found));
  for (const { found } of fresh) told.add(found);
  const ids = [...new Set(fresh.map(({ id }) => id))];
  const token = list.isBehind(page.rows, position.since) ? undefined : page.next || undefined;
  if (token !== undefined) {
    const further: ChangesPosition = { ...position, token, passBegan, told: told.memory() };
    return succeed({ ids, position: further, hasMore: list.goesOnAtOnce });
  }
  const since = Math.max(position.since, passBegan - list.overlapMs);
  told.keep((_, toMs) => toMs > since);
  const ended: ChangesPosition = { since, restarts: 0, told: told.memory() };
  return succeed({ ids, position: ended, hasMore: false });
}

/** One page of a walk over a whole list. *Bounds*: one call a page. */
export async function sweepAll<Row>(
  stored: unknown,
  askPage: (token: string | undefined) => Promise<Result<Page<Row>>>,
  idOf: (row: Row) => string,
): Promise<Result<ChangesPage>> {
  const position = readListPosition(stored);
  const answer = await pageFrom(position, askPage);
  if (!answer.ok) return answer;
  const { page } = answer.value;
  if (page === undefined) return succeed({ ids: [], position: { restarts: answer.value.restarts }, hasMore: true });
  const token = page.next || undefined;
  return succeed({
    ids: [...new Set(page.rows.map(idOf))],
    position: token === undefined ? { restarts: 0 } : { token, restarts: position.restarts },
    hasMore: token !== undefined,
  });
}

/** AWS Marketplace keeps offers and agreements for good: there is no list of deletions, and nothing that could be in it. */
export const noDeletions: Result<ChangesPage> = succeed({ ids: [], position: null, hasMore: false });

const tokensRefused: Fault = {
  kind: 'defect',
  code: 'TOKENS_REFUSED',
  message: 'AWS Marketplace refused the tokens of its own list several times; the sweep begins anew with the next run.',
};
