import type { EndOfRun, Violation } from './end-of-run.ts';

/**
 * Invariant 3 where reads are answered from a copy that is behind, and people work in one system only: what the hub has brought on
 * is not taken back. The hub never writes a value that people entered before the one it writes over.
 */
export function neverBack({ plan, changes }: EndOfRun): readonly Violation[] {
  if (plan.temper.readsBehindMs === undefined) return [];
  const violations: Violation[] = [];
  const entered = new Map<string, number>();
  for (const { serial, system, entity, units, by } of changes) {
    for (const [unit, [before = '', now = '']] of Object.entries(units)) {
      const enteredAt = (value: string): number | undefined => entered.get(`${entity} ${unit} ${value}`);
      if (by === 'person') entered.set(`${entity} ${unit} ${now}`, serial);
      else if ((enteredAt(now) ?? serial) < (enteredAt(before) ?? 0)) {
        violations.push({
          invariant: 'nothing lost',
          what: `the hub took ${entity}.${unit} back to "${now}" in ${system}`,
        });
      }
    }
  }
  return violations.slice(0, 3);
}
