/** How many records of a batch are worked on at the same time; bounds connections and memory. */
export const PARALLEL_MAX = 32;

/**
 * Runs `work` over all items, at most {@link PARALLEL_MAX} at a time, and answers in the items' order. The first
 * rejection rejects the whole, after the works under way have ended.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    while (next < items.length && failure === undefined) {
      const index = next++;
      try {
        // The index is below the length, so the item is there.
        results[index] = await work(items[index] as T, index);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_MAX, items.length) }, worker));
  if (failure !== undefined) throw failure.error;
  return results;
}
