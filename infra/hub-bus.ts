import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { EventBus, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { eventSourcesByAccount } from './aws-events-stack.ts';
import type { HubConnection } from './hub-connection.ts';
import { allowRules, type HubQueue, makeDeadLetterQueue } from './hub-queue.ts';
import { queueTarget } from './queue-target.ts';
import type { HubStage } from './stages-file.ts';

/** The source of every event the hub publishes. */
export const EVENT_SOURCE = 'tributary';

/** EventBridge takes so many targets in one rule: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const TARGETS_MAX = 5;

const DAY_SECONDS = 86_400;

/** What the bus and the schedules connect. */
export interface HubBusProps {
  readonly stage: HubStage;
  readonly connections: readonly HubConnection[];
  readonly sweep: HubQueue;
  readonly inbound: HubQueue;
}

/** The bus, the rules that bring each connection its deliveries, and the schedules that start its sweeps. */
export class HubBus extends Construct {
  readonly bus: EventBus;
  /** Events and ticks that did not reach their queue. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: HubBusProps) {
    super(scope, id);
    const { stage } = props;
    const name = `Tributary-${stage.name}`;
    this.bus = new EventBus(this, 'Bus', { eventBusName: name });
    this.undelivered = makeDeadLetterQueue(this, 'Undelivered', {
      queueName: `${name}-undelivered-events`,
      days: stage.deadLetterDays,
    });
    Validations.of(this.undelivered).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is itself where dead letters go, those of EventBridge; the rule only knows dead letters of queues.',
    });
    const ruleArn = (resourceName: string) =>
      Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName });
    const scheduleArns = ruleArn(`${name}-*`);
    allowRules(this.undelivered, [scheduleArns, ruleArn(`${name}/*`)]);
    allowRules(props.sweep.queue, [scheduleArns]);
    if (stage.archiveDays > 0) {
      this.bus.archive('Archive', {
        archiveName: name,
        description: 'What this hub published, to be replayed from.',
        eventPattern: { source: [EVENT_SOURCE] },
        retention: Duration.days(stage.archiveDays),
      });
    }
    for (const connection of props.connections) {
      this.addDeliveryRule(name, connection);
      this.addSchedules(name, stage, connection, props.sweep);
    }
    this.takeEventsOfAws(name, props);
  }

  /** Events of AWS services that reach the bus are hints as webhooks are: they go to the inbound queue as they came. */
  private takeEventsOfAws(prefix: string, { connections, inbound }: HubBusProps): void {
    const byAccount = eventSourcesByAccount(connections.map(({ settings }) => settings));
    if (byAccount.size === 0) return;
    const rule = new Rule(this, 'AwsEvents', {
      ruleName: `${prefix}-aws-events`,
      description: 'Brings events of AWS Marketplace and Partner Central to the inbound queue.',
      eventBus: this.bus,
      eventPattern: { source: [...new Set([...byAccount.values()].flat())], account: [...byAccount.keys()] },
      targets: [
        queueTarget({
          queue: inbound.queue,
          input: RuleTargetInput.fromEventPath('$'),
          undelivered: this.undelivered,
          retrySeconds: DAY_SECONDS,
        }),
      ],
    });
    allowRules(inbound.queue, [rule.ruleArn]);
    // Each account that sells may put its own AWS events on this bus, and nothing else: see aws-events-stack.ts.
    for (const [account, sources] of byAccount) {
      this.bus.addToResourcePolicy(
        new PolicyStatement({
          sid: `AwsEventsOf${account}`,
          principals: [new AccountPrincipal(account)],
          actions: ['events:PutEvents'],
          resources: [this.bus.eventBusArn],
          conditions: {
            'ForAllValues:StringEquals': { 'events:source': [...sources] },
            Null: { 'events:source': 'false' },
          },
        }),
      );
    }
  }

  private addDeliveryRule(prefix: string, { id, outbound }: HubConnection): void {
    const rule = new Rule(this, `Deliver-${id}`, {
      ruleName: `${prefix}-${id}-deliver`,
      description: `Brings what ${id} may be behind in to its outbound queue.`,
      eventBus: this.bus,
      eventPattern: {
        source: [EVENT_SOURCE],
        detailType: ['DeliveryDue'],
        detail: { connection: [id] },
      },
      targets: [
        queueTarget({
          queue: outbound.queue,
          input: RuleTargetInput.fromEventPath('$.detail'),
          undelivered: this.undelivered,
          retrySeconds: DAY_SECONDS,
        }),
      ],
    });
    allowRules(outbound.queue, [rule.ruleArn]);
  }

  /** What is edited in a system that is only written to counts for nothing, so such a connection is not swept. */
  private addSchedules(prefix: string, stage: HubStage, { id, settings }: HubConnection, sweep: HubQueue): void {
    if (settings.objects.length > TARGETS_MAX) {
      throw new RangeError(`a schedule takes at most ${TARGETS_MAX} objects; split the rules of ${settings.system}`);
    }
    const { changesEveryMinutes, deletionsEveryMinutes, walkDailyAtUtc } = stage.sweeps;
    const [hour, minute] = walkDailyAtUtc.split(':').map(Number);
    const schedules = [
      { mode: 'changes', schedule: Schedule.rate(Duration.minutes(changesEveryMinutes)), retrySeconds: 60 },
      { mode: 'deletions', schedule: Schedule.rate(Duration.minutes(deletionsEveryMinutes)), retrySeconds: 60 },
      {
        mode: 'walk',
        schedule: Schedule.cron({ hour: String(hour), minute: String(minute) }),
        retrySeconds: DAY_SECONDS,
      },
    ];
    for (const { mode, schedule, retrySeconds } of schedules) {
      new Rule(this, `${mode}-${id}`, {
        ruleName: `${prefix}-${id}-${mode}`,
        description: `Starts the sweep for ${mode} of each object of ${id}.`,
        schedule,
        targets: settings.objects.map((object) =>
          queueTarget({
            queue: sweep.queue,
            input: RuleTargetInput.fromObject({ schema: 1, connection: id, object, mode }),
            undelivered: this.undelivered,
            retrySeconds,
          }),
        ),
      });
    }
  }
}
