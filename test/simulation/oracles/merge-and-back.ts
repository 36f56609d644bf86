import type { Change } from '../world/chronicle.ts';
import { byEntity } from './agree.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';

/**
 * Invariant 7: what was merged in the hub and taken apart again is as it was, but for later edits. That the last edits of both things
 * stand, `nothing-lost` tells; this one, that nothing of either is left in the other: whatever a thing says in the end stood in one of its
 * records before the merge, or was entered there by somebody since.
 */
export function mergeAndBack(end: EndOfRun): readonly Violation[] {
  const violations: Violation[] = [];
  const things = byEntity(end);
  for (const { entities, mergedAt, unmergedAt } of end.merges) {
    if (unmergedAt === undefined) {
      violations.push({ invariant: 'reversible', what: `the merge of ${entities.join(' and ')} could not be undone` });
      continue;
    }
    for (const entity of entities) {
      const changes = end.changes.filter((change) => change.entity === entity);
      for (const [system, { units }] of things.get(entity) ?? []) {
        const left = Object.entries(units).find(([unit, value]) => !isOwn(changes, unit, value, mergedAt));
        if (left === undefined) continue;
        violations.push({
          invariant: 'reversible',
          what: `${entity}.${left[0]} is "${left[1]}" in ${system} after a merge that was undone, which it never was on its own`,
        });
      }
    }
  }
  return violations;
}

function isOwn(changes: readonly Change[], unit: string, value: string, mergedAt: number): boolean {
  return changes.some((change) => change.units[unit]?.[1] === value && (change.at < mergedAt || change.by !== 'hub'));
}
