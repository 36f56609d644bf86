import type { EndOfRun, Violation } from './end-of-run.ts';

/**
 * Invariants 1 and 4, of what people made one in a system: the hub asks for the same wherever there are two of it, so that in the end there is
 * one everywhere. What it says then, and what belongs to it, the other oracles tell.
 */
export function madeOne({ united, records, systems }: EndOfRun): readonly Violation[] {
  return united.flatMap(({ entity, other }) =>
    systems.flatMap((system) =>
      (records.get(system) ?? [])
        .filter((record) => record.isLive && record.entity === other)
        .map(({ id }) => ({
          invariant: 'no silent failure',
          what: `${other} became one with ${entity} and is still there in ${system}: ${id}`,
        })),
    ),
  );
}
