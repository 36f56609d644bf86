import type { EndOfRun, Violation } from '../end-of-run.ts';

/** How long a review may have been on before the hub must know of it: a call under way, and one that goes out before the answer is read. */
const KNOWN_AFTER_MS = 180_000;

/**
 * While AWS reviews an opportunity the hub leaves it alone. What was on its way when the review began is no fault, since AWS refuses it;
 * a try long after it, by a process that has read the opportunity since, is one.
 */
export function handsOff({ aws, calls }: EndOfRun): readonly Violation[] {
  return aws.untimelyWrites.flatMap(({ operation, opportunityId, at, reviewedSince }) => {
    const write = calls.find(
      (call) => call.system === 'partner-central' && call.at === at && call.operation === operation,
    );
    const hasRead = calls.some(
      (call) =>
        call.process === write?.process &&
        call.at > reviewedSince &&
        call.at <= at &&
        call.operation === 'GetOpportunity' &&
        call.body.includes(opportunityId),
    );
    if (!hasRead && at - reviewedSince < KNOWN_AFTER_MS) return [];
    const what = `the hub wrote to ${opportunityId} (${operation}) ${at - reviewedSince} ms after AWS took it into review`;
    return [{ invariant: 'nothing lost', what }];
  });
}
