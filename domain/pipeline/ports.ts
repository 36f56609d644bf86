import type { CompiledMapping, Directory } from '../mapping/compiled-mapping.ts';
import type { Erasure } from '../model/erasure.ts';
import type { ExternalRef } from '../model/external-ref.ts';
import type { Fault, Result } from '../model/fault.ts';
import type { JournalEntry, MergeItem } from '../model/journal.ts';
import type { Kind } from '../model/kind.ts';
import type { DeliveryDue, Notice, RecordChanged, SweepMode, SweepRequest, Work } from '../model/notice.ts';
import type { Ignored, Problem } from '../model/problem.ts';
import type { ReadOutcome, WriteItem, WriteOutcome } from '../model/snapshot.ts';
import type { SourceRecord } from '../model/source-record.ts';
import type { UnifiedRecord } from '../model/unified-record.ts';
import type { EventReceipt, StoredEvent, VendorEvent } from '../model/vendor-event.ts';
import type { Vocabulary } from '../model/vocabulary.ts';
import type { PublishedRates } from '../money/published-rates.ts';

/** A unified record and everything known about it: one strongly consistent read. */
export interface Bundle {
  readonly kind: Kind;
  readonly id: string;
  /** Absent while a creation is under way, or when the id means nothing. */
  readonly unified?: UnifiedRecord;
  readonly sources: readonly SourceRecord[];
}

/**
 * A match key: a normalised value by which records of a kind are recognised as the same. A strong one is held by one unified
 * record; what holds one whose type begins with `weak-` or `sole-` is a list, see `weak-key-holders.ts` and `sole-holders.ts`.
 */
export interface MatchKey {
  readonly kind: Kind;
  readonly type: string;
  readonly value: string;
}

/** What the hub remembers about a connection, beside its configuration. */
export interface ConnectionState {
  readonly connection: string;
  readonly counter: number;
  /** When the hub first met it, ms; what is older was `found`. */
  readonly connectedAt: number;
  /** The vendor account's own id; another answer pauses the connection. */
  readonly accountId?: string;
  readonly paused?: { readonly at: number; readonly reason: string; readonly by: 'person' | 'hub' };
  /** Owner ids and e-mails, as last read. */
  readonly owners: Readonly<Record<string, string>>;
  readonly ownersReadAt: number;
  /** Ids of the problems open for the connection as a whole. */
  readonly problems: readonly string[];
  /** When a person last ended a pause, ms; guards count anew from then. */
  readonly resumedAt?: number;
  /** When writing to it was released; until then the hub reads and plans, and `preview` shows what it would write. */
  readonly releasedAt?: number;
  /** By object: mapped fields that the account does not have or show, in the system's names; nothing is written to them. */
  readonly unseen?: Readonly<Record<string, readonly string[]>>;
  /** When each object's backfill had been absorbed to its last page, ms; before that nothing is created there. */
  readonly backfilledAt: Readonly<Record<string, number>>;
}

/** A record that is told with values of another one. */
export interface Borrower {
  readonly kind: Kind;
  readonly id: string;
}

/** What a cursor is of: a sweep, or the hub's own review of its problems. */
export type CursorMode = SweepMode | 'review';

/** Where a sweep stands. `position` is the connector's own and opaque to the hub. */
export interface SweepCursor {
  readonly connection: string;
  readonly object: string;
  readonly mode: CursorMode;
  readonly counter: number;
  readonly position: unknown;
  /** Ids put on the queue since the pass began. */
  readonly seen: number;
  readonly startedAt: number;
  readonly finishedAt?: number;
}

/**
 * The hub's memory. Every read here is strongly consistent and every write conditional, unless it says otherwise.
 * Writes answer `false` when the condition did not hold; nothing was written then.
 */
export interface HubStore {
  /** Unified ids by {@link refKey}; refs unknown are left out. At most 1,000 refs. */
  readRefs(refs: readonly ExternalRef[]): Promise<ReadonlyMap<string, string>>;
  /** Points a reference to a unified id, if it now points to `expected` (`null`: nowhere). */
  putRef(ref: ExternalRef, kind: Kind, unifiedId: string, expected: string | null): Promise<boolean>;
  deleteRef(ref: ExternalRef, expected: string): Promise<boolean>;

