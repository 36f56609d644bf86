import type { AuditDifference } from '../../audit/difference.ts';
import { noEffects, noteDue, sendEffects } from '../effects.ts';
import type { Hub } from '../ports.ts';

/** How many records were queued: to be looked at, and to be written. */
export interface Repairs {
  readonly notices: number;
  readonly deliveries: number;
}

const IDS_PER_NOTICE = 100;

/**
 * Queues a notice for every record of which the hub has not taken something in, and a delivery for every one that is
 * behind; neither is more urgent than what somebody changes meanwhile. Writes nothing itself; what waits for a person stays a
 * problem.
 */
export async function queueRepairs(hub: Hub, differences: readonly AuditDifference[]): Promise<Repairs> {
  const effects = noEffects();
  const correlationId = hub.newId();
  const unread = differences.filter(
    ({ externalId, reasons }) => externalId !== undefined && Object.values(reasons).includes('not-absorbed'),
  );
  for (const group of Map.groupBy(unread, ({ connection, object }) => `${connection}#${object}`).values()) {
    for (let start = 0; start < group.length; start += IDS_PER_NOTICE) {
      const part = group.slice(start, start + IDS_PER_NOTICE);
      const [{ connection, object } = { connection: '', object: '' }] = part;
      const ids = part.flatMap(({ externalId }) => externalId ?? []);
      const notice = { schema: 1, connection, object, ids, reason: 'audit', attempts: 0, correlationId } as const;
      effects.notices.push({ notice, delayMs: 0 });
    }
  }
  for (const { connection, object, kind, unifiedId, reasons } of differences) {
    if (unifiedId === undefined || !Object.values(reasons).includes('behind')) continue;
    const due = { schema: 1, connection, object, kind, id: unifiedId, attempts: 0, correlationId } as const;
    noteDue(effects, { ...due, work: 'backfill' });
  }
  await sendEffects(hub, effects);
  return { notices: unread.length, deliveries: effects.due.size };
}
