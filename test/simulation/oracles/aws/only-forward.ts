import type { EndOfRun, Violation } from '../end-of-run.ts';
import { isOverwrittenUnseen } from '../nothing-lost.ts';

/** Where deals stand, in order, by what either kind of CRM calls it. */
const RANKS: readonly (readonly string[])[] = [
  ['prospect'],
  ['qualified'],
  ['technical-validation'],
  ['business-validation'],
  ['committed'],
  ['won'],
];

/** Stages that people of these worlds never choose. */
const AWS_ONLY: readonly string[] = ['qualified', 'business-validation'];

/**
 * AWS moves a deal only forward: the hub never takes one back to "business validation", where a released offer puts it, or to
 * "qualified", where no person of these worlds ever does. An edit that its write met after it had last looked it could not know of: the CRMs
 * offer no conditional write.
 */
export function onlyForward({ changes }: EndOfRun): readonly Violation[] {
  const rank = (stage: string | undefined): number => RANKS.findIndex((names) => names.includes(stage ?? ''));
  return changes.flatMap((change) => {
    const { by, entity, system, units, id, serial } = change;
    const [before, after] = units.stage ?? [];
    if (by !== 'hub' || !AWS_ONLY.includes(after ?? '') || rank(before) <= rank(after)) return [];
    const edit = changes.findLast(
      (each) => each.serial < serial && each.system === system && each.id === id && each.units.stage !== undefined,
    );
    if (edit?.by === 'person' && isOverwrittenUnseen(change, edit, 'stage', before ?? '')) return [];
    return [
      {
        invariant: 'nothing lost',
        what: `the hub took ${entity || 'a deal'} in ${system} back from ${before} to ${after}`,
      },
    ];
  });
}
