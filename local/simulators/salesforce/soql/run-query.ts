import type { ApiError } from '../api-error.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { StoredRecord } from '../stored-record.ts';
import { type BoundQuery, bindQuery, type RecordToJson } from './bind-query.ts';
import { parseQuery } from './parse-query.ts';

/** What a query found: all matching records as they were at that moment, to be turned into JSON page by page. */
export interface QueryRows {
  readonly isCount: boolean;
  readonly totalSize: number;
  /** Empty for a count. */
  readonly records: readonly StoredRecord[];
  readonly toJson: RecordToJson;
}

export type QueryOutcome =
  | { readonly ok: true; readonly rows: QueryRows }
  | { readonly ok: false; readonly error: ApiError };

/** Runs a query. `includesDeleted` is what makes `queryAll` different from `query`. */
export function runQuery(soql: string, store: RecordStore, includesDeleted: boolean): QueryOutcome {
  const parsed = parseQuery(soql);
  if (!parsed.ok) return parsed;
  const bound = bindQuery(soql, parsed.query, store, includesDeleted);
  if (!bound.ok) return bound;
  const records = collect(bound.query);
  const { isCount, toJson } = bound.query;
  return { ok: true, rows: { isCount, totalSize: records.length, records: isCount ? [] : records, toJson } };
}

function collect(query: BoundQuery): StoredRecord[] {
  const end = query.limit === undefined ? Number.POSITIVE_INFINITY : query.offset + query.limit;
  const found: StoredRecord[] = [];
  if (end === 0) return found;
  for (const record of query.access.candidates()) {
    if (!query.matches(record)) continue;
    found.push(record);
    // Without sorting to do, the first ones found are the ones asked for.
    if (query.compare === undefined && found.length >= end) break;
  }
  if (query.compare !== undefined) found.sort(query.compare);
  return found.slice(query.offset, Number.isFinite(end) ? end : undefined);
}
