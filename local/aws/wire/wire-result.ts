/** A JSON object as it travels between an AWS SDK client and an embedded service. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Why an embedded service refused a call.
 *
 * Shape: `code` is the exception name of the service's own API model, without a namespace (`QueueDoesNotExist`).
 */
export interface WireFault {
  readonly code: string;
  readonly message: string;
  /** HTTP status; 400 when left out, as most AWS JSON services answer client mistakes. */
  readonly status?: number;
}

/** What an operation answers: a body for the caller, or a fault. */
export type WireResult =
  | { readonly ok: true; readonly body: JsonObject }
  | { readonly ok: false; readonly fault: WireFault };

/** An answer with a body. */
export function answered(body: JsonObject = {}): WireResult {
  return { ok: true, body };
}

/** An answer that refuses. */
export function refused(code: string, message: string, status?: number): WireResult {
  return { ok: false, fault: status === undefined ? { code, message } : { code, message, status } };
}
