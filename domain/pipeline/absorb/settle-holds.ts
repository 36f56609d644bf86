import type { Absorbed } from '../../absorb/absorb-snapshot.ts';
import { isFrozen } from '../../absorb/frozen-field.ts';
import { shortHash } from '../../model/short-hash.ts';
import type { Bundle, Hub } from '../ports.ts';
import { closeProblems, type ProblemDraft, problemId, raiseProblem } from '../problems/raise-problem.ts';

/**
 * Sees to it that every value that waits for a person has a problem that says so, also when nothing is new, since whoever closed it may
 * have been wrong; closes those whose wait is over. Answers the problems of the source then: the same list if none came or went.
 *
 * *Units*: one read unit for each field that is held.
 */
export async function settleHolds(
  hub: Hub,
  { source, released }: Absorbed,
  { kind, id: unifiedId }: Bundle,
  correlationId: string,
): Promise<readonly string[]> {
  const draft = (field: string, reason: string): ProblemDraft => ({
    cause: 'unmapped-value',
    connection: source.connection,
    object: source.object,
    externalId: source.externalId,
    kind,
    unifiedId,
    field,
    about: shortHash(source.fields[field]?.value ?? null),
    message: `${field}: ${reason}`,
    nextStep: `Correct the value in ${source.connection}, or add it to the mapping's lookup; then retry.`,
    correlationId,
  });
  const asked: string[] = [];
  for (const [field, reason] of Object.entries(source.held)) {
    if (isFrozen(reason)) continue;
    asked.push(await ask(hub, draft(field, reason)));
  }
  const over = released.map((field) => problemId(draft(field, ''))).filter((id) => source.problems.includes(id));
  await closeProblems(hub, over);
  const isSame = over.length === 0 && asked.every((id) => source.problems.includes(id));
  if (isSame) return source.problems;
  return [...new Set([...source.problems.filter((id) => !over.includes(id)), ...asked])];
}

/** Whoever was asked about this very value, and has not answered or wants it left alone, is not asked again. */
async function ask(hub: Hub, draft: ProblemDraft): Promise<string> {
  const known = await hub.store.readProblem(problemId(draft));
  const isAsked = known !== undefined && known.state !== 'closed';
  if (isAsked && known.about === draft.about && known.message === draft.message) return known.id;
  return raiseProblem(hub, draft);
}
