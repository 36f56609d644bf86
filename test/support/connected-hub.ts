import { hasEventsFrom } from '../../connectors/kit/aws/event-sources.ts';
import { loadConnector } from '../../connectors/kit/connector-registry.ts';
import { serveConnection } from '../../connectors/kit/serve-connection.ts';
import type { Directory } from '../../domain/mapping/compiled-mapping.ts';
import { loadMappings } from '../../domain/mapping/load-mappings.ts';
import type { EventReceipt, VendorEvent } from '../../domain/model/vendor-event.ts';
import { absorbNotices } from '../../domain/pipeline/absorb/absorb-notices.ts';
import { releaseConnection } from '../../domain/pipeline/connections/release-connection.ts';
import { sweepConnection } from '../../domain/pipeline/connections/sweep-connection.ts';
import { deliverDue } from '../../domain/pipeline/deliver/deliver-due.ts';
import type { Hub, HubStore, SystemPort } from '../../domain/pipeline/ports.ts';
import { ownerDirectory } from '../../functions/runtime/owner-directory.ts';
import { MAPPINGS_FOLDER, readMappingFiles } from '../../local/cli/check-mappings.ts';
import { type MemoryOutbox, memoryOutbox } from '../../local/memory/memory-outbox.ts';
import { memoryStore } from '../../local/memory/memory-store.ts';
import {
  type AwsMarketplaceSimulator,
  startAwsMarketplaceSimulator,
} from '../../local/simulators/aws-marketplace/start-aws-marketplace-simulator.ts';
import {
  type AwsPartnerCentralSimulator,
  startAwsPartnerCentralSimulator,
} from '../../local/simulators/aws-partner-central/start-aws-partner-central-simulator.ts';
import {
  type HubspotSimulator,
  startHubspotSimulator,
} from '../../local/simulators/hubspot/start-hubspot-simulator.ts';
import { salesforceDefaults } from '../../local/simulators/salesforce/simulator-options.ts';
import {
  type SalesforceSimulator,
  startSalesforceSimulator,
} from '../../local/simulators/salesforce/start-salesforce-simulator.ts';

/** The real domain, mappings and connectors between the two simulators over HTTP; stores and queues in memory, one clock for all. */
export interface ConnectedHub {
  readonly hub: Hub;
  readonly store: HubStore;
  readonly outbox: MemoryOutbox;
  readonly salesforce: SalesforceSimulator;
  readonly hubspot: HubspotSimulator;
  /** There if it was asked for: a sandbox with stamps of nine digits, which keeps its limits. */
  readonly partnerCentral?: AwsPartnerCentralSimulator;
  /** There if it was asked for: a seller's account whose change sets take two minutes. */
  readonly marketplace?: AwsMarketplaceSimulator;
  readonly clock: { now: number };
  /** Releases both connections and reads everything they have, until nothing moves. */
  firstSync(): Promise<void>;
  /** Asks both systems what changed, and works until nothing moves; time passes for what waits. */
  sync(): Promise<void>;
  /** Works until nothing moves, or until it is enough; time passes for what waits. Asks nobody for anything new. */
  settle(isEnough?: () => boolean): Promise<void>;
  close(): Promise<void>;
}

const OBJECTS = {
  salesforce: ['Account', 'Contact', 'Opportunity', 'Lead'],
  hubspot: ['company', 'contact', 'deal', 'lead'],
  'aws-marketplace': ['Offer', 'Agreement'],
  'aws-partner-central': ['Opportunity', 'EngagementInvitation'],
} as const;
/** The simulated AWS account that sells and co-sells. */
export const AWS_ACCOUNT = '111122223333';
const ROUNDS_MAX = 400;
const LEASE_MS = 60_000;

