import type { IncomingHttpHeaders } from 'node:http';
import type { ApiError } from '../api-error.ts';
import type { ApiUsage } from '../api-usage.ts';
import type { Org } from '../org.ts';
import type { QueryCursors } from '../soql/query-cursors.ts';

/** What all routes of the data API share. */
export interface ApiState {
  readonly org: Org;
  readonly cursors: QueryCursors;
  readonly usage: ApiUsage;
  /** The org's own address, without a trailing slash. */
  readonly instanceUrl: () => string;
}

/** One authorised call to the data API. */
export interface ApiCall {
  readonly state: ApiState;
  readonly userId: string;
  /** `/services/data/vNN.0` as it was called. */
  readonly dataPath: string;
  readonly method: string;
  /** The `:named` segments of the route, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The JSON of the body; undefined when there is none. */
  readonly body: unknown;
}

/** What a route answers; `json` undefined means no content. */
export interface ApiAnswer {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Records the call was about, for the statistics. */
  readonly records?: number;
}

/** One address of the data API, below `/services/data/vNN.0`. */
export interface ApiRoute {
  readonly method: string;
  /** Segments; one that begins with a colon takes any text. */
  readonly path: string;
  /** Whether it changes records. */
  readonly writes: boolean;
  readonly answer: (call: ApiCall) => ApiAnswer;
}

/** Errors of a whole request. */
export function apiErrors(status: number, ...errors: readonly ApiError[]): ApiAnswer {
  return { status, json: errors };
}

export function notFound(): ApiAnswer {
  return apiErrors(404, { errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' });
}

/** The status of a single-record request that failed with the code. */
export function statusOf(errorCode: string): number {
  return errorCode === 'ENTITY_IS_DELETED' || errorCode === 'NOT_FOUND' ? 404 : 400;
}
