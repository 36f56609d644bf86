import { Agenda, realTimer, type SetTimer } from '../aws/agenda.ts';
import type { AwsEvent } from '../aws/aws-event.ts';
import { AwsServer } from '../aws/aws-server.ts';
import { createBusSender, type LocalBus } from '../aws/bus-sender.ts';
import { EventPublisher, type EventStatistics } from '../aws/event-publisher.ts';
import type { CallStatistics } from '../shared/call-counter.ts';
import { FaultPlan } from '../shared/fault-plan.ts';
import { type HttpAnswer, type HttpRequest, type RunningHttpServer, startHttpServer } from '../shared/http-server.ts';
import type { WebhookStatistics } from '../shared/webhook-sender.ts';
import { adminRoutes } from './admin-routes.ts';
import { agreementService } from './agreement/agreement-service.ts';
import { watchAdjustment } from './business/adjustment-life.ts';
import { watchAgreement, watchDeprovisioning } from './business/agreement-life.ts';
import { watchCancellation } from './business/cancellation-life.ts';
import { watchCharge } from './business/charges.ts';
import { catalogService } from './catalog/catalog-service.ts';
import { watchChangeSet } from './catalog/change-set-run.ts';
import { entitlementService } from './entitlement/entitlement-service.ts';
import { idsFrom } from './ids.ts';
import { localDelays, Marketplace, type MarketplaceDelays } from './marketplace.ts';
import { MarketplaceAdmin } from './marketplace-admin.ts';
import { seedSampleProduct } from './sample-products.ts';

export interface AwsMarketplaceSimulatorOptions {
  /** Loopback port; 0 (default) lets the operating system choose. */
  readonly port?: number;
  /** The seller's account. Default `111122223333`. */
  readonly accountId?: string;
  readonly sellerName?: string;
  /**
   * Access keys and the account each belongs to, so that a caller can be a buyer. A key that is not among them is the
   * seller's.
   */
  readonly accessKeys?: Readonly<Record<string, string>>;
  /** Whether only keys in `accessKeys` are known. Default no. */
  readonly hasKnownKeysOnly?: boolean;
  /** Where events go; beside the bus, or instead of it. Must not throw. */
  readonly publish?: (event: AwsEvent) => void;
  /** The bus of a local hub. */
  readonly bus?: LocalBus;
  /** How long AWS takes for things; what is left out as in `localDelays`. */
  readonly delays?: Partial<MarketplaceDelays>;
  /** Whether the documented limits are kept. Default yes. */
  readonly hasLimits?: boolean;
  /** Whether it begins with a product and a public offer. Default yes. */
  readonly isSeeded?: boolean;
  /** Where state is kept over restarts and kills; without it, it lives in memory. */
  readonly file?: string;
  /** Epoch ms; decides everything but held answers. */
  readonly now?: () => number;
  /** From 0 up to 1; decides ids. */
  readonly random?: () => number;
  /** Starts what is due without a call; `none` leaves that to calls and to `runDue`. Default: real timers. */
  readonly setTimer?: SetTimer | 'none';
  /** Told of an exception, which is a defect of the simulator. Default: standard error. */
  readonly onDefect?: (defect: unknown) => void;
}

/** Everything worth knowing about a run. */
export interface AwsMarketplaceStatistics {
  readonly calls: CallStatistics;
  /** Calls refused by the documented limits, by limit. */
  readonly throttled: Readonly<Record<string, number>>;
  readonly events: EventStatistics;
  /** What became of events sent to the bus of a hub. */
  readonly bus: WebhookStatistics | undefined;
}

/** A marketplace account in this process: no address, calls are handed in. */
export interface AwsMarketplaceAccount {
  readonly accountId: string;
  readonly admin: MarketplaceAdmin;
  readonly faults: FaultPlan;
  /** Serves one call without a network, exactly as over HTTP. */
  readonly handle: (request: HttpRequest) => Promise<HttpAnswer>;
  /** Does what is due at the present time. */
  runDue(): void;
  /** When something is due next, in epoch ms. */
  readonly nextDueAt: () => number | undefined;
  recentEvents(): readonly AwsEvent[];
  /** Resolves when the bus took everything, or gave it up. */
  eventsIdle(): Promise<void>;
  statistics(): AwsMarketplaceStatistics;
  /** Forgets everything, and begins anew as at the first start. */
  reset(): void;
  close(): Promise<void>;
}

/** The same with an address on loopback; closing it frees the port, and may be repeated. */
export interface AwsMarketplaceSimulator extends AwsMarketplaceAccount {
  readonly url: string;
  readonly port: number;
}

/**
 * Starts the AWS Marketplace of one seller on loopback: the Catalog, Agreement and Entitlement APIs on one address, to
 * which AWS SDK clients are pointed by `endpoint`, and `/_simulator/` for what buyers and AWS do. `README.md` beside this
 * file says how far it goes.
 */
