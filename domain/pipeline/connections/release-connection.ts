import type { Hub } from '../ports.ts';
import { walkAndOpen } from './finish-backfill.ts';
import { updateConnection } from './pause-connection.ts';

/**
 * Lets the hub write to a connection from now on, and looks at every record again that could be behind there. Until a
 * connection is released, the hub reads it and plans; `preview` shows what the first sync would write.
 *
 * Cut short, it leaves the connection unreleased, so that whoever asks again asks for all of it.
 */
export async function releaseConnection(hub: Hub, connection: string): Promise<void> {
  await hub.connectionState(connection);
  const walked = new Set<string>();
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = await hub.store.readConnection(connection);
    if (before === undefined || before.releasedAt !== undefined) return;
    const objects = Object.keys(before.backfilledAt).filter((object) => !walked.has(object));
    for (const object of objects) walked.add(object);
    const state = await walkAndOpen(hub, connection, objects, () =>
      updateConnection(hub, connection, (current) => {
        // An object whose backfill has ended meanwhile saw no release, so its walk must be asked for here, before the mark is set.
        const isWalked = Object.keys(current.backfilledAt).every((object) => walked.has(object));
        return isWalked && current.releasedAt === undefined ? { ...current, releasedAt: hub.now() } : undefined;
      }),
    );
    if (state?.releasedAt !== undefined) return;
  }
  throw new Error(`connection ${connection}: objects kept coming to the end of their backfill`);
}

/** More than the objects of any connection, each of which may be read to its end in between. */
const ROUNDS_MAX = 50;
