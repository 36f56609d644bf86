import { type ToldRowsMemory, toldRowsMemory } from '../kit/told-rows.ts';

/** Where a pass over one feed stands. */
export interface FeedPosition {
  /** Change times before this were read, ms. */
  readonly since: number;
  /** Rows with exactly that change time were read too. */
  readonly isPast: boolean;
  /** Inside the rows of change time `since`: those with ids up to this one were read. */
  readonly afterId?: string;
}

/** Where a sweep over changes stands. Plain JSON, kept between pages and passes. */
export interface ChangesPosition extends FeedPosition {
  /** When the running pass began, ms; absent between passes. */
  readonly passBegan?: number;
  /** Where the pass began to read, for the feeds that come after this one, ms. */
  readonly passSince: number;
  /** Which of the object's feeds is being read. */
  readonly feed: number;
  /** Rows told of that will be read again. */
  readonly told: ToldRowsMemory;
  /** The latest change time read so far, and when it was first read, by the hub's clock, ms. */
  readonly newest: { readonly stamp: number; readonly at: number };
}

/** Where a sweep over the log of deletions stands. */
export interface DeletionsPosition {
  /** The log is read up to here, ms. */
  readonly since: number;
  /** Inside the deletions from `since` on: those up to this time and id were told. */
  readonly afterAt?: number;
  readonly afterId?: string;
}

/** Reads a stored position of changes; one that this code does not understand starts again from `fallback`, which loses nothing. */
export function readChangesPosition(stored: unknown, fallback: number): ChangesPosition {
  const { since, isPast, afterId, passBegan, passSince, feed, told, newest } = membersOf(stored);
  if (!isTime(since) || !isTime(passSince) || typeof isPast !== 'boolean' || !Number.isInteger(feed)) {
    return { since: fallback, isPast: false, passSince: fallback, feed: 0, told: {}, newest: NEVER };
  }
  return {
    since,
    isPast,
    passSince,
    feed: Number(feed),
    told: toldRowsMemory.parse(told),
    newest: readNewest(newest),
    ...(typeof afterId === 'string' ? { afterId } : {}),
    ...(isTime(passBegan) ? { passBegan } : {}),
  };
}

const NEVER = { stamp: 0, at: 0 } as const;

function readNewest(stored: unknown): ChangesPosition['newest'] {
  const { stamp, at } = membersOf(stored);
  return isTime(stamp) && isTime(at) ? { stamp, at } : NEVER;
}

/** Reads a stored position of deletions; see {@link readChangesPosition}. */
export function readDeletionsPosition(stored: unknown, fallback: number): DeletionsPosition {
  const { since, afterAt, afterId } = membersOf(stored);
  if (!isTime(since)) return { since: fallback };
  return isTime(afterAt) && typeof afterId === 'string' ? { since, afterAt, afterId } : { since };
}

/** Reads a stored position of a walk: the last id told. */
export function readWalkPosition(stored: unknown): string | undefined {
  const { afterId } = membersOf(stored);
  return typeof afterId === 'string' ? afterId : undefined;
}

function membersOf(stored: unknown): Readonly<Record<string, unknown>> {
  return typeof stored === 'object' && stored !== null ? (stored as Readonly<Record<string, unknown>>) : {};
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
