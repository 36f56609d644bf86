import type { Kind } from './kind.ts';
import type { Claim, Intent, Origin } from './source-record.ts';
import type { Value } from './value.ts';

/** By which rule of survivorship a value won. */
export type Rule = 'only' | 'newest' | 'authority' | 'union' | 'hub' | 'found-order' | 'tie-order' | 'forward';

/** One field of a unified record with its provenance. */
export interface UnifiedField {
  readonly value: Value;
  /** When the winning source got this value, ms since the epoch, UTC. */
  readonly at: number;
  /** The winning source's `connection#object#externalId`, or `hub` for the hub's own. */
  readonly from: string;
  readonly origin: Exclude<Origin, 'hub'>;
  readonly rule: Rule;
}

/** A value the hub itself holds: set in the hub, or adopted from a source that went away. */
export interface OwnField {
  readonly value: Value;
  readonly at: number;
  readonly origin: Exclude<Origin, 'hub'>;
  /** Where an adopted value came from, for people. */
  readonly from?: string;
}

/**
 * The one place of a connection and object in a unified record: taken by an external id, or by a create in flight,
 * whose claim and intents live here because there is no source record yet.
 */
export type Seat =
  /** `isGone`: the system says that it deleted the record; it is not made again, and nothing can refer to it there. */
  | { readonly externalId: string; readonly isGone?: true }
  | {
      readonly creating: Claim;
      readonly intents: Readonly<Record<string, Intent>>;
      /** Values refused at an earlier attempt, by hub field; `*` is the record as a whole. */
      readonly refused: Readonly<Record<string, string>>;
      /** An attempt's answer was lost: the next one looks before it creates. */
      readonly isUncertain: boolean;
      readonly problems: readonly string[];
      /** Ids of records merged into this one whose own creation here may have arrived: it is looked for under these, too. */
      readonly alsoUnder?: readonly string[];
    };

/** A seat whose record is about to be created, or was and nobody knows yet. */
export type CreatingSeat = Extract<Seat, { readonly creating: unknown }>;

/** The seat, if its record is not there yet. */
export function creatingIn(seat: Seat | undefined): CreatingSeat | undefined {
  return seat !== undefined && 'creating' in seat ? seat : undefined;
}

/** What an erased record is recognised by, so that it stays erased. */
export interface Tombstone {
  /** When it was asked for, ms. */
  readonly at: number;
  /** The id of the erasure it belongs to; another one where the record had been merged into that one. */
  readonly under: string;
  /** Every record of a system that was part of it, as `connection#object#externalId`. */
  readonly refs: readonly string[];
}

/** The merged record, one per real partner, contact, deal or lead. */
export interface UnifiedRecord {
  readonly kind: Kind;
  readonly id: string;
  readonly state: 'present' | 'deleted' | 'merged' | 'erased';
  /** Rises only when the merged content changes. */
  readonly version: number;
  /** Moves by one with every write of this item; the condition of the next write. */
  readonly counter: number;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly fields: Readonly<Record<string, UnifiedField>>;
  /** By `connection#object`. */
  readonly seats: Readonly<Record<string, Seat>>;
  /** The hub's own source, by field. */
  readonly own: Readonly<Record<string, OwnField>>;
  /** Match keys this record holds, as `type:value`. */
  readonly keys: readonly string[];
  /**
   * Ids of records it may be the same as, as far as weak evidence goes. Until a person has said, it is kept in step where it
   * is and created nowhere else.
   */
  readonly doubts?: readonly string[];
  /** `merged`: the unified id it lives on under. */
  readonly mergedInto?: string;
  /** `erased`: all that is known of it, beside its kind and id. */
  readonly erased?: Tombstone;
}
