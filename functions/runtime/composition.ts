import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { loadConnector } from '../../connectors/kit/connector-registry.ts';
import type { ServeDeps } from '../../connectors/kit/serve-connection.ts';
import { compileMappings } from '../../domain/mapping/compile-mappings.ts';
import type { CompiledMapping, Mappings } from '../../domain/mapping/compiled-mapping.ts';
import { withDirection } from '../../domain/mapping/with-direction.ts';
import type { Hub } from '../../domain/pipeline/ports.ts';
import type { Patience } from './backoff.ts';
import { type CapacityMeter, meterCapacity } from './capacity-meter.ts';
import { type Config, type Limits, readConfig } from './config.ts';
import { type ConnectedSystems, connectedSystems } from './connected-systems.ts';
import { dynamoStore } from './dynamo-store.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { type HubMetrics, hubMetrics } from './hub-metrics.ts';
import { hubTable } from './hub-table.ts';
import { accountCheckItems } from './items/account-check-items.ts';
import { type ReplayGuard, replayItems } from './items/replay-items.ts';
import { type HubLog, hubLog } from './log.ts';
import { awsOutbox } from './outbox.ts';
import { QuickSha256 } from './quick-sha256.ts';
import { awsSecrets } from './secrets.ts';
import { ulidFactory } from './ulid.ts';

/** A hub in a function: the hub the domain works with, and what only a function's own code needs. */
export interface HubRuntime {
  readonly hub: Hub;
  readonly stage: string;
  readonly limits: Limits;
  /** The mapping files as plain data, by path; to try another version of one against the rest. */
  readonly mappingDocuments: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  readonly clients: AwsClients;
  readonly systems: ConnectedSystems;
  readonly replays: ReplayGuard;
  readonly log: HubLog;
  readonly metrics: HubMetrics;
  readonly capacity: CapacityMeter;
  /** Says that an invocation begins and how many ms it has; vendor calls end before that. */
  begin(remainingMs: number): void;
  /** Whether there is time for one more piece of work: a vendor call and the writes that follow it. */
  hasTime(): boolean;
}

/** The SDK's clients, one of each for a process. */
export interface AwsClients {
  readonly dynamo: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
  readonly secrets: SecretsManagerClient;
}

/**
 * The runtime of this process, built on the first call and kept. `config.json` lies beside the bundle.
 *
 * *Faults*: rejects when the environment or the configuration is not as the build made it; the next call tries again.
 */
export function hubRuntime(): Promise<HubRuntime> {
  built ??= readConfig(new URL('./config.json', import.meta.url))
    .then((config) => buildHub(readEnvironment(process.env), config))
    .catch((error: unknown) => {
      built = undefined;
      throw error;
    });
  return built;
}

let built: Promise<HubRuntime> | undefined;

/** Builds a hub from its environment and its configuration: everything AWS, every clock and every random number enters here. */
export function buildHub(
  environment: Environment,
  config: Config,
  parts: { readonly clients?: AwsClients; readonly log?: HubLog; readonly metrics?: HubMetrics } = {},
): HubRuntime {
  const clients = parts.clients ?? awsClients();
  const log = parts.log ?? hubLog();
  const metrics = parts.metrics ?? hubMetrics();
  const { mappings, vocabularies } = compiled(config);
  const capacity = meterCapacity(clients.dynamo);
  const table = hubTable(clients.dynamo, environment.tableName, PATIENCE);
  const erasures = hubTable(clients.dynamo, environment.erasuresTableName, PATIENCE);
  const store = dynamoStore(table, vocabularies, config.limits.journalDays, erasures);
  const directed = directedMappings(config.connections, mappings);
  let deadlineAt = Number.POSITIVE_INFINITY;

  const serveDeps: ServeDeps = {
    budgets: store,
    now: Date.now,
    sleep: PATIENCE.wait,
    random: Math.random,
    log: log.log,
    deadline: () => deadlineAt - Date.now(),
    callTimeoutMs: config.limits.vendorCallMs,
  };
  const systems = connectedSystems({
    connections: config.connections,
    secrets: awsSecrets(clients.secrets, environment.secretNames, Date.now),
    checks: accountCheckItems(table),
    loadConnector,
    serveDeps,
    metrics,
    hub: () => hub,
  });
  const hub: Hub = {
    store,
    outbox: awsOutbox(clients, environment, PATIENCE),
    vocabularies,
    ...(config.reportingCurrency === undefined ? {} : { reportingCurrency: config.reportingCurrency }),
    connections: config.connections,
    mapping: (connection, object) => directed.get(connection)?.find((mapping) => mapping.object === object),
    mappingsOf: (connection, kind) => (directed.get(connection) ?? []).filter((mapping) => mapping.kind === kind),
    system: systems.system,
    receiveEvent: systems.receiveEvent,
    directory: systems.directory,
    connectionState: systems.connectionState,
    now: Date.now,
    newId: ulidFactory(Date.now, randomBytes),
    random: Math.random,
    log: log.log,
  };
  return {
    hub,
    stage: config.stage,
    limits: config.limits,
    mappingDocuments: config.mappings,
    environment,
    clients,
    systems,
    replays: replayItems(table),
    log,
    metrics,
    capacity,
    begin(remainingMs) {
      deadlineAt = Date.now() + remainingMs - AFTER_CALLS_MS;
    },
    hasTime: () => deadlineAt - Date.now() > config.limits.vendorCallMs,
  };
}

/** Kept at the end of an invocation for the table and the queues, after the last answer of a vendor. */
const AFTER_CALLS_MS = 3_000;

const PATIENCE: Patience = { wait: (ms) => sleep(ms), random: Math.random };

/**
 * Clients whose calls are bounded in time and repetition. 64 sockets: a batch works on 32 records at a time, each of which
 * may read and write. The chain of middleware is put together once for a kind of command instead of once for a call, which is a
 * tenth of the CPU time a call takes; so middleware is added (`meterCapacity`) before the first call or never. The SDK's own log
 * is taken out: it prepares every input and output to be written down, which costs another tenth, and nobody may write them.
 */
function awsClients(): AwsClients {
  const common = {
    cacheMiddleware: true,
    sha256: QuickSha256,
    maxAttempts: 4,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: 5_000,
      throwOnRequestTimeout: true,
      httpsAgent: { keepAlive: true, maxSockets: 64 },
      httpAgent: { keepAlive: true, maxSockets: 64 },
    },
  } as const;
  const clients = {
    dynamo: new DynamoDBClient(common),
    sqs: new SQSClient(common),
    eventBridge: new EventBridgeClient(common),
    secrets: new SecretsManagerClient(common),
  };
  for (const { middlewareStack } of Object.values(clients)) middlewareStack.remove('loggerMiddleware');
  return clients;
}

/** The mappings each connection uses: those of its system for its objects, in its direction. */
function directedMappings(
  connections: Config['connections'],
  mappings: Mappings,
): ReadonlyMap<string, readonly CompiledMapping[]> {
  return new Map(
    connections.map(({ id, system, objects, direction }) => [
      id,
      objects.flatMap((object) => {
        const mapping = mappings.of(system, object);
        return mapping === undefined ? [] : [withDirection(mapping, direction)];
      }),
    ]),
  );
}

/** The mappings of the configuration. *Faults*: throws a defect for a mistake in one; the build has checked them all. */
function compiled(config: Config) {
  const answer = compileMappings(config.mappings, { examples: 'skip' });
  if (answer.ok) return answer.value;
  const [first] = answer.issues;
  throw new Error(`The mapping ${first?.file} is not usable: ${first?.reason}.`);
}
