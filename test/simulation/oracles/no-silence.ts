import type { Problem } from '../../../domain/model/problem.ts';
import { mayBeAskedAbout } from './asks-first.ts';
import type { EndOfRun, HeldValue, Violation } from './end-of-run.ts';

/**
 * Invariant 4: nothing fails in silence, and nothing cries for ever: no dead letter, no defect, and when every trouble is over and
 * people have done what problems asked of them, no problem is open. A value that waits for a person is one that an open problem asks about:
 * otherwise it waits for ever. So it is with a record that the hub's user may see no more, as long as that lasts.
 */
export function noSilence(end: EndOfRun): readonly Violation[] {
  const { deadLetters, defects, problems, records, held, unasked } = end;
  // Nobody answers what the second one of a mailbox or pair is; that the hub asks, and about whom, another oracle tells.
  const inDoubt = [...records.values()].flat().filter((record) => mayBeAskedAbout(end, record));
  const asked = new Set<string | undefined>(inDoubt.map(({ id }) => id));
  const found = [
    ...deadLetters.map((letter) => `dead letter: ${letter}`),
    ...defects.map((defect) => `defect: ${defect}`),
    ...unasked.map((record) => `not shown to the hub, behind, and nobody is asked: ${record}`),
    ...held
      .filter((value) => !problems.some((problem) => isAbout(problem, value)))
      .map(({ connection, externalId, field }) => `held, and nobody is asked: ${connection} ${externalId} ${field}`),
    ...problems
      .filter(({ cause }) => cause !== 'duplicate')
      .filter(({ cause, externalId }) => cause !== 'doubtful-match' || !asked.has(externalId))
      .map(
        ({ cause, connection, object, field, message }) =>
          `open in the end: ${cause} ${connection} ${object ?? ''} ${field ?? ''}: ${message}`,
      ),
  ];
  return found.slice(0, 5).map((what) => ({ invariant: 'no silent failure', what }));
}

function isAbout(problem: Problem, { connection, externalId, field }: HeldValue): boolean {
  return problem.connection === connection && problem.externalId === externalId && problem.field === field;
}
