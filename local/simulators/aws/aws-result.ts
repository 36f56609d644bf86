/** A JSON object as it travels between an AWS client and a simulator. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Why a simulated AWS service refuses a call.
 *
 * *Shape*: `type` is the exception's name in the service's model, without a namespace; `members` are its other members
 * (`reason`, `fields`, `ErrorList`, `resourceId`).
 */
export interface AwsFault {
  readonly type: string;
  readonly message: string;
  /** HTTP status; with the AWS JSON protocols almost always 400. */
  readonly status: number;
  readonly members?: JsonObject;
}

/** What an operation answers: a body for the caller, or a fault. */
export type AwsResult =
  | { readonly ok: true; readonly body: JsonObject }
  | { readonly ok: false; readonly fault: AwsFault };

/** An answer with a body; members that are `undefined` are left out on the wire. */
export function answered(body: JsonObject = {}): AwsResult {
  return { ok: true, body };
}

/** An answer that refuses. */
export function refused(fault: AwsFault): AwsResult {
  return { ok: false, fault };
}
