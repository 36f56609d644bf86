import type { JsonClient } from '../wire/json-client.ts';
import type { Delivery } from './delivery.ts';

/** Puts an event that could not be delivered into its dead-letter queue; answers whether it is there. */
export type DeadLetter = (
  delivery: Delivery,
  failure: { readonly code: string; readonly message: string },
  exhaustedCondition: string | undefined,
) => Promise<boolean>;

/**
 * Sends dead letters with the attributes that EventBridge gives them.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function deadLetterTo(sqs: JsonClient, queueUrlOf: (arn: string) => string): DeadLetter {
  return async (delivery, failure, exhaustedCondition) => {
    if (delivery.deadLetterArn === undefined) return false;
    const attributes = {
      RULE_ARN: delivery.ruleArn,
      TARGET_ARN: delivery.targetArn,
      ERROR_CODE: failure.code,
      ERROR_MESSAGE: failure.message === '' ? failure.code : failure.message,
      RETRY_ATTEMPTS: String(Math.max(0, delivery.attempts - 1)),
      ...(exhaustedCondition === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhaustedCondition }),
    };
    const answer = await sqs.call('SendMessage', {
      QueueUrl: queueUrlOf(delivery.deadLetterArn),
      MessageBody: delivery.input,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    });
    return answer.ok;
  };
}
