import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { FunctionName } from './function-names.ts';
import type { HubAlarmsProps } from './hub-alarms.ts';
import type { HubQueue } from './hub-queue.ts';
import { CREDENTIAL_METRIC, DAY_SPENT_METRIC, ownMetric } from './own-metric.ts';

const MINUTE = Duration.minutes(1);

/** A page is 24 columns wide. */
const PAGE_WIDTH = 24;

/** One page that follows a change on its way, row by row: where the lines rise and those below do not, it is stuck. */
export function makeHubDashboard(scope: Construct, hub: HubAlarmsProps): Dashboard {
  const outbound = hub.connections.map((connection) => connection.outbound);
  const queues = [hub.inbound, hub.sweep, ...outbound];
  const runs = (name: FunctionName) => functionGraph(name, hub);
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: `Tributary-${hub.stage.name}`,
    defaultInterval: Duration.hours(3),
    widgets: [
      row(
        '1. A system hints at a change, by a webhook or when it is swept',
        graph(
          'Webhooks',
          [hub.http.webhookMetric('Count')],
          [hub.http.webhookMetric('4xx'), hub.http.webhookMetric('5xx')],
        ),
        runs('receive-webhook'),
        queueGraph('Waiting to be swept', [hub.sweep]),
        runs('sweep-changes'),
      ),
      row(
        '2. The record is read from its system and unified',
        queueGraph('Waiting to be absorbed', [hub.inbound]),
        runs('absorb-changes'),
      ),
      row(
        '3. The other systems are brought up to date',
        ...(outbound.length > 0 ? [queueGraph('Waiting to be delivered', outbound)] : []),
        runs('deliver-changes'),
      ),
      row(
        '4. What went wrong, and what it all rests on',
        graph('Dead letters', [
          ...queues.map(({ hubName, deadLetters }) => depth(deadLetters, hubName)),
          depth(hub.undelivered, 'undelivered events'),
        ]),
        graph('Credential problems', [ownMetric(hub.stage, CREDENTIAL_METRIC)]),
        graph('Calls that wait for more allowance', [ownMetric(hub.stage, DAY_SPENT_METRIC)]),
        graph(
          'Table, units and throttled requests',
          [
            hub.table.metricConsumedReadCapacityUnits({ statistic: 'Sum', period: MINUTE, label: 'read units' }),
            hub.table.metricConsumedWriteCapacityUnits({ statistic: 'Sum', period: MINUTE, label: 'write units' }),
          ],
          [
            hub.table.metric('ReadThrottleEvents', { statistic: 'Sum', period: MINUTE }),
            hub.table.metric('WriteThrottleEvents', { statistic: 'Sum', period: MINUTE }),
          ],
        ),
        runs('serve-api'),
      ),
    ].flat(),
  });
}

/** A graph that is told its width by its row. */
type Graph = (width: number) => GraphWidget;

/** A heading over graphs of equal width. */
function row(title: string, ...graphs: readonly Graph[]): IWidget[][] {
  const width = Math.floor(PAGE_WIDTH / graphs.length);
  const heading = new TextWidget({ markdown: `## ${title}`, width: PAGE_WIDTH, height: 1 });
  return [[heading], graphs.map((graphOf) => graphOf(width))];
}

function graph(title: string, left: readonly IMetric[], right: readonly IMetric[] = []): Graph {
  return (width) => new GraphWidget({ title, width, left: [...left], right: [...right], leftYAxis: { min: 0 } });
}

/** Left: how many wait. Right: for how long the oldest has, in seconds. */
function queueGraph(title: string, queues: readonly HubQueue[]): Graph {
  return graph(
    title,
    queues.map(({ hubName, queue }) => depth(queue, hubName)),
    queues.map(({ hubName, queue }) =>
      queue.metricApproximateAgeOfOldestMessage({
        statistic: 'Maximum',
        period: MINUTE,
        label: `${hubName}: oldest, s`,
      }),
    ),
  );
}

function depth(queue: Queue, label: string): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: MINUTE, label });
}

/** Left: runs, and those that failed or had to wait. Right: how long they took, in milliseconds. */
function functionGraph(name: FunctionName, { functions }: HubAlarmsProps): Graph {
  const { lambda } = functions[name];
  return graph(
    name,
    [
      lambda.metricInvocations({ period: MINUTE }),
      lambda.metricErrors({ period: MINUTE }),
      lambda.metricThrottles({ period: MINUTE }),
    ],
    [lambda.metricDuration({ statistic: 'p95', period: MINUTE, label: 'p95, ms' })],
  );
}
