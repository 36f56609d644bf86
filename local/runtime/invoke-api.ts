import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionPool } from './function-pool.ts';

/** The Invoke operation of Lambda's API on a loopback port, for event targets and SDK clients. */
export interface InvokeApi {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** Begins to serve these functions; until then none exists. */
  serve(pools: ReadonlyMap<string, FunctionPool>): void;
  close(): Promise<void>;
}

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations/;
/** Lambda's bound for the payload of a synchronous invocation. */
const PAYLOAD_BYTES_MAX = 6 * 1024 * 1024;

/**
 * Opens the API. Every invocation is answered when the function has ended, also one of the type `Event`, so that whoever
 * keeps the event knows when to forget it.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function openInvokeApi(): Promise<InvokeApi> {
  let pools: ReadonlyMap<string, FunctionPool> = new Map();
  const server = createServer((request, response) => void serve(pools, request, response));
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // A TCP server's address is an AddressInfo; it is a string only for pipes.
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (served) => {
      pools = served;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  pools: ReadonlyMap<string, FunctionPool>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const payload = await readPayload(request);
  const named = decodeURIComponent(INVOKE_PATH.exec(request.url ?? '')?.[1] ?? '');
  const pool = pools.get(named.startsWith('arn:') ? (named.split(':')[6] ?? '') : named);
  if (request.method !== 'POST' || pool === undefined)
    return refuse(response, 404, 'ResourceNotFoundException', `Function not found: ${named}`);
  if (payload === undefined)
    return refuse(response, 413, 'RequestTooLargeException', `The payload is longer than ${PAYLOAD_BYTES_MAX} bytes.`);

  const result = await pool.invoke(payload === '' ? '{}' : payload);
  if (result === 'throttled') return refuse(response, 429, 'TooManyRequestsException', 'Rate Exceeded.');
  response.writeHead(200, {
    'content-type': 'application/json',
    ...(result.error === undefined ? {} : { 'x-amz-function-error': result.error }),
  });
  response.end(result.payload);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': code });
  response.end(JSON.stringify({ Type: 'User', Message: message }));
}

function readPayload(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= PAYLOAD_BYTES_MAX) chunks.push(chunk);
    });
    request.on('end', () => resolve(bytes > PAYLOAD_BYTES_MAX ? undefined : Buffer.concat(chunks).toString('utf8')));
    request.on('error', () => resolve(undefined));
  });
}
