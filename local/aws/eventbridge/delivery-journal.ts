import { openJournal } from '../journal.ts';
import type { Delivery } from './delivery.ts';

/**
 * Accepted and not yet delivered events on disk: `open` with the delivery, `done` with the sequences of finished ones.
 *
 * A `done` lost to a kill delivers that event a second time after the start: delivery is at least once, as on AWS.
 */
export interface DeliveryJournal {
  opened(deliveries: readonly Delivery[]): void;
  done(deliveries: readonly Delivery[]): void;
  close(): void;
}

/** The file is rewritten with what is still open once it has grown by this much. */
const COMPACT_GROWTH_BYTES = 8 * 1024 * 1024;

/** Opens the journal and answers the deliveries still open in it, in order. */
export function openDeliveryJournal(path: string): {
  readonly journal: DeliveryJournal;
  readonly open: readonly Delivery[];
} {
  const open = new Map<number, Delivery>();
  const file = openJournal(path, ([kind, content]) => {
    // Both shapes are written below and nowhere else.
    if (kind === 'open') open.set((content as Delivery).sequence, { ...(content as Delivery), attempts: 0 });
    if (kind === 'done') for (const sequence of content as number[]) open.delete(sequence);
  });
  let compactAt = file.size + COMPACT_GROWTH_BYTES;

  return {
    open: [...open.values()],
    journal: {
      opened(deliveries) {
        file.append(deliveries.map((delivery) => ['open', delivery]));
        for (const delivery of deliveries) open.set(delivery.sequence, delivery);
      },
      done(deliveries) {
        for (const delivery of deliveries) open.delete(delivery.sequence);
        if (deliveries.length > 0) file.append([['done', deliveries.map(({ sequence }) => sequence)]]);
        if (file.size < compactAt) return;
        file.rewrite([...open.values()].map((delivery) => ['open', delivery] as const));
        compactAt = file.size + COMPACT_GROWTH_BYTES;
      },
      close: () => file.close(),
    },
  };
}
