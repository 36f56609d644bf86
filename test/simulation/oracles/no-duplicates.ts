import { PEOPLE_KINDS } from '../people/people-kinds.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';

/**
 * Invariant 2: the hub makes nothing twice. No two records of a system carry the same id of the hub, and the hub makes no record of
 * a thing that the system already has, as far as it could know.
 */
export function noDuplicates(end: EndOfRun): readonly Violation[] {
  const violations: Violation[] = [];
  for (const system of end.systems) {
    const records = end.records.get(system) ?? [];
    const byHubId = Map.groupBy(
      records.filter(({ isLive, hubId }) => isLive && hubId !== ''),
      ({ kind, hubId }) => `${kind} ${hubId}`,
    );
    for (const [name, twins] of byHubId) {
      if (twins.length > 1)
        violations.push({ invariant: 'no duplicate', what: `${system} has ${twins.length} records of ${name}` });
    }
    for (const kind of PEOPLE_KINDS) {
      const live = records.filter((record) => record.isLive && record.kind === kind && record.entity !== '');
      for (const [entity, twins] of Map.groupBy(live, (record) => record.entity)) {
        if (twins.length > 1)
          violations.push({
            invariant: 'no duplicate',
            what: `${system} has ${twins.length} live records of ${entity} in the end`,
          });
      }
    }
  }
  return [...violations, ...madeTwice(end)];
}

/** How long a record may be there before the hub must know it: longer than any planned outage and every wait after it. */
const KNOWN_AFTER_MS = 2 * 3_600_000;

function madeTwice({ changes, systems }: EndOfRun): readonly Violation[] {
  const violations: Violation[] = [];
  const made = changes.filter(({ event, entity }) => event === 'made' && entity !== '');
  for (const second of made.filter(({ by, system }) => by === 'hub' && systems.includes(system))) {
    const first = made.find(
      (each) =>
        each.serial < second.serial &&
        each.system === second.system &&
        each.entity === second.entity &&
        !changes.some(
          (gone) =>
            gone.event === 'gone' && gone.id === each.id && gone.system === each.system && gone.serial < second.serial,
        ),
    );
    if (first === undefined) continue;
    const isKnown = first.by === 'hub' || second.at - first.at > KNOWN_AFTER_MS;
    if (isKnown) {
      violations.push({
        invariant: 'no duplicate',
        what: `the hub made ${second.entity} in ${second.system} again, ${second.at - first.at} ms after ${first.by === 'hub' ? 'it' : 'somebody'} did`,
      });
    }
  }
  return violations;
}
