import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { JsonObject, WireFault, WireResult } from './wire-result.ts';

/** One API operation. The signal is aborted when the caller hangs up, so that a long poll can give its messages back. */
export type WireOperation = (input: JsonObject, signal: AbortSignal) => WireResult | Promise<WireResult>;

/** What makes a service of a set of operations. */
export interface JsonServiceOptions {
  /** The part of `X-Amz-Target` before the dot, for example `AWSEvents`. */
  readonly targetPrefix: string;
  /** Version of the AWS JSON protocol, which decides the content type of answers. */
  readonly version: '1.0' | '1.1';
  readonly operations: Readonly<Record<string, WireOperation>>;
  /** Longest request body taken, in bytes; longer ones are answered 413. */
  readonly bodyBytesMax: number;
  /** Extra answer headers of a fault (SQS names its old query-protocol code in one). */
  readonly faultHeaders?: (fault: WireFault) => Readonly<Record<string, string>>;
  /** Prefix of the `__type` of a fault, for example `com.amazonaws.sqs#`. */
  readonly faultNamespace?: string;
  /** Told every call by operation name, before it runs. */
  readonly onCall?: (operation: string) => void;
}

/**
 * An HTTP server that speaks the AWS JSON 1.0 or 1.1 protocol, enough for the AWS SDK to be pointed at it.
 *
 * Signatures are not checked: the server is meant for the loopback interface only.
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function createJsonService(options: JsonServiceOptions): Server {
  const server = createServer((request, response) => {
    void serve(options, request, response);
  });
  // Clients keep idle sockets for reuse; a server that closes them first makes the next call fail with a reset.
  server.keepAliveTimeout = 0;
  return server;
}

async function serve(options: JsonServiceOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const hangUp = new AbortController();
  response.once('close', () => hangUp.abort());

  const body = await readBody(request, options.bodyBytesMax);
  if (body === undefined) {
    send(options, response, {
      ok: false,
      fault: { code: 'RequestEntityTooLarge', message: 'Request body is too long.', status: 413 },
    });
    return;
  }
  send(options, response, await dispatch(options, request, body, hangUp.signal));
}

async function dispatch(
  options: JsonServiceOptions,
  request: IncomingMessage,
  body: string,
  signal: AbortSignal,
): Promise<WireResult> {
  const target = request.headers['x-amz-target'];
  const [prefix, name] = typeof target === 'string' ? target.split('.', 2) : [];
  const operation = prefix === options.targetPrefix && name !== undefined ? options.operations[name] : undefined;
  if (operation === undefined || name === undefined) {
    return {
      ok: false,
      fault: { code: 'UnknownOperationException', message: `Operation ${String(target)} is not served here.` },
    };
  }

  const input = parseObject(body);
  if (input === undefined) {
    return { ok: false, fault: { code: 'SerializationException', message: 'The request body is not a JSON object.' } };
  }

  options.onCall?.(name);
  // A defect in one operation must not take the whole service, and with it every queue, down.
  try {
    return await operation(input, signal);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return { ok: false, fault: { code: 'InternalFailure', message: `Defect in ${name}: ${reason}`, status: 500 } };
  }
}

function send(options: JsonServiceOptions, response: ServerResponse, result: WireResult): void {
  if (response.destroyed) return;
  const text = result.ok
    ? JSON.stringify(result.body)
    : JSON.stringify({ __type: `${options.faultNamespace ?? ''}${result.fault.code}`, message: result.fault.message });
  const headers: Record<string, string | number> = {
    'content-type': `application/x-amz-json-${options.version}`,
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  };
  if (!result.ok) {
    headers['x-amzn-errortype'] = result.fault.code;
    Object.assign(headers, options.faultHeaders?.(result.fault));
  }
  response.writeHead(result.ok ? 200 : (result.fault.status ?? 400), headers);
  response.end(text);
}

function readBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
    });
    request.on('end', () => resolve(bytes > bytesMax ? undefined : Buffer.concat(chunks).toString('utf8')));
    request.on('error', () => resolve(undefined));
  });
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    // The cast states what the line above has just checked.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
