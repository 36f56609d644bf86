import { type ExternalRef, refKey } from '../model/external-ref.ts';
import type { MergeItem } from '../model/journal.ts';
import type { Kind } from '../model/kind.ts';
import type { Problem } from '../model/problem.ts';
import type { SourceRecord } from '../model/source-record.ts';
import type { UnifiedRecord } from '../model/unified-record.ts';
import type { Hub, HubStore, MatchKey } from './ports.ts';

/** A hub that does everything and writes nothing, and what it would have written. */
export interface DryHub {
  readonly hub: Hub;
  /** Problems that would be open now and are not, in the order they were raised. */
  readonly opened: ReadonlyMap<string, Problem>;
}

interface Draft {
  unified: UnifiedRecord | undefined;
  readonly sources: Map<string, SourceRecord>;
}

/**
 * Makes a dry hub: reads come from the real store until something was written here, writes stay here, and no message leaves.
 * So a preview is made by the very code that does it. For one use and thrown away; every method is as atomic as the real one's.
 */
export function dryHub(hub: Hub): DryHub {
  const real = hub.store;
  const refs = new Map<string, string | null>();
  const keys = new Map<string, string | null>();
  const records = new Map<string, Draft>();
  const merges = new Map<string, MergeItem>();
  const pins = new Set<string>();
  const opened = new Map<string, Problem>();

  async function draftOf(kind: Kind, id: string): Promise<Draft> {
    const known = records.get(`${kind}#${id}`);
    if (known !== undefined) return known;
    const { unified, sources } = await real.readBundle(kind, id);
    const draft: Draft = { unified, sources: new Map(sources.map((source) => [refKey(source), source])) };
    records.set(`${kind}#${id}`, draft);
    return draft;
  }

  const holderOf = async (key: MatchKey): Promise<string | null> => {
    const name = keyName(key);
    const draft = keys.get(name);
    return draft === undefined ? ((await real.readKeys([key])).get(name) ?? null) : draft;
  };
  const refTo = async (ref: ExternalRef): Promise<string | null> => {
    const name = refKey(ref);
    const draft = refs.get(name);
    return draft === undefined ? ((await real.readRefs([ref])).get(name) ?? null) : draft;
  };

  const store: HubStore = {
    ...real,
    async readRefs(wanted) {
      const found = await Promise.all(wanted.map(async (ref) => [refKey(ref), await refTo(ref)] as const));
      return new Map(found.flatMap(([name, id]) => (id === null ? [] : [[name, id]])));
    },
    async putRef(ref, _kind, unifiedId, expected) {
      if ((await refTo(ref)) !== expected) return false;
      refs.set(refKey(ref), unifiedId);
      return true;
    },
    async deleteRef(ref, expected) {
      if ((await refTo(ref)) !== expected) return false;
      refs.set(refKey(ref), null);
      return true;
    },
    async readKeys(wanted) {
      const found = await Promise.all(wanted.map(async (key) => [keyName(key), await holderOf(key)] as const));
      return new Map(found.flatMap(([name, id]) => (id === null ? [] : [[name, id]])));
    },
    async putKey(key, unifiedId, expected) {
      if ((await holderOf(key)) !== expected) return false;
      keys.set(keyName(key), unifiedId);
      return true;
    },
    async deleteKey(key, expected) {
      if ((await holderOf(key)) !== expected) return false;
      keys.set(keyName(key), null);
      return true;
    },
    async readBundle(kind, id) {
      const { unified, sources } = await draftOf(kind, id);
      return { kind, id, ...(unified === undefined ? {} : { unified }), sources: [...sources.values()] };
    },
    async readUnified(kind, ids) {
      const stored = await real.readUnified(kind, ids);
      const all = ids.map((id) => records.get(`${kind}#${id}`)?.unified ?? stored.get(id));
      return new Map(all.flatMap((record) => (record === undefined ? [] : [[record.id, record]])));
    },
    async putSource(source, expected) {
      const { sources } = await draftOf(source.kind, source.unifiedId);
      if ((sources.get(refKey(source))?.counter ?? null) !== expected) return false;
      sources.set(refKey(source), source);
      return true;
    },
    async deleteSource(source) {
      const { sources } = await draftOf(source.kind, source.unifiedId);
      return sources.get(refKey(source))?.counter === source.counter && sources.delete(refKey(source));
    },
    async putUnified(record, expected) {
      const draft = await draftOf(record.kind, record.id);
      if ((draft.unified?.counter ?? null) !== expected) return false;
      draft.unified = record;
      return true;
    },
    async putMerge(item, expected) {
      const known = merges.get(item.id) ?? (await real.readMerge(item.id));
      if ((known !== undefined) !== (expected === 'present')) return false;
      merges.set(item.id, item);
      return true;
    },
    readMerge: async (id) => merges.get(id) ?? (await real.readMerge(id)),
    readPin: async (kind, idA, idB) => pins.has(pinName(kind, idA, idB)) || (await real.readPin(kind, idA, idB)),
    async putPin(kind, idA, idB) {
      pins.add(pinName(kind, idA, idB));
    },
    async openProblem(problem) {
      const known = await real.readProblem(problem.id);
      if (known === undefined || known.state === 'closed') opened.set(problem.id, problem);
      return true;
    },
    async closeProblem(id) {
      opened.delete(id);
    },
    ignoreProblem: async () => true,
    appendJournal: async () => undefined,
    noteKeys: async () => undefined,
    noteBorrower: async () => undefined,
    forgetJournal: async () => undefined,
    forgetHistory: async () => undefined,
    deleteProblems: async () => undefined,
    deleteMerge: async () => undefined,
    putErasure: async () => true,
    putConnection: async () => true,
    putCursor: async () => true,
    trackPage: async () => 1,
    count: async () => 1,
    swapBudget: async () => true,
    putFigure: async () => undefined,
  };
  const outbox = {
    notice: async () => undefined,
    deliver: async () => undefined,
    deliverLater: async () => undefined,
    changed: async () => undefined,
    sweep: async () => undefined,
  };
  return { hub: { ...hub, store, outbox, log: () => undefined }, opened };
}

function keyName({ kind, type, value }: MatchKey): string {
  return `${kind}#${type}#${value}`;
}

function pinName(kind: Kind, idA: string, idB: string): string {
  return [kind, ...[idA, idB].sort()].join('#');
}
