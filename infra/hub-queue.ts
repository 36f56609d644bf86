import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** What a queue needs beside its name. */
export interface HubQueueProps {
  /** The stage's name; a queue is called `Tributary-<stage>-<name>`. */
  readonly stage: string;
  /** `inbound`, `sweep` or `outbound-<connection>`. */
  readonly name: string;
  readonly visibilitySeconds: number;
  /** Crashes until a message is a dead letter. */
  readonly maxReceiveCount: number;
  readonly deadLetterDays: number;
}

/** A queue and its dead letters, both encrypted and closed to requests without TLS. */
export class HubQueue extends Construct {
  /** The name within the hub, without the stage. */
  readonly hubName: string;
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: HubQueueProps) {
    super(scope, id);
    this.hubName = props.name;
    const queueName = `Tributary-${props.stage}-${props.name}`;
    this.deadLetters = makeDeadLetterQueue(this, 'DeadLetters', {
      queueName: `${queueName}-dead-letters`,
      days: props.deadLetterDays,
      // Named by its future ARN: the two queues refer to each other, and CloudFormation makes one after the other.
      from: Stack.of(this).formatArn({ service: 'sqs', resource: queueName }),
    });
    this.queue = new Queue(this, 'Queue', {
      queueName,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(props.visibilitySeconds),
      // A dead letter's age counts from its first sending, so this stays well below the retention of the dead letters.
      retentionPeriod: Duration.days(Math.ceil(props.deadLetterDays / 2)),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maxReceiveCount },
    });
  }
}

/** What becomes of messages that nobody could handle. */
export function makeDeadLetterQueue(
  scope: Construct,
  id: string,
  props: {
    readonly queueName: string;
    readonly days: number;
    /** ARN of the only queue whose dead letters come here; without one they come from EventBridge, and no queue may. */
    readonly from?: string;
  },
): Queue {
  return new Queue(scope, id, {
    queueName: props.queueName,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(props.days),
    redriveAllowPolicy:
      props.from === undefined
        ? { redrivePermission: RedrivePermission.DENY_ALL }
        : {
            redrivePermission: RedrivePermission.BY_QUEUE,
            sourceQueues: [Queue.fromQueueArn(scope, `${id}Source`, props.from)],
          },
  });
}

/** Lets EventBridge send to a queue, on behalf of the rules named by ARN (`*` stands for any text) and of no others. */
export function allowRules(queue: IQueue, ruleArns: readonly string[]): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'RulesOfThisHub',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnLike: { 'aws:SourceArn': ruleArns } },
    }),
  );
}
