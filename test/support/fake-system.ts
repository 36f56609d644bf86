import type { Fault } from '../../domain/model/fault.ts';
import type { ReadOutcome, WriteItem, WriteOutcome } from '../../domain/model/snapshot.ts';
import { isSameValue, type SystemValue, type SystemValues } from '../../domain/model/value.ts';
import type { SystemPort } from '../../domain/pipeline/ports.ts';

interface FakeRecord {
  readonly id: string;
  values: Record<string, SystemValue>;
  readonly createdAt: number;
  modifiedAt: number;
  isDeleted: boolean;
  mergedInto?: string;
}

/** A system in memory that people can edit, with whole-second stamps and failures on demand. */
export interface FakeSystem {
  readonly port: SystemPort;
  /** What a person does; answers the record's id. */
  create(values: SystemValues): string;
  edit(id: string, values: SystemValues): void;
  remove(id: string): void;
  restore(id: string): void;
  merge(loser: string, survivor: string): void;
  read(id: string): Readonly<Record<string, SystemValue>>;
  all(): readonly { readonly id: string; readonly values: Readonly<Record<string, SystemValue>> }[];
  readonly calls: { reads: number; writes: number };
  /** The next write call answers this for every item, after or without doing it. */
  failNextWrite(fault: Fault, isDone: boolean): void;
  /** Values beginning with this are refused, by field. */
  refuse(prefix: string): void;
  /** No two records hold the same value of the field from now on; a creation that would is refused, naming the one that has it. */
  keepUnique(field: string): void;
  /** Whoever the hub is may not see these records from now on. People go on. */
  hide(ids: readonly string[]): void;
  /** The account has no such fields from now on: reads leave them out, and a write of one is refused. */
  lack(fields: readonly string[]): void;
}

