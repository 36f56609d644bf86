import type { EndOfRun, Violation } from '../end-of-run.ts';

/** Where deals stand, in order, by what either kind of CRM calls it. */
const RANKS: readonly (readonly string[])[] = [
  ['prospect'],
  ['technical-validation'],
  ['business-validation'],
  ['committed'],
  ['won'],
];

/**
 * The state of an offer moves a deal only forward: the hub never takes one back to "business validation", where a released offer puts
 * it and no person of these worlds ever does.
 */
export function onlyForward({ changes }: EndOfRun): readonly Violation[] {
  const rank = (stage: string | undefined): number => RANKS.findIndex((names) => names.includes(stage ?? ''));
  return changes.flatMap(({ by, entity, system, units }) => {
    const [before, after] = units.stage ?? [];
    if (by !== 'hub' || after !== 'business-validation' || rank(before) <= rank(after)) return [];
    return [
      {
        invariant: 'nothing lost',
        what: `the hub took ${entity || 'a deal'} in ${system} back from ${before} to ${after}`,
      },
    ];
  });
}
