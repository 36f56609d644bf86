import { resolve } from 'node:path';
import type { DynamoDbStats } from '../aws/dynamodb.ts';
import type { EventBridgeStats } from '../aws/eventbridge.ts';
import { type SqsStats, startSqs } from '../aws/sqs.ts';
import { createJsonClient } from '../aws/wire/json-client.ts';
import { readCredentials } from './connection-credentials.ts';
import { type EmbeddedServices, makeRules, secretsClient, startEmbeddedServices } from './embedded-services.ts';
import { type EventSource, startEventSource } from './event-source.ts';
import type { ServiceEndpoints } from './function-environment.ts';
import type { FunctionStats } from './function-pool.ts';
import { createFunctionPools } from './function-pools.ts';
import { openHttpApi } from './http-api.ts';
import type { HubPlan } from './hub-plan.ts';
import { openInvokeApi } from './invoke-api.ts';
import { holdDirectory } from './lock-file.ts';
import { planHub } from './plan-hub.ts';
import { startedOrFault } from './start-fault.ts';
import { synthesise } from './synthesise.ts';
import { readAssembly } from './template.ts';

/** How to start a hub. Everything has a default but where the repository is. */
export interface HubOptions {
  /** Root of the repository. */
  readonly root: string;
  /** Where the hub keeps all it has; a path from the root. Default `.tributary`. */
  readonly dataDirectory?: string;
  /** Port of the HTTP API on the loopback interface; 0 takes any free one. Default 8787. */
  readonly httpPort?: number;
  /** Stage of the template. Default `local`. */
  readonly stage?: string;
  /** Another connections file for the template; a path from the root. */
  readonly connectionsFile?: string;
  /** Where the environment variables that connections name are looked up. Default: the environment of the process. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** A cloud assembly to run instead of synthesising one. */
  readonly assembly?: string;
  /** Threads of one function at a time. Default 2. */
  readonly threadsPerFunctionMax?: number;
  /** Whether to add up the capacity units of all DynamoDB calls, for benchmarks. Default false. */
  readonly metersCapacity?: boolean;
  /** Called when all services are there and filled, before any function can be invoked. */
  readonly beforeFunctions?: (prepared: PreparedHub) => Promise<void>;
  /** Takes lines for the person at the console: warnings, errors and progress. Default: standard error. */
  readonly show?: (line: string) => void;
}

/** A hub whose services run and whose functions do not yet. */
export interface PreparedHub {
  readonly plan: HubPlan;
  readonly endpoints: ServiceEndpoints;
  readonly httpUrl: string;
  /** Gives a secret a value, by name. */
  putSecret(name: string, value: Readonly<Record<string, string>>): Promise<void>;
}

/** What a hub has done since its start. */
export interface HubStats {
  readonly functions: Readonly<Record<string, FunctionStats>>;
  readonly dynamodb: DynamoDbStats;
  readonly sqs: SqsStats;
  readonly eventbridge: EventBridgeStats;
}

/** A running hub. */
export interface Hub {
  readonly plan: HubPlan;
  readonly endpoints: ServiceEndpoints;
  /** `http://127.0.0.1:<port>` of the HTTP API. */
  readonly httpUrl: string;
  /** Whether the template was that of the last start. */
  readonly isTemplateReused: boolean;
  stats(): Promise<HubStats>;
  /** Stops in order: no new work, running invocations within a bound, then the services. Safe to call twice. */
  stop(): Promise<void>;
}

const DATA_DIRECTORY_DEFAULT = '.tributary';
const HTTP_PORT_DEFAULT = 8787;
const THREADS_PER_FUNCTION_DEFAULT = 2;
/** Running invocations get this long to end; their messages come back at the next start anyway. */
const STOP_MS_MAX = 10_000;

