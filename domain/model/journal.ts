import type { Kind } from './kind.ts';
import type { SourceRecord } from './source-record.ts';
import type { UnifiedRecord } from './unified-record.ts';
import type { Value } from './value.ts';

/** What happened to a record. */
export type JournalStep =
  | 'created'
  | 'changed'
  | 'linked'
  | 'delivered-new'
  | 'deleted'
  | 'merged'
  | 'unmerged'
  | 'held'
  | 'ignored'
  | 'attended'
  | 'decided';

/** One entry of a record's journal. */
export interface JournalEntry {
  /** A ULID; entries sort by it. */
  readonly id: string;
  readonly kind: Kind;
  readonly unifiedId: string;
  readonly at: number;
  readonly step: JournalStep;
  /** `connection#object#externalId` that caused it, if one did. */
  readonly from?: string;
  readonly version: number;
  /** Changed fields with the value before and after; long texts are cut at 120 characters. */
  readonly changes: Readonly<Record<string, readonly [Value | undefined, Value | undefined]>>;
  readonly correlationId?: string;
  /** Who did it, where a person did. */
  readonly by?: string;
  /** What the person did it for, in their words; or why the hub did what it decided by itself. */
  readonly note?: string;
}

/** Two records as they were before a merge; what un-merging restores from. */
export interface MergeItem {
  readonly id: string;
  readonly kind: Kind;
  readonly survivor: UnifiedRecord;
  readonly loser: UnifiedRecord;
  readonly survivorSources: readonly SourceRecord[];
  readonly loserSources: readonly SourceRecord[];
  readonly at: number;
  readonly reason: string;
  /** `unmerging`: its undoing has begun; until that is finished neither of the two is merged with anything. */
  readonly state: 'merging' | 'merged' | 'unmerging' | 'unmerged';
}
