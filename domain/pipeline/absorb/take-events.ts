import type { Notice } from '../../model/notice.ts';
import type { EventReceipt, VendorEvent } from '../../model/vendor-event.ts';
import type { Hub } from '../ports.ts';
import { raiseProblem } from '../problems/raise-problem.ts';
import type { ReceivedNotice } from './notice-slices.ts';

/** An event from the inbound queue. */
export interface ReceivedEvent {
  readonly event: VendorEvent;
  readonly isRepeated: boolean;
}

/** What came of a batch of events: the records to look at, and how many events ended how. */
export interface TakenEvents {
  readonly notices: readonly ReceivedNotice[];
  readonly outcomes: Readonly<Record<string, number>>;
}

/**
 * Makes notices of vendors' events, for every connection that is concerned. An event is a hint like any other: the record it names
 * is read from its system. One that has no record behind it, or that the hub does not understand, is kept by its id and shown.
 *
 * Every event ends in at least one outcome: `event-hint`, `event-kept`, or `event-ignored` with the reason.
 */
export async function takeEvents(hub: Hub, received: readonly ReceivedEvent[]): Promise<TakenEvents> {
  const notices: ReceivedNotice[] = [];
  const outcomes: Record<string, number> = {};
  const count = (outcome: string, by = 1): void => {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + by;
  };
  for (const { event, isRepeated } of received) {
    let isMeant = false;
    for (const { id: connection } of hub.connections) {
      const receipt = await hub.receiveEvent(connection, event);
      if (receipt === undefined) continue;
      isMeant = true;
      for (const [reason, times] of Object.entries(receipt.ignored)) count(`event-ignored:${reason}`, times);
      const found = noticesOf(hub, connection, event, receipt);
      if (receipt.hints.length > 0) count(found.length > 0 ? 'event-hint' : 'event-ignored:not-mapped');
      notices.push(...found.map((notice) => ({ notice, isRepeated })));
      if (receipt.kept !== undefined) {
        await keep(hub, connection, event, receipt.kept);
        count('event-kept');
      }
    }
    if (!isMeant) count('event-ignored:no-connection');
  }
  return { notices, outcomes };
}

/** An event names few records; more than this is not one. */
const HINTS_MAX = 100;

function noticesOf(hub: Hub, connection: string, event: VendorEvent, { hints }: EventReceipt): readonly Notice[] {
  const byObject = Map.groupBy(
    hints.slice(0, HINTS_MAX).filter(({ object }) => hub.mapping(connection, object) !== undefined),
    ({ object }) => object,
  );
  return [...byObject].map(([object, group]) => ({
    schema: 1,
    connection,
    object,
    ids: [...new Set(group.map(({ externalId }) => externalId))],
    reason: 'event',
    attempts: 0,
    // What follows in journal and log can be traced back to the vendor's own event.
    correlationId: event.id,
  }));
}

async function keep(
  hub: Hub,
  connection: string,
  event: VendorEvent,
  kept: NonNullable<EventReceipt['kept']>,
): Promise<void> {
  const { id, source, detailType, time } = event;
  await hub.store.keepEvent({ ...kept, connection, id, source, detailType, time, receivedAt: hub.now() });
  hub.log('event-kept', { connection, event: id, type: detailType, why: kept.why });
  if (kept.nextStep === undefined) return;
  // One question for each type: a hundred events that nobody understands are one thing to do.
  await raiseProblem(hub, {
    cause: 'event',
    connection,
    object: source,
    externalId: detailType,
    code: kept.why,
    // Another payment that is held back is another question; another event that nobody understands is not.
    ...(kept.why === 'no-record' ? { about: id } : {}),
    message: kept.message,
    nextStep: kept.nextStep,
    correlationId: id,
  });
}
