import type { Kind } from '../../model/kind.ts';
import type { HubStore } from '../ports.ts';

type Ids = { readonly store: Pick<HubStore, 'readUnified' | 'putUnified'>; now(): number };

/** Records merged one after the other, and writes of others in between. */
const STEPS_MAX = 10;

/**
 * Makes one name of two: `own`, under which nothing was written, and another id, which may be as new. Answers the one that both lead
 * to from now on, or `undefined` if another worker has written a record of its own under `own`.
 *
 * An id leads to a record that is written, or, where neither is, the younger to the older one, whoever of their workers comes
 * first: so no two can lead to each other.
 */
export async function joinIds(hub: Ids, kind: Kind, own: string, other: string): Promise<string | undefined> {
  let into = other;
  for (let step = 0; step < STEPS_MAX && into !== own; step++) {
    const there = (await hub.store.readUnified(kind, [into])).get(into);
    if (there?.mergedInto !== undefined) {
      into = there.mergedInto;
    } else if (there !== undefined || into < own) {
      if (await putAlias(hub, kind, own, into)) return into;
      return (await hub.store.readUnified(kind, [own])).get(own)?.mergedInto;
    } else if (await putAlias(hub, kind, into, own)) return own;
  }
  return into === own ? own : undefined;
}

/** Makes an id that nothing was written under another name of a record, so that nobody writes under it. `false`: somebody has. */
function putAlias({ store, now }: Ids, kind: Kind, id: string, into: string): Promise<boolean> {
  const at = now();
  const nothing = { fields: {}, seats: {}, own: {}, keys: [] };
  const alias = { kind, id, state: 'merged', mergedInto: into, version: 1, counter: 1 } as const;
  return store.putUnified({ ...alias, ...nothing, createdAt: at, changedAt: at }, null);
}
