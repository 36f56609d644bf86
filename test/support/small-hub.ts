import type { CompiledMapping, OnDelete } from '../../domain/mapping/compiled-mapping.ts';
import { withDirection } from '../../domain/mapping/with-direction.ts';
import { refKey } from '../../domain/model/external-ref.ts';
import type { Kind } from '../../domain/model/kind.ts';
import type { Vocabulary } from '../../domain/model/vocabulary.ts';
import { absorbNotices } from '../../domain/pipeline/absorb/absorb-notices.ts';
import { sweepConnection } from '../../domain/pipeline/connections/sweep-connection.ts';
import { deliverDue } from '../../domain/pipeline/deliver/deliver-due.ts';
import type { Bundle, ConnectionInfo, ConnectionState, Hub, SystemPort } from '../../domain/pipeline/ports.ts';
import { type MemoryOutbox, memoryOutbox } from '../../local/memory/memory-outbox.ts';
import { type MemoryStore, memoryStore } from '../../local/memory/memory-store.ts';
import { type FakeSystem, fakeSystem } from './fake-system.ts';
import { NOBODY, tinyMapping, tinyVocabulary } from './tiny-mapping.ts';

/** The real pipeline over stores and queues in memory and fake systems, by a clock that only the test moves. */
export interface SmallHub {
  readonly hub: Hub;
  readonly store: MemoryStore;
  readonly outbox: MemoryOutbox;
  readonly systems: Readonly<Record<string, FakeSystem>>;
  readonly clock: { now: number };
  /** Says that records may have changed. */
  notice(connection: string, ids: readonly string[]): Promise<void>;
  /** Works off every queue until nothing moves, letting time pass for what waits; at most `stepsMax` rounds. */
  settle(stepsMax?: number): Promise<void>;
  /** Rounds with the clock standing still: only what is visible now. */
  drain(): Promise<void>;
}

const LEASE_MS = 60_000;

/** Builds a {@link SmallHub}. Connections are released and backfilled unless said otherwise. */
export async function smallHub(
  connections: readonly string[],
  options: {
    readonly isOpen?: boolean;
    readonly connectedAt?: number;
    /** By connection; `both` where nothing is said. */
    readonly directions?: Readonly<Record<string, ConnectionInfo['direction']>>;
    readonly onDelete?: OnDelete;
    /** By connection; `fake` where nothing is said. */
    readonly systemNames?: Readonly<Record<string, string>>;
    /** Of the only kind there is, partner unless it says another. */
    readonly vocabulary?: Vocabulary;
    readonly reportingCurrency?: string;
    /** What is special about one connection's mapping. */
    readonly mapping?: (connection: string, mapping: CompiledMapping) => CompiledMapping;
    /** Another store than one in memory. */
    readonly store?: MemoryStore;
  } = {},
): Promise<SmallHub> {
  const clock = { now: 1_700_000_000_000 };
  const store = options.store ?? memoryStore();
  const outbox = memoryOutbox(() => clock.now);
  const systems = Object.fromEntries(connections.map((id) => [id, fakeSystem(id, () => clock.now)]));
  const directionOf = (id: string): ConnectionInfo['direction'] => options.directions?.[id] ?? 'both';
  const kind = options.vocabulary?.kind ?? 'partner';
  const whole = { ...tinyMapping('fake', 'thing', kind), onDelete: options.onDelete ?? 'keep' };
  const special = options.mapping ?? ((_connection, mapping) => mapping);
  const mappings = new Map(connections.map((id) => [id, withDirection(special(id, whole), directionOf(id))]));
  let serial = 0;
  for (const connection of connections) {
    const isOpen = options.isOpen ?? true;
    const state: ConnectionState = {
      connection,
      counter: 1,
      connectedAt: options.connectedAt ?? clock.now - 1_000_000,
      owners: {},
      ownersReadAt: clock.now,
      problems: [],
      backfilledAt: isOpen ? { thing: clock.now - 1 } : {},
      ...(isOpen ? { releasedAt: clock.now - 1 } : {}),
    };
    await store.putConnection(state, null);
  }
  const hub: Hub = {
    store,
    outbox,
    ...(options.reportingCurrency === undefined ? {} : { reportingCurrency: options.reportingCurrency }),
    vocabularies: new Map<Kind, ReturnType<typeof tinyVocabulary>>([[kind, options.vocabulary ?? tinyVocabulary()]]),
    connections: connections.map((id) => ({
      id,
      system: options.systemNames?.[id] ?? 'fake',
      direction: directionOf(id),
      objects: ['thing'],
    })),
    mapping: (connection, object) => (object === 'thing' ? mappings.get(connection) : undefined),
    mappingsOf: (connection, asked) =>
      asked === kind ? [mappings.get(connection)].flatMap((found) => found ?? []) : [],
    system: async (connection) => {
      const system = systems[connection];
      if (system === undefined) throw new Error(`no system ${connection}`);
      return { ok: true, value: system.port };
    },
    receiveEvent: async () => undefined,
    directory: async () => NOBODY,
    connectionState: async (connection) => {
      const state = await store.readConnection(connection);
      if (state === undefined) throw new Error(`no state of ${connection}`);
      return state;
    },
    now: () => clock.now,
    newId: () => `01HUB${String(++serial).padStart(21, '0')}`,
    random: () => 0.5,
    log: () => undefined,
  };

  async function round(): Promise<boolean> {
    let isBusy = false;
    const notices = outbox.takeNotices();
    if (notices.length > 0) {
      isBusy = true;
      await absorbNotices(
        hub,
        notices.map((notice) => ({ notice, isRepeated: false })),
      );
    }
    for (const connection of connections) {
      const dues = outbox.takeDeliveries(connection);
      if (dues.length === 0) continue;
      isBusy = true;
      await deliverDue(
        hub,
        dues.map((due) => ({ due, isRepeated: false })),
        LEASE_MS,
      );
    }
    for (const request of outbox.takeSweeps()) {
      isBusy = true;
      await sweepConnection(hub, request, () => true);
    }
    return isBusy;
  }

  async function drain(): Promise<void> {
    for (let step = 0; step < 200; step++) if (!(await round())) return;
    throw new Error('the hub did not come to rest');
  }

  return {
    hub,
    store,
    outbox,
    systems,
    clock,
    notice: (connection, ids) =>
      outbox.notice(
        [{ schema: 1, connection, object: 'thing', ids, reason: 'webhook', attempts: 0, correlationId: 'test' }],
        0,
      ),
    drain,
    settle: async (stepsMax = 500) => {
      for (let step = 0; step < stepsMax; step++) {
        await drain();
        const next = outbox.nextVisibleAt();
        if (next === undefined) return;
        clock.now = next;
      }
      throw new Error('messages kept waiting');
    },
  };
}

