import type { Fault } from './fault.ts';
import type { SystemValues } from './value.ts';

/** What a system's record looked like when it was read. */
export interface Snapshot {
  /** The id under which the system answered; another id than asked for means the record was merged into that one. */
  readonly externalId: string;
  /** The system's own modification time, ms since the epoch, by the system's clock (often whole seconds). */
  readonly modifiedAt: number;
  /** The system's own creation time, ms since the epoch; absent where the system does not say. */
  readonly createdAt?: number;
  /** Every field asked for that the system knows and lets us see. A field that is absent was not seen, which is not `null`. */
  readonly values: SystemValues;
  /** Fields asked for that the account does not have, or does not show the hub, in this record or any other. */
  readonly unseen?: readonly string[];
  /** Of fields that mean one of the values the system holds, where it holds several and marks none: all of them, by the vendor's field name. */
  readonly among?: Readonly<Record<string, readonly string[]>>;
  /** Ids of records that were merged into this one, as far as the system says. */
  readonly mergedIds?: readonly string[];
  /** Per-field modification times, ms, where the system has them, by the vendor's field name. */
  readonly fieldTimes?: Readonly<Record<string, number>>;
}

/** The answer for one id of a batched read; one per id asked for, in the same order. */
export type ReadOutcome =
  | { readonly outcome: 'found'; readonly snapshot: Snapshot }
  /** The system itself says the record is gone; with `mergedInto` it lives on under another id. */
  | { readonly outcome: 'deleted'; readonly at?: number; readonly mergedInto?: string }
  /** Neither the record nor evidence of its end; never taken as a deletion. */
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'failed'; readonly fault: Fault };

/** One write of a batch. Values are in the system's form; only fields that must change are in it. */
export interface WriteItem {
  readonly operation: 'create' | 'update' | 'delete';
  /** The unified id; a create carries it in the field the system keeps unique, so that repeating it cannot make a second record. */
  readonly unifiedId: string;
  /** Present for `update` and `delete`. */
  readonly externalId?: string;
  readonly values: SystemValues;
  /** What the system holds now, as last read; lets a connector write sets (associations) as differences. */
  readonly base: SystemValues;
  /** Those of the values that an earlier write was to set and of which it is not known yet what became. */
  readonly unanswered?: readonly string[];
}

/** The answer for one write; one per item, in the same order. */
export type WriteOutcome =
  | {
      readonly outcome: 'written';
      readonly externalId: string;
      readonly created: boolean;
      /** A creation met what an earlier attempt made, and wrote nothing: what that holds is to be read, not taken for what was planned. */
      readonly isUntouched?: true;
      /** The system's modification time after the write, ms, where its answer tells; spares the echo a write. */
      readonly modifiedAt?: number;
    }
  | {
      readonly outcome: 'failed';
      readonly fault: Fault;
      /** A creation of several calls made the record before a later call failed, and nothing is under way: the rest is an update of it. */
      readonly madeAs?: string;
    };

/** How long a connector may go by what it has learnt of the fields that an account has and shows, ms. */
export const FIELDS_KNOWN_MS = 300_000;
