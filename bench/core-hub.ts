import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConnector } from '../connectors/kit/connector-registry.ts';
import { succeed } from '../domain/model/fault.ts';
import { absorbNotices } from '../domain/pipeline/absorb/absorb-notices.ts';
import { deliverDue } from '../domain/pipeline/deliver/deliver-due.ts';
import type { Hub, HubStore } from '../domain/pipeline/ports.ts';
import { connectedSystems } from '../functions/runtime/connected-systems.ts';
import { ulidFactory } from '../functions/runtime/ulid.ts';
import { checkMappings, MAPPINGS_FOLDER } from '../local/cli/check-mappings.ts';
import { SIMULATED_CREDENTIALS } from '../local/cli/simulated-systems.ts';
import { memoryOutbox } from '../local/memory/memory-outbox.ts';
import type { InProcessSystems } from './in-process-systems.ts';
import type { VendorSide } from './vendor-side.ts';

/** The hub's core: domain, shipped mappings and connectors over a store, with queues in memory. No handlers, no AWS. */
export interface CoreHub {
  readonly hub: Hub;
  /** Says that these records of a side may have changed, as a webhook or a sweep would. */
  notice(side: VendorSide, ids: readonly string[]): Promise<void>;
  /** Takes in what was noticed; answers the records taken in. */
  absorb(): Promise<number>;
  /** Carries over what is due; answers the records looked at. */
  deliver(): Promise<number>;
}

const IDS_PER_NOTICE = 100;
const BATCH_MAX = 100;
const LEASE_MS = 60_000;

/** Builds a core on this store, connected to these systems; both connections are released and count as backfilled. */
export async function startCoreHub(store: HubStore, systems: InProcessSystems): Promise<CoreHub> {
  const loaded = checkMappings(MAPPINGS_FOLDER);
  if (!loaded.ok) throw new Error('the shipped mappings are not in order; run local/cli/check-mappings.ts');
  const { mappings, vocabularies } = loaded.value;
  const connections = [
    connectionOf('salesforce', systems.salesforce.url, 'client-credentials', 'Account'),
    connectionOf('hubspot', systems.hubspot.url, 'static-token', 'company'),
  ];
  const outbox = memoryOutbox(Date.now);
  const versions = new Map<string, string>();
  const connected = connectedSystems({
    connections,
    secrets: {
      read: async () => succeed({ credentials: CREDENTIALS, version: '1' }),
      forget: () => undefined,
    },
    checks: {
      read: async (connection) => versions.get(connection),
      write: async (connection, version) => void versions.set(connection, version),
    },
    loadConnector,
    serveDeps: {
      budgets: store,
      now: Date.now,
      sleep: (ms) => sleep(ms),
      random: Math.random,
      log: () => undefined,
    },
    metrics: { count: () => undefined, flush: () => undefined },
    hub: () => hub,
  });
  const objectOf = (id: string): string => connections.find((each) => each.id === id)?.objects[0] ?? '';
  const hub: Hub = {
    store,
    outbox,
    vocabularies,
    connections,
    mapping: (connection, object) => (object === objectOf(connection) ? mappings.of(connection, object) : undefined),
    mappingsOf: (connection, kind) => (kind === 'partner' ? mappings.ofKind(connection, kind) : []),
    system: connected.system,
    receiveEvent: connected.receiveEvent,
    directory: connected.directory,
    connectionState: connected.connectionState,
    now: Date.now,
    newId: ulidFactory(Date.now, randomBytes),
    random: Math.random,
    log: () => undefined,
  };
  for (const { id } of connections) {
    await store.putConnection(
      {
        connection: id,
        counter: 1,
        connectedAt: Date.now(),
        owners: {},
        ownersReadAt: 0,
        problems: [],
        backfilledAt: { [objectOf(id)]: 1 },
        releasedAt: 1,
      },
      null,
    );
  }
  return {
    hub,
    async notice({ connection }, ids) {
      const object = objectOf(connection);
      const notices = pieces(ids, IDS_PER_NOTICE).map(
        (piece) =>
          ({ schema: 1, connection, object, ids: piece, reason: 'webhook', attempts: 0, correlationId: 'b' }) as const,
      );
      await outbox.notice(notices, 0);
    },
    async absorb() {
      let records = 0;
      for (const batch of pieces(outbox.takeNotices(), BATCH_MAX)) {
        const report = await absorbNotices(
          hub,
          batch.map((notice) => ({ notice, isRepeated: false })),
        );
        records += Object.values(report).reduce((sum, count) => sum + count, 0);
      }
      outbox.takeChanged();
      return records;
    },
    async deliver() {
      let records = 0;
      for (const { id } of connections) {
        for (const batch of pieces(outbox.takeDeliveries(id), BATCH_MAX)) {
          await deliverDue(
            hub,
            batch.map((due) => ({ due, isRepeated: false })),
            LEASE_MS,
          );
          records += batch.length;
        }
      }
      return records;
    },
  };
}

const CREDENTIALS = {
  clientId: SIMULATED_CREDENTIALS.SALESFORCE_SIM_CLIENT_ID ?? '',
  clientSecret: SIMULATED_CREDENTIALS.SALESFORCE_SIM_CLIENT_SECRET ?? '',
  accessToken: SIMULATED_CREDENTIALS.HUBSPOT_SIM_ACCESS_TOKEN ?? '',
};

function connectionOf(system: 'salesforce' | 'hubspot', baseUrl: string, auth: string, object: string) {
  return { id: system, system, baseUrl, auth, objects: [object], direction: 'both' as const, ceilings: {} };
}

function pieces<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, place) =>
    items.slice(place * size, (place + 1) * size),
  );
}
