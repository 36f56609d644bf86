/** The value below which `share` (0 to 1) of the samples lie, by the nearest rank; 0 without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? 0;
}

/** The middle one of the samples; of an even number the lower of the two. */
export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** A number as a report shows it: so many digits after the point. */
export function rounded(value: number, digits: number = 0): number {
  return Number(value.toFixed(digits));
}

/** What was added to each count between two readings; what did not move is left out. */
export function increases(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  const entries = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(entries.filter(([, count]) => count !== 0));
}

/** Each count divided by `by`. */
export function each(counts: Readonly<Record<string, number>>, by: number, digits: number): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, rounded(count / by, digits)]));
}

/** All counts together. */
export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
