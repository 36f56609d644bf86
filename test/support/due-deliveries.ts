import type { DeliveryDue } from '../../domain/model/notice.ts';
import type { SourceRecord } from '../../domain/model/source-record.ts';
import { absorbNotices } from '../../domain/pipeline/absorb/absorb-notices.ts';
import { type DeliveryReport, deliverDue } from '../../domain/pipeline/deliver/deliver-due.ts';
import type { Hub } from '../../domain/pipeline/ports.ts';
import { bundleOf, pairedHub, type SmallHub } from './small-hub.ts';

/** How long a claim of {@link deliver} holds, ms. */
export const LEASE_MS = 60_000;

/** A write of which nobody knows whether it was carried out. */
export const UNANSWERED = {
  kind: 'transient',
  code: 'TIMED_OUT',
  message: 'no answer',
  isUnanswered: true,
} as const;

/** A delivery due in `two`. */
export function dueFor(id: string, change: Partial<DeliveryDue> = {}): DeliveryDue {
  return {
    schema: 1,
    connection: 'two',
    object: 'thing',
    kind: 'partner',
    id,
    attempts: 0,
    correlationId: 'c',
    ...change,
  };
}

/** Works on deliveries received for the first time. */
export function deliver(hub: Hub, ...dues: readonly DeliveryDue[]): Promise<DeliveryReport> {
  return deliverDue(
    hub,
    dues.map((due) => ({ due, isRepeated: false })),
    LEASE_MS,
  );
}

/** Takes in what `one`'s records hold, and leaves the deliveries that follow to the test. */
export async function absorbOne(small: SmallHub, ids: readonly string[]): Promise<void> {
  await small.notice('one', ids);
  const notices = small.outbox.takeNotices();
  await absorbNotices(
    small.hub,
    notices.map((notice) => ({ notice, isRepeated: false })),
  );
  small.outbox.takeDeliveries('two');
}

/** A pair whose company was renamed in `one`, which `two` has not heard of yet. */
export async function behind(): Promise<{ small: SmallHub; a: string; b: string; id: string }> {
  const { small, a, b } = await pairedHub();
  small.systems.one?.edit(a, { NAME: 'Renamed' });
  await absorbOne(small, [a]);
  return { small, a, b, id: (await bundleOf(small, 'one', a)).id };
}

/** A pair of which both hold the note `former`, and of which `two` has not heard yet that it is `new` in `one`. */
export async function behindByNote(): Promise<{ small: SmallHub; a: string; b: string; id: string }> {
  const { small, a, b } = await pairedHub();
  small.systems.one?.edit(a, { NOTE: 'former' });
  await small.notice('one', [a]);
  await small.settle();
  small.clock.now += 1_000;
  small.systems.one?.edit(a, { NOTE: 'new' });
  await absorbOne(small, [a]);
  return { small, a, b, id: (await bundleOf(small, 'one', a)).id };
}

/** What the hub knows one connection to hold for one record. */
export async function sourceIn(small: SmallHub, connection: string, externalId: string): Promise<SourceRecord> {
  const { sources } = await bundleOf(small, connection, externalId);
  const source = sources.find((each) => each.connection === connection && each.externalId === externalId);
  if (source === undefined) throw new Error(`no source of ${connection} ${externalId}`);
  return source;
}

/** Deliveries that wait, each with the time it can be seen from. */
export function waitingDues({ outbox }: SmallHub): readonly (DeliveryDue & { readonly visibleAt: number })[] {
  return outbox.waiting.deliveries.map(({ message, visibleAt }) => ({ ...message, visibleAt }));
}