/** What differs from the usual {@link ConnectedHub}. */
export interface ConnectedHubOptions {
  /** Where the clock begins, ms. */
  readonly startAt?: number;
  /** Whether HubSpot limits calls as it does its customers; waiting for it costs time of the clock only. */
  readonly hasVendorLimits?: boolean;
  /** How long a change takes to reach HubSpot's searches, ms. */
  readonly indexLagMs?: number;
  /** Fields that nobody added, as `Opportunity.AWS_Offer_Id__c`, and properties of deals. */
  readonly missing?: { readonly salesforce: readonly string[]; readonly deals: readonly string[] };
  /** Whether there is a simulated AWS Partner Central beside the two CRMs. */
  readonly hasPartnerCentral?: boolean;
  /** Whether there is a simulated AWS Marketplace beside the two CRMs. */
  readonly hasMarketplace?: boolean;
  /** Another `products.yaml` than the one that is shipped. */
  readonly products?: string;
}

/** Starts a {@link ConnectedHub}. */
export async function connectedHub(options: ConnectedHubOptions = {}): Promise<ConnectedHub> {
  const { startAt = Date.UTC(2026, 10, 22, 9), hasVendorLimits = false, indexLagMs = 0, missing } = options;
  const clock = { now: startAt };
  const now = (): number => clock.now;
  const salesforce = await startSalesforceSimulator({ now, missingFields: missing?.salesforce ?? [] });
  const hubspot = await startHubspotSimulator({
    now,
    indexLagMs,
    missingProperties: { deals: missing?.deals ?? [] },
    ...(hasVendorLimits ? {} : { limits: { per10Seconds: 100_000, searchesPerSecond: 100_000 } }),
  });
  const partnerCentral =
    options.hasPartnerCentral === true ? await startAwsPartnerCentralSimulator({ now, stampDigits: 9 }) : undefined;
  const marketplace =
    options.hasMarketplace === true
      ? await startAwsMarketplaceSimulator({
          now,
          setTimer: 'none',
          delays: { preparingMs: 60_000, applyingMs: 60_000 },
          hasLimits: false,
        })
      : undefined;
  const loaded = loadMappings(
    readMappingFiles(MAPPINGS_FOLDER).map((file) =>
      file.path === 'products.yaml' && options.products !== undefined ? { ...file, text: options.products } : file,
    ),
  );
  if (!loaded.ok) throw new Error('the shipped mappings have mistakes');
  const { mappings, vocabularies } = loaded.value;
  const store = memoryStore();
  const outbox = memoryOutbox(now);
  let serial = 0;
  const ports = new Map<string, SystemPort>();
  const directories = new Map<string, Directory>();
  const receivers = new Map<string, (event: VendorEvent) => EventReceipt | undefined>();
  const deps = {
    budgets: store,
    now,
    sleep: async (ms: number) => {
      clock.now += ms;
    },
    random: () => 0.5,
    log: () => undefined,
  };
  for (const [system, url, auth, credentials] of [
    [
      'salesforce',
      salesforce.url,
      'client-credentials',
      { clientId: salesforceDefaults.clientId, clientSecret: salesforceDefaults.clientSecret },
    ],
    [
      'hubspot',
      hubspot.url,
      'static-token',
      { accessToken: 'simulated-hubspot-token', clientSecret: 'simulated-hubspot-client-secret' },
    ],
    ...(partnerCentral === undefined
      ? []
      : ([
          [
            'aws-partner-central',
            partnerCentral.url,
            'access-key',
            { accessKeyId: 'AKIDSIMULATED', secretAccessKey: 'simulated-secret' },
          ],
        ] as const)),
    ...(marketplace === undefined
      ? []
      : ([
          [
            'aws-marketplace',
            marketplace.url,
            'access-key',
            { accessKeyId: 'AKIDSIMULATED', secretAccessKey: 'simulated-secret' },
          ],
        ] as const)),
  ] as const) {
    const catalog = system === 'aws-partner-central' ? { options: { catalog: 'Sandbox' } } : {};
    const account = system.startsWith('aws-') ? { accountId: AWS_ACCOUNT } : {};
    const settings = { id: system, system, baseUrl: url, auth, objects: [...OBJECTS[system]], ...catalog, ...account };
    const connector = await loadConnector(system);
    receivers.set(system, (event) =>
      hasEventsFrom(system, event.source) ? connector.events?.receive(event, settings) : undefined,
    );
    const port = serveConnection({
      connector,
      settings,
      ceilings: hasVendorLimits || system.startsWith('aws-') ? {} : { per10Seconds: 100_000, perDay: 10_000_000 },
      credentials,
      deps,
    });
    const answer = await port.account();
    if (!answer.ok) throw new Error(`${system}: ${answer.fault.message}`);
    ports.set(system, port);
    directories.set(system, ownerDirectory(answer.value.owners));
    await store.putConnection(
      {
        connection: system,
        counter: 1,
        connectedAt: now(),
        owners: answer.value.owners,
        ownersReadAt: now(),
        problems: [],
        backfilledAt: {},
      },
      null,
    );
  }
  const hub: Hub = {
    store,
    outbox,
    vocabularies,
    connections: [...ports.keys()].filter(isConnected).map((id) => ({
      id,
      system: id,
      direction: 'both',
      objects: OBJECTS[id],
    })),
    mapping: (connection, object) => mappings.of(connection, object),
    mappingsOf: (connection, kind) => mappings.ofKind(connection, kind),
    system: async (connection) => {
      const port = ports.get(connection);
      if (port === undefined) throw new Error(`no port of ${connection}`);
      return { ok: true, value: port };
    },
    receiveEvent: async (connection, event) => receivers.get(connection)?.(event),
    directory: async (connection) => directories.get(connection) ?? ownerDirectory({}),
    connectionState: async (connection) => {
      const state = await store.readConnection(connection);
      if (state === undefined) throw new Error(`no state of ${connection}`);
      return state;
    },
    now,
    newId: () => `01HUB${String(++serial).padStart(21, '0')}`,
    random: () => 0.5,
    log: () => undefined,
  };

  async function round(): Promise<boolean> {
    const notices = outbox.takeNotices().map((notice) => ({ notice, isRepeated: false }));
    if (notices.length > 0) await absorbNotices(hub, notices);
    let isBusy = notices.length > 0;
    for (const { id } of hub.connections) {
      const dues = outbox.takeDeliveries(id).map((due) => ({ due, isRepeated: false }));
      if (dues.length > 0) await deliverDue(hub, dues, LEASE_MS);
      isBusy ||= dues.length > 0;
    }
    for (const request of outbox.takeSweeps()) {
      isBusy = true;
      await sweepConnection(hub, request, () => true);
    }
    return isBusy;
  }

  async function settle(isEnough: () => boolean = () => false): Promise<void> {
    for (let step = 0; step < ROUNDS_MAX; step++) {
      if (isEnough()) return;
      if (await round()) continue;
      const next = outbox.nextVisibleAt();
      if (next === undefined) return;
      clock.now = next;
    }
    throw new Error('the hub did not come to rest');
  }

  async function sweepAll(mode: 'changes' | 'deletions' | 'backfill'): Promise<void> {
    for (const { id, objects } of hub.connections) {
      for (const object of objects) {
        await outbox.sweep([{ schema: 1, connection: id, object, mode, attempts: 0 }], 0);
      }
    }
    await settle();
  }

  return {
    hub,
    store,
    outbox,
    salesforce,
    hubspot,
    ...(partnerCentral === undefined ? {} : { partnerCentral }),
    ...(marketplace === undefined ? {} : { marketplace }),
    clock,
    firstSync: async () => {
      for (const { id } of hub.connections) await releaseConnection(hub, id);
      await sweepAll('backfill');
    },
    sync: async () => {
      clock.now += 30_000;
      await sweepAll('changes');
      await sweepAll('deletions');
    },
    settle,
    close: async () => {
      await salesforce.close();
      await hubspot.close();
      await partnerCentral?.close();
      await marketplace?.close();
    },
  };
}

function isConnected(id: string): id is keyof typeof OBJECTS {
  return Object.hasOwn(OBJECTS, id);
}
