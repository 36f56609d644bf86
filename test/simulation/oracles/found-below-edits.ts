import type { EndOfRun, Violation } from './end-of-run.ts';
import { isGoneBeforeRead } from './nothing-lost.ts';

/**
 * Invariant 3, for a system that is connected late (DESIGN, origin `found`): what it held before ranks below every edit. A write of
 * the hub that puts such a value in the place of one that a person entered, and that the hub had seen, is a violation. A field emptied
 * before the hub had ever read the record was seen as nothing at first sight, which is no candidate either.
 */
export function foundBelowEdits(end: EndOfRun): readonly Violation[] {
  const { plan, changes, startedAt } = end;
  const violations: Violation[] = [];
  const isRemapped = plan.items.some(({ deed }) => deed.do === 'remap');
  for (const { at, deed } of plan.items) {
    if (deed.do !== 'connect') continue;
    const connectedAt = startedAt + at;
    for (const put of changes.filter(
      (each) => each.by === 'hub' && each.event === 'changed' && each.at > connectedAt,
    )) {
      for (const [unit, [before, value]] of Object.entries(put.units)) {
        // Elements of sets have two values only, and partners are emptied by systems, too.
        if (unit === 'partner' || unit.includes(':') || put.system === deed.system) continue;
        const ofUnit = changes.filter((each) => each.entity === put.entity && each.units[unit]?.[1] === value);
        const isFoundOnly = ofUnit
          .filter(({ serial }) => serial < put.serial)
          .every((each) => each.by === 'person' && each.system === deed.system && each.at < connectedAt);
        if (!isFoundOnly || ofUnit[0]?.by !== 'person') continue;
        const edit = changes.findLast(
          (each) => each.serial < put.serial && each.system === put.system && each.id === put.id && unit in each.units,
        );
        if (edit?.by !== 'person' || edit.units[unit]?.[1] !== before || (put.lastReadAt ?? 0) < edit.at) continue;
        // Nothing was entered where a record was made without a value, nor where the mapping did not carry the field then.
        if (edit.event !== 'changed' && (before ?? '').replaceAll(' | ', '').trim() === '') continue;
        if (isGoneBeforeRead(end, changes, edit, before ?? '')) continue;
        if (unit === 'phone' && isRemapped) continue;
        const what = `${put.entity}.${unit} "${before}" of ${put.system} gave way to "${value}", found in ${deed.system}`;
        violations.push({ invariant: 'nothing lost', what });
      }
    }
  }
  return violations;
}
