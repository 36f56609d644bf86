import type { HttpRequest } from '../../shared/http-server.ts';
import { parseJsonBody } from '../../shared/http-server.ts';
import type { Sessions } from '../sessions.ts';
import { type ApiAnswer, type ApiCall, type ApiRoute, type ApiState, apiErrors, notFound } from './api-route.ts';
import { collectionRoutes } from './collection-routes.ts';
import { compositeRoute } from './composite-route.ts';
import { matchRoute, type RouteMatch } from './match-route.ts';
import { metadataRoutes } from './metadata-routes.ts';
import { queryRoutes } from './query-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { replicationRoutes } from './replication-routes.ts';

/** A request below `/services/data/vNN.0`, matched but not yet served. */
export interface DataRequest {
  readonly match: RouteMatch;
  readonly dataPath: string;
  readonly request: HttpRequest;
}

/** Whether the path lies below `/services/data/vNN.0`, and where it leads. */
export function matchDataRequest(request: HttpRequest): DataRequest | undefined {
  const parts = /^(\/services\/data\/v\d{1,3}\.0)(?:\/(.*))?$/i.exec(request.path);
  if (parts === null) return undefined;
  return { match: matchRoute(routes, request.method, parts[2] ?? ''), dataPath: parts[1] ?? '', request };
}

/** Serves a matched request: session, allowance, body, route; in that order, as the service refuses. */
export function serveDataRequest(
  state: ApiState,
  sessions: Sessions,
  { match, dataPath, request }: DataRequest,
): ApiAnswer {
  if (request.target.length > targetLengthMax) {
    return apiErrors(414, { errorCode: 'URI_TOO_LONG', message: `The URI is longer than ${targetLengthMax} bytes` });
  }
  const userId = sessions.userOf(bearerToken(request));
  if (userId === undefined) return sessionInvalid;
  if (!state.usage.spend()) return dailyLimitExceeded;
  const body = request.body.length === 0 ? { value: undefined } : parseJsonBody(request.body);
  if (body === undefined) return apiErrors(400, { errorCode: 'JSON_PARSER_ERROR', message: 'The body is not JSON' });
  const { method, query, headers } = request;
  return answerMatch(match, { state, userId, dataPath, method, query, headers, body: body.value });
}

export const dailyLimitExceeded: ApiAnswer = apiErrors(403, {
  errorCode: 'REQUEST_LIMIT_EXCEEDED',
  message: 'TotalRequests Limit exceeded.',
});

export const sessionInvalid: ApiAnswer = apiErrors(401, {
  errorCode: 'INVALID_SESSION_ID',
  message: 'Session expired or invalid',
});

/** The token of an `Authorization: Bearer` header; empty when there is none. */
export function bearerToken(request: HttpRequest): string {
  return /^(?:Bearer|OAuth) (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

/** The service refuses longer addresses; sources give 16,384 bytes for the whole request line. */
const targetLengthMax = 16_384;

const routes: readonly ApiRoute[] = [
  ...metadataRoutes,
  ...replicationRoutes,
  ...queryRoutes,
  compositeRoute((call, path) => answerMatch(matchRoute(routes, call.method, path), call)),
  ...collectionRoutes,
  ...recordRoutes,
];

function answerMatch(match: RouteMatch, call: Omit<ApiCall, 'params'>): ApiAnswer {
  if (match.kind === 'route') return match.route.answer({ ...call, params: match.params });
  if (match.kind === 'nothing') return notFound();
  const allowed = [...new Set(match.methods)].join(',');
  const message = `HTTP Method '${call.method}' not allowed. Allowed are ${allowed}`;
  return apiErrors(405, { errorCode: 'METHOD_NOT_ALLOWED', message });
}
