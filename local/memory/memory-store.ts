import type { Erasure } from '../../domain/model/erasure.ts';
import { type ExternalRef, refKey } from '../../domain/model/external-ref.ts';
import type { JournalEntry, MergeItem } from '../../domain/model/journal.ts';
import { causeOf, type Problem } from '../../domain/model/problem.ts';
import type { SourceRecord } from '../../domain/model/source-record.ts';
import type { UnifiedRecord } from '../../domain/model/unified-record.ts';
import type { StoredEvent } from '../../domain/model/vendor-event.ts';
import { dayBefore, type PublishedRates } from '../../domain/money/published-rates.ts';
import type {
  Borrower,
  BudgetFigure,
  ConnectionState,
  HubStore,
  MatchKey,
  SweepCursor,
} from '../../domain/pipeline/ports.ts';

/** The store, and all that is in it. */
export interface MemoryStore extends HubStore {
  /** Everything kept, keys included, as one text: to look in it for what must not be there. */
  everything(): string;
  /** Every source record, whoever's. */
  allSources(): readonly SourceRecord[];
}

/**
 * The hub's memory in this process, for tests, the bench of the core and the simulation: the same answers as the table's,
 * held to them by one conformance suite. Every method does its whole work at once, so each is as atomic as a conditional
 * write. What is handed in is kept, not copied: records are read-only. Where the table changes what it is given (halves of
 * surrogate pairs) or refuses it (a value no item can hold), this does the same.
 *
 * *Bounds*: nothing is ever deleted for its age, but windows of counters that are over.
 */
