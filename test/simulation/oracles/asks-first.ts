import { sharesMailbox } from '../people/fields.ts';
import type { SystemRecord } from '../world/vendor.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';

/**
 * Invariants 2 and 4 where two persons have one e-mail address: the hub asks a person about the second one, and makes nothing of it
 * anywhere until somebody has answered.
 */
export function asksFirst({ plan, records, changes, problems }: EndOfRun): readonly Violation[] {
  const violations: Violation[] = [];
  const tell = (what: string): void => void violations.push({ invariant: 'no silent failure', what });
  const [, ...laterOnes] = plan.items.flatMap(({ deed }) =>
    deed.do === 'create' && sharesMailbox(deed.entity) ? [deed] : [],
  );
  for (const { entity, system } of laterOnes) {
    const record = records.get(system)?.find((each) => each.entity === entity && each.isLive);
    if (record === undefined) continue;
    const isAsked = problems.some(({ cause, externalId }) => cause === 'doubtful-match' && externalId === record.id);
    if (!isAsked) tell(`nobody is asked about ${entity}, who has the mailbox of another person`);
    const made = changes.find((change) => change.entity === entity && change.by === 'hub' && change.event === 'made');
    if (made !== undefined) tell(`the hub made ${entity} in ${made.system} before anybody had said who that is`);
  }
  return violations;
}

/** Whether a record is of somebody a person is asked about, so that it is where it was entered and nowhere else. */
export function waitsForWord({ problems }: EndOfRun, { id, entity }: SystemRecord): boolean {
  return (
    sharesMailbox(entity) && problems.some(({ cause, externalId }) => cause === 'doubtful-match' && externalId === id)
  );
}
