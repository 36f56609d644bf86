import type { EndOfRun, Violation } from './end-of-run.ts';

/** Writes of the hub that an edit may cost at most, in all systems together: a world that needs more runs in circles. */
const WRITES_PER_CHANGE_MAX = 12;

/** Invariant 1, second half: when people rest, the hub stops writing, nothing waits for ever, and it never wrote without end. */
export function comeToRest(end: EndOfRun): readonly Violation[] {
  return [...silentAtRest(end), ...toldBySweeps(end), ...boundedWrites(end, 0)];
}

/** Nothing is written at rest, and nothing waits. */
export function silentAtRest({ changes, restsAt, waiting }: EndOfRun): readonly Violation[] {
  const violations: Violation[] = [];
  const late = changes.filter(({ by, serial }) => by !== 'person' && serial >= restsAt);
  for (const { system, entity, kind, units } of late.slice(0, 3)) {
    violations.push({
      invariant: 'convergence',
      what: `the hub wrote to ${kind} ${entity} in ${system} at rest: ${Object.keys(units)}`,
    });
  }
  if (waiting.length > 0) violations.push({ invariant: 'convergence', what: `messages wait for ever: ${waiting[0]}` });
  return violations;
}

/** What a walk over everything changes, the sweeps before it had not told of. */
export function toldBySweeps({ changes, walk, plan }: EndOfRun): readonly Violation[] {
  const isRemapped = plan.items.some(({ deed }) => deed.do === 'remap');
  const missed = changes.filter(
    ({ by, serial, kind, units }) =>
      by === 'hub' &&
      serial >= walk.from &&
      serial < walk.to &&
      kind !== 'lead' &&
      Object.keys(units).some((unit) => unit !== 'partner' && !(isRemapped && unit === 'phone')),
  );
  return missed.slice(0, 3).map(({ system, entity, units }) => ({
    invariant: 'convergence',
    what: `no sweep had told of ${entity}, only a walk: ${Object.keys(units)} in ${system}`,
  }));
}

/** The hub changes records a bounded number of times for what happens elsewhere: by people, and `others` times by others. */
export function boundedWrites({ changes }: EndOfRun, others: number): readonly Violation[] {
  const byPeople = changes.filter(({ by }) => by === 'person').length + others;
  const byHub = changes.filter(({ by }) => by === 'hub').length;
  if (byHub <= WRITES_PER_CHANGE_MAX * (byPeople + 1)) return [];
  return [{ invariant: 'convergence', what: `${byHub} changes by the hub for ${byPeople} by people` }];
}
