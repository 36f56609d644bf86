import type { SystemRecord } from '../world/vendor.ts';
import { byEntity } from './agree.ts';
import { waitsForWord } from './asks-first.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';

/** Invariant 1: what is in one system is in all, except where somebody deleted it or the mapping keeps it out. */
export function everywhere(end: EndOfRun): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [entity, records] of byEntity(end)) {
    const [first] = records;
    if (first === undefined || waitsForWord(end, first[1])) continue;
    for (const system of end.systems) {
      if (records.some(([id]) => id === system)) continue;
      const wasDeleted = end.changes.some(
        (change) => change.entity === entity && change.system === system && change.event === 'gone',
      );
      if (wasDeleted || isKeptOut(system, first[1])) continue;
      violations.push({
        invariant: 'convergence',
        what: `${entity} is in ${records.map(([id]) => id).join(', ')} and not in ${system}`,
      });
    }
  }
  for (const { kind, id, entity, isLive } of [...end.records.values()].flat()) {
    if (isLive && entity === '' && kind !== 'contact')
      violations.push({ invariant: 'convergence', what: `${kind} ${id} stands for nothing` });
  }
  return violations;
}

/** Salesforce gets contacts of companies only. */
function isKeptOut(system: string, record: SystemRecord): boolean {
  return record.kind === 'contact' && system !== 'portal' && record.units.partner === '';
}
