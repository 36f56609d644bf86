import type { ExternalRef } from '../model/external-ref.ts';
import type { Kind } from '../model/kind.ts';

/**
 * Why a field, or a record as a whole (`*`), is not what it should be.
 *
 * - `not-absorbed`: the system holds something that the hub has not taken in.
 * - `behind`: the hub knows what belongs there and has not written it.
 * - `on-its-way`: it is being written at this moment.
 * - `waiting`: it refers to a record that is not there yet, or the system takes no edit of it in its present state.
 * - `held`: a value waits for a person: no lookup lists it, or a record cannot be made without it.
 * - `frozen`: the loop guard stopped it.
 * - `refused`: the system refused this very value.
 * - `duplicate`: a second record of the same connection has the place.
 * - `in-doubt`: a person has not said yet whether it is the same as another.
 * - `closed`: the connection is paused, not released or not backfilled.
 * - `not-shown`: the system does not show it to the hub, nor says that it is gone.
 * - `older`: the system answers with an older state than it showed before.
 * - `unreadable`: the system answered for this one with a fault.
 * - `unexplained`: none of these; the hub would leave it so, and a developer should look.
 */
export type AuditReason =
  | 'not-absorbed'
  | 'behind'
  | 'on-its-way'
  | 'waiting'
  | 'held'
  | 'frozen'
  | 'refused'
  | 'duplicate'
  | 'in-doubt'
  | 'closed'
  | 'not-shown'
  | 'older'
  | 'unreadable'
  | 'unexplained';

/** Reasons by hub field; `*` is the record as a whole. None: it is the same. */
export type AuditReasons = Readonly<Record<string, AuditReason>>;

/** One record that an audit did not find to be the same on both sides. Ids and field names only, no values. */
export interface AuditDifference {
  /**
   * - `differs`: it is there, and the hub knows it.
   * - `unknown`: it is there, and the hub has never taken it in.
   * - `missing`: it is not there, and the hub would make it.
   * - `gone`: the hub believes it there, and it is not.
   */
  readonly what: 'differs' | 'unknown' | 'missing' | 'gone';
  readonly connection: string;
  readonly object: string;
  /** Absent for what is missing. */
  readonly externalId?: string;
  readonly kind: Kind;
  /** Absent for what is unknown. */
  readonly unifiedId?: string;
  /** What is missing: a record of another connection that stands for it. */
  readonly elsewhere?: ExternalRef;
  readonly reasons: AuditReasons;
}
