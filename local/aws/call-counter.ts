/** How often each operation was called since the service started. */
export type CallCounts = Readonly<Record<string, number>>;

/** Counts calls by operation name. */
export interface CallCounter {
  count(operation: string, calls?: number): void;
  counts(): CallCounts;
}

/** A counter that starts at nothing. */
export function createCallCounter(): CallCounter {
  const counts = new Map<string, number>();
  return {
    count: (operation, calls = 1) => void counts.set(operation, (counts.get(operation) ?? 0) + calls),
    counts: () => Object.fromEntries(counts),
  };
}
