import type { Fault } from '../../domain/model/fault.ts';

/**
 * The fault behind an exception of the network layer, or `undefined` when it is none (a vendor's answer, a mistake in code).
 *
 * *Shape*: works on what `fetch` (undici), node-fetch and node:http throw, `cause` chains and aggregates included.
 * *Faults*: `transient` when the request certainly was not carried out (no connection was made) or may be repeated without
 * harm; `uncertain` when it may have been carried out and must not be repeated blindly.
 */
export function faultOfNetwork(error: unknown, request: { readonly isRepeatable: boolean }): Fault | undefined {
  const code = networkCode(error);
  if (code === undefined) return undefined;
  const wasNeverSent = neverSentCodes.has(code);
  if (wasNeverSent || request.isRepeatable) {
    const message = 'The system could not be reached; the hub tries again.';
    return { kind: 'transient', code, message, ...(wasNeverSent ? {} : { isUnanswered: true }), cause: error };
  }
  return { kind: 'uncertain', code, message: 'The answer was lost; the hub looks before it acts again.', cause: error };
}

/**
 * The fault behind an HTTP status alone, for answers whose body says nothing better.
 *
 * *Units*: `retryAfterMs` in ms, as {@link parseRetryAfter} gives it. *Bounds*: meant for 300 and above.
 * *Source*: RFC 9110 section 15 for the meanings; 420, 521 to 524 are CDNs' and SaaS vendors' own.
 */
export function faultOfStatus(
  status: number,
  request: { readonly isRepeatable: boolean },
  retryAfterMs?: number,
): Fault {
  const code = `HTTP_${status}`;
  if (status === 429 || status === 420) {
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    return { kind: 'throttled', code, message: 'The system asked the hub to slow down.', ...wait };
  }
  if (status === 401 || status === 403) {
    return { kind: 'credential', code, message: 'The system refused the access it was given; check the credentials.' };
  }
  if (status === 404 || status === 410) return { kind: 'missing', code, message: 'The system knows no such record.' };
  if (status === 409 || status === 412) {
    return { kind: 'conflict', code, message: 'The record moved in between; the hub decides again.' };
  }
  if (status === 408 || status === 425 || status === 423 || status >= 500) {
    // 423, 425 and 503 say that nothing was done; after the other ones the work may have been finished behind the gateway.
    const isUndone = status === 423 || status === 425 || status === 503;
    return request.isRepeatable || status === 423 || status === 425
      ? {
          kind: 'transient',
          code,
          message: 'The system is not available at the moment; the hub tries again.',
          ...(isUndone ? {} : { isUnanswered: true }),
        }
      : { kind: 'uncertain', code, message: 'The answer was lost; the hub looks before it acts again.' };
  }
  if (status >= 400 && !defectStatuses.has(status)) {
    return { kind: 'rejected', code, message: 'The system refused the request as it is.' };
  }
  return { kind: 'defect', code, message: 'The system answered in a way the hub does not know.' };
}

/**
 * The wait a `Retry-After` header asks for.
 *
 * *Shape*: seconds as a whole or decimal number; an HTTP date is understood when `now` (ms) is given. *Bounds*: 0 to
 * one day; anything that is not understood is `undefined`.
 */
export function parseRetryAfter(header: string | null | undefined, now?: number): number | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : now === undefined ? Number.NaN : Date.parse(header) - now;
  if (Number.isNaN(waitMs)) return undefined;
  return Math.min(Math.max(Math.ceil(waitMs), 0), dayMs);
}

const dayMs = 86_400_000;

/** Statuses that speak of the request's own shape, which only a developer can change. */
const defectStatuses: ReadonlySet<number> = new Set([405, 406, 411, 413, 414, 415, 417, 431]);

/** No byte of the request can have reached the system: the name did not resolve or no connection was made. */
const neverSentCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETDOWN',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** The request may have been carried out before these. */
const lostAnswerCodes: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_ABORTED',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'HPE_INVALID_CONSTANT',
  'HPE_INVALID_EOF_STATE',
  'ABORT_ERR',
]);

/** How deep a chain of causes is followed. */
const causeDepthMax = 5;

function networkCode(error: unknown): string | undefined {
  let current: unknown = error;
  for (let depth = 0; depth < causeDepthMax && typeof current === 'object' && current !== null; depth += 1) {
    const { code, name, cause, errors } = current as {
      readonly code?: unknown;
      readonly name?: unknown;
      readonly cause?: unknown;
      readonly errors?: unknown;
    };
    if (typeof code === 'string' && (neverSentCodes.has(code) || lostAnswerCodes.has(code))) return code;
    if (name === 'AbortError') return 'ABORTED';
    if (name === 'TimeoutError') return 'TIMED_OUT';
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return undefined;
}
