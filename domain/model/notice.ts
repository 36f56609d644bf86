/** How urgent the vendor calls of a piece of work are: `backfill` leaves a share of every budget to `live`. */
export type Work = 'live' | 'backfill';

/** Why a notice was sent; for the journal and the log, and for how urgent it is. */
export type NoticeReason =
  | 'webhook'
  | 'sweep'
  | 'backfill'
  | 'walk'
  | 'reference'
  | 'delivery'
  | 'retry'
  | 'audit'
  | 'event'
  | 'erasure';

/** A hint that records of one object of one connection may have changed. Holds no data: the record is read from its system. */
export interface Notice {
  readonly schema: 1;
  readonly connection: string;
  readonly object: string;
  /** 1 to 100 external ids. */
  readonly ids: readonly string[];
  readonly reason: NoticeReason;
  /** How often it has waited already; a waiting message is a new one that carries this. */
  readonly attempts: number;
  readonly correlationId: string;
  /** How often it has waited for a record it refers to; never when absent. */
  readonly awaited?: number;
  /** Backfill only: the page it carries, ticked off when it has been absorbed. */
  readonly page?: string;
  /** Said where the reason does not tell: a record asked for by a backfill is no more urgent than that. */
  readonly work?: Work;
  /** `erasure` only: which erasure to go on with. */
  readonly erasure?: { readonly kind: string; readonly id: string };
}

const BACKGROUND_REASONS: ReadonlySet<NoticeReason> = new Set(['backfill', 'walk', 'audit']);

/** How urgent a notice is: what somebody changed is `live`, what the hub goes through by itself is not. */
export function workOf({ reason, work }: Pick<Notice, 'reason' | 'work'>): Work {
  return work ?? (BACKGROUND_REASONS.has(reason) ? 'backfill' : 'live');
}

/**
 * What a sweep asks a system for: `changes` since a cursor, `deletions` since a cursor, `walk` over everything, and
 * `backfill`, a walk whose end opens the connection for creations.
 */
export type SweepMode = 'changes' | 'deletions' | 'walk' | 'backfill';

/** Asks for the next pages of a sweep. */
export interface SweepRequest {
  readonly schema: 1;
  readonly connection: string;
  readonly object: string;
  readonly mode: SweepMode;
  readonly attempts: number;
  /**
   * When it was first taken up, ms; the requests that go on with it carry it along. A walk or backfill that began after then and has
   * ended was this one, so a message that comes again does not read everything again. Absent: whenever it comes it is a new one.
   */
  readonly askedAt?: number;
}

/** A hint that one unified record may be behind in one connection. */
export interface DeliveryDue {
  readonly schema: 1;
  readonly connection: string;
  readonly object: string;
  readonly kind: string;
  readonly id: string;
  readonly attempts: number;
  readonly correlationId: string;
  /** How often a creation has given way to a newcomer; never when absent. */
  readonly gaveWay?: number;
  /** `live` when absent. */
  readonly work?: Work;
}

/** What the hub tells the world when merged content changed. `fields` is a hint. */
export interface RecordChanged {
  readonly schema: 1;
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly fields: readonly string[];
}
