import { createHash, createHmac } from 'node:crypto';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { CliFault } from './cli-fault.ts';

/** Options every command that talks to a hub has. */
export interface RemoteOptions {
  readonly url: string;
}

const ANSWER_MS_MAX = 30_000;

/** Calls the hub's HTTP API: plainly on this machine, signed with the caller's AWS credentials on AWS. */
export async function callHub<T>(
  { url }: RemoteOptions,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<T> {
  const target = addressOf(url, path);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const answer = await send(target, method, text);
  const content: unknown = await answer.json().catch(() => undefined);
  if (!isOfHub(answer, content)) {
    throw new CliFault(`${target.host} answers, but is no hub. Say where the hub is with --url.`);
  }
  if (!answer.ok) throw new CliFault(errorOf(content) ?? `The hub at ${url} answered ${answer.status}.`);
  // The API is this project's own and of the same version; its answers have the shapes its routes give them.
  return content as T;
}

function addressOf(url: string, path: string): URL {
  const whole = `${url.replace(/\/$/, '')}${path}`;
  const target = URL.canParse(whole) ? new URL(whole) : undefined;
  if (target?.protocol === 'http:' || target?.protocol === 'https:') return target;
  throw new CliFault(
    `--url ${url} is no address of a hub: it begins with http:// or https://, like http://127.0.0.1:8787.`,
  );
}

/**
 * Whether a hub, or the gateway before it, answered: it refuses with one text, `error` or `message`, and with any text when it is down.
 * Other servers on the same machine, the simulated systems among them, have forms of their own.
 */
function isOfHub({ ok, status }: Response, content: unknown): boolean {
  if (!ok && status >= 500) return true;
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return false;
  return ok || /^(error|message)$/i.test(Object.keys(content).join());
}

async function send(target: URL, method: string, body: string | undefined): Promise<Response> {
  const headers: Record<string, string> = { host: target.host };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const region = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com$/.exec(target.hostname)?.[1];
  const signed = region === undefined ? headers : await sign(target, method, headers, body, region);
  try {
    return await fetch(target, {
      method,
      headers: signed,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
  } catch {
    // Whatever kept the answer away, the person's first step is the same.
    throw new CliFault(
      `No hub answers at ${target.origin}. Start one with \`npm start\`, or say where it is with --url.`,
    );
  }
}

async function sign(
  target: URL,
  method: string,
  headers: Record<string, string>,
  body: string | undefined,
  region: string,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials: defaultProvider(), sha256: Sha256 });
  const signed = await signer.sign({
    method,
    protocol: target.protocol,
    hostname: target.hostname,
    path: target.pathname,
    query: Object.fromEntries(target.searchParams),
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return signed.headers;
}

/** SHA-256 in the shape the signer asks for. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', asBytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(asBytes(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {}
}

function asBytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

function errorOf(content: unknown): string | undefined {
  if (typeof content !== 'object' || content === null) return undefined;
  if ('error' in content && typeof content.error === 'string') return content.error;
  return 'message' in content && typeof content.message === 'string' ? content.message : undefined;
}
