import type { Fault, FaultKind } from '../../domain/model/fault.ts';
import { asObjects, asText, type Json } from './json.ts';

/** Work that AWS goes on with after it has answered. */
export interface Task {
  readonly id: string | undefined;
  readonly status: 'IN_PROGRESS' | 'COMPLETE' | 'FAILED' | 'unknown';
  readonly reason: string | undefined;
  /** AWS's own words for why it failed. */
  readonly message: string | undefined;
  readonly opportunityId: string | undefined;
}

/** Reads a task out of what starting it answers, or out of a list of them. */
export function taskOf({ TaskId, TaskStatus, ReasonCode, Message, OpportunityId }: Json): Task {
  const isKnown = TaskStatus === 'IN_PROGRESS' || TaskStatus === 'COMPLETE' || TaskStatus === 'FAILED';
  return {
    id: asText(TaskId),
    status: isKnown ? TaskStatus : 'unknown',
    reason: asText(ReasonCode),
    message: asText(Message),
    opportunityId: asText(OpportunityId),
  };
}

/** The newest task of a list that was asked for newest first. */
export function newestTask({ TaskSummaries }: Json): Task | undefined {
  const [newest] = asObjects(TaskSummaries);
  return newest === undefined ? undefined : taskOf(newest);
}

/**
 * A token that stands for one attempt at one thing: the same until a task is known to have come of it, so that a lost answer starts
 * nothing twice; another one afterwards, so that a failed task can be tried again.
 *
 * *Bounds*: at most 255 characters, as AWS takes them.
 */
export function taskToken(unifiedId: string, purpose: 'submit' | 'accept', former: Task | undefined): string {
  return `tributary-${unifiedId}-${purpose}-${former?.id ?? 'first'}`.slice(0, 255);
}

/**
 * What to do about the newest task: its fault where it runs, or failed and is the one that was waited for; `undefined` where a task is
 * to be started.
 *
 * A failure that somebody must mend is told once, to the delivery that comes back for it, whose field is still unanswered; what is
 * delivered after that was asked for anew. One that mends itself is tried again.
 */
export function faultOfFormer(
  former: Task | undefined,
  field: string,
  unanswered: readonly string[] = [],
): Fault | undefined {
  if (former?.status === 'IN_PROGRESS') return faultOfTask(former, field);
  if (former?.status !== 'FAILED' || !unanswered.includes(field)) return undefined;
  const fault = faultOfTask(former, field);
  return fault?.kind === 'rejected' ? fault : undefined;
}

/** How long to wait for a task before looking again. AWS says minutes at most; most are through at once. */
const taskWaitMs = 15_000;

/** Why a task is not done, or `undefined` when it is. *Shape*: `field` is what the hub wrote to start it. */
export function faultOfTask({ status, reason, message }: Task, field: string): Fault | undefined {
  if (status === 'COMPLETE') return undefined;
  if (status !== 'FAILED') {
    return {
      kind: 'throttled',
      code: 'TASK_RUNNING',
      message: 'AWS Partner Central is still at work on it; the hub looks again.',
      retryAfterMs: taskWaitMs,
    };
  }
  const code = reason ?? 'TASK_FAILED';
  const kind = kindOf(code);
  const told = message === undefined ? '' : ` It says: ${message}`;
  return {
    kind,
    code,
    message: `AWS Partner Central could not finish it (${code}).${told}${hintAt(code)}`,
    ...(kind === 'rejected' ? { fields: [field] } : {}),
    ...(kind === 'throttled' ? { retryAfterMs: limitWaitMs } : {}),
  };
}

const limitWaitMs = 60_000;

/** A task was started and answered about, so it is not the connection that is refused. */
function hintAt(code: string): string {
  return code.endsWith('AccessDenied')
    ? ' It may be another account’s by now, or the policy of the role leaves out what AWS does in its name.'
    : '';
}

/** *Source*: `ReasonCode` of the service model. */
function kindOf(reason: string): FaultKind {
  if (reason === 'RequestThrottled' || reason === 'ServiceQuotaExceeded') return 'throttled';
  if (reason === 'InternalError') return 'transient';
  if (reason.endsWith('Conflict')) return 'conflict';
  return 'rejected';
}
