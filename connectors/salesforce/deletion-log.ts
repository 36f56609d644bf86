import type { Result } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import { instantOf } from './instant.ts';
import { recordIdOf } from './record-id.ts';
import type { Row } from './run-query.ts';
import type { SalesforceApi } from './salesforce-api.ts';

/** What the log of deletions says of a window. */
export interface DeletionLog {
  /** In order of time, then id. */
  readonly deletions: readonly { readonly id: string; readonly at: number }[];
  /** Up to when the log is complete, ms; may be earlier than the window's end. */
  readonly coveredUntil: number;
}

/** How far back the log reaches, ms: 15 days, less a margin for clocks and whole minutes. */
export const logReachMs = 15 * 86_400_000 - 600_000;

/**
 * Asks for the ids deleted in a window, recycle bin or not.
 *
 * *Shape*: the window (ms) may depend on the server's clock, which is told (0 when no answer gave it yet). *Bounds*: whole
 * minutes only (Salesforce ignores seconds), at least one; 600,000 ids. *Faults*: `EXCEEDED_ID_LIMIT` beyond that.
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_getdeleted.htm
 */
export async function readDeletionLog(
  call: Call<SalesforceApi>,
  object: string,
  windowAt: (serverTime: number) => { readonly start: number; readonly end: number },
): Promise<Result<DeletionLog>> {
  return call({ route: `${object}.deleted`, isRepeatable: true, budgets: ['daily'] }, async (api, signal) => {
    const { start, end } = windowAt(api.serverTime());
    const query = new URLSearchParams({ start: minuteOf(start), end: minuteOf(Math.max(end, start + minuteMs)) });
    const body = await api.request({ method: 'GET', path: `/sobjects/${object}/deleted/?${query.toString()}` }, signal);
    const { deletedRecords, latestDateCovered } = (typeof body === 'object' && body !== null ? body : {}) as Row;
    if (!Array.isArray(deletedRecords)) throw new TypeError('Salesforce answered no log of deletions.');
    const deletions = (deletedRecords as readonly Row[]).flatMap((entry) => {
      const id = typeof entry.id === 'string' ? recordIdOf(entry.id) : undefined;
      const at = instantOf(entry.deletedDate);
      return id === undefined || at === undefined ? [] : [{ id, at }];
    });
    deletions.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    return { deletions, coveredUntil: instantOf(latestDateCovered) ?? end };
  });
}

const minuteMs = 60_000;

function minuteOf(epochMs: number): string {
  return `${new Date(Math.floor(epochMs / minuteMs) * minuteMs).toISOString().slice(0, 19)}+00:00`;
}
