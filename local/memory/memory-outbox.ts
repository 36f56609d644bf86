import type { DeliveryDue, Notice, RecordChanged, SweepRequest } from '../../domain/model/notice.ts';
import type { Outbox } from '../../domain/pipeline/ports.ts';

/** A message and when it may be seen, ms by the clock handed in. */
export interface Delayed<Message> {
  readonly message: Message;
  readonly visibleAt: number;
}

/** The outbox in this process: what was sent lies in lists, in the order it was sent, until it is taken. */
export interface MemoryOutbox extends Outbox {
  /** Takes away and answers the notices visible by now. */
  takeNotices(): readonly Notice[];
  /** Takes away and answers the deliveries of a connection visible by now. */
  takeDeliveries(connection: string): readonly DeliveryDue[];
  /** Takes away and answers the sweep requests visible by now. */
  takeSweeps(): readonly SweepRequest[];
  /** Takes away and answers what was published. */
  takeChanged(): readonly RecordChanged[];
  /** What waits, visible or not; for looking at. */
  readonly waiting: {
    readonly notices: readonly Delayed<Notice>[];
    readonly deliveries: readonly Delayed<DeliveryDue>[];
    readonly sweeps: readonly Delayed<SweepRequest>[];
    readonly changed: readonly RecordChanged[];
  };
  /** When the next message becomes visible that is not yet, ms; `undefined` when there is none. */
  nextVisibleAt(): number | undefined;
}

/** An empty outbox by this clock. *Faults*: rejects a delay that the real queues would refuse. */
export function memoryOutbox(now: () => number): MemoryOutbox {
  const notices: Delayed<Notice>[] = [];
  const deliveries: Delayed<DeliveryDue>[] = [];
  const sweeps: Delayed<SweepRequest>[] = [];
  const changed: RecordChanged[] = [];
  return {
    async notice(messages, delayMs) {
      notices.push(...delayed(messages, delayMs, now()));
    },
    async deliver(messages) {
      deliveries.push(...delayed(messages, 0, now()));
    },
    async deliverLater(messages, delayMs) {
      deliveries.push(...delayed(messages, delayMs, now()));
    },
    async changed(events) {
      changed.push(...events);
    },
    async sweep(requests, delayMs) {
      sweeps.push(...delayed(requests, delayMs, now()));
    },
    takeNotices: () => take(notices, now(), () => true),
    takeDeliveries: (connection) => take(deliveries, now(), (due) => due.connection === connection),
    takeSweeps: () => take(sweeps, now(), () => true),
    takeChanged: () => changed.splice(0),
    waiting: { notices, deliveries, sweeps, changed },
    nextVisibleAt() {
      const later = [...notices, ...deliveries, ...sweeps].map(({ visibleAt }) => visibleAt).filter((at) => at > now());
      return later.length === 0 ? undefined : later.reduce((first, at) => Math.min(first, at));
    },
  };
}

const DELAY_MS_MAX = 900_000;

function delayed<Message>(messages: readonly Message[], delayMs: number, now: number): readonly Delayed<Message>[] {
  if (!(delayMs >= 0 && delayMs <= DELAY_MS_MAX))
    throw new RangeError(`A delay is 0 to ${DELAY_MS_MAX} ms, not ${delayMs}.`);
  return messages.map((message) => ({ message, visibleAt: now + delayMs }));
}

function take<Message>(
  lane: Delayed<Message>[],
  now: number,
  isWanted: (message: Message) => boolean,
): readonly Message[] {
  const taken: Message[] = [];
  const left: Delayed<Message>[] = [];
  for (const entry of lane) {
    if (entry.visibleAt <= now && isWanted(entry.message)) taken.push(entry.message);
    else left.push(entry);
  }
  lane.splice(0, lane.length, ...left);
  return taken;
}
