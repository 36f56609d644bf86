import { CallCounter } from '../shared/call-counter.ts';
import { FaultPlan, type InjectedFault, type OpenFault } from '../shared/fault-plan.ts';
import { type HttpAnswer, type HttpRequest, type RunningHttpServer, startHttpServer } from '../shared/http-server.ts';
import { type WebhookMisbehaviour, WebhookSender, type WebhookSenderOptions } from '../shared/webhook-sender.ts';
import { AccessTokens, type StaticToken } from './access-tokens.ts';
import { type Account, defaultAccount } from './account.ts';
import {
  personInTheApp,
  resetSimulator,
  type SimulatorParts,
  type SimulatorStatistics,
  simulatorStatistics,
} from './admin-routes.ts';
import { ApiServer } from './api-server.ts';
import { associationRoutes } from './association-routes.ts';
import { batchRoutes } from './batch-routes.ts';
import { CrmState } from './crm-state.ts';
import { oauthRoutes } from './oauth-routes.ts';
import { objectRoutes } from './object-routes.ts';
import type { ObjectType } from './object-types.ts';
import { type Pipeline, standardPipelines } from './pipelines.ts';
import { PropertyCatalogue } from './property-catalogue.ts';
import type { PropertyDefinition } from './property-definition.ts';
import { defaultRateLimits, type RateLimitOptions, RateLimits } from './rate-limits.ts';
import { recordPlanner } from './record-planner.ts';
import { RecordReader } from './record-reader.ts';
import type { RecordVersion } from './record-version.ts';
import { RecordWriter } from './record-writer.ts';
import { schemaRoutes } from './schema-routes.ts';
import type { IndexLag } from './search-index.ts';
import { type SeedAssociation, type SeedRecord, type SeedReport, seed } from './seed.ts';
import { type WebhookEvent, WebhookPublisher } from './webhook-publisher.ts';
import type { WebhookSettings } from './webhook-settings.ts';

export interface HubspotSimulatorOptions {
  /** Loopback port; 0 (default) lets the operating system choose. */
  readonly port?: number;
  /** Tokens that do not expire. Default: one, `simulated-hubspot-token`, acting as the app. */
  readonly accessTokens?: readonly StaticToken[];
  /** Signs webhooks, and is the secret of the OAuth app. Default `simulated-hubspot-client-secret`. */
  readonly clientSecret?: string;
  /** Accepts token refreshes; without it every one is refused. */
  readonly oauth?: { readonly clientId: string; readonly refreshToken: string };
  readonly appId?: number;
  /** What differs from the default account (portal id, currencies, time zone, owners). */
  readonly account?: Partial<Account>;
  /** Property definitions beside the standard ones; one of the same name replaces it. */
  readonly properties?: Partial<Readonly<Record<ObjectType, readonly PropertyDefinition[]>>>;
  /** Names of properties of ours that nobody added to this account. */
  readonly missingProperties?: Partial<Readonly<Record<ObjectType, readonly string[]>>>;
  /** Replaces the standard pipelines of an object. */
  readonly pipelines?: Partial<Readonly<Record<ObjectType, readonly Pipeline[]>>>;
  readonly limits?: Partial<RateLimitOptions>;
  /** How long a change takes to reach searches, in ms. Default 0; with the vendor it is some seconds. */
  readonly indexLagMs?: IndexLag;
  /** Whether merging makes a record with a third id instead of keeping the primary's. Default no. */
  readonly mergeMakesNewId?: boolean;
  /** Whether associations answer `toObjectId` as a JSON number instead of text. Default no. */
  readonly hasNumericAssociationIds?: boolean;
  /** Where state is kept over restarts and kills; without it, it lives in memory. */
  readonly file?: string;
  /** Epoch ms; decides record times, limits and token lives. Webhook retries and slow answers run on real time. */
  readonly now?: () => number;
  readonly webhooks?: Partial<WebhookSettings>;
  /** How webhooks are batched and repeated; see `WebhookSender`. */
  readonly webhookDelivery?: Partial<Omit<WebhookSenderOptions<WebhookEvent>, 'post' | 'isTaken' | 'batchKey'>>;
  /** Told of an exception while serving a call, which is a defect of the simulator. Default: standard error. */
  readonly onDefect?: (defect: unknown) => void;
}

