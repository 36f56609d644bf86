import { setTimeout as sleep } from 'node:timers/promises';
import type { CallFate } from '../shared/fault-plan.ts';
import { type HttpAnswer, type HttpRequest, type HttpResponse, jsonResponse } from '../shared/http-server.ts';
import { adminPath, answerAdmin } from './routes/admin-routes.ts';
import { type ApiAnswer, apiErrors } from './routes/api-route.ts';
import { type DataRequest, dailyLimitExceeded, matchDataRequest, serveDataRequest } from './routes/data-api.ts';
import { answerIdentity, answerRevoke, answerToken, answerUserInfo } from './routes/oauth-routes.ts';
import { answerSoap } from './routes/soap-route.ts';
import type { SimulatedOrg } from './simulated-org.ts';

/** Answers one request to the org, with the faults that are due for it. */
export async function handleRequest(simulated: SimulatedOrg, request: HttpRequest): Promise<HttpAnswer> {
  if (request.path.startsWith(adminPath)) return answerAdmin(simulated, request);
  const endpoint = findEndpoint(simulated, request);
  const { method, path } = request;
  const fate = simulated.org.faults.meetCall({ method, path, writes: endpoint.writes });
  const served = fate.refusal === undefined ? serveWhole(simulated, endpoint) : refuse(simulated, fate.refusal);
  // Whatever was written is final before the answer leaves, also when the answer is going to be lost.
  simulated.commit();
  // The timer does not keep the process alive: a server that closes takes its held answers with it.
  if (fate.delayMs > 0) await sleep(fate.delayMs, undefined, { ref: false });
  if (served === 'cut-connection' || fate.loseAnswer) {
    simulated.calls.count(endpoint.pattern, 'cut', served === 'cut-connection' ? 0 : served.records);
    return 'cut-connection';
  }
  simulated.calls.count(endpoint.pattern, served.response.status, served.records);
  return served.response;
}

interface Served {
  readonly response: HttpResponse;
  readonly records: number;
}

interface Endpoint {
  /** The address without ids, for the statistics. */
  readonly pattern: string;
  readonly writes: boolean;
  readonly serve: () => Served;
}

/** A defect of the simulator in the middle of a request must not leave half of its writes behind. */
function serveWhole(simulated: SimulatedOrg, endpoint: Endpoint): Served {
  try {
    return endpoint.serve();
  } catch (defect) {
    simulated.org.store.rollBackTo(0);
    throw defect;
  }
}

function findEndpoint(simulated: SimulatedOrg, request: HttpRequest): Endpoint {
  const data = matchDataRequest(request);
  return data === undefined ? plainEndpoint(simulated, request) : dataEndpoint(simulated, data);
}

function dataEndpoint(simulated: SimulatedOrg, data: DataRequest): Endpoint {
  const { match, request } = data;
  const path = match.kind === 'route' ? match.route.path : '(unknown)';
  return {
    pattern: `${request.method} ${path === '' ? 'resources' : path}`,
    writes: match.kind === 'route' && match.route.writes,
    serve: () => withUsage(simulated, serveDataRequest(simulated, simulated.sessions, data)),
  };
}

/** Everything outside the data API: signing in, identity, versions, SOAP. */
function plainEndpoint(simulated: SimulatedOrg, request: HttpRequest): Endpoint {
  const path = request.path.replace(/\/$/, '');
  const endpoint = (pattern: string, answer: () => HttpResponse): Endpoint => ({
    pattern: `${request.method} ${pattern}`,
    writes: false,
    serve: () => ({ response: answer(), records: 0 }),
  });
  if (path === '/services/data') return endpoint('versions', () => jsonResponse(200, versions(simulated.apiVersion)));
  if (path === '/services/oauth2/userinfo') return endpoint('userinfo', () => answerUserInfo(simulated, request));
  if (path.startsWith('/id/')) return endpoint('id', () => answerIdentity(simulated, request));
  if (request.method === 'POST') {
    if (path === '/services/oauth2/token') return endpoint('token', () => answerToken(simulated, request));
    if (path === '/services/oauth2/revoke') return endpoint('revoke', () => answerRevoke(simulated, request));
    if (path.startsWith('/services/Soap/')) return endpoint('soap', () => answerSoap(request));
  }
  const unknown = { errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' };
  return endpoint('(unknown)', () => jsonResponse(404, [unknown]));
}

function refuse(simulated: SimulatedOrg, refusal: NonNullable<CallFate['refusal']>): Served | 'cut-connection' {
  switch (refusal.kind) {
    case 'cut-request':
      return 'cut-connection';
    case 'throttle': {
      const message = 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.';
      return withUsage(simulated, apiErrors(403, { errorCode: 'REQUEST_LIMIT_EXCEEDED', message }));
    }
    case 'daily-limit': {
      const { max } = simulated.usage;
      return withUsage(simulated, {
        ...dailyLimitExceeded,
        headers: { 'sforce-limit-info': `api-usage=${max}/${max}` },
      });
    }
    case 'unavailable': {
      const message = 'The server is temporarily unavailable';
      return withUsage(simulated, apiErrors(refusal.status, { errorCode: 'SERVER_UNAVAILABLE', message }));
    }
  }
}

/** Every answer of the data API says how much of the allowance is spent. */
function withUsage(simulated: SimulatedOrg, answer: ApiAnswer): Served {
  const headers = { 'sforce-limit-info': simulated.usage.header(), ...answer.headers };
  const response =
    answer.json === undefined ? { status: answer.status, headers } : jsonResponse(answer.status, answer.json, headers);
  return { response, records: answer.records ?? 0 };
}

const oldestVersion = 31;

function versions(newest: string): unknown[] {
  const count = Math.max(1, Math.floor(Number(newest)) - oldestVersion + 1);
  return Array.from({ length: count }, (_, at) => {
    const version = `${oldestVersion + at}.0`;
    return { label: `Version ${version}`, url: `/services/data/v${version}`, version };
  });
}
