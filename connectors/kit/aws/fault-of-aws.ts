import type { Fault } from '../../../domain/model/fault.ts';
import { faultOfNetwork, faultOfStatus } from '../fault-of-http.ts';

/**
 * The fault behind what an AWS client threw: by the error's name first, then by its HTTP status, then by the network.
 *
 * *Shape*: every error of a service has a `name` and `$metadata.httpStatusCode`; validation errors list fields under `ErrorList`,
 * `Fields` or `fieldList`, depending on the service. *Faults*: `uncertain` only where the request may have been carried out and
 * must not be repeated. *Source*: the errors of the service models, and
 * https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html for those that all services share.
 */
export function faultOfAws(error: unknown, request: { readonly isRepeatable: boolean }): Fault {
  const { name, status } = namesOf(error);
  if (THROTTLED.has(name)) return { kind: 'throttled', code: name, message: 'AWS asked the hub to slow down.' };
  if (BUSY.has(name)) {
    const message = 'AWS is still at work on this record; the hub tries again.';
    return { kind: 'throttled', code: name, message, retryAfterMs: BUSY_MS };
  }
  if (CREDENTIAL.has(name)) {
    const message = 'AWS refused the access it was given; check the role or key of the connection and what it may do.';
    return { kind: 'credential', code: name, message, cause: error };
  }
  if (name === 'ConflictException') {
    return { kind: 'conflict', code: name, message: 'The record moved in between; the hub decides again.' };
  }
  if (MISSING.has(name)) return { kind: 'missing', code: name, message: 'AWS knows no such record.' };
  if (REFUSED.has(name)) return refusal(name, error);
  const network = faultOfNetwork(error, request);
  if (network !== undefined) return network;
  if (status !== undefined) return { ...faultOfStatus(status, request), code: name === '' ? `HTTP_${status}` : name };
  return {
    kind: 'defect',
    code: name || 'UNKNOWN',
    message: 'AWS answered in a way the hub does not know.',
    cause: error,
  };
}

/** Whether a session has ended and a fresh one is worth one more try. */
export function isExpiredAtAws(error: unknown): boolean {
  return EXPIRED.has(namesOf(error).name);
}

const BUSY_MS = 30_000;

const THROTTLED: ReadonlySet<string> = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'SlowDown',
]);
/** An earlier change of the same record is not through yet; nothing was done. */
const BUSY: ReadonlySet<string> = new Set(['ResourceInUseException']);
const EXPIRED: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired']);
const CREDENTIAL: ReadonlySet<string> = new Set([
  ...EXPIRED,
  'AccessDenied',
  'AccessDeniedException',
  'CredentialsProviderError',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'OptInRequired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);
const MISSING: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'EntityNotFoundException',
  'NotFoundException',
]);
const REFUSED: ReadonlySet<string> = new Set([
  'ValidationException',
  'ValidationError',
  'InvalidParameterException',
  'InvalidParameterValue',
  'ResourceNotSupportedException',
  'ServiceQuotaExceededException',
]);

function namesOf(error: unknown): { readonly name: string; readonly status?: number } {
  if (typeof error !== 'object' || error === null) return { name: '' };
  const { name, $metadata } = error as {
    readonly name?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: unknown };
  };
  const status = $metadata?.httpStatusCode;
  return { name: typeof name === 'string' ? name : '', ...(typeof status === 'number' ? { status } : {}) };
}

/** A refusal in AWS's own words, with the fields it names. The words are about the request's fields, not about people. */
function refusal(code: string, error: unknown): Fault {
  const flaws = flawsOf(error);
  const fields = [...new Set(flaws.flatMap(({ field }) => field ?? []))];
  const told = flaws.slice(0, FLAWS_MAX).map(({ field, message }) => (field ? `${field}: ${message}` : message));
  const message = told.length > 0 ? `AWS refused it: ${told.join('; ')}` : 'AWS refused the request as it is.';
  return { kind: 'rejected', code, message: message.slice(0, MESSAGE_MAX), ...(fields.length > 0 ? { fields } : {}) };
}

const FLAWS_MAX = 5;
const MESSAGE_MAX = 500;

interface Flaw {
  readonly field?: string;
  readonly message: string;
}

function flawsOf(error: unknown): readonly Flaw[] {
  const { ErrorList, Fields, fieldList, fields, message } = error as Readonly<Record<string, unknown>>;
  const list = [ErrorList, Fields, fieldList, fields].find(Array.isArray) ?? [];
  const named = list.flatMap((each: Readonly<Record<string, unknown>>): Flaw[] => {
    const text = textOf(each.Message ?? each.message ?? each.Code ?? each.code);
    if (text === undefined) return [];
    const field = textOf(each.FieldName ?? each.Name ?? each.name);
    return [field === undefined ? { message: text } : { field, message: text }];
  });
  const whole = textOf(message);
  return named.length > 0 || whole === undefined ? named : [{ message: whole }];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
