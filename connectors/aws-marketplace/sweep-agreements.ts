import { type Result, succeed } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import type { Call } from '../kit/connector.ts';
import { type FoundRow, openToldRows } from '../kit/told-rows.ts';
import type { AgreementRow } from './answers.ts';
import { exactInstant } from './exact-instant.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import { searchProposed } from './search-agreements.ts';
import { pageFrom, sweepAll } from './sweep-list.ts';
import { type ChangesPosition, readChangesPosition } from './sweep-position.ts';

/** How far passes overlap, ms: as long as a day's outage of the events they stand in for. */
export const overlapMs = 86_400_000;

interface Sweep {
  readonly position: unknown;
  readonly connectedAt: number;
  readonly now: number;
}

/**
 * One page of the agreements, for the news in it.
 *
 * AWS tells changes of agreements by events only: there is no filter and no order by what was modified. What stands in for them until
 * the nightly walk is a pass through the list, *one page each run*, so that it costs one call a minute however many agreements
 * there are. The list has the latest end first; a pass ends where every agreement has ended before what it looks for. A row is
 * news when it was accepted, began or ended since, or has ended before its time; each is told once.
 */
export async function sweepAgreementChanges(
  call: Call<MarketplaceApi>,
  { position: stored, connectedAt, now }: Sweep,
): Promise<Result<ChangesPage>> {
  const position = readChangesPosition(stored, connectedAt - overlapMs);
  const answer = await pageFrom(position, (token) => searchProposed(call, token));
  if (!answer.ok) return answer;
  const { page } = answer.value;
  if (page === undefined) {
    const anew: ChangesPosition = { ...position, token: undefined, restarts: answer.value.restarts };
    return succeed({ ids: [], position: anew, hasMore: false });
  }
  const awsNow = page.answeredAt ?? now;
  const passBegan = position.passBegan ?? Math.min(awsNow, now);
  const told = openToldRows(position.told);
  const news = page.rows.filter((row) => isNews(row, position.since, awsNow));
  const fresh = news.filter((row) => !told.has(asFound(row, awsNow)));
  for (const row of fresh) told.add(asFound(row, awsNow));
  const ids = [...new Set(fresh.map(({ agreementId }) => agreementId))];
  const token = isBehind(page.rows, position.since) ? undefined : page.next || undefined;
  if (token !== undefined) {
    return succeed({ ids, position: { ...position, token, passBegan, told: told.memory() }, hasMore: false });
  }
  const since = Math.max(position.since, passBegan - overlapMs);
  told.keep((_, toMs) => toMs > since);
  return succeed({
    ids,
    position: { since, restarts: 0, told: told.memory() } satisfies ChangesPosition,
    hasMore: false,
  });
}

/** One page of all agreements. */
export function sweepAllAgreements(call: Call<MarketplaceApi>, { position }: Sweep): Promise<Result<ChangesPage>> {
  return sweepAll<AgreementRow>(
    position,
    (token) => searchProposed(call, token),
    ({ agreementId }) => agreementId,
  );
}

function isNews({ acceptanceTime, startTime, endTime, status }: AgreementRow, since: number, now: number): boolean {
  const isRecent = (told: string | null | undefined): boolean => {
    const ms = exactInstant(told)?.ms;
    return ms !== undefined && ms >= since && ms <= now;
  };
  if (isRecent(acceptanceTime) || isRecent(startTime) || isRecent(endTime)) return true;
  const end = exactInstant(endTime)?.ms;
  return status !== 'ACTIVE' && end !== undefined && end > now;
}

/**
 * A row as it is remembered: by its state and by when it last was news, so that it is told again when either moves, and forgotten once
 * that is out of reach. One that ended before its time is news until then.
 */
function asFound({ agreementId, acceptanceTime, status, endTime, startTime }: AgreementRow, now: number): FoundRow {
  const stamps = [endTime, startTime, acceptanceTime].map((told) => exactInstant(told)?.ms ?? 0);
  const past = Math.max(0, ...stamps.filter((ms) => ms <= now));
  return { id: `${agreementId} ${status}`, at: status === 'ACTIVE' ? past : Math.max(...stamps) };
}

/** Whether this page and all after it ended before what the pass looks for. An agreement without an end is never behind. */
function isBehind(rows: readonly AgreementRow[], since: number): boolean {
  const end = exactInstant(rows.at(-1)?.endTime)?.ms;
  return end !== undefined && end < since;
}
