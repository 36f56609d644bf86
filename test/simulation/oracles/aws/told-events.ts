import type { EndOfRun, Violation } from '../end-of-run.ts';

/** An event that reached the hub and that it does not know is kept; one that is for others is not. What the others tell of, the CRMs show. */
export function toldEvents({ aws }: EndOfRun): readonly Violation[] {
  return aws.sent.flatMap(({ event, isLost }) => {
    if (isLost || !event.id.startsWith('odd-')) return [];
    const isOurs = event.account === '111122223333';
    if (isOurs === aws.kept.has(event.id)) return [];
    const what = isOurs ? `the hub does not keep` : `the hub keeps another account's`;
    return [{ invariant: 'no silent failure', what: `${what} event ${event.id}, ${event['detail-type']}` }];
  });
}
