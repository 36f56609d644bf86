import { fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import type { Call } from '../kit/connector.ts';
import { type FoundRow, openToldRows, type ToldRowsMemory } from '../kit/told-rows.ts';
import { instantOf } from './instant.ts';
import { recordIdOf } from './record-id.ts';
import { type Row, runQuery } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import { type Soql, soql, soqlInstant } from './soql.ts';
import { type ObjectShape, sweptChildren } from './standard-objects.ts';
import { type ChangesPosition, type FeedPosition, readChangesPosition } from './sweep-position.ts';

/**
 * One page of the records that changed since the last pass.
 *
 * ```
 *   passSince            now
 *      │ ──── page ──── page ──┐ many rows of one second, more than a page:
 *      │                       └─▶ by their own query, ordered by id, until they end; then on
 *   ◀──▶ overlap: the next pass begins this much before this one began
 * ```
 *
 * Rows are read by `SystemModstamp`, which also moves when no person did it. A page always goes on behind the last row by (time,
 * id), so ties are neither lost nor read again. The overlap is bound to the pass's own beginning, not to the last row:
 * an org at rest is not read again and again. What lies in the overlap is read by several
 * passes and told of once. *Bounds*: 2,000 ids a page, one call.
 */
export async function sweepChanges(
  call: Call<SalesforceApi>,
  object: ObjectShape,
  sweep: { readonly position: unknown; readonly connectedAt: number; readonly now: number },
): Promise<Result<ChangesPage>> {
  const position = readChangesPosition(sweep.position, sweep.connectedAt - overlapMs);
  const passBegan = position.passBegan ?? sweep.now;
  const feeds = feedsOf(object);
  const feed = feeds[position.feed] ?? feeds[0];
  const answer = await runQuery(
    call,
    { route: `${object.name}.changes`, withDeleted: feed.withDeleted, rowsMax: pageMax },
    () => feed.select(position),
  );
  // An org that does not know such rows, or hides them from the hub, has no changes of them.
  const rows = !answer.ok && feed !== feeds[0] && answer.fault.code === 'INVALID_TYPE' ? succeed([]) : answer;
  if (!rows.ok) return rows;
  const next = behind(rows.value, position);
  const found = rows.value.map(foundRow);
  if (next === undefined || !found.every((row) => row !== undefined)) {
    return fail({ kind: 'defect', code: 'BAD_ANSWER', message: 'A changed row had no id or no change time.' });
  }
  const newest = latest(found, position.newest, sweep.now);
  const over = newest.stamp - (sweep.now - newest.at > 2 * secondMs ? 0 : secondMs);
  const { fresh, told } = tellNew(position.told, found, { from: passBegan - overlapMs, to: over });
  const ids = [...new Set(fresh.map(({ row }) => feed.idOf(row)).filter((id) => id !== undefined))];
  const { passSince, feed: place } = position;
  if (next !== 'end') {
    return succeed({ ids, position: { ...next, passBegan, passSince, feed: place, told, newest }, hasMore: true });
  }
  if (place + 1 < feeds.length) {
    const start = { since: passSince, isPast: false, passBegan, passSince, feed: place + 1, told, newest };
    return succeed({ ids, position: start, hasMore: true });
  }
  const since = Math.max(passBegan - overlapMs, passSince);
  return succeed({
    ids,
    position: { since, isPast: false, passSince: since, feed: 0, told, newest },
    hasMore: false,
  });
}

/** Stamps have whole seconds. */
const secondMs = 1_000;

/** The latest change time of all rows read. It shows what the org's clock stood at, at least, whatever the hub's clock says. */
function latest(rows: readonly FoundRow[], before: ChangesPosition['newest'], now: number): ChangesPosition['newest'] {
  const stamp = Math.max(...rows.map(({ at }) => at), before.stamp);
  return stamp > before.stamp ? { stamp, at: now } : before;
}

/**
 * Sorts out the rows that were told of already. Those of a second that may not be over are told of again in the next pass:
 * another change of the same row in that second would look just like the first. A second is over when a later one was read,
 * or when it was read some seconds ago. What is older than `from` is not read again, so it need not be remembered.
 */
function tellNew<Found extends FoundRow>(
  memory: ToldRowsMemory,
  rows: readonly Found[],
  remembered: { readonly from: number; readonly to: number },
): { readonly fresh: readonly Found[]; readonly told: ToldRowsMemory } {
  const told = openToldRows(memory);
  const fresh = rows.filter((row) => !told.has(row));
  told.keep((_from, to) => to > remembered.from);
  for (const row of fresh) if (row.at >= remembered.from && row.at <= remembered.to) told.add(row);
  return { fresh, told: told.memory() };
}

function foundRow(row: Row): (FoundRow & { readonly row: Row }) | undefined {
  const at = instantOf(row.SystemModstamp);
  return at === undefined || typeof row.Id !== 'string' ? undefined : { id: row.Id, at, row };
}

/**
 * Longer than a transaction takes from stamping its rows to committing them, and than clocks differ. Apex may run for ten
 * minutes when it waits for other systems; what commits that late is found by the slow walk.
 */
const overlapMs = 300_000;
const pageMax = 2_000;

interface Feed {
  /** Whether rows in the recycle bin count as changes of what they belong to. */
  readonly withDeleted: boolean;
  select(position: FeedPosition): Soql;
  idOf(row: Row): string | undefined;
}

/** The object itself; and for opportunities the rows below them that do not stamp the opportunity when they change. */
function feedsOf(object: ObjectShape): readonly [Feed, ...Feed[]] {
  const own: Feed = {
    withDeleted: false,
    select: (position) => soql`SELECT Id, SystemModstamp FROM ${{ text: object.name }} ${rangeOf(position)}`,
    idOf: (row) => (typeof row.Id === 'string' ? recordIdOf(row.Id) : undefined),
  };
  const children = object.childFields.flatMap((field) => sweptChildren[field] ?? []);
  return [
    own,
    ...children.map(
      (child): Feed => ({
        withDeleted: true,
        select: (position) =>
          soql`SELECT Id, OpportunityId, SystemModstamp FROM ${{ text: child }} ${rangeOf(position)}`,
        idOf: (row) => (typeof row.OpportunityId === 'string' ? recordIdOf(row.OpportunityId) : undefined),
      }),
    ),
  ];
}

function rangeOf({ since, isPast, afterId }: FeedPosition): Soql {
  const at = soqlInstant(since);
  if (afterId !== undefined) {
    return soql`WHERE SystemModstamp = ${at} AND Id > ${afterId} ORDER BY Id LIMIT ${pageMax}`;
  }
  return isPast
    ? soql`WHERE SystemModstamp > ${at} ORDER BY SystemModstamp, Id LIMIT ${pageMax}`
    : soql`WHERE SystemModstamp >= ${at} ORDER BY SystemModstamp, Id LIMIT ${pageMax}`;
}

/** Where to go on behind these rows; `undefined` when the last of them does not say where it stands. */
function behind(rows: readonly Row[], position: FeedPosition): FeedPosition | 'end' | undefined {
  const isFull = rows.length >= pageMax;
  const isTie = position.afterId !== undefined;
  if (!isFull) return isTie ? { since: position.since, isPast: true } : 'end';
  const last = rows.at(-1);
  const at = instantOf(last?.SystemModstamp);
  const id = last?.Id;
  return at === undefined || typeof id !== 'string' ? undefined : { since: at, isPast: false, afterId: id };
}
