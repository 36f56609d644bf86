import type { Result } from '../../domain/model/fault.ts';
import type { ChangesPage } from '../../domain/pipeline/ports.ts';
import type { Call } from '../kit/connector.ts';
import type { FoundRow } from '../kit/told-rows.ts';
import type { AgreementRow } from './answers.ts';
import { exactInstant } from './exact-instant.ts';
import type { MarketplaceApi } from './marketplace-api.ts';
import { searchProposed } from './search-agreements.ts';
import { type Sweep, sweepAll, sweepChanges } from './sweep-list.ts';

/** How far passes overlap, ms: as long as a day's outage of the events they stand in for. */
export const overlapMs = 86_400_000;

/**
 * One page of the agreements, for the news in it.
 *
 * AWS tells changes of agreements by events only: there is no filter and no order by what was modified. What stands in for them until
 * the nightly walk is a pass through the list, *one page each run*, so that it costs one call a minute however many agreements
 * there are. The list has the latest end first; a pass ends where every agreement has ended before what it looks for. A row is
 * news when it was accepted, began or ended since, or has ended before its time; each is told once.
 */
export function sweepAgreementChanges(call: Call<MarketplaceApi>, sweep: Sweep): Promise<Result<ChangesPage>> {
  return sweepChanges<AgreementRow>(sweep, {
    overlapMs,
    goesOnAtOnce: false,
    askPage: (token) => searchProposed(call, token),
    newsIn: (rows, since, now) =>
      rows.filter((row) => isNews(row, since, now)).map((row) => ({ id: row.agreementId, found: asFound(row, now) })),
    isBehind,
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