  /** Holders by `kind#type#value`; keys nobody holds are left out. A holder is a text to the store, compared as a whole. */
  readKeys(keys: readonly MatchKey[]): Promise<ReadonlyMap<string, string>>;
  putKey(key: MatchKey, unifiedId: string, expected: string | null): Promise<boolean>;
  deleteKey(key: MatchKey, expected: string): Promise<boolean>;

  /**
   * Notes that a record is about to be entered under these keys, as `type:value`, which its own item does not list: before it is,
   * so that none is left behind when the record is erased. Noting twice changes nothing.
   */
  noteKeys(kind: Kind, id: string, keys: readonly string[]): Promise<void>;
  readNotedKeys(kind: Kind, id: string): Promise<readonly string[]>;

  /**
   * Notes that values of a record are about to be told to a system as another one's (`through` of a vocabulary): whom to tell when
   * they change. Noting twice changes nothing.
   */
  noteBorrower(kind: Kind, id: string, borrower: Borrower): Promise<void>;
  /** At most `limit` of them (≤ 1,000), by their kind and id. */
  readBorrowers(kind: Kind, id: string, limit: number): Promise<readonly Borrower[]>;

  readBundle(kind: Kind, id: string): Promise<Bundle>;
  /** Only the unified records' own items, by id; for references. */
  readUnified(kind: Kind, ids: readonly string[]): Promise<ReadonlyMap<string, UnifiedRecord>>;
  /** Writes the item if its stored counter is `expected` (`null`: not there). `source.counter` is the new one. */
  putSource(source: SourceRecord, expected: number | null): Promise<boolean>;
  deleteSource(source: SourceRecord): Promise<boolean>;
  putUnified(record: UnifiedRecord, expected: number | null): Promise<boolean>;

  /** Unconditional, in order; kept for the configured retention. */
  appendJournal(entries: readonly JournalEntry[]): Promise<void>;
  /** Newest first, at most `limit` (≤ 200). Eventually consistent. */
  readJournal(kind: Kind, id: string, limit: number): Promise<readonly JournalEntry[]>;

  /** Forgets the entries of these times, both ends included. */
  forgetJournal(kind: Kind, id: string, from: number, until: number): Promise<void>;
  /** Forgets whatever the hub keeps of a record beside its own item and its source records; once it is erased. */
  forgetHistory(kind: Kind, id: string): Promise<void>;

  /**
   * Opens (or keeps open) a problem; the first opening's time stays. One ignored for the same cause stays ignored. With `as`, only if it is
   * as that was read (`null`: not there).
   */
  openProblem(problem: Problem, as?: Problem | null): Promise<boolean>;
  /** Closes a problem; with `as`, only if it was not raised again since that was read. */
  closeProblem(id: string, at: number, as?: Problem): Promise<void>;
  readProblem(id: string): Promise<Problem | undefined>;
  /** Marks an open problem ignored; `undefined` takes that back. `false`: it is not open (or not ignored). */
  ignoreProblem(id: string, ignored: Ignored | undefined): Promise<boolean>;
  /** Open problems (or those ignored), oldest first, paged. Eventually consistent. */
  listProblems(page: {
    readonly limit: number;
    readonly after?: string;
    readonly state?: 'open' | 'ignored';
  }): Promise<{ readonly problems: readonly Problem[]; readonly next?: string }>;

  /** Deletes problems, open or not; those that are not there are left out. */
  deleteProblems(ids: readonly string[]): Promise<void>;

  putMerge(item: MergeItem, expected: 'absent' | 'present'): Promise<boolean>;
  readMerge(id: string): Promise<MergeItem | undefined>;
  /** Ids of the merges the record took part in, undone ones included. */
  readMergesOf(kind: Kind, id: string): Promise<readonly string[]>;
  deleteMerge(kind: Kind, id: string): Promise<void>;
  /** Whether a person said that these two are not the same. */
  readPin(kind: Kind, idA: string, idB: string): Promise<boolean>;
  putPin(kind: Kind, idA: string, idB: string): Promise<void>;

