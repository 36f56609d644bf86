import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { makeAlarmTopic } from './alarm-topic.ts';
import { type AlarmStory, ExplainedAlarm } from './explained-alarm.ts';
import { FUNCTION_NAMES, type FunctionName, type PerFunction } from './function-names.ts';
import type { HubConnection } from './hub-connection.ts';
import type { HubFunction } from './hub-function.ts';
import type { HubHttpApi } from './hub-http-api.ts';
import type { HubQueue } from './hub-queue.ts';
import { CREDENTIAL_METRIC, DAY_SPENT_METRIC, ownMetric } from './own-metric.ts';
import type { HubStage } from './stages-file.ts';

/** What is watched. */
export interface HubAlarmsProps {
  readonly stage: HubStage;
  readonly table: Table;
  readonly inbound: HubQueue;
  readonly sweep: HubQueue;
  readonly connections: readonly HubConnection[];
  readonly undelivered: Queue;
  readonly functions: PerFunction<HubFunction>;
  readonly http: HubHttpApi;
}

const FIVE_MINUTES = Duration.minutes(5);

/** Everything a person is called for. Each alarm is told to one topic, with its story. */
export class HubAlarms extends Construct {
  readonly topic: Topic;
  readonly alarms: ExplainedAlarm[] = [];
  readonly #stage: HubStage;

  constructor(scope: Construct, id: string, props: HubAlarmsProps) {
    super(scope, id);
    this.#stage = props.stage;
    this.topic = makeAlarmTopic(this, props.stage);
    this.#watchQueues(props);
    this.#watchFunctions(props);
    this.#watchTheDoor(props);
    this.#watchTable(props);
    this.#watchCredentials(props);
    this.#watchAllowances(props);
  }