export async function startAwsMarketplaceSimulator(
  options: AwsMarketplaceSimulatorOptions = {},
): Promise<AwsMarketplaceSimulator> {
  const { onDefect, port = 0 } = options;
  const account = openAwsMarketplaceAccount(options, {
    refuseConnections: (durationMs) => server.refuseConnections(durationMs),
  });
  const { handle } = account;
  const server = await startHttpServer({ handle, port, ...(onDefect === undefined ? {} : { onDefect }) });
  let closing: Promise<void> | undefined;
  return {
    ...account,
    url: server.url,
    port: server.port,
    close() {
      closing ??= server.close().then(() => account.close());
      return closing;
    },
  };
}

/** The same account without a port, for tests that call it as a function. `port` has no meaning here. */
export function openAwsMarketplaceAccount(
  options: AwsMarketplaceSimulatorOptions,
  address: Pick<RunningHttpServer, 'refuseConnections'>,
): AwsMarketplaceAccount {
  const now = options.now ?? Date.now;
  const onDefect = options.onDefect ?? ((defect: unknown) => console.error(defect));
  const timer = options.setTimer ?? realTimer;
  const agenda = new Agenda({
    now,
    setTimer: timer === 'none' ? undefined : timer,
    onDefect,
    afterTimer: () => market.store.commit(),
  });
  const sender = options.bus === undefined ? undefined : createBusSender(options.bus);
  const ids = idsFrom(options.random ?? Math.random);
  const events = new EventPublisher({
    agenda,
    now: agenda.now,
    publish(event) {
      options.publish?.(event);
      sender?.publish(event);
    },
  });
  const market = new Marketplace({
    accountId: options.accountId ?? '111122223333',
    sellerName: options.sellerName ?? 'Riverbank Software',
    now: agenda.now,
    ids,
    agenda,
    delays: { ...localDelays, ...options.delays },
    events,
    file: options.file,
  });
  const begin = (): void => {
    if (options.isSeeded ?? true) seedSampleProduct(market);
    market.store.commit();
  };
  market.store.open();
  begin();
  watchAll(market);

  const faults = new FaultPlan({ now, refuseConnections: address.refuseConnections });
  const { accessKeys = {} } = options;
  const accountOf = (accessKeyId: string): string => accessKeys[accessKeyId] ?? market.accountId;
  const server = new AwsServer({
    services: [catalogService(market), agreementService(market, accountOf), entitlementService(market)],
    faults,
    agenda,
    now,
    newRequestId: () => ids.uuid(),
    callers: {
      accessKeyIds: options.hasKnownKeysOnly === true ? Object.keys(accessKeys) : undefined,
      accountOf,
    },
    hasLimits: options.hasLimits ?? true,
    commit: () => market.store.commit(),
    admin: (request) => answerAdmin(request),
  });
  const runDue = (): void => {
    agenda.runDue();
    market.store.commit();
  };
  const account: AwsMarketplaceAccount = {
    accountId: market.accountId,
    admin: new MarketplaceAdmin(market, runDue),
    faults,
    handle: (request) => server.handle(request),
    runDue,
    nextDueAt: () => agenda.nextAt,
    recentEvents: () => events.recent(),
    eventsIdle: () => sender?.idle() ?? Promise.resolve(),
    statistics: () => ({
      calls: server.counter.statistics(),
      throttled: server.limiter.refusals(),
      events: events.statistics(),
      bus: sender?.statistics(),
    }),
    reset() {
      agenda.clear();
      market.store.clear();
      events.reset();
      faults.clear();
      server.counter.reset();
      server.limiter.reset();
      begin();
    },
    async close() {
      agenda.clear();
      sender?.close();
      market.store.close();
    },
  };
  const answerAdmin = adminRoutes(account);
  return account;
}

/** After a restart: lets everything that is under way come to its end in its time. */
function watchAll(market: Marketplace): void {
  for (const changeSet of market.changeSets.all())
    if (changeSet.endedAt === undefined) watchChangeSet(market, changeSet);
  for (const agreement of market.agreements.all()) {
    if (agreement.status === 'ACTIVE') watchAgreement(market, agreement);
    else if (agreement.entitlementStatus !== 'DEPROVISIONED') watchDeprovisioning(market, agreement);
  }
  for (const charge of market.charges.all()) if (charge.invoiceId === undefined) watchCharge(market, charge);
  for (const cancellation of market.cancellations.all())
    if (cancellation.status === 'PENDING_APPROVAL') watchCancellation(market, cancellation);
  for (const adjustment of market.adjustments.all())
    if (adjustment.status === 'PENDING') watchAdjustment(market, adjustment);
}
