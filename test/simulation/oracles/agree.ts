import type { SystemId } from '../plan/plan.ts';
import type { SystemRecord } from '../world/vendor.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';

/** Invariant 1, first half: every system that holds a thing says the same of it, in every field it has. */
export function agree(end: EndOfRun): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [entity, records] of byEntity(end)) {
    const units = new Set(records.flatMap(([, { units: own }]) => Object.keys(own)));
    for (const unit of units) {
      const said = records.flatMap(([system, record]) => {
        const value = record.units[unit];
        return value === undefined ? [] : [`${system}=${value}`];
      });
      const values = new Set(said.map((text) => text.slice(text.indexOf('=') + 1)));
      if (values.size > 1) violations.push({ invariant: 'convergence', what: `${entity}.${unit}: ${said.join(', ')}` });
    }
  }
  return violations;
}

/** Live records of every thing, one for each system that has exactly one of it. */
export function byEntity(end: EndOfRun): ReadonlyMap<string, readonly (readonly [SystemId, SystemRecord])[]> {
  const things = new Map<string, (readonly [SystemId, SystemRecord])[]>();
  for (const system of end.systems) {
    for (const record of end.records.get(system) ?? []) {
      if (!record.isLive || record.entity === '') continue;
      things.set(record.entity, [...(things.get(record.entity) ?? []), [system, record]]);
    }
  }
  return things;
}
