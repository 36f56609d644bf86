import { planDelivery } from '../../deliver/plan-delivery.ts';
import { seatKey } from '../../model/external-ref.ts';
import type { DeliveryDue } from '../../model/notice.ts';
import { creatingIn } from '../../model/unified-record.ts';
import type { Bundle } from '../ports.ts';
import type { ThroughLookup } from '../read-through.ts';
import { isDeletedElsewhere } from '../settle-record.ts';
import { isBuried } from '../tombstone.ts';
import type { Delivery, PlanScope, ReferenceLookup } from './delivery-batch.ts';

/** Plans one delivery from a bundle as it stands; `undefined` when the record has no place there. */
export function planOne(
  batch: PlanScope,
  due: DeliveryDue,
  bundle: Bundle,
  referenceTo: ReferenceLookup,
  through: ThroughLookup,
): Delivery | undefined {
  const { unified, kind } = bundle;
  if (unified === undefined || isBuried(bundle)) return undefined;
  const seat = unified.seats[seatKey(batch.connection, batch.object)];
  const isCreation = seat === undefined || 'creating' in seat;
  const here = bundle.sources.filter(
    (source) => source.connection === batch.connection && source.object === batch.object,
  );
  const source = isCreation ? undefined : here.find(({ externalId }) => externalId === seat.externalId);
  if (!isCreation && source === undefined) return undefined;
  // A record of this system that waits for the seat is the one to keep in step; making another would be a duplicate.
  if (isCreation && here.some(({ state }) => state === 'present')) return undefined;
  // A record deleted there is not made again; only the system itself revives it.
  if (isCreation && here.some(({ state }) => state === 'deleted')) return undefined;
  if (isCreation && batch.state.backfilledAt[batch.object] === undefined) return undefined;
  const plan = planDelivery({
    unified,
    through: through(unified),
    ...(source === undefined ? {} : { source }),
    refused: source?.refused ?? creatingIn(seat)?.refused ?? {},
    mapping: batch.mapping,
    directory: batch.directory,
    referenceTo,
    unseen: batch.state.unseen?.[batch.object] ?? [],
    isDeletedElsewhere: isDeletedElsewhere(bundle, batch.connection),
  });
  return { due, kind, bundle, source, plan };
}
