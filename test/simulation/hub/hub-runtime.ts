import type { AnyConnector } from '../../../connectors/kit/connector-registry.ts';
import type { ServeDeps } from '../../../connectors/kit/serve-connection.ts';
import type { Mappings } from '../../../domain/mapping/compiled-mapping.ts';
import { succeed } from '../../../domain/model/fault.ts';
import type { Kind } from '../../../domain/model/kind.ts';
import type { Vocabulary } from '../../../domain/model/vocabulary.ts';
import type { Hub, HubStore, Outbox } from '../../../domain/pipeline/ports.ts';
import type { ConfiguredConnection } from '../../../functions/runtime/config.ts';
import { type ConnectedSystems, connectedSystems } from '../../../functions/runtime/connected-systems.ts';
import type { AccountChecks } from '../../../functions/runtime/items/account-check-items.ts';
import type { ReplayGuard } from '../../../functions/runtime/items/replay-items.ts';
import type { StepRuntime } from '../../../functions/runtime/queue-handler.ts';
import { ulidFactory } from '../../../functions/runtime/ulid.ts';
import type { SeededRandom } from '../engine/seeded-random.ts';

/** A release of the hub: which connections it serves, by which mappings. */
export interface Release {
  readonly connections: readonly ConfiguredConnection[];
  readonly mappings: Mappings;
  readonly vocabularies: ReadonlyMap<Kind, Vocabulary>;
}

/** The ports of one process, each an await on which the scheduler decides. */
export interface ProcessPorts {
  readonly store: HubStore;
  readonly outbox: Outbox;
  readonly checks: AccountChecks;
  readonly replays: ReplayGuard;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly random: SeededRandom;
  readonly connectors: Readonly<Record<string, AnyConnector>>;
  readonly credentials: (connection: string) => Readonly<Record<string, string>>;
  /** A thrown exception that a handler caught: a defect, unless the simulation threw it itself. */
  readonly onDefect: (step: string, error: unknown) => void;
}

/** Everything the handlers ask of a runtime. */
export type SimulatedRuntime = StepRuntime & {
  readonly systems: ConnectedSystems;
  readonly replays: ReplayGuard;
};

/** Limits as the shipped stages have them: 20 s a vendor call, a function of 60 s, a lease of 90 s. */
export const LIMITS = { vendorCallMs: 20_000, deliveryLeaseMs: 90_000, journalDays: 30 };
const AFTER_CALLS_MS = 3_000;

/** A process's hub, put together as `functions/runtime/composition.ts` does, over simulated ports. */
export function hubRuntimeOf(release: Release, ports: ProcessPorts): SimulatedRuntime {
  const { now, random } = ports;
  const { connections, mappings } = release;
  let deadlineAt = Number.POSITIVE_INFINITY;
  const log = (): void => undefined;
  const serveDeps: ServeDeps = {
    budgets: ports.store,
    now,
    sleep: ports.sleep,
    random: random.next,
    log,
    deadline: () => deadlineAt - now(),
    callTimeoutMs: LIMITS.vendorCallMs,
  };
  const metrics = { count: () => undefined, flush: () => undefined };
  const systems = connectedSystems({
    connections,
    secrets: {
      read: async (id) => succeed({ credentials: ports.credentials(id), version: '1' }),
      forget: () => undefined,
    },
    checks: ports.checks,
    loadConnector: async (system) => {
      const connector = ports.connectors[system];
      if (connector === undefined) throw new Error(`no connector for ${system}`);
      return connector;
    },
    serveDeps,
    metrics,
    hub: () => hub,
  });
  const systemOf = (id: string): string => connections.find((each) => each.id === id)?.system ?? '';
  const hub: Hub = {
    store: ports.store,
    outbox: ports.outbox,
    vocabularies: release.vocabularies,
    connections,
    mapping: (id, object) => mappings.of(systemOf(id), object),
    mappingsOf: (id, kind) => mappings.ofKind(systemOf(id), kind),
    system: systems.system,
    receiveEvent: systems.receiveEvent,
    directory: systems.directory,
    connectionState: systems.connectionState,
    now,
    newId: ulidFactory(now, (length) => Uint8Array.from({ length }, () => random.between(0, 255))),
    random: random.next,
    log,
  };
  return {
    hub,
    limits: LIMITS,
    systems,
    replays: ports.replays,
    log: { log, defect: ports.onDefect, begin: () => undefined },
    metrics,
    capacity: { readUnits: 0, writeUnits: 0 },
    begin(remainingMs) {
      deadlineAt = now() + remainingMs - AFTER_CALLS_MS;
    },
    hasTime: () => deadlineAt - now() > LIMITS.vendorCallMs,
  };
}
