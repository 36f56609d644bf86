import type { AssociatedAnswer, BatchAnswer, ErrorAnswer, RecordAnswer } from './answers.ts';
import type { ObjectType } from './object-types.ts';
import type { LimitFigure } from './rate-limits.ts';

/** An association of a type HubSpot defines, to be made together with a record. */
export interface NewAssociation {
  readonly toId: string;
  readonly typeId: number;
}

/** One input of a batch of creations. */
export interface CreateInput {
  readonly traceId: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly associations: readonly NewAssociation[];
}

/** One input of a batch of updates, by HubSpot's id. */
export interface UpdateInput {
  readonly traceId: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** One input of a batch of upserts, by the value of a unique property. */
export interface UpsertInput {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** One condition of a search; all must hold. */
export interface SearchFilter {
  readonly property: string;
  readonly operator: 'GTE' | 'GT' | 'EQ';
  readonly value: string;
}

/** A pair of records to associate or to part. */
export interface RecordPair {
  readonly fromId: string;
  readonly toId: string;
}

interface Page<T> {
  readonly results: readonly T[];
  readonly after: string | undefined;
}

/**
 * HubSpot's API as far as the connector uses it: one method a call, nothing retried, nothing waited for.
 *
 * *Bounds*: the vendor's: 100 inputs a batch of records, 1,000 a batch of association reads, 2,000 of association writes,
 * 200 search results a page. *Faults*: throws {@link HubspotAnswerError} or what `fetch` throws; the kit classifies both.
 */
export interface HubspotApi {
  readBatch(
    type: ObjectType,
    batch: {
      readonly ids: readonly string[];
      readonly properties: readonly string[];
      readonly idProperty?: string;
      readonly isArchived?: boolean;
    },
    signal: AbortSignal,
  ): Promise<BatchAnswer<RecordAnswer>>;
  createBatch(
    type: ObjectType,
    inputs: readonly CreateInput[],
    signal: AbortSignal,
  ): Promise<BatchAnswer<RecordAnswer>>;
  updateBatch(
    type: ObjectType,
    inputs: readonly UpdateInput[],
    signal: AbortSignal,
  ): Promise<BatchAnswer<RecordAnswer>>;
  upsertBatch(
    type: ObjectType,
    idProperty: string,
    inputs: readonly UpsertInput[],
    signal: AbortSignal,
  ): Promise<BatchAnswer<RecordAnswer>>;
  archiveBatch(type: ObjectType, ids: readonly string[], signal: AbortSignal): Promise<void>;
  /** The first page in ascending order of `sort`. Pages behind it are found by filters, never by offset: see BEHAVIOR.md. */
  search(
    type: ObjectType,
    search: {
      readonly filters: readonly SearchFilter[];
      readonly sort: string;
      readonly properties: readonly string[];
      readonly limit: number;
    },
    signal: AbortSignal,
  ): Promise<readonly RecordAnswer[]>;
  list(
    type: ObjectType,
    page: { readonly limit: number; readonly after: string | undefined; readonly isArchived: boolean },
    signal: AbortSignal,
  ): Promise<Page<RecordAnswer>>;
  readAssociations(
    from: ObjectType,
    to: ObjectType,
    inputs: readonly { readonly id: string; readonly after?: string }[],
    signal: AbortSignal,
  ): Promise<BatchAnswer<AssociatedAnswer>>;
  /** Answers the refusals; every pair that is in none is done. */
  associate(
    from: ObjectType,
    to: ObjectType,
    typeId: number,
    pairs: readonly RecordPair[],
    signal: AbortSignal,
  ): Promise<readonly ErrorAnswer[]>;
  /** Removes every association between the records of each pair. Answers the refusals. */
  part(
    from: ObjectType,
    to: ObjectType,
    pairs: readonly RecordPair[],
    signal: AbortSignal,
  ): Promise<readonly ErrorAnswer[]>;
  owners(
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<Page<{ readonly id: string; readonly email?: string | null | undefined }>>;
  accountId(signal: AbortSignal): Promise<string>;
  /** What the last answer that carried figures said. */
  limits(): readonly LimitFigure[];
}
