import type { Fault } from '../../domain/model/fault.ts';
import type { WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import type { Call } from '../kit/connector.ts';
import { operations } from './operations.ts';
import type { PartnerCentralApi } from './partner-central-api.ts';
import { answersOthers, isDenied, type Probe, refusalOfOne } from './refusal-of-one.ts';

/** Most items of one write: each may take several calls of the one write a second. */
export const writeMax = 4;

/** Faults that the next item would meet as well. */
const stopping: ReadonlySet<Fault['kind']> = new Set(['throttled', 'transient', 'credential']);

/**
 * One after the other, one outcome per item, in order; after a fault that concerns them all, the rest is not sent. Access that is denied
 * to one record only is `rejected`, of that one: AWS changed another all the same, or AWS does not even let it be read, and answers about
 * others. An item that there was nothing to change of tells nothing. That one can be read and not be changed is the connection's, which has no permission to write. *Bounds*: what comes after a denied
 * item is tried all the same; one call more for each that is denied, and two.
 */
export async function writeEach(
  call: Call<PartnerCentralApi>,
  items: readonly WriteItem[],
  probe: Probe,
  write: (call: Call<PartnerCentralApi>, item: WriteItem) => Promise<WriteOutcome>,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  const denied = new Map<number, { readonly externalId: string; readonly fault: Fault }>();
  const changed = new Set<WriteItem>();
  let stopped: Fault | undefined;
  for (const [place, item] of items.entries()) {
    const watched = watchWrites(call, () => changed.add(item));
    const outcome: WriteOutcome =
      stopped === undefined ? await write(watched, item) : { outcome: 'failed', fault: stopped };
    outcomes.push(outcome);
    if (outcome.outcome !== 'failed' || stopped !== undefined || outcome.fault.code === 'TASK_RUNNING') continue;
    const { externalId } = item;
    // What is to be made is nobody's yet: that AWS refuses it is about the connection.
    if (externalId !== undefined && isDenied(outcome.fault)) denied.set(place, { externalId, fault: outcome.fault });
    else if (stopping.has(outcome.fault.kind)) stopped = unsent(outcome.fault);
  }
  const refused = [...denied.values()].map(({ externalId }) => externalId);
  const isOtherChanged = [...changed].some(
    ({ externalId }) => externalId !== undefined && !refused.includes(externalId),
  );
  let isAnswered: boolean | undefined;
  for (const [place, { externalId, fault }] of denied) {
    const read = isOtherChanged ? undefined : await probe.readOne(call, externalId);
    const isHidden = read?.ok === false && isDenied(read.fault);
    if (isHidden) isAnswered ??= await answersOthers(call, probe, refused);
    if (isOtherChanged || (isHidden && isAnswered)) outcomes[place] = { outcome: 'failed', fault: refusalOfOne(fault) };
  }
  return outcomes;
}

/** Calls as ever, and tells when AWS has carried out one that changes something. */
function watchWrites(call: Call<PartnerCentralApi>, tell: () => void): Call<PartnerCentralApi> {
  return async (request, perform) => {
    const answer = await call(request, perform);
    if (answer.ok && writes.has(request.route)) tell();
    return answer;
  };
}

const writes: ReadonlySet<string> = new Set(
  Object.entries(operations).flatMap(([name, { pool }]) => (pool === 'writes' ? [name] : [])),
);

/** What was not sent was not carried out, whatever became of the item before. */
function unsent({ isUnanswered: _isUnanswered, ...fault }: Fault): Fault {
  return fault;
}
