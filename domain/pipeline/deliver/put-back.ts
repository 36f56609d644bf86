import { isPatienceOver, retryDelayMs } from '../../deliver/retry.ts';
import type { Fault } from '../../model/fault.ts';
import type { DeliveryDue } from '../../model/notice.ts';
import type { Effects } from '../effects.ts';
import type { Hub } from '../ports.ts';
import { raiseProblem } from '../problems/raise-problem.ts';

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
    return;
  }
  const delayMs = retryDelayMs(due.attempts, fault, hub.random());
  effects.dueLater.push({ due: { ...due, attempts: due.attempts + 1 }, delayMs });
}