  readErasure(kind: Kind, id: string): Promise<Erasure | undefined>;
  putErasure(erasure: Erasure, expected: number | null): Promise<boolean>;
  /** All erasures by kind and id, paged; `limit` at most 200. */
  listErasures(page: {
    readonly limit: number;
    readonly after?: string;
  }): Promise<{ readonly erasures: readonly Erasure[]; readonly next?: string }>;

  readConnection(connection: string): Promise<ConnectionState | undefined>;
  putConnection(state: ConnectionState, expected: number | null): Promise<boolean>;

  readCursor(connection: string, object: string, mode: CursorMode): Promise<SweepCursor | undefined>;
  putCursor(cursor: SweepCursor, expected: number | null): Promise<boolean>;

  /**
   * Keeps the set of backfill pages that are on the queue but not yet absorbed; answers how many remain. Adding or removing
   * a page twice changes nothing, so repeated messages cannot end a backfill early.
   */
  trackPage(connection: string, object: string, page: string, change: 'add' | 'remove'): Promise<number>;

  /** The exchange rates last published on a day or at most `daysBack` days before it. */
  readRates(day: string, daysBack: number): Promise<PublishedRates | undefined>;
  /** Keeps the rates of days, over those kept of the same days; at most 500 days a call. */
  putRates(days: readonly PublishedRates[]): Promise<void>;

  /** Adds to a counter of a time window and answers the sum; for guards such as "too many deletions". */
  count(name: string, windowMs: number, now: number, by: number): Promise<number>;
  /**
   * GCRA state of a shared budget: the theoretical arrival time, ms. `swap` writes `next` if `expected` is still stored.
   */
  readBudget(name: string): Promise<number | undefined>;
  swapBudget(name: string, next: number, expected: number | undefined): Promise<boolean>;
  /** Keeps an event as it is, once; `false`: it was kept before. Forgotten after the configured retention. */
  keepEvent(event: StoredEvent): Promise<boolean>;
  /** Kept events, newest first, paged; `limit` at most 200. Eventually consistent. */
  listEvents(page: {
    readonly limit: number;
    readonly before?: string;
  }): Promise<{ readonly events: readonly StoredEvent[]; readonly next?: string }>;
  /** What is known of a long budget for people to read; the last writer's word. Decides nothing. */
  putFigure(name: string, figure: BudgetFigure): Promise<void>;
  readFigure(name: string): Promise<BudgetFigure | undefined>;
}

/** What the vendor last told of a long budget. Times in ms. */
export interface BudgetFigure {
  readonly used: number;
  readonly limit: number;
  readonly at: number;
  /** What the hub itself had spent that day by then. */
  readonly spentThen: number;
}

/** A page of a sweep: ids to look at, and where to go on. */
export interface ChangesPage {
  readonly ids: readonly string[];
  readonly position: unknown;
  /** `false`: the pass is finished; the next one begins from `position`. */
  readonly hasMore: boolean;
}