  #add(name: string, metric: IMetric, above: number, story: AlarmStory, periods = 1): void {
    const { topic } = this;
    this.alarms.push(
      new ExplainedAlarm(this, name, { name, stage: this.#stage.name, metric, above, periods, topic, ...story }),
    );
  }

  #watchQueues({ stage, inbound, sweep, connections, undelivered }: HubAlarmsProps): void {
    const oldest = stage.alarms.oldestMessageSeconds;
    this.#watchQueue(inbound, oldest.inbound, {
      lost: 'Changes that people made in some system are not taken in, until the next sweep or for good.',
      late: 'People wait: what they changed is not yet in the other systems.',
      where: 'absorb-changes',
    });
    this.#watchQueue(sweep, oldest.sweep, {
      lost: 'A system is not asked for its changes any more; what its webhooks miss stays unseen.',
      late: 'Systems are asked for their changes late; what their webhooks miss is unseen for so long.',
      where: 'sweep-changes',
    });
    for (const { id, outbound } of connections) {
      this.#watchQueue(outbound, oldest.outbound, {
        lost: `People who work in ${id} do not see changes made elsewhere.`,
        late: `People who work in ${id} see changes made elsewhere late.`,
        where: 'deliver-changes',
      });
    }
    this.#add('undelivered-events', deadLetterCount(undelivered), 0, {
      whoIsHurt: 'Deliveries or sweeps did not start; systems may differ until the next change of the record.',
      firstStep:
        'Read the attributes ERROR_CODE and RULE_ARN of a message in the queue undelivered-events: they name the rule and why its queue refused.',
    });
  }

  #watchQueue(
    { hubName, queue, deadLetters }: HubQueue,
    oldestSeconds: number,
    story: { readonly lost: string; readonly late: string; readonly where: FunctionName },
  ): void {
    this.#add(`${hubName}-dead-letters`, deadLetterCount(deadLetters), 0, {
      whoIsHurt: story.lost,
      firstStep: `Find the message's correlation id in the log of ${story.where}, mend the cause there, then run "npx hub redrive".`,
    });
    this.#add(
      `${hubName}-late`,
      queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: Duration.minutes(1) }),
      oldestSeconds,
      {
        whoIsHurt: story.late,
        firstStep: `See on the dashboard whether ${story.where} fails, is throttled or merely busy (a backfill), and whether the vendor throttles.`,
      },
      // A peak that is worked off within minutes wakes nobody.
      3,
    );
  }

  #watchFunctions({ stage, functions }: HubAlarmsProps): void {
    for (const name of FUNCTION_NAMES) {
      const { lambda } = functions[name];
      this.#add(`${name}-errors`, lambda.metricErrors({ period: FIVE_MINUTES }), stage.alarms.functionErrors, {
        whoIsHurt: `${WHO_NEEDS[name]} Runs of ${name} crash; their work is repeated and then becomes dead letters.`,
        firstStep: `Open the newest line of level ERROR in the log of ${name}; a timeout says "Task timed out" there.`,
      });
      this.#add(`${name}-throttled`, lambda.metricThrottles({ period: FIVE_MINUTES }), stage.alarms.functionThrottles, {
        whoIsHurt: `${WHO_NEEDS[name]} ${name} may not run as often as it should.`,
        firstStep:
          "Compare the account's concurrent executions with its quota in this region, then the stage's reservedConcurrency and maxConcurrency.",
      });
    }
  }

  #watchTheDoor({ stage, http }: HubAlarmsProps): void {
    this.#add('webhooks-refused', http.webhookMetric('4xx'), stage.alarms.webhookRefusals, {
      whoIsHurt:
        'Changes of one system come only with its sweeps, a minute late; or somebody sends forgeries, and nobody is hurt.',
      firstStep:
        "Read in the log of receive-webhook why and for which connection; after a change of the app's client secret, put the new one into the connection's secret.",
    });
    this.#add(
      'door-fails',
      http.httpStage.metricServerError({ period: FIVE_MINUTES, statistic: 'Sum' }),
      stage.alarms.serverErrors,
      {
        whoIsHurt: 'Vendors cannot hand over webhooks, and people who ask the API get errors.',
        firstStep: 'See in the access log which route fails, then open the newest line of level ERROR of its function.',
      },
    );
  }

  #watchTable({ stage, table }: HubAlarmsProps): void {
    const throttled = new MathExpression({
      expression: 'FILL(reads, 0) + FILL(writes, 0)',
      label: 'throttled requests',
      period: FIVE_MINUTES,
      usingMetrics: {
        reads: table.metric('ReadThrottleEvents', { statistic: 'Sum' }),
        writes: table.metric('WriteThrottleEvents', { statistic: 'Sum' }),
      },
    });
    this.#add('table-throttled', throttled, stage.alarms.tableThrottles, {
      whoIsHurt: 'Every change becomes slow, in all systems.',
      firstStep:
        'If a backfill has just begun, wait ten minutes: an on-demand table grows with its load; else look for one record that is written again and again.',
    });
  }

  #watchCredentials({ stage }: HubAlarmsProps): void {
    const counted = ownMetric(stage, CREDENTIAL_METRIC);
    this.#add('credentials', counted, 0, {
      whoIsHurt: 'Everyone who works in the system concerned: nothing reaches it and nothing comes from it.',
      firstStep: 'Run "npx hub problems": it names the connection and what the system answered; then renew its secret.',
    });
  }

  #watchAllowances({ stage }: HubAlarmsProps): void {
    this.#add(
      'day-allowance-spent',
      ownMetric(stage, DAY_SPENT_METRIC),
      0,
      {
        whoIsHurt:
          'Changes to and from one system come late, a few at a time, until calls are free again; nothing is lost.',
        firstStep:
          'Run "npx hub status": it names the connection and what is used and left; raise its ceiling in connections.yaml, buy more calls, or stop what else uses them up.',
      },
      // A day that ends on its last calls is no reason to wake anybody.
      3,
    );
  }
}

const WHO_NEEDS: PerFunction<string> = {
  'receive-webhook': 'Changes come with the next sweep instead of at once.',
  'sweep-changes': 'Changes whose webhook was lost are not found.',
  'absorb-changes': 'Changes made in any system are not taken in.',
  'deliver-changes': 'Changes do not reach the other systems.',
  'serve-api': 'Administrators and revenue operations cannot see records and problems.',
};

function deadLetterCount(queue: Queue): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(1) });
}
