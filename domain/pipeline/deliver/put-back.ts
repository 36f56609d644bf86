import { isPatienceOver, retryDelayMs } from '../../deliver/retry.ts';
import type { Fault } from '../../model/fault.ts';
import { isKind } from '../../model/kind.ts';
import type { DeliveryDue } from '../../model/notice.ts';
import { addEffects, dropDue, type Effects, noEffects } from '../effects.ts';
import type { Hub } from '../ports.ts';
import { raiseProblem } from '../problems/raise-problem.ts';
import { settleRecord } from '../settle-record.ts';
import { isToldOf } from '../tell-requests.ts';

/** Puts a delivery back for later; after the last attempt a person is asked. */
export async function putBack(hub: Hub, effects: Effects, due: DeliveryDue, fault: Fault | undefined): Promise<void> {
  if (isPatienceOver(due.attempts, fault)) {
    await raiseProblem(hub, {
      cause: 'gave-up',
      connection: due.connection,
      object: due.object,
      kind: due.kind,
      unifiedId: due.id,
      ...(fault === undefined ? {} : { faultKind: fault.kind, code: fault.code }),
      message: `The ${due.object} could not be brought up to date in ${due.connection} after ${due.attempts} attempts (${fault?.kind ?? 'a record it refers to is not there'}).`,
      nextStep: 'See whether the connection has other problems; then retry.',
      correlationId: due.correlationId,
    });
    await tellOfGivingUp(hub, effects, due);
    return;
  }
  const delayMs = retryDelayMs(due.attempts, fault, hub.random());
  effects.dueLater.push({ due: { ...due, attempts: due.attempts + 1 }, delayMs });
}

/**
 * Where the record itself says what became of what was asked for, it says that nothing is under way any more. Cut short, the message
 * comes again, and its giving up with it.
 */
export async function tellOfGivingUp(hub: Hub, effects: Effects, due: DeliveryDue): Promise<void> {
  const { kind, id, correlationId, work = 'live' } = due;
  if (!isKind(kind) || !isToldOf(hub, kind, due)) return;
  const told = noEffects();
  const settled = await settleRecord(hub, kind, id, { correlationId, isRepeated: true, work }, told);
  // The system is as far behind as before; when it is tried again the review of problems says.
  dropDue(told, due);
  addEffects(effects, told);
  // Not told: it is given up once more, and told then.
  if (settled.outcome === 'contended') effects.dueLater.push({ due, delayMs: CONTENDED_WAIT_MS });
}

/** Long enough for others to be done with a record. */
const CONTENDED_WAIT_MS = 5_000;
