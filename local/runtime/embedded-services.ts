import { join } from 'node:path';
import { type DynamoDb, startDynamoDb } from '../aws/dynamodb.ts';
import { type EventBridge, startEventBridge } from '../aws/eventbridge.ts';
import { type SecretsManager, startSecretsManager } from '../aws/secrets-manager.ts';
import type { Sqs } from '../aws/sqs.ts';
import { createJsonClient, type JsonClient } from '../aws/wire/json-client.ts';
import type { JsonObject } from '../aws/wire/wire-result.ts';
import type { HubPlan } from './hub-plan.ts';
import { StartFault, startedOrFault } from './start-fault.ts';

/** The embedded services of a hub, filled with what its template holds. */
export interface EmbeddedServices {
  readonly sqs: Sqs;
  readonly dynamodb: DynamoDb;
  readonly eventbridge: EventBridge;
  readonly secretsManager: SecretsManager;
}

/** What the services need beside the plan. */
export interface EmbeddedServicesOptions {
  readonly dataDirectory: string;
  readonly wasKilled: boolean;
  readonly metersCapacity: boolean;
  readonly lambdaEndpoint: string;
  readonly show: (line: string) => void;
  /** Told each service as it has started, so that a start that fails later can stop it. */
  readonly onStarted: (service: { stop(): Promise<void> }) => void;
}

/** Starts the services other than SQS, whose address the plan already needed, with queues, tables and secrets made. */
export async function startEmbeddedServices(
  plan: HubPlan,
  sqs: Sqs,
  options: EmbeddedServicesOptions,
): Promise<EmbeddedServices> {
  const directory = (name: string): string => join(options.dataDirectory, name);
  const started = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const service = await startedOrFault(starting);
    options.onStarted(service);
    return service;
  };
  await makeQueues(plan, sqs);
  const results = await Promise.allSettled([
    started(
      startDynamoDb(
        {
          directory: directory('dynamodb'),
          tables: plan.tables,
          wasKilled: options.wasKilled,
          asksForCapacity: options.metersCapacity,
        },
        options.show,
      ),
    ),
    started(startSecretsManager({ directory: directory('secrets') }, options.show)),
    started(
      startEventBridge(
        {
          directory: directory('eventbridge'),
          sqsEndpoint: sqs.endpoint,
          lambdaEndpoint: options.lambdaEndpoint,
        },
        options.show,
      ),
    ),
  ]);
  // All three are awaited before any failure is told, so that none is left behind.
  const [dynamodb, secretsManager, eventbridge] = results;
  if (dynamodb.status === 'rejected') throw dynamodb.reason;
  if (secretsManager.status === 'rejected') throw secretsManager.reason;
  if (eventbridge.status === 'rejected') throw eventbridge.reason;
  await makeSecrets(plan, secretsManager.value);
  return { sqs, dynamodb: dynamodb.value, secretsManager: secretsManager.value, eventbridge: eventbridge.value };
}

/** A client of the embedded Secrets Manager; the caller closes it. */
export function secretsClient({ endpoint }: { readonly endpoint: string }): JsonClient {
  return createJsonClient({ endpoint, targetPrefix: 'secretsmanager', version: '1.1' });
}

async function makeQueues(plan: HubPlan, { endpoint }: Sqs): Promise<void> {
  await using(createJsonClient({ endpoint, targetPrefix: 'AmazonSQS', version: '1.0' }), async (make) => {
    for (const { name, attributes } of plan.queues)
      await make('CreateQueue', { QueueName: name, Attributes: attributes }, `queue ${name}`);
  });
}

/** A secret that is there keeps its value; the template's is for new ones, as with CloudFormation. */
async function makeSecrets(plan: HubPlan, service: SecretsManager): Promise<void> {
  const client = secretsClient(service);
  try {
    for (const { name, initialValue } of plan.secrets) {
      const answer = await client.call('CreateSecret', {
        Name: name,
        ...(initialValue === undefined ? {} : { SecretString: initialValue }),
      });
      if (!answer.ok && answer.fault.code !== 'ResourceExistsException')
        throw new StartFault(`Secret ${name} could not be made: ${answer.fault.message}`);
    }
  } finally {
    client.close();
  }
}

/** Makes buses, rules and schedules. They may invoke functions, so these must be there. */
export async function makeRules(plan: HubPlan, service: EventBridge): Promise<void> {
  await using(
    createJsonClient({ endpoint: service.endpoint, targetPrefix: 'AWSEvents', version: '1.1' }),
    async (make) => {
      for (const name of plan.buses) await make('CreateEventBus', { Name: name }, `event bus ${name}`);
      for (const rule of plan.rules) {
        const { name, busName, isEnabled, eventPattern, scheduleExpression, targets } = rule;
        await make(
          'PutRule',
          {
            Name: name,
            EventBusName: busName,
            State: isEnabled ? 'ENABLED' : 'DISABLED',
            ...(eventPattern === undefined ? {} : { EventPattern: eventPattern }),
            ...(scheduleExpression === undefined ? {} : { ScheduleExpression: scheduleExpression }),
          },
          `rule ${name}`,
        );
        const put = await make(
          'PutTargets',
          { Rule: name, EventBusName: busName, Targets: targets },
          `targets of rule ${name}`,
        );
        if (put.FailedEntryCount !== 0)
          throw new StartFault(`Targets of rule ${name} were refused: ${JSON.stringify(put.FailedEntries)}`);
      }
    },
  );
  for (const schedule of plan.schedules) {
    const refusal = await service.putSchedule(schedule);
    if (refusal !== undefined) throw new StartFault(`Schedule ${schedule.Name} was refused: ${refusal}`);
  }
}

/** Makes things through a service's own API; the first one that is refused stops the start with its name. */
async function using(
  client: JsonClient,
  work: (make: (operation: string, input: JsonObject, what: string) => Promise<JsonObject>) => Promise<void>,
): Promise<void> {
  try {
    await work(async (operation, input, what) => {
      const answer = await client.call(operation, input);
      if (!answer.ok) throw new StartFault(`The ${what} was refused: ${answer.fault.message}`);
      return answer.body;
    });
  } finally {
    client.close();
  }
}
