import type { Kind } from './kind.ts';

/**
 * An erasure somebody asked for. The list of them is kept outside the hub's table as well, so that they can be applied again
 * after a restore; it holds ids and nothing that a record held.
 */
export interface Erasure {
  readonly kind: Kind;
  /** The record asked for, merges followed. */
  readonly id: string;
  /** It and every record that was merged into it. */
  readonly ids: readonly string[];
  /** Every record of a system that was part of it, as `connection#object#externalId`. */
  readonly refs: readonly string[];
  /** Connections in which the record stays. */
  readonly keepIn: readonly string[];
  /** When it was asked for, ms. */
  readonly at: number;
  readonly by: string;
  /** Since when nothing of it has been left anywhere, as far as was known, ms. */
  readonly emptySince?: number;
  /** When nothing was left and whoever may still have been at work on the record had ended, ms; absent before. */
  readonly doneAt?: number;
  /** Moves by one with every write; the condition of the next. */
  readonly counter: number;
}
