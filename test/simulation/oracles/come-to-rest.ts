import { SYSTEM_IDS } from '../plan/plan.ts';
import type { Change, VendorCall } from '../world/chronicle.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';

/** Writes of the hub that an edit may cost at most, in all systems together: a world that needs more runs in circles. */
const WRITES_PER_CHANGE_MAX = 12;
/** Write calls to the CRMs that an edit may cost, also of those that changed nothing; seeds 1 to 300 need 2 at most. */
const WRITE_CALLS_PER_CHANGE_MAX = 4;
/** And those that a system refused because it refuses all calls for a while; seeds 1 to 300 need 8 at most, a world with two changes 19. */
const CALLS_REFUSED_PER_CHANGE_MAX = 40;

/** Invariant 1, second half: when people rest, the hub stops writing, nothing waits for ever, and it never wrote without end. */
export function comeToRest(end: EndOfRun): readonly Violation[] {
  return [...silentAtRest(end), ...toldBySweeps(end), ...boundedWrites(end, 0), ...boundedWriteCalls(end)];
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

/**
 * What a walk over everything changes, the sweeps before it had not told of. What another mapping brings (here the phone of partners in the
 * portal) is for the walk, and so are records that were refused there: with one more field, or a reference to one that is made now, each is
 * another one, and sent again. What the hub's user may see again has no new stamp, so that only a walk, or
 * a person's retry, tells of it; nor has a record that was refused since it refers to what was hidden.
 */
export function toldBySweeps({ changes, walk, plan }: EndOfRun): readonly Violation[] {
  const isRemapped = plan.items.some(({ deed }) => deed.do === 'remap');
  const isRefusing = plan.items.some(({ deed }) => deed.do === 'refuse-rows' && deed.system === 'portal');
  const isOfMapping = ({ event, system }: Change, unit: string): boolean =>
    isRemapped && (unit === 'phone' || (isRefusing && event === 'made' && system === 'portal'));
  const hidden = new Set(plan.items.flatMap(({ deed }) => (deed.do === 'hide' ? [deed.entity] : [])));
  for (const { deed } of plan.items)
    if (deed.do === 'create' && hidden.has(deed.partner ?? '')) hidden.add(deed.entity);
  const hiddenFields = new Set(
    plan.items.flatMap(({ deed }) => (deed.do === 'hide-field' ? [`${deed.kind} ${deed.field}`] : [])),
  );
  const missed = changes.filter((change) => {
    const { by, serial, kind, entity, units } = change;
    if (hidden.has(entity)) return false;
    if (by !== 'hub' || serial < walk.from || serial >= walk.to || kind === 'lead') return false;
    return Object.keys(units).some(
      (unit) => unit !== 'partner' && !isOfMapping(change, unit) && !hiddenFields.has(`${kind} ${unit}`),
    );
  });
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

/**
 * A write that is refused changes nothing, and costs a call each time it is tried again. While a system refuses everything (down, throttled,
 * its day used up) the hub can only go on trying, in longer and longer waits: how often depends on how long that lasts, so such calls are
 * counted by themselves. An hour is ten times three tries for each message about a record, and what happens to it elsewhere sends new ones.
 */
function boundedWriteCalls({ changes, calls }: EndOfRun): readonly Violation[] {
  const byPeople = changes.filter(({ by }) => by === 'person').length;
  const writes = calls.filter(({ isWrite, system }) => isWrite && SYSTEM_IDS.some((id) => id === system));
  const isRefused = ({ isInjected, status }: VendorCall): boolean => isInjected && status >= 400;
  const bounds = [
    { of: writes.filter((call) => !isRefused(call)), perChange: WRITE_CALLS_PER_CHANGE_MAX, what: 'write calls' },
    { of: writes.filter(isRefused), perChange: CALLS_REFUSED_PER_CHANGE_MAX, what: 'refused write calls' },
  ];
  return bounds.flatMap(({ of, perChange, what }) => {
    if (of.length <= perChange * (byPeople + 1)) return [];
    const counts = [...Map.groupBy(of, ({ system, method, path }) => `${method} ${system}${path}`)];
    const [most, ofMost] = counts.reduce((one, other) => (other[1].length > one[1].length ? other : one));
    const told = `${of.length} ${what} of the hub for ${byPeople} changes by people; ${ofMost.length} of them ${most}`;
    return [{ invariant: 'convergence', what: told }];
  });
}
