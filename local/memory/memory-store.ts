import { type ExternalRef, refKey } from '../../domain/model/external-ref.ts';
import type { JournalEntry, MergeItem } from '../../domain/model/journal.ts';
import type { Problem } from '../../domain/model/problem.ts';
import type { SourceRecord } from '../../domain/model/source-record.ts';
import type { UnifiedRecord } from '../../domain/model/unified-record.ts';
import type { ConnectionState, HubStore, MatchKey, SweepCursor } from '../../domain/pipeline/ports.ts';

/**
 * The hub's memory in this process, for tests, the bench of the core and the simulation: the same answers as the table's,
 * held to them by one conformance suite. Every method does its whole work at once, so each is as atomic as a conditional
 * write. What is handed in is kept, not copied: records are read-only.
 *
 * *Bounds*: nothing is ever deleted for its age, but windows of counters that are over.
 */
export function memoryStore(): HubStore {
  const refs = new Map<string, string>();
  const keys = new Map<string, string>();
  const unified = new Map<string, UnifiedRecord>();
  const sources = new Map<string, Map<string, SourceRecord>>();
  const journal = new Map<string, JournalEntry[]>();
  const problems = new Map<string, Problem>();
  const merges = new Map<string, MergeItem>();
  const pins = new Set<string>();
  const connections = new Map<string, ConnectionState>();
  const cursors = new Map<string, SweepCursor>();
  const pages = new Map<string, Set<string>>();
  const windows = new Map<string, { readonly window: number; sum: number }>();
  const budgets = new Map<string, number>();

  return {
    readRefs: async (wanted) => pick(refs, wanted.map(refKey)),
    putRef: async (ref, _kind, unifiedId, expected) => swap(refs, refKey(ref), unifiedId, expected),
    deleteRef: async (ref, expected) => remove(refs, refKey(ref), expected),

    readKeys: async (wanted) => pick(keys, wanted.map(keyName)),
    putKey: async (key, unifiedId, expected) => swap(keys, keyName(key), unifiedId, expected),
    deleteKey: async (key, expected) => remove(keys, keyName(key), expected),

    async readBundle(kind, id) {
      const own = unified.get(`${kind}#${id}`);
      const others = [...(sources.get(`${kind}#${id}`)?.values() ?? [])].sort(byRef);
      return { kind, id, ...(own === undefined ? {} : { unified: own }), sources: others };
    },
    async readUnified(kind, ids) {
      const found = ids.flatMap((id) => unified.get(`${kind}#${id}`) ?? []);
      return new Map(found.map((record) => [record.id, record]));
    },
    async putSource(source, expected) {
      const partition = `${source.kind}#${source.unifiedId}`;
      const ofRecord = sources.get(partition) ?? new Map<string, SourceRecord>();
      sources.set(partition, ofRecord);
      return putCounted(ofRecord, refKey(source), source, expected);
    },
    async deleteSource(source) {
      const ofRecord = sources.get(`${source.kind}#${source.unifiedId}`);
      if (ofRecord?.get(refKey(source))?.counter !== source.counter) return false;
      return ofRecord.delete(refKey(source));
    },
    putUnified: async (record, expected) => putCounted(unified, `${record.kind}#${record.id}`, record, expected),

    async appendJournal(entries) {
      for (const entry of entries) {
        const name = `${entry.kind}#${entry.unifiedId}`;
        const known = journal.get(name) ?? [];
        journal.set(name, known);
        const place = known.findIndex(({ id }) => id >= entry.id);
        if (place === -1) known.push(entry);
        else known.splice(place, known[place]?.id === entry.id ? 1 : 0, entry);
      }
    },
    readJournal: async (kind, id, limit) =>
      (journal.get(`${kind}#${id}`) ?? []).slice(-Math.min(limit, JOURNAL_MAX)).reverse(),

    async openProblem(problem) {
      const known = problems.get(problem.id);
      const openedAt = known?.state === 'open' ? known.openedAt : problem.openedAt;
      const { closedAt: _, ...told } = problem;
      problems.set(problem.id, { ...told, state: 'open', openedAt });
    },
    async closeProblem(id, at) {
      const known = problems.get(id);
      if (known?.state === 'open') problems.set(id, { ...known, state: 'closed', closedAt: at });
    },
    readProblem: async (id) => problems.get(id),
    async listProblems({ limit, after }) {
      const open = [...problems.values()]
        .filter(({ state }) => state === 'open')
        .map((problem) => ({ problem, place: `${String(problem.openedAt).padStart(15, '0')}#${problem.id}` }))
        .filter(({ place }) => after === undefined || place > after)
        .sort((a, b) => (a.place < b.place ? -1 : 1));
      const page = open.slice(0, Math.max(1, Math.min(limit, PROBLEMS_MAX)));
      const last = page.at(-1);
      return {
        problems: page.map(({ problem }) => problem),
        ...(open.length > page.length && last !== undefined ? { next: last.place } : {}),
      };
    },

    async putMerge(item, expected) {
      if (merges.has(item.id) !== (expected === 'present')) return false;
      merges.set(item.id, item);
      return true;
    },
    readMerge: async (id) => merges.get(id),
    readPin: async (kind, idA, idB) => pins.has([kind, ...[idA, idB].sort()].join('#')),
    async putPin(kind, idA, idB) {
      pins.add([kind, ...[idA, idB].sort()].join('#'));
    },

    readConnection: async (connection) => connections.get(connection),
    putConnection: async (state, expected) => putCounted(connections, state.connection, state, expected),
    readCursor: async (connection, object, mode) => cursors.get(`${connection}#${object}#${mode}`),
    putCursor: async (cursor, expected) =>
      putCounted(cursors, `${cursor.connection}#${cursor.object}#${cursor.mode}`, cursor, expected),
    async trackPage(connection, object, page, change) {
      const known = pages.get(`${connection}#${object}`) ?? new Set<string>();
      pages.set(`${connection}#${object}`, known);
      if (change === 'add') known.add(page);
      else known.delete(page);
      return Math.min(known.size, PAGES_MAX);
    },

    async count(name, windowMs, now, by) {
      const window = Math.floor(now / windowMs);
      const known = windows.get(`${name}#${windowMs}`);
      const current = known?.window === window ? known : { window, sum: 0 };
      current.sum += by;
      windows.set(`${name}#${windowMs}`, current);
      return current.sum;
    },
    readBudget: async (name) => budgets.get(name),
    async swapBudget(name, next, expected) {
      if (budgets.get(name) !== expected) return false;
      budgets.set(name, next);
      return true;
    },
  };
}

const JOURNAL_MAX = 200;
const PROBLEMS_MAX = 200;
const PAGES_MAX = 1_000;

function keyName(key: MatchKey): string {
  return `${key.kind}#${key.type}#${key.value}`;
}

function byRef(a: ExternalRef, b: ExternalRef): number {
  return refKey(a) < refKey(b) ? -1 : 1;
}

function pick(holders: ReadonlyMap<string, string>, names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of names) {
    const holder = holders.get(name);
    if (holder !== undefined) found.set(name, holder);
  }
  return found;
}

function swap(holders: Map<string, string>, name: string, next: string, expected: string | null): boolean {
  if ((holders.get(name) ?? null) !== expected) return false;
  holders.set(name, next);
  return true;
}

function remove(holders: Map<string, string>, name: string, expected: string): boolean {
  return holders.get(name) === expected && holders.delete(name);
}

function putCounted<T extends { readonly counter: number }>(
  items: Map<string, T>,
  name: string,
  next: T,
  expected: number | null,
): boolean {
  if ((items.get(name)?.counter ?? null) !== expected) return false;
  items.set(name, next);
  return true;
}
