import { formatInstant, parseInstant } from '../instants.ts';
import type { ObjectTable } from '../store/object-table.ts';
import { isDeleted, type StoredRecord } from '../stored-record.ts';
import { type ApiAnswer, type ApiCall, type ApiRoute, apiErrors } from './api-route.ts';
import { withObject } from './record-routes.ts';

/**
 * What was deleted or changed in a span of time.
 * *Bounds*: 15 days back, 600,000 ids; the seconds of both ends are ignored.
 * *Source*: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_getdeleted.htm
 */
export const replicationRoutes: readonly ApiRoute[] = [
  { method: 'GET', path: 'sobjects/:object/deleted', writes: false, answer: deleted },
  { method: 'GET', path: 'sobjects/:object/updated', writes: false, answer: updated },
];

const daysBackMax = 15;
const idsMax = 600_000;
const minuteMs = 60_000;

function deleted(call: ApiCall): ApiAnswer {
  return withSpan(call, (table, { start, end }) => {
    const records = stampedBetween(table, start, end, isDeleted);
    return answerIds(records, (found) => ({
      deletedRecords: found.map((record) => ({ id: record.id, deletedDate: formatInstant(record.systemModstamp) })),
      earliestDateAvailable: formatInstant(earliestStart(call)),
      latestDateCovered: formatInstant(end),
    }));
  });
}

function updated(call: ApiCall): ApiAnswer {
  return withSpan(call, (table, { start, end }) => {
    const records = stampedBetween(table, start, end, (record) => !isDeleted(record));
    return answerIds(records, (found) => ({
      ids: found.map((record) => record.id),
      latestDateCovered: formatInstant(end),
    }));
  });
}

interface Span {
  readonly start: number;
  /** Never in the future: what is covered ends now. */
  readonly end: number;
}

function withSpan(call: ApiCall, answer: (table: ObjectTable, span: Span) => ApiAnswer): ApiAnswer {
  return withObject(call, (object) => {
    const start = minuteOf(call.query.get('start'));
    const end = minuteOf(call.query.get('end'));
    if (start === undefined || end === undefined) {
      return apiErrors(400, { errorCode: 'INVALID_ARGUMENT_TYPE', message: 'start and end are instants with a zone' });
    }
    if (end - start < minuteMs) return invalidSpan('startDate must be more than one minute before endDate');
    if (start < earliestStart(call)) return invalidSpan('startDate cannot be more than 15 days ago');
    return answer(call.state.org.store.table(object.name), { start, end: Math.min(end, call.state.org.now()) });
  });
}

function minuteOf(text: string | null): number | undefined {
  // A plus sign that was not escaped reaches the query as a space.
  const instant = parseInstant((text ?? '').replace(' ', '+'));
  return instant === undefined ? undefined : Math.floor(instant / minuteMs) * minuteMs;
}

function earliestStart(call: ApiCall): number {
  return call.state.org.now() - daysBackMax * 24 * 60 * minuteMs;
}

function stampedBetween(
  table: ObjectTable,
  start: number,
  end: number,
  isWanted: (record: StoredRecord) => boolean,
): StoredRecord[] {
  const found: StoredRecord[] = [];
  for (const record of table.byModstamp('ascending', start)) {
    if (record.systemModstamp >= end || found.length > idsMax) break;
    if (isWanted(record)) found.push(record);
  }
  return found;
}

function answerIds(records: readonly StoredRecord[], json: (found: readonly StoredRecord[]) => unknown): ApiAnswer {
  if (records.length <= idsMax) return { status: 200, json: json(records), records: records.length };
  return apiErrors(400, { errorCode: 'EXCEEDED_ID_LIMIT', message: `more than ${idsMax} ids were found` });
}

function invalidSpan(message: string): ApiAnswer {
  return apiErrors(400, { errorCode: 'INVALID_REPLICATION_DATE', message });
}
