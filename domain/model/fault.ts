/**
 * Why something did not work, named by who must act.
 *
 * - `throttled`: nobody; wait and it goes on.
 * - `transient`: nobody; the hub tries again.
 * - `uncertain`: the hub; the request may or may not have been carried out, so it looks before it acts again.
 * - `credential`: an administrator; the connection's access is missing, wrong or revoked.
 * - `rejected`: revenue operations; the system refuses this value or record as it is.
 * - `conflict`: the domain; the record moved in between, decide again.
 * - `missing`: the domain; the record is not there (any more).
 * - `defect`: a developer; something the code did not foresee.
 */
export const FAULT_KINDS = [
  'throttled',
  'transient',
  'uncertain',
  'credential',
  'rejected',
  'conflict',
  'missing',
  'defect',
] as const;

/** One of {@link FAULT_KINDS}. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** An expected failure, as a value. Neither text holds personal data or secrets. */
export interface Fault {
  readonly kind: FaultKind;
  /** The vendor's or the hub's own short code, for the log and for grouping problems by cause, e.g. `STRING_TOO_LONG`. */
  readonly code: string;
  /** One sentence for the person who must act. */
  readonly message: string;
  /** `throttled` only: how long the system asked to wait, ms. */
  readonly retryAfterMs?: number;
  /** `transient` and `throttled`: a request of this call got no answer, so it may have been carried out, or still be. */
  readonly isUnanswered?: true;
  /** `conflict` only: the vendor's id of the record, of the same object, that holds the value which must be unique. */
  readonly heldBy?: string;
  /** `throttled` only: the system has taken what was sent and works on it by itself; nobody of the hub is at it meanwhile. */
  readonly isUnderWay?: true;
  /**
   * The vendor's field names that were refused (`rejected`; empty or absent means the record as a whole), or whose value another
   * record holds (`conflict`; empty or absent: it did not say).
   */
  readonly fields?: readonly string[];
  /** `rejected` only: those of the fields that the account does not have, or does not show the hub, in any record. */
  readonly unseen?: readonly string[];
  /**
   * `rejected` only: who says so, where it is not the answer to the request: what the vendor calls the job that failed
   * (`change set abc`), or {@link OWN_CHECK} for what was found before anything was sent.
   */
  readonly toldBy?: string;
  /** What was caught, for the log's stack trace only; never shown or stored. */
  readonly cause?: unknown;
}

/** {@link Fault.toldBy} of what the hub itself found wrong before it sent anything. */
export const OWN_CHECK = 'check before sending';

/** An answer or the reason why there is none. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** Wraps an answer. */
export function succeed<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Wraps a fault. */
export function fail(fault: Fault): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault };
}

/** Faults after which the same work is simply tried again later, without a person. */
export function isWaiting(fault: Fault): boolean {
  return fault.kind === 'throttled' || fault.kind === 'transient' || fault.kind === 'conflict';
}
