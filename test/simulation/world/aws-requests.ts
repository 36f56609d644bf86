import { Readable } from 'node:stream';
import { STSClient } from '@aws-sdk/client-sts';

/** What the SDK's clients hand to their HTTP handler. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface SdkHandler {
  handle(
    request: SdkRequest,
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<{ readonly response: { readonly statusCode: number; readonly headers: object; readonly body: Readable } }>;
}

/**
 * Sends what the clients of the AWS SDK ask for by `fetch` instead of by Node's own sockets, so that it is a part of the world's
 * network. All clients share one class of handlers. Answers how to undo it.
 */
export function replaceAwsRequests(fetch: (url: string, init: RequestInit) => Promise<Response>): () => void {
  const client = new STSClient({ region: 'us-east-1' });
  // The SDK does not name the class of its handlers in its types.
  const prototype = Object.getPrototypeOf(client.config.requestHandler) as SdkHandler;
  const real = prototype.handle;
  prototype.handle = async (request, { abortSignal } = {}) => {
    const query = queryOf(request.query);
    const url = `${request.protocol}//${request.hostname}${request.path}${query === '' ? '' : `?${query}`}`;
    const { host: _host, ...headers } = request.headers;
    const answer = await fetch(url, {
      method: request.method,
      headers,
      body: typeof request.body === 'string' ? request.body : bytesAsText(request.body),
      ...(abortSignal === undefined ? {} : { signal: abortSignal }),
    });
    const body = Readable.from([Buffer.from(await answer.text())]);
    return { response: { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body } };
  };
  return () => {
    prototype.handle = real;
    client.destroy();
  };
}

function queryOf(query: SdkRequest['query'] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of typeof value === 'string' ? [value] : (value ?? [''])) parameters.append(name, each);
  return parameters.toString();
}

function bytesAsText(body: unknown): string | null {
  if (body === undefined || body === null) return null;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  throw new TypeError('the SDK sends a body of a kind that the simulation does not know');
}
