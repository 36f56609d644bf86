import { PassThrough } from 'node:stream';
import type { Connection } from 'jsforce/lib/connection.js';
import { HttpApi } from 'jsforce/lib/http-api.js';
import type { HttpRequest, HttpResponse } from 'jsforce/lib/types/index.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import type { UsageFigure } from '../kit/budget-keeper.ts';
import type { ConnectionSettings, Session } from '../kit/connector.ts';
import { parseRetryAfter } from '../kit/fault-of-http.ts';
import { apiVersion } from './api-version.ts';
import { readFaults, SalesforceError } from './salesforce-error.ts';
import { VisibleFields } from './visible-fields.ts';

/** One REST request. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the version's root, with a leading slash: `/query?q=…`; or from `/services/` on. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Salesforce's REST API on one session. */
export interface SalesforceApi {
  /** Sends one request, once. *Faults*: throws {@link SalesforceError} for a refusal, what `fetch` throws where no answer came. */
  request(request: ApiRequest, signal: AbortSignal): Promise<unknown>;
  /** The API usage the last answer carried, told once. */
  takeUsage(): readonly UsageFigure[];
  /** The server's clock as of the last answer, ms since the epoch; 0 before the first. */
  serverTime(): number;
  /** Fields the user of this session may see; filled when a request was refused for a field. */
  readonly visibleFields: VisibleFields;
}

/**
 * Opens the REST API on a session, by jsforce's HTTP core.
 *
 * jsforce's `Connection` brings its own network stack, retries and parsers along: 749 KB and 65 ms to import, against 197 KB and
 * 16 ms for `HttpApi`, the class under all of its APIs, which does the vendor's protocol: the session and client headers,
 * bodies, and errors in all their shapes. It is given a transport of our own (`fetch`; one try, no redirects, no proxies,
 * aborted by the kit's signal), so none of jsforce's retries exist here.
 */
export function openSalesforce(settings: ConnectionSettings, session: Session, now: () => number): SalesforceApi {
  const instanceUrl = (session.instanceUrl ?? settings.baseUrl ?? '').replace(/\/+$/, '');
  let usage: readonly UsageFigure[] = [];
  let serverTime = 0;

  return {
    visibleFields: new VisibleFields(now),
    serverTime: () => serverTime,
    takeUsage() {
      const figures = usage;
      usage = [];
      return figures;
    },
    async request({ method, path, body, headers }, signal) {
      let answered: HttpResponse | undefined;
      const http = new HttpApi(bearerOf(session), { transport: fetchTransport(signal) });
      http.on('response', (response: HttpResponse) => {
        answered = response;
      });
      const root = path.startsWith('/services/') ? instanceUrl : `${instanceUrl}/services/data/v${apiVersion}`;
      const request: HttpRequest = {
        method,
        url: `${root}${path}`,
        headers: { accept: 'application/json', ...headers },
      };
      if (body !== undefined) {
        request.body = JSON.stringify(body);
        request.headers = { ...request.headers, 'content-type': 'application/json' };
      }
      // jsforce fails by throwing and leaves the status out; what it threw is put into words the classification knows.
      try {
        const value = await http.request(request);
        if (answered !== undefined && isRedirect(answered.statusCode)) throw refusal(answered, undefined);
        return value;
      } catch (error) {
        if (answered === undefined || error instanceof SalesforceError) throw error;
        throw refusal(answered, error);
      } finally {
        if (answered !== undefined) {
          usage = readUsage(answered.headers['sforce-limit-info']) ?? usage;
          const date = Date.parse(answered.headers.date ?? '');
          serverTime = Number.isNaN(date) ? serverTime : date;
        }
      }
    },
  };
}

/** Comes back in `ChangeEventHeader.changeOrigin` and in event monitoring, so that an org can tell the hub's writes apart. */
const callOptions = { client: 'tributary' };

/** The members of a connection that `HttpApi` reads; the names are checked against jsforce's own type. */
function bearerOf(session: Session): Connection {
  const bearer: Pick<Connection, 'accessToken' | '_callOptions'> = {
    accessToken: session.accessToken,
    _callOptions: callOptions,
  };
  // HttpApi asks for a whole Connection but uses these members (and optional ones that stay undefined).
  return bearer as Connection;
}

/** What jsforce sends requests by; it takes any object with this method. */
interface Transport {
  httpRequest(request: HttpRequest): StreamPromise<HttpResponse>;
}

function fetchTransport(signal: AbortSignal): Transport {
  return {
    // jsforce wants a stream beside the promise for callers that pipe; nobody here does.
    httpRequest: (request) =>
      StreamPromise.create(() => ({ stream: new PassThrough(), promise: fetchOnce(request, signal) })),
  };
}

async function fetchOnce(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  const { 'content-length': _computedByFetch, ...headers } = request.headers ?? {};
  const response = await fetch(request.url, {
    method: request.method,
    headers,
    ...(typeof request.body === 'string' ? { body: request.body } : {}),
    redirect: 'manual',
    signal,
  });
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

function isRedirect(status: number): boolean {
  return status > 300 && status < 400;
}

function refusal(response: HttpResponse, cause: unknown): SalesforceError {
  return new SalesforceError(response.statusCode, readFaults(parseJson(response.body)), {
    retryAfterMs: parseRetryAfter(response.headers['retry-after']),
    cause,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A gateway's HTML page; the status alone decides then.
    return undefined;
  }
}

/** *Shape*: `api-usage=18/5000`, with further figures behind a semicolon for some apps. */
function readUsage(header: string | undefined): readonly UsageFigure[] | undefined {
  const match = /(?:^|[\s;])api-usage=(\d+)\/(\d+)/.exec(header ?? '');
  return match === null ? undefined : [{ budget: 'daily', used: Number(match[1]), limit: Number(match[2]) }];
}
