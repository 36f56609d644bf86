import type { Notice } from '../../model/notice.ts';
import type { Hub } from '../ports.ts';
import { passOf, releasePage } from './backfill-pages.ts';
import { updateConnection } from './pause-connection.ts';

/**
 * Ticks off a backfill page that was absorbed (or is waiting as ordinary notices). When the walk has ended and no page
 * is left, the object counts as backfilled: from then on records are created in this connection.
 */
export async function finishBackfillPage(hub: Hub, notice: Notice): Promise<void> {
  if (notice.page === undefined) return;
  const remaining = await releasePage(hub, notice.connection, notice.object, notice.page);
  if (remaining === 0) await completeBackfill(hub, notice.connection, notice.object, passOf(notice.page));
}

/** Marks the object backfilled if this pass, named by its beginning, is the last one and has ended, and walks every side that was read while this one was still closed for creations. */
export async function completeBackfill(hub: Hub, connection: string, object: string, pass: number): Promise<void> {
  const cursor = await hub.store.readCursor(connection, object, 'backfill');
  if (cursor?.finishedAt === undefined || cursor.startedAt !== pass) return;
  const { finishedAt } = cursor;
  const before = await hub.store.readConnection(connection);
  if (before === undefined || (before.backfilledAt[object] ?? 0) >= finishedAt) return;
  const isFirst = before.backfilledAt[object] === undefined;
  const objects = isFirst && before.releasedAt !== undefined ? [object] : [];
  const after = await walkAndOpen(hub, connection, objects, () =>
    updateConnection(hub, connection, (state) => ({
      ...state,
      backfilledAt: { ...state.backfilledAt, [object]: finishedAt },
    })),
  );
  // Released in between: the release saw no backfill yet, and this saw no release.
  if (before.releasedAt === undefined && after?.releasedAt !== undefined) await walkKind(hub, connection, object);
  hub.log('backfill-complete', { connection, object, records: cursor.seen });
}

/**
 * Sets a mark that records of these objects waited behind, by `open`, and has their kinds walked. The walks are asked for before the mark
 * is set: cut short in between, nothing is open, and whoever tries again asks again, which is harmless.
 */
export async function walkAndOpen<Opened>(
  hub: Hub,
  connection: string,
  objects: readonly string[],
  open: () => Promise<Opened>,
): Promise<Opened> {
  const askedAt = hub.now();
  for (const object of objects) await walkKind(hub, connection, object);
  const opened = await open();
  // With a slow table the walks may come before every process knows of the mark, and find it closed.
  if (hub.now() - askedAt > WALK_DELAY_MS / 2) for (const object of objects) await walkKind(hub, connection, object);
  return opened;
}

/** Looks at every record of the kind again, in all connections that have read theirs: what they lack is created then. */
export async function walkKind(hub: Hub, connection: string, object: string, delayMs = WALK_DELAY_MS): Promise<void> {
  const kind = hub.mapping(connection, object)?.kind;
  if (kind === undefined) return;
  for (const other of hub.connections) {
    const mappings = hub.mappingsOf(other.id, kind);
    if (mappings.length === 0) continue;
    const state = await hub.store.readConnection(other.id);
    for (const mapping of mappings) {
      const isThis = other.id === connection && mapping.object === object;
      if (!isThis && state?.backfilledAt[mapping.object] === undefined) continue;
      const request = { schema: 1, connection: other.id, object: mapping.object, mode: 'walk', attempts: 0 } as const;
      await hub.outbox.sweep([request], delayMs);
    }
  }
}

/** Twice as long as a process takes a connection's state for granted: all must know by then that creations are open. */
const WALK_DELAY_MS = 10_000;
