import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** One request as a simulator sees it: the body as raw bytes, because signatures and limits are about bytes. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query exactly as they came, undecoded. */
  readonly target: string;
  /** The path part of `target`, undecoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a simulator answers. `body` is sent as it is; without one the answer has no content. */
export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `cut-connection` destroys the socket without a byte: how a caller experiences a lost answer. */
export type HttpAnswer = HttpResponse | 'cut-connection';

export type HttpHandler = (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;

export interface HttpServerOptions {
  readonly handle: HttpHandler;
  /** Loopback port; 0 lets the operating system choose. Default 0. */
  readonly port?: number;
  /** Requests with more body bytes than this are answered 413 and not handled. Default 16 MiB. */
  readonly bodyBytesMax?: number;
  /** Longer request lines and headers together are answered 431 and not handled. Default: Node's own, 16 KiB. */
  readonly headerBytesMax?: number;
  /**
   * Told of an exception in `handle`, which is a defect of the simulator; the caller gets a bare 500.
   * Default: standard error.
   */
  readonly onDefect?: (defect: unknown) => void;
}

/** A listening server on 127.0.0.1. `port` and `url` stay the same over `refuseConnections`. */
export interface RunningHttpServer {
  readonly port: number;
  /** Without a trailing slash, for example `http://127.0.0.1:8802`. */
  readonly url: string;
  /** Stops listening and cuts every open connection for `durationMs`; new ones are refused by the operating system. */
  refuseConnections(durationMs: number): void;
  /** Ends `refuseConnections` early; resolves when the port listens again. */
  acceptConnections(): Promise<void>;
  /** Stops listening, cuts what is still open, and resolves when the port is free. */
  close(): Promise<void>;
}

/** Starts a plain HTTP/1.1 server with keep-alive on loopback, and resolves when it listens. */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningHttpServer> {
  const bodyBytesMax = options.bodyBytesMax ?? 16 * 1024 * 1024;
  const onDefect = options.onDefect ?? ((defect: unknown) => console.error(defect));
  const headers = options.headerBytesMax === undefined ? {} : { maxHeaderSize: options.headerBytesMax };
  const server = createServer({ keepAliveTimeout: 60_000, ...headers }, (request, response) => {
    serve(request, response, options.handle, bodyBytesMax).catch((defect: unknown) => {
      onDefect(defect);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    // A peer that resets its connection is ordinary here and must not end the process.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });

  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const stopListening = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });

  await listen(options.port ?? 0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a numeric port.');
  const port = address.port;

  let refusal: { timer: NodeJS.Timeout; stopped: Promise<void> } | undefined;
  const acceptConnections = async (): Promise<void> => {
    const ended = refusal;
    if (ended === undefined) return;
    refusal = undefined;
    clearTimeout(ended.timer);
    await ended.stopped;
    await listen(port);
  };

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    refuseConnections(durationMs) {
      const stopped = refusal?.stopped ?? stopListening();
      if (refusal !== undefined) clearTimeout(refusal.timer);
      const timer = setTimeout(() => {
        acceptConnections().catch(onDefect);
      }, durationMs);
      refusal = { timer, stopped };
    },
    acceptConnections,
    async close() {
      if (refusal !== undefined) {
        clearTimeout(refusal.timer);
        await refusal.stopped;
        refusal = undefined;
        return;
      }
      await stopListening();
    },
  };
}

/** An answer whose body is `value` as JSON. */
export function jsonResponse(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** The JSON value of a body, or `undefined` when the bytes are not JSON; an empty body is not JSON either. */
export function parseJsonBody(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body.toString('utf8')) as unknown };
  } catch {
    // JSON.parse has no other way to say "not JSON"; the caller answers with its vendor's own words.
    return undefined;
  }
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handle: HttpHandler,
  bodyBytesMax: number,
): Promise<void> {
  const body = await readBody(incoming, bodyBytesMax);
  if (body === 'aborted') return;
  if (body === 'too-large') {
    outgoing.writeHead(413, { connection: 'close' });
    outgoing.end();
    return;
  }
  const target = incoming.url ?? '/';
  const queryStart = target.indexOf('?');
  const answer = await handle({
    method: incoming.method ?? 'GET',
    target,
    path: queryStart < 0 ? target : target.slice(0, queryStart),
    query: new URLSearchParams(queryStart < 0 ? '' : target.slice(queryStart + 1)),
    headers: incoming.headers,
    body,
  });
  if (answer === 'cut-connection') {
    incoming.socket.destroy();
    return;
  }
  const length = answer.body === undefined ? 0 : Buffer.byteLength(answer.body);
  outgoing.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.status === 204 ? {} : { 'content-length': String(length) }),
  });
  outgoing.end(answer.body);
}

function readBody(incoming: IncomingMessage, bytesMax: number): Promise<Buffer | 'too-large' | 'aborted'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    incoming.on('data', (chunk: Buffer) => {
      length += chunk.length;
      // The rest of an oversized body is read and thrown away, so that the caller gets its answer and not a reset.
      if (length <= bytesMax) chunks.push(chunk);
    });
    incoming.on('end', () => resolve(length > bytesMax ? 'too-large' : Buffer.concat(chunks)));
    incoming.on('error', () => resolve('aborted'));
    incoming.on('close', () => resolve('aborted'));
  });
}