/** The hub with some calls of one connection's system replaced. */
export function withPort(hub: Hub, connection: string, replace: (port: SystemPort) => Partial<SystemPort>): Hub {
  return {
    ...hub,
    system: async (id) => {
      const opened = await hub.system(id);
      return opened.ok && id === connection
        ? { ok: true, value: { ...opened.value, ...replace(opened.value) } }
        : opened;
    },
  };
}

/** Changes what the hub remembers of a connection. */
export async function setConnection(
  { store }: SmallHub,
  connection: string,
  change: (state: ConnectionState) => ConnectionState,
): Promise<void> {
  const state = await store.readConnection(connection);
  if (state === undefined) throw new Error(`no state of ${connection}`);
  await store.putConnection({ ...change(state), counter: state.counter + 1 }, state.counter);
}

/** The unified record that a connection's record belongs to, with its sources. */
export async function bundleOf(small: SmallHub, connection: string, externalId: string): Promise<Bundle> {
  const ref = { connection, object: 'thing', externalId };
  const id = (await small.store.readRefs([ref])).get(refKey(ref));
  if (id === undefined) throw new Error(`${refKey(ref)} is not in the crosswalk`);
  return small.store.readBundle('partner', id);
}

/** The open problems as `cause` or `cause:field`, oldest first. */
export async function problemsOf({ store }: SmallHub): Promise<readonly string[]> {
  const { problems } = await store.listProblems({ limit: 100 });
  return problems.map(({ cause, field }) => (field === undefined ? cause : `${cause}:${field}`));
}

/** A hub between `one` and `two` with one company known on both sides, at rest, a minute later. */
export async function pairedHub(
  options: Parameters<typeof smallHub>[1] = {},
): Promise<{ readonly small: SmallHub; readonly a: string; readonly b: string }> {
  const small = await smallHub(['one', 'two'], options);
  const a = small.systems.one?.create({ NAME: 'Acme', DOMAIN: 'acme.com' }) ?? '';
  await small.notice('one', [a]);
  await small.settle();
  const b = small.systems.two?.all()[0]?.id ?? '';
  await small.notice('two', [b]);
  await small.settle();
  small.clock.now += 60_000;
  return { small, a, b };
}
