import { type Fault, fail, type Result, succeed } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import type { Call } from '../kit/connector.ts';
import { type FoundRow, openToldRows } from '../kit/told-rows.ts';
import { instantOf } from './instant.ts';
import { asText, type Json } from './json.ts';
import { listPage } from './list-page.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { type ChangesPosition, readChangesPosition } from './sweep-position.ts';

/**
 * One page of the opportunities that changed since the last pass.
 *
 * ```
 *  first pass:  newest ◀── page ◀── page ◀── before the connection began     (there is no change time of AWS's to begin at yet)
 *  afterwards:  from ──▶ page ──▶ page ──▶ end                               from: a change time AWS told, minutes before the newest
 * ```
 *
 * A pass begins only at a change time that AWS itself wrote, so the hub's clock does not matter; AWS takes it inclusively. What lies in the
 * overlap is told of once; and once more if its time has no fraction, as older ones have none, and its second may not have been over.
 * *Bounds*: 100 ids a page, one call.
 */
export async function sweepChanges(
  call: Call<PartnerCentralApi>,
  sweep: { readonly position: unknown; readonly connectedAt: number; readonly now: number },
): Promise<Result<ChangesPage>> {
  const position = readChangesPosition(sweep.position);
  const { from, token } = position;
  const input =
    from === undefined ? newestFirst : { ...oldestFirst, LastModifiedDate: { AfterLastModifiedDate: from } };
  const page = await listPage(call, { operation: 'ListOpportunities', rows: 'OpportunitySummaries', input }, token);
  if (!page.ok) return page;
  if (page.value === 'lost') return succeed(again(position));
  const rows = page.value.rows.map(foundRow);
  if (!rows.every((row) => row !== undefined)) return fail(badRow);

  const since = sweep.connectedAt - overlapMs;
  const wanted = from === undefined ? rows.filter(({ at }) => at >= since) : rows;
  const newest = latest(rows, position.newest, sweep.now);
  const marks = thinned([...position.marks, ...rows.map(({ text }) => text)], newest.stamp);
  const { fresh, told } = tellNew(position.told, wanted, {
    from: instantOf(marks[0]) ?? 0,
    to: newest.stamp - (sweep.now - newest.at > 2 * secondMs ? 0 : secondMs),
  });
  const ids = [...new Set(fresh.map(({ opportunity }) => opportunity))];
  const isOver = page.value.next === undefined || (from === undefined && rows.some(({ at }) => at < since));
  const next = isOver
    ? { ...(marks[0] === undefined ? {} : { from: marks[0] }), marks, told, newest }
    : { ...position, marks, told, newest, token: page.value.next };
  return succeed({ ids, position: next, hasMore: !isOver });
}

const newestFirst = { Sort: { SortBy: 'LastModifiedDate', SortOrder: 'DESCENDING' } } as const;
const oldestFirst = { Sort: { SortBy: 'LastModifiedDate', SortOrder: 'ASCENDING' } } as const;

/** Longer than a change takes to be seen by a list, and than clocks differ. */
const overlapMs = 300_000;
const secondMs = 1_000;
const minuteMs = 60_000;

/** The next pass begins where this one began; what was told of already is remembered. */
function again({ token: _lost, ...position }: ChangesPosition): ChangesPage {
  return { ids: [], position, hasMore: false };
}

const badRow: Fault = {
  kind: 'defect',
  code: 'BAD_ANSWER',
  message: 'A changed opportunity had no id or no change time.',
};

interface ChangedRow extends FoundRow {
  readonly opportunity: string;
  /** The change time as AWS wrote it. */
  readonly text: string;
}

/** Rows of one millisecond differ by the digits after it, so that the whole text is part of what they are known by. */
function foundRow({ Id, LastModifiedDate }: Json): ChangedRow | undefined {
  const opportunity = asText(Id);
  const text = asText(LastModifiedDate);
  const at = instantOf(text);
  if (opportunity === undefined || text === undefined || at === undefined) return undefined;
  return { id: `${opportunity} ${text}`, at, opportunity, text };
}

/** The oldest mark of each minute, from the last that lies before the overlap on. */
function thinned(texts: readonly string[], newest: number): readonly string[] {
  const byMinute = new Map<number, { readonly text: string; readonly at: number }>();
  for (const text of texts) {
    const at = instantOf(text);
    if (at === undefined) continue;
    const minute = Math.floor(at / minuteMs);
    const held = byMinute.get(minute);
    if (held === undefined || at < held.at) byMinute.set(minute, { text, at });
  }
  const marks = [...byMinute.values()].toSorted((a, b) => a.at - b.at);
  const first = Math.max(
    0,
    marks.findLastIndex(({ at }) => at <= newest - overlapMs),
  );
  return marks.slice(first).map(({ text }) => text);
}

/** The latest change time of all rows read. It shows what AWS's clock stood at, at least, whatever the hub's clock says. */
function latest(rows: readonly FoundRow[], before: ChangesPosition['newest'], now: number): ChangesPosition['newest'] {
  const stamp = Math.max(...rows.map(({ at }) => at), before.stamp);
  return stamp > before.stamp ? { stamp, at: now } : before;
}

/** Sorts out what was told of already, and remembers what need not be told of again. Older stamps than `from` are not read again. */
function tellNew(
  memory: ChangesPosition['told'],
  rows: readonly ChangedRow[],
  remembered: { readonly from: number; readonly to: number },
): { readonly fresh: readonly ChangedRow[]; readonly told: ChangesPosition['told'] } {
  const told = openToldRows(memory);
  const fresh = rows.filter((row) => !told.has(row));
  told.keep((_from, to) => to > remembered.from);
  for (const row of fresh) {
    // With a fraction of a second in it, the same time cannot come again once it was read.
    const isOver = row.at <= remembered.to || row.text.includes('.');
    if (row.at >= remembered.from && isOver) told.add(row);
  }
  return { fresh, told: told.memory() };
}
