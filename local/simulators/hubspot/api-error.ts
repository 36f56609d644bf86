import { randomUUID } from 'node:crypto';

/** One reason inside an error, usually about one property. */
export interface ErrorDetail {
  readonly message: string;
  readonly code?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** An expected refusal, as a value. `context` names what it is about (ids, trace ids), never values. */
export interface ApiError {
  readonly status: number;
  readonly category: string;
  readonly message: string;
  readonly subCategory?: string;
  readonly errors?: readonly ErrorDetail[];
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** What a route answers; `body` becomes JSON. `records` counts the records the call carried, for the statistics. */
export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly records?: number;
}

export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ApiError };

export function succeed<Value>(value: Value): Outcome<Value> {
  return { ok: true, value };
}

export function refuse<Value = never>(error: ApiError): Outcome<Value> {
  return { ok: false, error };
}

export function validationError(message: string, extras: Partial<ApiError> = {}): ApiError {
  return { status: 400, category: 'VALIDATION_ERROR', message, ...extras };
}

export const notFoundError: ApiError = { status: 404, category: 'OBJECT_NOT_FOUND', message: 'resource not found' };

/** The answer to a call that failed as a whole. */
export function errorAnswer(error: ApiError): ApiAnswer {
  const { status, ...rest } = error;
  return { status, body: { status: 'error', correlationId: randomUUID(), ...rest } };
}

/** The same error as an element of `errors` in a 207 answer. */
export function batchError(error: ApiError, traceId: string | undefined): unknown {
  const { status: _status, ...rest } = error;
  return {
    status: 'error',
    ...rest,
    context: { ...error.context, ...(traceId === undefined ? {} : { objectWriteTraceId: [traceId] }) },
    links: {},
    errors: error.errors ?? [],
  };
}
