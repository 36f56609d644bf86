import type { HubStore } from '../../domain/pipeline/ports.ts';

/** How many items of the store were read and written; about as many capacity units each, since all are small. */
export interface StoreCounts {
  reads: number;
  writes: number;
}

/** A store that counts the items read and written through it. */
export function countedStore(store: HubStore): { readonly store: HubStore; readonly counts: StoreCounts } {
  const counts: StoreCounts = { reads: 0, writes: 0 };
  return {
    counts,
    store: {
      ...store,
      readRefs: (refs) => {
        counts.reads += refs.length;
        return store.readRefs(refs);
      },
      readKeys: (keys) => {
        counts.reads += keys.length;
        return store.readKeys(keys);
      },
      readUnified: (kind, ids) => {
        counts.reads += ids.length;
        return store.readUnified(kind, ids);
      },
      readPin: (...pin) => {
        counts.reads += 1;
        return store.readPin(...pin);
      },
      readBundle: (...bundle) => {
        counts.reads += 1;
        return store.readBundle(...bundle);
      },
      putRef: (...ref) => {
        counts.writes += 1;
        return store.putRef(...ref);
      },
      putKey: (...key) => {
        counts.writes += 1;
        return store.putKey(...key);
      },
      openProblem: (problem) => {
        counts.writes += 2;
        return store.openProblem(problem);
      },
    },
  };
}
