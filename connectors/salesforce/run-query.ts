import { type Result, succeed } from '../../domain/model/fault.ts';
import type { Call } from '../kit/connector.ts';
import type { SalesforceApi } from './salesforce-api.ts';
import type { Soql } from './soql.ts';

/** A record of an answer, by field. */
export type Row = Readonly<Record<string, unknown>>;

/** One query. */
export interface QueryRequest {
  readonly route: string;
  /** Also rows in the recycle bin (`queryAll`). */
  readonly withDeleted: boolean;
  /** Most rows the query can give; bounds the pages followed. */
  readonly rowsMax: number;
}

/**
 * Runs a query to its end, over all pages of its answer. The query is built when the session is at hand, because what may be asked
 * depends on what that session's user sees.
 *
 * *Bounds*: one call for 2,000 narrow rows; Salesforce makes pages smaller when rows are wide, down to 200.
 */
export async function runQuery(
  call: Call<SalesforceApi>,
  request: QueryRequest,
  build: (api: SalesforceApi) => Soql,
): Promise<Result<readonly Row[]>> {
  const resource = request.withDeleted ? 'queryAll' : 'query';
  return readPages(call, request, (api) => `/${resource}?q=${encodeURIComponent(build(api).text)}`);
}

/** Follows an answer that came in several pages, such as the children a subquery gave. */
export function followPages(
  call: Call<SalesforceApi>,
  request: Pick<QueryRequest, 'route' | 'rowsMax'>,
  nextRecordsUrl: string,
): Promise<Result<readonly Row[]>> {
  return readPages(call, request, () => nextRecordsUrl);
}

/** What a query, a page of it or a subquery answers. */
export interface QueryAnswer {
  readonly rows: readonly Row[];
  readonly nextRecordsUrl: string | undefined;
}

/** Reads a query's answer; a child list that is `null` is an empty one. *Faults*: `undefined` when it is no such answer. */
export function readQueryAnswer(body: unknown): QueryAnswer | undefined {
  if (body === null) return { rows: [], nextRecordsUrl: undefined };
  if (typeof body !== 'object' || body === undefined) return undefined;
  const { records, nextRecordsUrl } = body as Row;
  if (!Array.isArray(records)) return undefined;
  return {
    rows: records as readonly Row[],
    nextRecordsUrl: typeof nextRecordsUrl === 'string' ? nextRecordsUrl : undefined,
  };
}

const pageRowsMin = 200;

async function readPages(
  call: Call<SalesforceApi>,
  request: Pick<QueryRequest, 'route' | 'rowsMax'>,
  firstPath: (api: SalesforceApi) => string,
): Promise<Result<readonly Row[]>> {
  const rows: Row[] = [];
  let path = firstPath;
  const pagesMax = Math.ceil(request.rowsMax / pageRowsMin) + 1;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await call({ route: request.route, isRepeatable: true, budgets: ['daily'] }, async (api, signal) => {
      const read = readQueryAnswer(await api.request({ method: 'GET', path: path(api) }, signal));
      if (read === undefined) throw new TypeError('Salesforce answered a query without records.');
      return read;
    });
    if (!answer.ok) return answer;
    rows.push(...answer.value.rows);
    const { nextRecordsUrl } = answer.value;
    if (nextRecordsUrl === undefined) return succeed(rows);
    path = () => nextRecordsUrl;
  }
  throw new RangeError(`A query gave more than ${pagesMax} pages for ${request.rowsMax} rows.`);
}