export function memoryStore(): MemoryStore {
  const refs = new Map<string, string>();
  const keys = new Map<string, string>();
  const unified = new Map<string, UnifiedRecord>();
  const sources = new Map<string, Map<string, SourceRecord>>();
  const journal = new Map<string, JournalEntry[]>();
  const problems = new Map<string, Problem>();
  const merges = new Map<string, MergeItem>();
  const notedKeys = new Map<string, Set<string>>();
  const borrowers = new Map<string, Map<string, Borrower>>();
  const mergesOf = new Map<string, Set<string>>();
  const erasures = new Map<string, Erasure>();
  const pins = new Set<string>();
  const connections = new Map<string, ConnectionState>();
  const cursors = new Map<string, SweepCursor>();
  const pages = new Map<string, Set<string>>();
  const windows = new Map<string, Map<number, number>>();
  const budgets = new Map<string, number>();
  const figures = new Map<string, BudgetFigure>();
  const events = new Map<string, StoredEvent>();
  const rates = new Map<string, PublishedRates>();

  return {
    everything: () =>
      JSON.stringify(
        [
          refs,
          keys,
          unified,
          sources,
          journal,
          problems,
          merges,
          notedKeys,
          borrowers,
          mergesOf,
          erasures,
          connections,
          cursors,
          windows,
        ],
        (_, value: unknown) => (value instanceof Map || value instanceof Set ? [...value] : value),
      ),

    allSources: () => [...sources.values()].flatMap((ofRecord) => [...ofRecord.values()]),

    readRefs: async (wanted) => pick(refs, wanted.map(refKey)),
    putRef: async (ref, _kind, unifiedId, expected) => swap(refs, refKey(ref), unifiedId, expected),
    deleteRef: async (ref, expected) => remove(refs, refKey(ref), expected),

    readKeys: async (wanted) => pick(keys, wanted.map(keyName)),
    putKey: async (key, unifiedId, expected) => swap(keys, keyName(key), unifiedId, expected),
    deleteKey: async (key, expected) => remove(keys, keyName(key), expected),

    async noteKeys(kind, id, texts) {
      const known = notedKeys.get(`${kind}#${id}`) ?? new Set<string>();
      for (const text of texts) known.add(text.toWellFormed());
      notedKeys.set(`${kind}#${id}`, known);
    },
    async noteBorrower(kind, id, borrower) {
      const known = borrowers.get(`${kind}#${id}`) ?? new Map<string, Borrower>();
      borrowers.set(`${kind}#${id}`, known.set(`${borrower.kind}#${borrower.id}`, borrower));
    },
    async readBorrowers(kind, id, limit) {
      const known = [...(borrowers.get(`${kind}#${id}`) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      return known.slice(0, limit).map(([, borrower]) => borrower);
    },
    readNotedKeys: async (kind, id) => [...(notedKeys.get(`${kind}#${id}`) ?? [])].sort(),

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
      return putCounted(ofRecord, refKey(source).toWellFormed(), asStored(source), expected);
    },
    async deleteSource(source) {
      const ofRecord = sources.get(`${source.kind}#${source.unifiedId}`);
      const name = refKey(source).toWellFormed();
      if (ofRecord?.get(name)?.counter !== source.counter) return false;
      return ofRecord.delete(name);
    },
    putUnified: async (record, expected) =>
      putCounted(unified, `${record.kind}#${record.id}`, asStored(record), expected),

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
      (journal.get(`${kind}#${id}`) ?? []).toReversed().slice(0, Math.min(limit, JOURNAL_MAX)),

    async forgetJournal(kind, id, from, until) {
      const kept = (journal.get(`${kind}#${id}`) ?? []).filter(({ at }) => at < from || at > until);
      journal.set(`${kind}#${id}`, kept);
    },
    async forgetHistory(kind, id) {
      for (const each of [journal, notedKeys, borrowers, mergesOf]) each.delete(`${kind}#${id}`);
    },

    async openProblem(problem, as) {
      const known = problems.get(problem.id);
      if (as === null && known !== undefined) return false;
      if (as && (known?.state !== as.state || toldOf(known) !== toldOf(as))) return false;
      const openedAt = known === undefined || known.state === 'closed' ? problem.openedAt : known.openedAt;
      const { closedAt: _, ignored: __, ...told } = problem;
      const isIgnored = known?.ignored !== undefined && causeOf(known) === causeOf(problem);
      problems.set(problem.id, {
        ...told,
        openedAt,
        ...(isIgnored ? { state: 'ignored', ignored: known.ignored } : { state: 'open' }),
      });
      return true;
    },
    async closeProblem(id, at, as) {
      const known = problems.get(id);
      if (known === undefined || known.state === 'closed') return;
      if (as !== undefined && toldOf(known) !== toldOf(as)) return;
      const { ignored: _, ...told } = known;
      problems.set(id, { ...told, state: 'closed', closedAt: at });
    },
    async ignoreProblem(id, ignored) {
      const known = problems.get(id);
      if (known?.state !== (ignored === undefined ? 'ignored' : 'open')) return false;
      const { ignored: _, ...told } = known;
      problems.set(id, ignored === undefined ? { ...told, state: 'open' } : { ...told, state: 'ignored', ignored });
      return true;
    },
    readProblem: async (id) => problems.get(id),
    async listProblems({ limit, after, state: wanted = 'open' }) {
      const open = [...problems.values()]
        .filter(({ state }) => state === wanted)
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

    keepEvent: async (event) => {
      const name = `${event.connection}#${event.id}`.toWellFormed();
      if (events.has(name)) return false;
      events.set(name, event);
      return true;
    },
    async listEvents({ limit, before }) {
      const kept = [...events.values()]
        .map((event) => ({ event, place: eventPlace(event) }))
        .filter(({ place }) => before === undefined || place < before)
        .sort((a, b) => (a.place > b.place ? -1 : 1));
      const page = kept.slice(0, Math.max(1, Math.min(limit, PROBLEMS_MAX)));
      const last = page.at(-1);
      return {
        events: page.map(({ event }) => event),
        ...(kept.length > page.length && last !== undefined ? { next: last.place } : {}),
      };
    },

    async deleteProblems(ids) {
      for (const id of ids) problems.delete(id);
    },

    async putMerge(item, expected) {
      const named = expected === 'absent' ? [item.survivor.id, item.loser.id] : [];
      for (const name of named.map((id) => `${item.kind}#${id}`)) {
        mergesOf.set(name, (mergesOf.get(name) ?? new Set()).add(item.id));
      }
      if (merges.has(item.id) !== (expected === 'present')) return false;
      merges.set(item.id, item);
      return true;
    },
    readMerge: async (id) => merges.get(id),
    readMergesOf: async (kind, id) => [...(mergesOf.get(`${kind}#${id}`) ?? [])].sort(),
    async deleteMerge(kind, mergeId) {
      merges.delete(mergeId);
      for (const id of mergeId.split('.')) mergesOf.get(`${kind}#${id}`)?.delete(mergeId);
    },
    readPin: async (kind, idA, idB) => pins.has([kind, ...[idA, idB].sort()].join('#')),
    async putPin(kind, idA, idB) {
      pins.add([kind, ...[idA, idB].sort()].join('#'));
    },

    readErasure: async (kind, id) => erasures.get(`${kind}#${id}`),
    putErasure: async (erasure, expected) => putCounted(erasures, `${erasure.kind}#${erasure.id}`, erasure, expected),
    async listErasures({ limit, after }) {
      const left = [...erasures.keys()].sort().filter((name) => after === undefined || name > after);
      const page = left.slice(0, Math.max(1, Math.min(limit, ERASURES_MAX)));
      const last = page.at(-1);
      return {
        erasures: page.flatMap((name) => erasures.get(name) ?? []),
        ...(left.length > page.length && last !== undefined ? { next: last } : {}),
      };
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
      const sums = windows.get(`${name}#${windowMs}`) ?? new Map<number, number>();
      windows.set(`${name}#${windowMs}`, sums);
      const sum = (sums.get(window) ?? 0) + by;
      sums.set(window, sum);
      // The table keeps a window for one more: workers' clocks differ.
      for (const other of sums.keys()) if (other < window - 1) sums.delete(other);
      return sum;
    },
    readBudget: async (name) => budgets.get(name),
    async swapBudget(name, next, expected) {
      if (budgets.get(name) !== expected) return false;
      budgets.set(name, next);
      return true;
    },
    async readRates(day, daysBack) {
      const first = dayBefore(day, daysBack);
      const last = [...rates.keys()]
        .filter((each) => each >= first && each <= day)
        .sort()
        .at(-1);
      return last === undefined ? undefined : rates.get(last);
    },
    async putRates(days) {
      for (const each of days) rates.set(each.day, each);
    },

    async putFigure(name, figure) {
      figures.set(name, figure);
    },
    readFigure: async (name) => figures.get(name),
  };
}

/** What was told at the last raising, as text. */
function toldOf({ openedAt: _, closedAt: __, state: ___, ignored: ____, ...told }: Problem): string {
  return JSON.stringify(told);
}

const JOURNAL_MAX = 200;
const PROBLEMS_MAX = 200;
const PAGES_MAX = 1_000;
const ERASURES_MAX = 200;

function keyName(key: MatchKey): string {
  return `${key.kind}#${key.type}#${key.value}`;
}

/** The table sorts by UTF-8, which is by code points; JavaScript by halves of surrogate pairs. */
function byRef(a: ExternalRef, b: ExternalRef): number {
  const [left, right] = [refKey(a), refKey(b)];
  if (!BEYOND_PLAIN.test(left) && !BEYOND_PLAIN.test(right)) return left < right ? -1 : 1;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** Surrogates and what sorts after them. */
const BEYOND_PLAIN = /[\ud800-\uffff]/;

/** 400 KB, less what an item needs beside the value: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const VALUE_BYTES_MAX = 409_400;
/** UTF-8 takes three bytes at most for what is one unit here. */
const SURELY_SMALL = VALUE_BYTES_MAX / 3;

/** A record as the table would give it back. *Faults*: throws for a value that no item can hold. */
function asStored<T extends Pick<SourceRecord, 'fields'> | UnifiedRecord>(record: T): T {
  const fields = storedFields(record.fields);
  const own = 'own' in record ? storedFields(record.own) : undefined;
  const isSame = fields === record.fields && (!('own' in record) || own === record.own);
  return isSame ? record : { ...record, fields, ...(own === undefined ? {} : { own }) };
}

function storedFields<Field extends { readonly value: unknown }>(
  fields: Readonly<Record<string, Field>>,
): Readonly<Record<string, Field>> {
  let changed: Record<string, Field> | undefined;
  for (const name in fields) {
    const field = fields[name];
    if (field === undefined) continue;
    const value = storedValue(field.value);
    if (value === field.value) continue;
    changed ??= { ...fields };
    changed[name] = { ...field, value };
  }
  return changed ?? fields;
}

function storedValue(value: unknown): unknown {
  if (typeof value === 'string') {
    if (value.length > SURELY_SMALL && Buffer.byteLength(value) > VALUE_BYTES_MAX) {
      throw new RangeError(`A value of ${Buffer.byteLength(value)} bytes is more than an item of the table can hold.`);
    }
    return value.isWellFormed() ? value : value.toWellFormed();
  }
  if (!Array.isArray(value) || value.every((element) => typeof element !== 'string' || element.isWellFormed())) {
    return value;
  }
  return value.map(storedValue);
}

function eventPlace({ receivedAt, connection, id }: StoredEvent): string {
  return `${String(receivedAt).padStart(15, '0')}#${connection}#${id}`;
}

function pick(holders: ReadonlyMap<string, string>, names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of names) {
    const holder = holders.get(name.toWellFormed());
    if (holder !== undefined) found.set(name, holder);
  }
  return found;
}

function swap(holders: Map<string, string>, name: string, next: string, expected: string | null): boolean {
  const stored = name.toWellFormed();
  if ((holders.get(stored) ?? null) !== expected) return false;
  holders.set(stored, next);
  return true;
}

function remove(holders: Map<string, string>, name: string, expected: string): boolean {
  const stored = name.toWellFormed();
  return holders.get(stored) === expected && holders.delete(stored);
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
