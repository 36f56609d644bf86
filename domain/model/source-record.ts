import type { Kind } from './kind.ts';
import type { SystemValue } from './value.ts';

/**
 * Where a stored value came from.
 *
 * - `system`: somebody changed it there; a candidate.
 * - `hub`: the hub wrote it and it has not changed since; never a candidate.
 * - `found`: it was there when the hub first met the record; ranks below every edit.
 */
export type Origin = 'system' | 'hub' | 'found';

/** One element of a set field that is merged element by element. */
export interface SourceElement {
  readonly isPresent: boolean;
  readonly at: number;
  readonly origin: Origin;
}

/** What a connection holds for one mapped field, in the system's own form. */
export interface SourceField {
  readonly value: SystemValue;
  /** When it got this value, ms since the epoch, UTC; for `hub` the time of the value that won. */
  readonly at: number;
  readonly origin: Origin;
  /** Set fields with `union` survivorship only: each canonical element's own story, removals too. */
  readonly elements?: Readonly<Record<string, SourceElement>>;
}

/** What a delivery is about to write to one field: a short hash of the value in the system's form, and the time of the value that won. */
export interface Intent {
  readonly hash: string;
  readonly at: number;
  /** Of a `union` that goes out whole: the canonical elements it will hold, for an edit on top of a write without an answer. */
  readonly elements?: readonly string[];
}

/** A short lease by which one worker at a time writes one record to one connection. */
export interface Claim {
  readonly token: string;
  /** When the lease lapses, ms since the epoch. */
  readonly until: number;
}

/** How often the hub wrote one field since a moment; the loop guard counts by it. */
export interface WriteTally {
  readonly since: number;
  readonly count: number;
}

/** What the hub knows one connection holds for one record. One per connection, object and external id. */
export interface SourceRecord {
  readonly kind: Kind;
  readonly unifiedId: string;
  readonly connection: string;
  readonly object: string;
  readonly externalId: string;
  /** `erased`: holds no value any more, and is still to be deleted in its system. */
  readonly state: 'present' | 'deleted' | 'merged' | 'erased';
  /** Moves by one with every write of this item; the condition of the next write. */
  readonly counter: number;
  /** The modification time of the newest snapshot absorbed, ms. */
  readonly revision: number;
  /** When the read of that snapshot began, ms by the hub's clock; {@link NEVER_READ} of one the hub made and has not read yet. */
  readonly readAt: number;
  /** By hub field. */
  readonly fields: Readonly<Record<string, SourceField>>;
  /** Fields of these that the last snapshot did not show: when they change, nobody knows since when. Absent when it showed all. */
  readonly unseen?: readonly string[];
  /** Reference fields: the unified id behind each external id held, as far as it is known. */
  readonly resolved: Readonly<Record<string, string>>;
  readonly claim?: Claim;
  /** Open intents by hub field; kept when a claim lapses, closed by completion or by an absorb that matches them. */
  readonly intents: Readonly<Record<string, Intent>>;
  /** Hash of the value the system refused, by hub field; not sent again until value, mapping or a person changes it. */
  readonly refused: Readonly<Record<string, string>>;
  /** Why a field waits for a person, by hub field: a value that no lookup lists, a loop. Not a candidate and not written. */
  readonly held: Readonly<Record<string, string>>;
  readonly tallies: Readonly<Record<string, WriteTally>>;
  /** Ids of the problems open for this record at this connection. */
  readonly problems: readonly string[];
  /** `merged`: the external id it lives on under. */
  readonly mergedInto?: string;
  /** The mapping's version its fields were last written under; an older worker leaves the item alone. */
  readonly mappingVersion: number;
}

/** {@link SourceRecord.readAt} of a record that was written but never read. */
export const NEVER_READ = 0;

/** What is known of a record that was never read: where to begin, and all that is left of one that was erased. */
export const NOTHING_KNOWN = {
  revision: 0,
  readAt: NEVER_READ,
  fields: {},
  resolved: {},
  intents: {},
  refused: {},
  held: {},
  tallies: {},
  problems: [],
} as const satisfies Partial<SourceRecord>;

/** Among fields, of refusals and of differences: the record as a whole. */
export const WHOLE = '*';
