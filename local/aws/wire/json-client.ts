import { Agent, request } from 'node:http';
import type { JsonObject, WireResult } from './wire-result.ts';

/** Calls an embedded service over its wire protocol, as the AWS SDK would, without the SDK's weight in every thread. */
export interface JsonClient {
  /** Never rejects: a service that cannot be reached is the fault `ConnectionFailed`. */
  call(
    operation: string,
    input: JsonObject,
    options?: { readonly signal?: AbortSignal; readonly timeoutMs?: number },
  ): Promise<WireResult>;
  close(): void;
}

/** Where a client calls and how. */
export interface JsonClientOptions {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly targetPrefix: string;
  readonly version: '1.0' | '1.1';
  /** Most sockets open at a time; more calls wait. */
  readonly socketsMax?: number;
  /** Sent with every call, beside those of the protocol. */
  readonly headers?: Readonly<Record<string, string>>;
}

const TIMEOUT_MS_DEFAULT = 30_000;

/** A client over kept-alive loopback sockets. */
export function createJsonClient(options: JsonClientOptions): JsonClient {
  const agent = new Agent({ keepAlive: true, maxSockets: options.socketsMax ?? 32 });
  const { hostname, port } = new URL(options.endpoint);

  return {
    call(operation, input, callOptions = {}) {
      const body = JSON.stringify(input);
      return new Promise((resolve) => {
        const outgoing = request(
          {
            agent,
            hostname,
            port,
            method: 'POST',
            path: '/',
            headers: {
              ...options.headers,
              'content-type': `application/x-amz-json-${options.version}`,
              'content-length': Buffer.byteLength(body),
              'x-amz-target': `${options.targetPrefix}.${operation}`,
            },
            timeout: callOptions.timeoutMs ?? TIMEOUT_MS_DEFAULT,
            ...(callOptions.signal === undefined ? {} : { signal: callOptions.signal }),
          },
          (incoming) => {
            const chunks: Buffer[] = [];
            incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
            incoming.on('end', () => resolve(read(incoming.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'))));
            incoming.on('error', (error) => resolve(unreachable(error)));
          },
        );
        outgoing.on('timeout', () => outgoing.destroy(new Error('timed out')));
        outgoing.on('error', (error) => resolve(unreachable(error)));
        outgoing.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

function read(status: number, text: string): WireResult {
  try {
    // Embedded services answer JSON objects only; anything else falls into the catch or has no `__type`.
    const body = JSON.parse(text === '' ? '{}' : text) as JsonObject;
    if (status === 200) return { ok: true, body };
    const type = typeof body.__type === 'string' ? body.__type : 'UnknownFault';
    return {
      ok: false,
      fault: { code: type.slice(type.indexOf('#') + 1), message: String(body.message ?? ''), status },
    };
  } catch {
    return { ok: false, fault: { code: 'UnreadableAnswer', message: `HTTP ${status} without JSON`, status } };
  }
}

function unreachable(error: Error): WireResult {
  return { ok: false, fault: { code: 'ConnectionFailed', message: error.message } };
}
