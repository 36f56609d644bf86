import type { WireOperation } from '../wire/json-service.ts';
import { answered, type JsonObject, refused, type WireResult } from '../wire/wire-result.ts';
import type { Queue } from './queue.ts';
import { parseQueueAttributes } from './queue-attributes.ts';
import type { QueueService } from './queue-service.ts';

const QUEUE_NAME = /^[A-Za-z0-9_-]{1,80}$/;

type OnQueue = (work: (queue: Queue, input: JsonObject) => WireResult) => WireOperation;

/** The SQS operations on queues themselves. */
export function queueOperations(
  service: QueueService,
  urlOf: (name: string) => string,
  onQueue: OnQueue,
): Record<string, WireOperation> {
  return {
    CreateQueue: (input) => {
      const name = input.QueueName;
      if (typeof name !== 'string' || !QUEUE_NAME.test(name)) {
        return refused(
          'InvalidParameterValue',
          'A queue name holds up to 80 letters, digits, hyphens and underscores; FIFO queues are not served here.',
        );
      }
      const settings = parseQueueAttributes(textMap(input.Attributes));
      if ('fault' in settings) return refused('InvalidAttributeValue', settings.fault);
      service.create(name, settings);
      return answered({ QueueUrl: urlOf(name) });
    },
    GetQueueUrl: (input) => {
      const queue = typeof input.QueueName === 'string' ? service.get(input.QueueName) : undefined;
      return queue === undefined
        ? refused('QueueDoesNotExist', 'The specified queue does not exist.')
        : answered({ QueueUrl: urlOf(queue.name) });
    },
    ListQueues: (input) => {
      const prefix = typeof input.QueueNamePrefix === 'string' ? input.QueueNamePrefix : '';
      return answered({
        QueueUrls: service
          .all()
          .filter(({ name }) => name.startsWith(prefix))
          .map(({ name }) => urlOf(name)),
      });
    },
    GetQueueAttributes: onQueue((queue, input) => {
      const wanted = new Set(Array.isArray(input.AttributeNames) ? input.AttributeNames : []);
      const all = Object.entries(attributesOf(queue));
      return answered({
        Attributes: Object.fromEntries(all.filter(([name]) => wanted.has('All') || wanted.has(name))),
      });
    }),
    SetQueueAttributes: onQueue((queue, input) => {
      const settings = parseQueueAttributes({ ...queue.settings.given, ...textMap(input.Attributes) });
      if ('fault' in settings) return refused('InvalidAttributeValue', settings.fault);
      queue.settings = settings;
      return answered();
    }),
    PurgeQueue: onQueue((queue) => {
      service.purge(queue);
      return answered();
    }),
  };
}

function attributesOf(queue: Queue): Readonly<Record<string, string>> {
  const { ready, delayed, inFlight } = queue.counts();
  const createdAt = String(Math.floor(queue.createdAt / 1000));
  return {
    ...queue.settings.given,
    QueueArn: queue.arn,
    CreatedTimestamp: createdAt,
    LastModifiedTimestamp: createdAt,
    ApproximateNumberOfMessages: String(ready),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
  };
}

function textMap(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}