/** A record as it stands, for tests and for showing what came of an edit. */
export interface SimulatedRecord {
  readonly id: string;
  /** Set properties only. */
  readonly properties: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly isArchived: boolean;
}

/** What the real system does not have. The same is there over HTTP under `/_simulator/…`. */
export interface HubspotSimulatorAdmin {
  seed(records: readonly SeedRecord[], associations?: readonly SeedAssociation[]): SeedReport;
  /** Forgets records, faults, counts and issued tokens; settings stay. */
  reset(): void;
  addFault(fault: InjectedFault): void;
  openFaults(): readonly OpenFault[];
  clearFaults(): void;
  statistics(): SimulatorStatistics;
  resetStatistics(): void;
  /** What is left out stays as it was. */
  configureWebhooks(settings: Partial<WebhookSettings>): void;
  misbehave(misbehaviour: WebhookMisbehaviour): void;
  /** Holds webhooks back until `resumeWebhooks`. */
  pauseWebhooks(): void;
  resumeWebhooks(): void;
  /** Resolves when every webhook was taken, dropped or given up. */
  webhooksIdle(): Promise<void>;
  /** Lets searches see every change at once, whatever the index lag. */
  catchUpSearch(): void;
  /** The record of this id, live or archived; of a merged id, its survivor. */
  record(type: ObjectType, id: string): SimulatedRecord | undefined;
  /** All live records, in no order. */
  records(type: ObjectType): readonly SimulatedRecord[];
  /** Ids and association types of the records associated with one. */
  associations(
    type: ObjectType,
    id: string,
    toType: ObjectType,
  ): readonly { readonly id: string; readonly typeIds: readonly number[] }[];
  /** Brings back an archived record, as a person can in the app; false when there is none. */
  restore(type: ObjectType, id: string): boolean;
  /** Makes every issued (not static) access token invalid. */
  revokeIssuedTokens(): void;
  /** Ends a `refuse-connections` fault early. */
  acceptConnections(): Promise<void>;
}

/** An account in this process: no address, calls are handed in. */
export interface HubspotAccount {
  readonly admin: HubspotSimulatorAdmin;
  /** Serves one call without a network, exactly as over HTTP. */
  readonly handle: (request: HttpRequest) => Promise<HttpAnswer>;
  /** Stops webhooks and closes the file. */
  close(): Promise<void>;
}

/** An account with an address on loopback; closing it frees the port, and may be repeated. */
export interface HubspotSimulator extends HubspotAccount {
  readonly url: string;
  readonly port: number;
}

/**
 * Starts a HubSpot account on loopback: companies, contacts, deals and leads with their properties, pipelines,
 * associations, search, merges, limits and signed webhooks, answering as `api.hubapi.com` does.
 *
 * *Bounds*: state is held in memory, about 2 KB a record. *Faults*: rejects when the port is taken or the state file
 * is damaged; nothing else is thrown.
 */
