import { groupOf } from '../people/fields.ts';
import type { SystemRecord } from '../world/vendor.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';

/**
 * Invariants 2 and 4 where two persons have one e-mail address, or two things are called the same and share nothing that identifies
 * them: the hub asks a person about the second one, and makes nothing of it anywhere until somebody has answered. In these worlds nobody does.
 */
export function asksFirst(end: EndOfRun): readonly Violation[] {
  const { changes } = end;
  const violations: Violation[] = [];
  const tell = (what: string): void => void violations.push({ invariant: 'no silent failure', what });
  const entered = changes.flatMap(({ by, event, entity }) => (by === 'person' && event === 'made' ? [entity] : []));
  const groups = Map.groupBy(new Set(entered), groupOf);
  for (const [group, [, ...laterOnes]] of groups) {
    if (group === undefined) continue;
    for (const entity of laterOnes) {
      const records = recordsOf(end, entity);
      if (records.length === 0) continue;
      if (!records.some((record) => isAskedAbout(end, record))) {
        tell(`nobody is asked about ${entity}, which may be another one that is known`);
      }
      const made = changes.find((change) => change.entity === entity && change.by === 'hub' && change.event === 'made');
      if (made !== undefined) tell(`the hub made ${entity} in ${made.system} before anybody had said what that is`);
    }
  }
  return violations;
}

/** Invariant 4: no two open questions ask whether the same two records are one. The first record of a question is compared with each other one. */
export function asksOnce({ problems }: EndOfRun): readonly Violation[] {
  const pairs = problems.flatMap(({ id, cause, candidates: [first = '', ...others] = [] }) =>
    cause === 'doubtful-match' ? others.map((other) => ({ id, pair: [first, other].sort().join(' and ') })) : [],
  );
  return [...Map.groupBy(pairs, ({ pair }) => pair)]
    .filter(([, asked]) => asked.length > 1)
    .map(([pair, asked]) => ({
      invariant: 'no silent failure',
      what: `whether ${pair} are the same is asked ${asked.length} times: ${asked.map(({ id }) => id).join(', ')}`,
    }));
}

/** Whether a record is of something a person is asked about, so that it is where it was entered and nowhere else. */
export function waitsForWord(end: EndOfRun, { entity }: SystemRecord): boolean {
  return groupOf(entity) !== undefined && recordsOf(end, entity).some((record) => isAskedAbout(end, record));
}

/** Whether it is no fault that a person is asked about a record. In the portal the person of a lead is a contact, which stands for nothing else. */
export function mayBeAskedAbout({ plan }: EndOfRun, { kind, entity }: SystemRecord): boolean {
  if (groupOf(entity) !== undefined) return true;
  const isOfLead = kind === 'contact' && entity === '';
  return (
    isOfLead &&
    plan.items.some(({ deed }) => deed.do === 'create' && deed.kind === 'lead' && groupOf(deed.entity) !== undefined)
  );
}

function recordsOf({ records }: EndOfRun, entity: string): readonly SystemRecord[] {
  return [...records.values()].flat().filter((record) => record.entity === entity && record.isLive);
}

function isAskedAbout({ problems }: EndOfRun, { id }: SystemRecord): boolean {
  return problems.some(({ cause, externalId }) => cause === 'doubtful-match' && externalId === id);
}
