import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionPool } from './function-pool.ts';
import { apiAnswer, type HttpAnswer, httpAnswer } from './http-answer.ts';
import { httpEvent } from './http-event.ts';
import { createRouter, type Router } from './http-router.ts';
import type { RoutePlan } from './hub-plan.ts';
import { StartFault } from './start-fault.ts';

/** The HTTP API of the hub on a loopback port. */
export interface HttpApi {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Begins to serve routes; until then every request is answered 503. */
  serve(routes: readonly RoutePlan[], pools: ReadonlyMap<string, FunctionPool>): void;
  /** Answers 503 to new requests from now on; those under way go on. */
  refuse(): void;
  close(): Promise<void>;
}

/** An HTTP API takes no larger body (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html). */
const BODY_BYTES_MAX = 10 * 1024 * 1024;
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

type Answer = (request: IncomingMessage, body: Buffer) => Promise<HttpAnswer>;

/** Listens on a loopback port, or says what is in the way. Port 0 takes any free one. */
export async function openHttpApi(port: number, now: () => number): Promise<HttpApi> {
  let answer: Answer = async () => apiAnswer(503, 'Service Unavailable');
  const server = createServer(
    (request, response) => void serveRequest(request, response, (...args) => answer(...args)),
  );
  server.keepAliveTimeout = 0;
  const listening = once(server, 'listening');
  server.listen(port, '127.0.0.1');
  // The only expected failure of listening is a port that another program has.
  await listening.catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' || error.code === 'EACCES'
      ? new StartFault(
          `Port ${port} cannot be used (${error.code}). Stop the program that uses it, or choose another port with --port.`,
        )
      : error;
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(routes, pools) {
      const router = createRouter(routes);
      answer = (request, body) => answerRoute(router, pools, request, body, now());
    },
    refuse() {
      answer = async () => apiAnswer(503, 'Service Unavailable');
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serveRequest(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const body = await readBody(request);
  const answered = body === undefined ? apiAnswer(413, 'Request Entity Too Large') : await answer(request, body);
  if (response.destroyed) return;
  // A function may name headers that HTTP does not allow; only Node's own check knows them all.
  try {
    send(request, response, answered);
  } catch {
    send(request, response, apiAnswer(500, 'Internal Server Error'));
  }
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('content-length', body.length);
  response.statusCode = status;
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function answerRoute(
  router: Router,
  pools: ReadonlyMap<string, FunctionPool>,
  request: IncomingMessage,
  body: Buffer,
  at: number,
): Promise<HttpAnswer> {
  const { method = 'GET', url = '/', headers, socket } = request;
  const match = router(method, url.split('?', 1)[0] ?? '/');
  if (match === undefined) return apiAnswer(404, 'Not Found');
  if (match.route.needsIam && !isFromThisMachine(request)) return apiAnswer(403, 'Forbidden');
  const pool = pools.get(match.route.functionName);
  if (pool === undefined) return apiAnswer(500, 'Internal Server Error');

  const event = httpEvent({ method, url, headers, body, sourceIp: socket.remoteAddress ?? '127.0.0.1', at }, match);
  const result = await bounded(pool.invoke(JSON.stringify(event)), match.route.timeoutMs);
  if (result === 'overdue' || result === 'throttled') return apiAnswer(503, 'Service Unavailable');
  return httpAnswer(result);
}

/**
 * Routes that IAM guards on AWS are open here to programs of this machine, who could read the data directory anyway. Pages
 * in a browser are not: another site's, or one that had its name point to the loopback address, is refused.
 */
function isFromThisMachine({ headers }: IncomingMessage): boolean {
  if (!LOOPBACK_HOST.test(headers.host ?? '')) return false;
  return headers.origin === undefined || LOOPBACK_HOST.test(headers.origin.replace(/^https?:\/\//, ''));
}

async function bounded<T>(work: Promise<T>, boundMs: number): Promise<T | 'overdue'> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<'overdue'>((resolve) => {
    timer = setTimeout(resolve, boundMs, 'overdue');
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    clearTimeout(timer);
  }
}

function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
    });
    request.on('end', () => resolve(bytes > BODY_BYTES_MAX ? undefined : Buffer.concat(chunks)));
    request.on('error', () => resolve(undefined));
  });
}
