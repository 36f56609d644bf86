import type { UnifiedRecord } from '../../model/unified-record.ts';
import { isEmptyValue } from '../../model/value.ts';
import type { Effects } from '../effects.ts';
import type { Hub } from '../ports.ts';
import { type ProblemDraft, problemId, raiseProblem } from './raise-problem.ts';

/**
 * Keeps the question about an invitation: open while it waits for an answer, closed once somebody, a rule or time has given one and that has
 * been told. It is never accepted by itself.
 */
export async function askAboutInvitation(
  hub: Hub,
  record: UnifiedRecord,
  isNews: boolean,
  effects: Effects,
): Promise<void> {
  if (record.kind !== 'invitation' || !isNews) return;
  const draft = questionAbout(record);
  if (waitsForAnswer(record)) await raiseProblem(hub, draft);
  else effects.answered.push({ id: problemId(draft) });
}

/** Whether an invitation still waits for somebody to answer it. */
export function waitsForAnswer({ state, fields }: UnifiedRecord): boolean {
  return state === 'present' && fields.status?.value === 'pending' && isEmptyValue(fields.decision?.value);
}

function questionAbout({ id, fields }: UnifiedRecord): ProblemDraft {
  const expires = fields.expiresAt?.value;
  const until = typeof expires === 'string' ? ` until ${expires.slice(0, 10)}` : '';
  return {
    cause: 'invitation',
    connection: 'hub',
    kind: 'invitation',
    unifiedId: id,
    message: `An invitation to sell together waits for an answer${until}.`,
    nextStep: `Look at it (npx hub record invitation ${id}), then npx hub accept ${id}, or npx hub decline ${id} --reason "<why>".`,
  };
}