export async function startHubspotSimulator(options: HubspotSimulatorOptions = {}): Promise<HubspotSimulator> {
  const account = openHubspotAccount(options, {
    refuseConnections: (durationMs) => server.refuseConnections(durationMs),
    acceptConnections: () => server.acceptConnections(),
  });
  const { onDefect, port = 0 } = options;
  const { handle } = account;
  const server = await startHttpServer({ handle, port, ...(onDefect === undefined ? {} : { onDefect }) });
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    await server.close();
    await account.close();
  };
  return {
    ...account,
    url: server.url,
    port: server.port,
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

/** The same account without a port, for tests that call it as a function. `port` and `onDefect` have no meaning here. */
export function openHubspotAccount(
  options: HubspotSimulatorOptions,
  address: Pick<RunningHttpServer, 'refuseConnections' | 'acceptConnections'>,
): HubspotAccount {
  const now = options.now ?? Date.now;
  const { parts, routes } = assemble(options, now, address.refuseConnections);
  const api = new ApiServer(parts, routes, now);
  return {
    handle: (request) => api.handle(request),
    admin: adminOf(parts, now, address.acceptConnections),
    async close() {
      parts.sender.close();
      parts.state.close();
    },
  };
}

function assemble(
  options: HubspotSimulatorOptions,
  now: () => number,
  refuseConnections: (durationMs: number) => void,
) {
  const account = { ...defaultAccount, ...options.account };
  const clientSecret = options.clientSecret ?? 'simulated-hubspot-client-secret';
  const appId = options.appId ?? 7_414_209;
  const catalogue = new PropertyCatalogue({
    account,
    pipelines: { ...standardPipelines, ...options.pipelines },
    properties: options.properties ?? {},
    missingProperties: options.missingProperties ?? {},
  });
  const state = new CrmState({ catalogue, indexLagMs: options.indexLagMs ?? 0, now, file: options.file });
  const sender = new WebhookSender<WebhookEvent>({
    ...options.webhookDelivery,
    post: (events, attempt) => publisher.post(events, attempt, clientSecret, now()),
  });
  const publisher = new WebhookPublisher({ sender, catalogue, appId });
  publisher.configure({ targetUrl: undefined, subscriptions: [], ...options.webhooks });
  const faults = new FaultPlan({ now, refuseConnections });
  const writer = new RecordWriter({ state, publisher, mergeMakesNewId: options.mergeMakesNewId ?? false });
  const tokens = new AccessTokens({
    staticTokens: options.accessTokens ?? [{ token: 'simulated-hubspot-token' }],
    oauth: options.oauth === undefined ? undefined : { ...options.oauth, clientSecret },
    portalId: account.portalId,
    appId,
  });
  const limits = new RateLimits({ ...defaultRateLimits, ...options.limits }, account);
  const reader = new RecordReader(state);
  const objectApi = { state, reader, writer, planner: recordPlanner(state, faults) };
  const routes = [
    ...objectRoutes(objectApi),
    ...batchRoutes(objectApi),
    ...associationRoutes({ state, reader, writer, hasNumericIds: options.hasNumericAssociationIds ?? false }),
    ...schemaRoutes(state),
    ...oauthRoutes(tokens),
  ];
  const parts: SimulatorParts = {
    state,
    writer,
    faults,
    counter: new CallCounter(),
    limits,
    tokens,
    publisher,
    sender,
  };
  return { parts, routes };
}

function adminOf(
  parts: SimulatorParts,
  now: () => number,
  acceptConnections: () => Promise<void>,
): HubspotSimulatorAdmin {
  const { state, writer, faults, counter, publisher, sender, tokens } = parts;
  return {
    seed: (records, associations = []) => seed(state, records, associations, now()),
    reset: () => resetSimulator(parts),
    addFault: (fault) => faults.add(fault),
    openFaults: () => faults.open(),
    clearFaults: () => faults.clear(),
    statistics: () => simulatorStatistics(parts),
    resetStatistics: () => counter.reset(),
    configureWebhooks: (settings) => publisher.configure({ ...publisher.settings, ...settings }),
    misbehave: (misbehaviour) => sender.misbehave(misbehaviour),
    pauseWebhooks: () => sender.pause(),
    resumeWebhooks: () => sender.resume(),
    webhooksIdle: () => sender.idle(),
    catchUpSearch: () => state.catchUpSearch(),
    record: (type, id) => {
      const version = state.records(type).find(id) ?? state.records(type).findArchived(id);
      return version === undefined ? undefined : simulatedRecord(version);
    },
    records: (type) =>
      [...state.records(type).all()].filter(({ archivedAt }) => archivedAt === null).map(simulatedRecord),
    associations: (type, id, toType) => state.associations.linked({ type, id }, toType),
    restore: (type, id) => {
      const restored = writer.restore(type, id, { now: now(), by: personInTheApp });
      state.flush();
      return restored !== undefined;
    },
    revokeIssuedTokens: () => tokens.revokeIssued(),
    acceptConnections,
  };
}

function simulatedRecord({ id, values, createdAt, modifiedAt, archivedAt }: RecordVersion): SimulatedRecord {
  return { id, properties: values, createdAt, modifiedAt, isArchived: archivedAt !== null };
}
