import type { Hub } from '../ports.ts';
import { walkKind } from './finish-backfill.ts';
import { updateConnection } from './pause-connection.ts';

/**
 * Lets the hub write to a connection from now on, and looks at every record again that could be behind there. Until a
 * connection is released, the hub reads it and plans; `preview` shows what the first sync would write.
 */
export async function releaseConnection(hub: Hub, connection: string): Promise<void> {
  await hub.connectionState(connection);
  const before = await hub.store.readConnection(connection);
  if (before?.releasedAt !== undefined) return;
  const state = await updateConnection(hub, connection, (current) => ({ ...current, releasedAt: hub.now() }));
  for (const object of Object.keys(state?.backfilledAt ?? {})) await walkKind(hub, connection, object);
}
