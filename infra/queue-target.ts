import type { IRuleTarget, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** How a rule reaches a queue. */
export interface QueueTargetProps {
  readonly queue: IQueue;
  readonly input: RuleTargetInput;
  /** Where an event goes that could not be delivered in time. */
  readonly undelivered: IQueue;
  /** How long EventBridge tries, seconds: 60 to 86,400. */
  readonly retrySeconds: number;
}

/**
 * A queue as the target of a rule. Unlike the library's own it leaves the queue's policy alone: that gives one statement for
 * each rule, and a queue's policy takes 20 (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html).
 * Whoever uses it calls `allowRules` once.
 */
export function queueTarget(props: QueueTargetProps): IRuleTarget {
  return {
    bind: () => ({
      arn: props.queue.queueArn,
      input: props.input,
      deadLetterConfig: { arn: props.undelivered.queueArn },
      // 185 is the most EventBridge takes; the age is meant to end the tries.
      retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: props.retrySeconds },
    }),
  };
}