/**
 * Starts the hub on this machine from its CloudFormation template: embedded services, the unmodified bundles of its
 * functions, event sources, rules, schedules and HTTP routes, all as the template says.
 *
 * *Faults*: a start that cannot succeed rejects with a `StartFault`, and leaves nothing running.
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  const undo: (() => Promise<void> | void)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= undoAll(undo);
    return stopping;
  };
  try {
    return await start(options, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: HubOptions,
  undo: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<Hub> {
  const {
    root,
    show = (line: string) => console.error(line),
    threadsPerFunctionMax = THREADS_PER_FUNCTION_DEFAULT,
  } = options;
  const dataDirectory = resolve(root, options.dataDirectory ?? DATA_DIRECTORY_DEFAULT);
  const held = holdDirectory(dataDirectory);
  undo.push(held.release);
  const http = await openHttpApi(options.httpPort ?? HTTP_PORT_DEFAULT, Date.now);
  undo.push(() => http.close());

  const synthesis =
    options.assembly === undefined
      ? await synthesise({
          root,
          dataDirectory,
          stage: options.stage ?? 'local',
          connectionsFile: options.connectionsFile,
        })
      : { directory: resolve(root, options.assembly), isReused: true };
  const sqs = await startedOrFault(startSqs({ directory: resolve(dataDirectory, 'sqs') }, show));
  undo.push(() => sqs.stop());
  const plan = planHub(readAssembly(synthesis.directory), { sqs: sqs.endpoint, http: http.url });

  const invokeApi = await openInvokeApi();
  undo.push(() => invokeApi.close());
  const services = await startEmbeddedServices(plan, sqs, {
    dataDirectory,
    wasKilled: held.wasKilled,
    metersCapacity: options.metersCapacity ?? false,
    lambdaEndpoint: invokeApi.endpoint,
    show,
    onStarted: (service) => void undo.push(() => service.stop()),
  });
  const endpoints: ServiceEndpoints = {
    dynamodb: services.dynamodb.endpoint,
    sqs: sqs.endpoint,
    eventbridge: services.eventbridge.endpoint,
    secretsManager: services.secretsManager.endpoint,
    lambda: invokeApi.endpoint,
  };
  const prepared: PreparedHub = {
    plan,
    endpoints,
    httpUrl: http.url,
    putSecret: (name, value) => putSecret(services, name, value),
  };
  await putCredentials(options, prepared, show);
  await options.beforeFunctions?.(prepared);

  const pools = createFunctionPools(plan.functions, {
    endpoints,
    dataDirectory,
    threadsPerFunctionMax,
    now: Date.now,
    show,
  });
  undo.push(() => pools.stop(STOP_MS_MAX));
  invokeApi.serve(pools.byName);
  await makeRules(plan, services.eventbridge);
  http.serve(plan.routes, pools.byName);
  undo.push(() => http.refuse());
  const client = createJsonClient({
    endpoint: sqs.endpoint,
    targetPrefix: 'AmazonSQS',
    version: '1.0',
    socketsMax: 256,
  });
  undo.push(() => client.close());
  const sources = plan.eventSources.flatMap((source): EventSource[] => {
    const pool = pools.byName.get(source.functionName);
    const retryAfterMs = plan.functions.find(({ name }) => name === source.functionName)?.timeoutMs;
    if (pool === undefined || retryAfterMs === undefined) return [];
    const queueUrl = `${sqs.endpoint}/000000000000/${source.queueName}`;
    return [startEventSource({ plan: source, queueUrl, sqs: client, pool, retryAfterMs, now: Date.now, warn: show })];
  });
  undo.push(() => stopSources(sources));
  await services.eventbridge.resume();

  return {
    plan,
    endpoints,
    httpUrl: http.url,
    isTemplateReused: synthesis.isReused,
    stop,
    stats: async () => ({
      functions: Object.fromEntries([...pools.byName].map(([name, pool]) => [name, pool.stats()])),
      dynamodb: await services.dynamodb.stats(),
      sqs: await sqs.stats(),
      eventbridge: await services.eventbridge.stats(),
    }),
  };
}

/** Takes back what was started, last first. A step that fails is told when the others are done. */
async function undoAll(undo: (() => Promise<void> | void)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    // One service that cannot be stopped must not keep the others, and the lock, from being let go.
    try {
      await step();
    } catch (failure) {
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'Parts of the hub could not be stopped.');
}

/** Event sources wait for the invocations they have made; one that takes too long is ended with its thread right after. */
async function stopSources(sources: readonly EventSource[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<void>((done) => {
    timer = setTimeout(done, STOP_MS_MAX);
  });
  await Promise.race([Promise.all(sources.map((source) => source.stop())), overdue]);
  clearTimeout(timer);
}

async function putSecret(
  services: EmbeddedServices,
  name: string,
  value: Readonly<Record<string, string>>,
): Promise<void> {
  const client = secretsClient(services.secretsManager);
  const answer = await client.call('PutSecretValue', { SecretId: name, SecretString: JSON.stringify(value) });
  client.close();
  if (!answer.ok) throw new Error(`Secret ${name} could not be filled: ${answer.fault.message}`);
}

/** Gives each connection's secret the values of its environment variables. A missing one is told by name; the rest goes on. */
async function putCredentials(options: HubOptions, prepared: PreparedHub, show: (line: string) => void): Promise<void> {
  const secrets = new Set(prepared.plan.secrets.map(({ name }) => name));
  for (const { connection, secretName, values, missing } of readCredentials(
    prepared.plan.functions,
    options.variables ?? process.env,
  )) {
    if (!secrets.has(secretName)) continue;
    for (const variable of missing) {
      show(`Connection ${connection} lacks the environment variable ${variable}. Set it and start again.`);
    }
    await prepared.putSecret(secretName, values);
  }
}
