import type { QueryPage } from '../soql/query-cursors.ts';
import { runQuery } from '../soql/run-query.ts';
import { type ApiAnswer, type ApiCall, type ApiRoute, apiErrors } from './api-route.ts';

/** SOQL over GET, and the pages that follow. Both kinds of query share the cursors, as clients follow either address. */
export const queryRoutes: readonly ApiRoute[] = [
  { method: 'GET', path: 'query', writes: false, answer: (call) => query(call, false) },
  { method: 'GET', path: 'queryAll', writes: false, answer: (call) => query(call, true) },
  { method: 'GET', path: 'query/:locator', writes: false, answer: nextPage },
  { method: 'GET', path: 'queryAll/:locator', writes: false, answer: nextPage },
];

const pageSizeDefault = 2_000;
const pageSizeMin = 200;

function query(call: ApiCall, includesDeleted: boolean): ApiAnswer {
  const { org, cursors } = call.state;
  const soql = call.query.get('q');
  if (soql === null) return apiErrors(400, { errorCode: 'MALFORMED_QUERY', message: 'SOQL query is missing' });
  const outcome = runQuery(soql, org.store, includesDeleted);
  if (!outcome.ok) return apiErrors(400, outcome.error);
  const { rows } = outcome;
  if (rows.isCount) return { status: 200, json: { totalSize: rows.totalSize, done: true, records: [] } };
  return answerPage(call, cursors.firstPage(rows, pageSizeOf(call)));
}

function nextPage(call: ApiCall): ApiAnswer {
  const page = call.state.cursors.nextPage(call.params.locator ?? '');
  if (page !== undefined) return answerPage(call, page);
  return apiErrors(400, { errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' });
}

function answerPage(call: ApiCall, { rows, records, next }: QueryPage): ApiAnswer {
  const json = {
    totalSize: rows.totalSize,
    done: next === undefined,
    ...(next === undefined ? {} : { nextRecordsUrl: `${call.dataPath}/query/${next}` }),
    records: records.map((record) => rows.toJson(record, call.dataPath)),
  };
  return { status: 200, json, records: records.length };
}

/** `Sforce-Query-Options: batchSize=500`, kept between 200 and 2,000. */
function pageSizeOf(call: ApiCall): number {
  const wanted = /\bbatchSize\s*=\s*(\d{1,6})\b/i.exec(String(call.headers['sforce-query-options'] ?? ''))?.[1];
  if (wanted === undefined) return pageSizeDefault;
  return Math.min(pageSizeDefault, Math.max(pageSizeMin, Number(wanted)));
}
