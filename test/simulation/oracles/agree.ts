import type { SystemId } from '../plan/plan.ts';
import type { SystemRecord } from '../world/vendor.ts';
import { type EndOfRun, placeOf, type Violation } from './end-of-run.ts';

/** Invariant 1, first half: every system that holds a thing says the same of it, in every field it has. */
export function agree(end: EndOfRun): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [entity, records] of byEntity(end)) {
    const units = new Set(records.flatMap(([, { units: own }]) => Object.keys(own)));
    for (const unit of units) {
      const said = holdersOf(end, records, unit);
      if (new Set(said.map(([, value]) => value)).size <= 1) continue;
      const what = `${entity}.${unit}: ${said.map((pair) => pair.join('=')).join(', ')}`;
      violations.push({ invariant: 'convergence', what });
    }
  }
  return violations;
}

/**
 * What each system says in a unit, of those that can say what the others say: where the partner that a record belongs to elsewhere
 * was deleted, the record cannot belong to it.
 */
export function holdersOf(
  end: EndOfRun,
  records: readonly (readonly [SystemId, SystemRecord])[],
  unit: string,
): readonly (readonly [SystemId, string])[] {
  const said = records.flatMap(([system, { units }]) => {
    const value = units[unit];
    return value === undefined ? [] : [[system, value] as const];
  });
  if (unit !== 'partner') return said;
  const partners = new Set(said.map(([, value]) => value).filter((value) => value !== ''));
  return said.filter(([system]) => [...partners].every((partner) => isIn(end, system, partner)));
}

/** Whether a system has a record of a thing in the end. */
export function isIn(end: EndOfRun, system: SystemId, entity: string): boolean {
  return (end.records.get(system) ?? []).some((record) => record.isLive && record.entity === entity);
}

/**
 * Live records of every thing, one for each system that has exactly one of it. Not those that were erased and that people took out of
 * a recycle bin: they carry the ids they had, so the hub knows them and leaves them where they are, each for itself. What it still
 * must not do with them, `erased-stays-erased` tells.
 */
export function byEntity(end: EndOfRun): ReadonlyMap<string, readonly (readonly [SystemId, SystemRecord])[]> {
  const things = new Map<string, (readonly [SystemId, SystemRecord])[]>();
  for (const system of end.systems) {
    for (const record of end.records.get(system) ?? []) {
      if (!record.isLive || record.entity === '') continue;
      if (end.forgotten.has(placeOf(system, record.kind, record.id))) continue;
      things.set(record.entity, [...(things.get(record.entity) ?? []), [system, record]]);
    }
  }
  return things;
}
