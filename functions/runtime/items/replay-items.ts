import { inParallel } from '../../../domain/pipeline/in-parallel.ts';
import type { HubTable } from '../hub-table.ts';
import { numberAttribute } from './attribute.ts';
import { keyAttributes, loneKey } from './item-keys.ts';

/** Remembers which webhook requests were taken in, so that a recorded one cannot be sent again. */
export interface ReplayGuard {
  /** Whether every one of these was noted before; `false` for none. 1 read unit a key. */
  isReplay(connection: string, keys: readonly string[]): Promise<boolean>;
  /** Notes them for a while (see {@link REPLAY_MS}). 1 write unit a key. */
  note(connection: string, keys: readonly string[], now: number): Promise<void>;
}

/** Longer than any connector's window, after which a request is stale anyway. */
export const REPLAY_MS = 60 * 60_000;

/**
 * The guard on items `replay#<connection>#<key>`, deleted by the table's TTL. *Bounds*: the first 100 keys of a request count;
 * no vendor puts more events into one.
 */
export function replayItems(table: HubTable): ReplayGuard {
  return {
    async isReplay(connection, keys) {
      const wanted = different(keys);
      if (wanted.length === 0) return false;
      const known = await inParallel(wanted, (key) => table.get(loneKey('replay', connection, key)));
      return known.every((item) => item !== undefined);
    },
    async note(connection, keys, now) {
      const ttl = numberAttribute(Math.ceil((now + REPLAY_MS) / 1_000));
      await inParallel(different(keys), (key) =>
        table.put({ ...keyAttributes(loneKey('replay', connection, key)), ttl }),
      );
    },
  };
}

function different(keys: readonly string[]): readonly string[] {
  return [...new Set(keys.slice(0, KEYS_MAX))];
}

const KEYS_MAX = 100;