/** Starts a {@link FakeSystem}; the hub's id is kept in `HUB_ID`, which is unique, and `PARENT` takes no deleted record. */
export function fakeSystem(connection: string, now: () => number): FakeSystem {
  const records = new Map<string, FakeRecord>();
  const calls = { reads: 0, writes: 0 };
  let nextId = 1;
  let failure: { fault: Fault; isDone: boolean } | undefined;
  let refused: string | undefined;
  let lacked: readonly string[] = [];
  let unique: string | undefined;
  let hidden: readonly string[] = [];
  const second = (): number => Math.floor(now() / 1_000) * 1_000;
  const must = (id: string): FakeRecord => {
    const record = records.get(id);
    if (record === undefined) throw new Error(`${connection} has no ${id}`);
    return record;
  };
  const apply = (record: FakeRecord, values: SystemValues): void => {
    if (Object.entries(values).every(([name, value]) => isSameValue(record.values[name] ?? null, value))) return;
    record.values = { ...record.values, ...values };
    record.modifiedAt = second();
  };
  const insert = (values: SystemValues): string => {
    const id = `${connection}-${nextId++}`;
    records.set(id, { id, values: { ...values }, createdAt: second(), modifiedAt: second(), isDeleted: false });
    return id;
  };
  const readOne = (id: string, fields: readonly string[]): ReadOutcome => {
    const record = records.get(id);
    if (record === undefined || hidden.includes(id)) return { outcome: 'missing' };
    if (record.mergedInto !== undefined) return readOne(record.mergedInto, fields);
    if (record.isDeleted) return { outcome: 'deleted' };
    const there = fields.filter((name) => !lacked.includes(name));
    const values = Object.fromEntries(there.map((name) => [name, record.values[name] ?? null]));
    const { createdAt, modifiedAt } = record;
    const unseen = there.length === fields.length ? {} : { unseen: lacked };
    return { outcome: 'found', snapshot: { externalId: record.id, createdAt, modifiedAt, values, ...unseen } };
  };
  const holderOf = (values: SystemValues): FakeRecord | undefined => {
    const value = unique === undefined ? undefined : values[unique];
    if (unique === undefined || typeof value !== 'string') return undefined;
    const field = unique;
    return [...records.values()].find((each) => !each.isDeleted && each.values[field] === value);
  };
  const writeOne = (item: WriteItem): WriteOutcome => {
    const bad = Object.entries(item.values).filter(
      ([, value]) => refused !== undefined && typeof value === 'string' && value.startsWith(refused),
    );
    if (bad.length > 0) {
      const fault = {
        kind: 'rejected',
        code: 'BAD_VALUE',
        message: 'bad value',
        fields: bad.map(([name]) => name),
      } as const;
      return { outcome: 'failed', fault };
    }
    const unseen = Object.keys(item.values).filter((name) => lacked.includes(name));
    if (unseen.length > 0) {
      const fault = { kind: 'rejected', code: 'NO_FIELD', message: 'no such field', fields: unseen, unseen } as const;
      return { outcome: 'failed', fault };
    }
    const { PARENT: target } = item.values;
    if (typeof target === 'string' && records.get(target)?.isDeleted === true) {
      return { outcome: 'failed', fault: { kind: 'missing', code: 'GONE', message: 'gone' } };
    }
    if (item.operation === 'create') {
      const twin = [...records.values()].find((record) => record.values.HUB_ID === item.unifiedId);
      if (twin !== undefined) apply(twin, item.values);
      const holder = twin === undefined ? holderOf(item.values) : undefined;
      if (holder !== undefined) {
        const fault = { kind: 'conflict', code: 'TAKEN', message: 'taken', heldBy: holder.id } as const;
        return { outcome: 'failed', fault: { ...fault, fields: [unique ?? ''] } };
      }
      const id = twin?.id ?? insert({ ...item.values, HUB_ID: item.unifiedId });
      return { outcome: 'written', externalId: id, created: twin === undefined };
    }
    const record = must(item.externalId ?? '');
    if (hidden.includes(record.id))
      return { outcome: 'failed', fault: { kind: 'missing', code: 'HIDDEN', message: 'no such' } };
    if (item.operation === 'delete') record.isDeleted = true;
    else apply(record, item.values);
    return { outcome: 'written', externalId: record.id, created: false };
  };
  return {
    calls,
    create: insert,
    edit: (id, values) => apply(must(id), values),
    remove: (id) => {
      must(id).isDeleted = true;
    },
    restore: (id) => {
      must(id).isDeleted = false;
      must(id).modifiedAt = second();
    },
    merge: (loser, survivor) => {
      must(loser).mergedInto = survivor;
      must(loser).isDeleted = true;
      must(survivor).modifiedAt = second();
    },
    read: (id) => must(id).values,
    all: () => [...records.values()].filter(({ isDeleted }) => !isDeleted),
    failNextWrite: (fault, isDone) => {
      failure = { fault, isDone };
    },
    refuse: (prefix) => {
      refused = prefix;
    },
    hide: (ids) => {
      hidden = ids;
    },
    lack: (fields) => {
      lacked = fields;
    },
    keepUnique: (field) => {
      unique = field;
    },
    port: {
      connection,
      system: 'fake',
      limits: () => ({ readMax: 100, writeMax: 100 }),
      read: async (_object, ids, fields) => {
        calls.reads++;
        return { ok: true, value: ids.map((id) => readOne(id, fields)) };
      },
      newcomers: async (_object, _hubIdField, since) => {
        calls.reads++;
        const made = [...records.values()].filter(
          ({ values, createdAt, isDeleted }) => (values.HUB_ID ?? null) === null && createdAt >= since && !isDeleted,
        );
        return { ok: true, value: made.map(({ id }) => id).reverse() };
      },
      find: async (_object, _hubIdField, unifiedIds) => {
        calls.reads++;
        const made = [...records.values()].flatMap(({ id, values, isDeleted }) => {
          const { HUB_ID: unifiedId } = values;
          return typeof unifiedId === 'string' && !isDeleted && unifiedIds.includes(unifiedId)
            ? [[unifiedId, id] as const]
            : [];
        });
        return { ok: true, value: new Map(made) };
      },
      write: async (_object, _hubIdField, items) => {
        calls.writes++;
        const now = failure;
        failure = undefined;
        if (now !== undefined && !now.isDone) return items.map(() => ({ outcome: 'failed', fault: now.fault }));
        const outcomes = items.map(writeOne);
        return now === undefined ? outcomes : items.map(() => ({ outcome: 'failed', fault: now.fault }));
      },
      changes: async (_object, mode) => {
        // A walk lists what is there, a sweep of deletions what is not; a sweep of changes tells of both.
        const isListed = ({ isDeleted }: FakeRecord): boolean =>
          mode === 'changes' || isDeleted === (mode === 'deletions');
        const ids = [...records.values()]
          .filter(isListed)
          .map(({ id }) => id)
          .filter((id) => !hidden.includes(id));
        return { ok: true, value: { ids, position: records.size, hasMore: false } };
      },
      account: async () => ({ ok: true, value: { accountId: connection, owners: {} } }),
    },
  };
}
