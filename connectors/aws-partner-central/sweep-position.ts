import * as z from 'zod';
import { type ToldRowsMemory, toldRowsMemory } from '../kit/told-rows.ts';

/** Where a sweep over changes of opportunities stands. Plain JSON, kept between pages and passes. */
export interface ChangesPosition {
  /** The change time the pass begins at, as AWS wrote it; absent: AWS has told none yet. */
  readonly from?: string;
  /** Change times the next pass may begin at, as AWS wrote them, oldest first, one a minute. */
  readonly marks: readonly string[];
  /** Inside a pass: AWS's token for the next page. */
  readonly token?: string;
  /** Rows told of that will be read again. */
  readonly told: ToldRowsMemory;
  /** The latest change time read so far, and when it was first read, by the hub's clock, ms. */
  readonly newest: { readonly stamp: number; readonly at: number };
}

const changesPosition = z.object({
  from: z.string().min(1).exactOptional(),
  marks: z.array(z.string().min(1)),
  token: z.string().exactOptional(),
  told: toldRowsMemory,
  newest: z.object({ stamp: z.number(), at: z.number() }),
});

/** Reads a stored position; one that this code does not understand begins anew, which loses nothing. */
export function readChangesPosition(stored: unknown): ChangesPosition {
  const read = changesPosition.safeParse(stored);
  return read.success ? read.data : { marks: [], told: {}, newest: { stamp: 0, at: 0 } };
}

/** Where a walk over all records stands: AWS's token for the next page. */
export interface WalkPosition {
  readonly token?: string;
}

const walkPosition = z.object({ token: z.string().exactOptional() });

/** Reads a stored position of a walk; see {@link readChangesPosition}. */
export function readWalkPosition(stored: unknown): WalkPosition {
  const read = walkPosition.safeParse(stored);
  return read.success ? read.data : {};
}

/** Where a sweep over invitations stands: those that waited for an answer when it last looked. */
export interface PendingPosition extends WalkPosition {
  readonly pending: readonly string[];
  /** Inside a pass: those found so far. */
  readonly found: readonly string[];
}

const pendingPosition = walkPosition.extend({ pending: z.array(z.string()), found: z.array(z.string()) });

/** Reads a stored position of invitations; see {@link readChangesPosition}. */
export function readPendingPosition(stored: unknown): PendingPosition {
  const read = pendingPosition.safeParse(stored);
  return read.success ? read.data : { pending: [], found: [] };
}
