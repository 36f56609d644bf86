import type { RowError } from '../api-error.ts';

/** What became of one row. Errors are as many as the org found; there is at least one. */
export type RowOutcome =
  | { readonly ok: true; readonly id: string; readonly created: boolean }
  | { readonly ok: false; readonly errors: readonly RowError[] };

export function refused(...errors: readonly RowError[]): RowOutcome {
  return { ok: false, errors };
}
