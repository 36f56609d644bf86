import * as z from 'zod';
import { type ToldRowsMemory, toldRowsMemory } from '../kit/told-rows.ts';

/** How often one pass may lose its place, because AWS refused the token it gave, before the pass fails. */
export const restartsMax = 3;

/** Where a pass through a list of AWS's stands. */
export interface ListPosition {
  /** AWS's token of the next page; absent at the beginning. */
  readonly token?: string | undefined;
  /** How often this pass began anew. */
  readonly restarts: number;
}

/** Where a sweep over changes stands. Plain JSON. */
export interface ChangesPosition extends ListPosition {
  /** What this pass looks for happened after this, ms. */
  readonly since: number;
  /** When this pass began, by AWS's clock, ms; the next one begins before that. Absent between passes. */
  readonly passBegan?: number | undefined;
  /** Rows told of, which a pass reads again. */
  readonly told: ToldRowsMemory;
}

const list = { token: z.string().min(1).optional(), restarts: z.number().int().min(0) };
const listPosition = z.object(list);
const changesPosition = z.object({
  ...list,
  since: z.number(),
  passBegan: z.number().optional(),
  told: toldRowsMemory,
});

/** Reads a stored position of a walk; one that this code does not understand begins anew, which loses nothing. */
export function readListPosition(stored: unknown): ListPosition {
  const parsed = listPosition.safeParse(stored);
  return parsed.success ? parsed.data : { restarts: 0 };
}

/** Reads a stored position of changes; one that this code does not understand begins anew at `fallback`, ms. */
export function readChangesPosition(stored: unknown, fallback: number): ChangesPosition {
  const parsed = changesPosition.safeParse(stored);
  return parsed.success ? parsed.data : { since: fallback, restarts: 0, told: {} };
}
