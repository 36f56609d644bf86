import type { Erasure } from '../../model/erasure.ts';
import { refOfKey } from '../../model/external-ref.ts';
import { PROBLEM_CAUSES, type ProblemCause } from '../../model/problem.ts';
import type { Vocabulary } from '../../model/vocabulary.ts';
import type { Hub } from '../ports.ts';
import { type ProblemDraft, problemId } from '../problems/raise-problem.ts';

/** Causes of problems about one field. */
const OF_FIELDS: readonly ProblemCause[] = ['unmapped-value', 'refused-value', 'required-missing', 'loop'];

/**
 * The ids of all problems there can be about a record, closed ones included. They are made from what a problem is about, so none
 * needs to be looked for in a list that may lag behind.
 */
export function erasureProblemIds(
  hub: Hub,
  { kind, ids, refs }: Erasure,
  mergeIds: readonly string[],
  vocabulary: Vocabulary,
): readonly string[] {
  const subjects: Pick<ProblemDraft, 'connection' | 'object' | 'externalId' | 'unifiedId'>[] = [
    ...refs.map(refOfKey),
    ...mergeIds.map((externalId) => ({ connection: 'hub', externalId })),
    ...ids.map((unifiedId) => ({ connection: 'hub', unifiedId })),
  ];
  for (const connection of hub.connections) {
    for (const { object } of hub.mappingsOf(connection.id, kind)) {
      subjects.push(...ids.map((unifiedId) => ({ connection: connection.id, object, unifiedId })));
    }
  }
  const fields = [...vocabulary.fields.keys()];
  const problems = subjects.flatMap((subject) => [
    ...PROBLEM_CAUSES.filter((cause) => cause !== 'erasure-waits').map((cause) => problemId({ ...subject, cause })),
    ...OF_FIELDS.flatMap((cause) => fields.map((field) => problemId({ ...subject, cause, field }))),
  ]);
  return [...new Set(problems)];
}
