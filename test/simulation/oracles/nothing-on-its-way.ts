import { refOfKey } from '../../../domain/model/external-ref.ts';
import { LIMITS } from '../hub/hub-runtime.ts';
import type { VendorCall } from '../world/chronicle.ts';
import type { EndOfRun, Violation } from './end-of-run.ts';

/**
 * Invariant 8, while it is being done: once the hub has begun to delete a thing that somebody had erased, it sends no system anything
 * about it any more, but that it be deleted; so nobody sees it turn up again. A process that was frozen past its lease may send
 * what it had in hand, since the systems offer no way to keep it from that.
 */
export async function nothingOnItsWay(end: EndOfRun): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  for (const { entity, kind, id, at } of end.erased) {
    const erasure = await end.store.readErasure(kind, id);
    const refs = (erasure?.refs ?? []).map(refOfKey);
    const about = end.calls.filter(
      (call) =>
        call.isWrite &&
        call.sentAt >= at &&
        (erasure?.ids.some((each) => tells(call, each)) ||
          refs.some(({ connection, externalId }) => connection === call.system && tells(call, externalId))),
    );
    const begunAt = Math.min(...about.filter(isDeletion).map(({ sentAt }) => sentAt));
    const late = about.find((call) => call.sentAt > begunAt && !isDeletion(call) && !mayHaveLapsed(call));
    if (late === undefined) continue;
    violations.push({
      invariant: 'erased stays erased',
      what: `${entity}: the hub sent ${late.method} ${late.path} to ${late.system} at ${late.sentAt}, ${late.sentAt - begunAt} ms after it had begun to delete it`,
    });
  }
  return violations;
}

/** A claim is taken after its function has begun; before so long it cannot have lapsed, whatever held the process up. */
function mayHaveLapsed({ sentAt, invocation }: VendorCall): boolean {
  return invocation !== undefined && sentAt - invocation.begunAt >= LIMITS.deliveryLeaseMs;
}

function isDeletion({ method, path }: VendorCall): boolean {
  return method === 'DELETE' || path.endsWith('/batch/archive');
}

/** An id stands in a path between slashes, and in a body as a text of its own. */
function tells({ path, body }: VendorCall, id: string): boolean {
  return path.split(/[/?&=,]/).includes(id) || body.includes(`"${id}"`);
}
