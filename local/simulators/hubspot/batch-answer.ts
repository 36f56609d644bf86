import type { ApiAnswer } from './api-error.ts';

/**
 * The answer to a batch: `statusWhenWhole` when nothing failed, else 207 with the errors beside the results.
 * @param records how many records the request named, for the statistics
 */
export function batchAnswer(
  results: readonly unknown[],
  errors: readonly unknown[],
  facts: { readonly statusWhenWhole: number; readonly records: number; readonly now: number },
): ApiAnswer {
  const time = new Date(facts.now).toISOString();
  return {
    status: errors.length === 0 ? facts.statusWhenWhole : 207,
    records: facts.records,
    body: {
      status: 'COMPLETE',
      results,
      ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
      startedAt: time,
      completedAt: time,
    },
  };
}
