import { type App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { FunctionBundle } from './bundle-functions.ts';
import { FUNCTION_DUTIES } from './function-duties.ts';
import { type PerFunction, perFunction } from './function-names.ts';
import { grantDuties, type HubParts } from './grant-duties.ts';
import { HubAlarms } from './hub-alarms.ts';
import { HubBus } from './hub-bus.ts';
import type { HubConfig } from './hub-config.ts';
import { HubConnection } from './hub-connection.ts';
import { makeHubDashboard } from './hub-dashboard.ts';
import { HubFunction } from './hub-function.ts';
import { HubHttpApi } from './hub-http-api.ts';
import { HubQueue } from './hub-queue.ts';
import { makeErasuresTable, makeHubTable } from './hub-table.ts';
import { remarkOnConnections } from './remark-on-connections.ts';
import { type QueueName, visibilitySeconds } from './stages-file.ts';

/** What a stack is made from. */
export interface TributaryStackProps {
  readonly config: HubConfig;
  /** One for each of the functions. */
  readonly bundles: PerFunction<FunctionBundle>;
}

/** Everything one hub is on AWS: all parts, then who may do what with them, then who is told when they fail. */
export class TributaryStack extends Stack {
  constructor(app: App, { config, bundles }: TributaryStackProps) {
    const { stage } = config;
    const name = `Tributary-${stage.name}`;
    super(app, name, {
      stackName: name,
      description: `Tributary, the integration hub for partner business (${stage.name}).`,
      env: stage.aws,
    });
    Tags.of(this).add('tributary-stage', stage.name);
    remarkOnConnections(this, config);

    const queue = (id: string, queueName: QueueName) =>
      new HubQueue(this, id, {
        stage: stage.name,
        name: queueName,
        visibilitySeconds: visibilitySeconds(stage, queueName),
        maxReceiveCount: stage.queues[queueName].maxReceiveCount,
        deadLetterDays: stage.deadLetterDays,
      });
    const inbound = queue('Inbound', 'inbound');
    const sweep = queue('Sweep', 'sweep');
    const connections = config.connections.map((connection) => new HubConnection(this, stage, connection));
    const { bus, undelivered } = new HubBus(this, 'Events', { stage, connections, sweep, inbound });
    const table = makeHubTable(this, stage);
    const erasures = makeErasuresTable(this, stage);
    const parts: HubParts = { table, erasures, bus, inbound, sweep, connections };

    const environment = this.#environment(stage.name, parts);
    const functions = perFunction((functionName) => {
      const made = new HubFunction(this, functionName, { stage, bundle: bundles[functionName], environment });
      grantDuties(made.role, FUNCTION_DUTIES[functionName], parts);
      return made;
    });
    functions['absorb-changes'].reads(inbound, stage.queues.inbound);
    functions['sweep-changes'].reads(sweep, stage.queues.sweep);
    for (const { outbound } of connections) functions['deliver-changes'].reads(outbound, stage.queues.outbound);
    const http = new HubHttpApi(this, 'Http', {
      stage,
      receiveWebhook: functions['receive-webhook'].lambda,
      serveApi: functions['serve-api'].lambda,
    });

    const watched = { stage, table, inbound, sweep, connections, undelivered, functions, http };
    const { topic } = new HubAlarms(this, 'Watch', watched);
    makeHubDashboard(this, watched);

    const output = (id: string, value: string, description: string) => new CfnOutput(this, id, { value, description });
    output(
      'WebhookBaseUrl',
      `${http.api.apiEndpoint}/webhooks/`,
      "Add a connection's id: that is its webhook address.",
    );
    output('ApiUrl', http.api.apiEndpoint, 'For npx hub --url; requests are signed for IAM (execute-api:Invoke).');
    output('TableName', table.tableName, 'Unified records, source records, journal and problems.');
    output('BusName', bus.eventBusName, 'Rules of your own may listen to RecordChanged here.');
    output('AlarmTopicArn', topic.topicArn, 'Subscribe here to be told of alarms.');
  }

  /** What every function is told; names and addresses, nothing secret. */
  #environment(stage: string, parts: HubParts): Readonly<Record<string, string>> {
    const { table, erasures, bus, inbound, sweep, connections } = parts;
    const queues = [inbound, sweep, ...connections.map(({ outbound }) => outbound)];
    return {
      STAGE: stage,
      TABLE_NAME: table.tableName,
      ERASURES_TABLE_NAME: erasures.tableName,
      BUS_NAME: bus.eventBusName,
      INBOUND_QUEUE_URL: inbound.queue.queueUrl,
      SWEEP_QUEUE_URL: sweep.queue.queueUrl,
      OUTBOUND_QUEUE_URLS: this.toJsonString(
        Object.fromEntries(connections.map(({ id, outbound }) => [id, outbound.queue.queueUrl])),
      ),
      DEAD_LETTER_QUEUE_URLS: this.toJsonString(
        Object.fromEntries(queues.map(({ hubName, deadLetters }) => [hubName, deadLetters.queueUrl])),
      ),
      SECRET_NAMES: JSON.stringify(
        Object.fromEntries(connections.flatMap(({ id, secret }) => (secret ? [[id, secret.id]] : []))),
      ),
    };
  }
}