/** One connection as the pipeline sees it; the kit makes it from a connector, a configuration and credentials. */
export interface SystemPort {
  readonly connection: string;
  readonly system: string;
  /** The largest batches this object's calls take. */
  limits(object: string): { readonly readMax: number; readonly writeMax: number };
  /** One outcome per id, in order; the whole may fail (throttled, credential, unreachable). `live` unless it says otherwise. */
  read(
    object: string,
    ids: readonly string[],
    fields: readonly string[],
    work?: Work,
  ): Promise<Result<readonly ReadOutcome[]>>;
  /**
   * External ids by unified id of the records that carry one of these ids: of what creations made whose answer was lost. Ids
   * without a record are left out, and a fault stands for one of which nothing can be told yet; a record in a recycle bin is none. Empty in a system whose creations find their earlier attempt themselves.
   */
  find(
    object: string,
    hubIdField: string,
    unifiedIds: readonly string[],
    work?: Work,
  ): Promise<Result<ReadonlyMap<string, string | Fault>>>;
  /**
   * External ids of the records made since an instant (ms) that do not carry the hub's id, the newest first, at most 200. Empty in a
   * system that would tell of them late only.
   */
  newcomers(object: string, hubIdField: string, since: number, work?: Work): Promise<Result<readonly string[]>>;
  /** One outcome per item, in order. Never throws for expected failures: a batch that failed as a whole fails in each item. */
  write(object: string, hubIdField: string, items: readonly WriteItem[], work?: Work): Promise<readonly WriteOutcome[]>;
  /**
   * `position` is what the last page answered, or `undefined` to begin. `connectedAt` bounds the first pass of `changes`. Walks
   * and backfills are never `live`; the others are unless `work` says otherwise.
   */
  changes(
    object: string,
    mode: SweepMode,
    position: unknown,
    connectedAt: number,
    work?: Work,
  ): Promise<Result<ChangesPage>>;
  /** The account's own id and its users (owner id → e-mail in lower case), at most 10,000. */
  account(): Promise<Result<{ readonly accountId: string; readonly owners: Readonly<Record<string, string>> }>>;
}

/** Messages that leave the hub's step. All at least once; a rejection means that not everything was accepted, and the step's own message is then repeated. */
export interface Outbox {
  /** Puts notices on the inbound queue, visible after `delayMs` (0 to 900,000). */
  notice(notices: readonly Notice[], delayMs: number): Promise<void>;
  /** Publishes on the bus, which brings it to the connection's outbound queue. */
  deliver(due: readonly DeliveryDue[]): Promise<void>;
  /** Puts a delivery back on its connection's outbound queue, visible after `delayMs` (0 to 900,000). */
  deliverLater(due: readonly DeliveryDue[], delayMs: number): Promise<void>;
  changed(events: readonly RecordChanged[]): Promise<void>;
  /** Puts sweep requests on the sweep queue, visible after `delayMs` (0 to 900,000). */
  sweep(requests: readonly SweepRequest[], delayMs: number): Promise<void>;
}

/** One configured connection, as far as the pipeline cares. */
export interface ConnectionInfo {
  readonly id: string;
  readonly system: string;
  readonly direction: 'in' | 'out' | 'both';
  readonly objects: readonly string[];
}

/** Everything the pipeline works with; built once per process by the composition root. */
export interface Hub {
  readonly store: HubStore;
  readonly outbox: Outbox;
  readonly vocabularies: ReadonlyMap<Kind, Vocabulary>;
  /** The currency money is reported in, ISO 4217; without one the hub keeps no exchange rates beside it. */
  readonly reportingCurrency?: string;
  /** In the order of the configuration, which is the order ties are broken in. */
  readonly connections: readonly ConnectionInfo[];
  /** The connection's mapping for an object, if it has one. */
  mapping(connection: string, object: string): CompiledMapping | undefined;
  /** The connection's mappings for a kind: one for each of its objects that are of this kind. */
  mappingsOf(connection: string, kind: Kind): readonly CompiledMapping[];
  /** Opens a connection; fails with a `credential` fault when its access is missing or wrong. Kept for the life of the process. */
  system(connection: string): Promise<Result<SystemPort>>;
  /** What an event says to a connection; `undefined` when its system sends no events of this source. Needs no access to the system. */
  receiveEvent(connection: string, event: VendorEvent): Promise<EventReceipt | undefined>;
  directory(connection: string): Promise<Directory>;
  connectionState(connection: string): Promise<ConnectionState>;
  /** ms since the epoch. */
  now(): number;
  /** A new ULID. */
  newId(): string;
  /** 0 ≤ x < 1, for jitter only. */
  random(): number;
  /** One structured line; no values. */
  log(step: string, facts: Readonly<Record<string, string | number | boolean | undefined>>): void;
}
