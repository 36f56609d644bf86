import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Work, workOf } from '../../domain/model/notice.ts';
import type { Outbox } from '../../domain/pipeline/ports.ts';
import type { Patience } from './backoff.ts';
import { packDeliveries } from './messages.ts';
import { type BatchLimits, sendBatches } from './send-batches.ts';

/** Where messages go. */
export interface OutboxAddresses {
  readonly inboundQueueUrl: string;
  readonly sweepQueueUrl: string;
  /** By connection. */
  readonly outboundQueueUrls: Readonly<Record<string, string>>;
  readonly busName: string;
}

/**
 * The outbox on SQS and EventBridge. Every entry's own answer is checked; see `sendBatches` for what is sent again and when it
 * gives up.
 *
 * *Shape*: bodies and details are the domain's messages as JSON, deliveries by the hundred (`packDeliveries`). Notices carry their connection as message group, and what is
 * not live a group of its own, so that neither a connection with a long queue nor a backfill holds up the others:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html (read August 2026).
 */
export function awsOutbox(
  clients: { readonly sqs: SQSClient; readonly eventBridge: EventBridgeClient },
  addresses: OutboxAddresses,
  patience: Patience,
): Outbox {
  const { sqs, eventBridge } = clients;

  async function enqueue(queueUrl: string, messages: readonly Message[], delayMs: number): Promise<void> {
    if (!(delayMs >= 0 && delayMs <= DELAY_MS_MAX)) {
      throw new RangeError(`A delay is 0 to ${DELAY_MS_MAX} ms, not ${delayMs}.`);
    }
    await sendBatches(messages, {
      destination: `The queue ${queueUrl.slice(queueUrl.lastIndexOf('/') + 1)}`,
      limits: QUEUE_LIMITS,
      bytesOf: ({ body }) => Buffer.byteLength(body),
      patience,
      send: async (entries) => {
        const answer = await sqs.send(
          new SendMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: entries.map(({ body, group }, index) => ({
              Id: String(index),
              MessageBody: body,
              ...(delayMs === 0 ? {} : { DelaySeconds: Math.ceil(delayMs / 1_000) }),
              ...(group === undefined ? {} : { MessageGroupId: group }),
            })),
          }),
        );
        const accepted = new Set(answer.Successful?.map(({ Id }) => Id));
        return entries.flatMap((entry, index) => {
          if (accepted.has(String(index))) return [];
          const failed = answer.Failed?.find(({ Id }) => Id === String(index));
          return [{ entry, code: failed?.Code ?? 'not answered', isFinal: failed?.SenderFault === true }];
        });
      },
    });
  }

  async function publish(detailType: string, details: readonly object[]): Promise<void> {
    const entries = details.map(
      (detail): PutEventsRequestEntry => ({
        EventBusName: addresses.busName,
        Source: SOURCE,
        DetailType: detailType,
        Detail: JSON.stringify(detail),
      }),
    );
    await sendBatches(entries, {
      destination: `The bus ${addresses.busName}`,
      limits: BUS_LIMITS,
      bytesOf: ({ Detail = '' }) => Buffer.byteLength(Detail) + SOURCE.length + detailType.length,
      patience,
      send: async (batch) => {
        const answer = await eventBridge.send(new PutEventsCommand({ Entries: [...batch] }));
        // An entry without an event's id was not taken, whether or not the count of failures says so.
        return batch.flatMap((entry, index) => {
          const own = answer.Entries?.[index];
          return own?.EventId === undefined || own.ErrorCode !== undefined
            ? [{ entry, code: own?.ErrorCode ?? 'not answered', isFinal: FINAL_CODES.has(own?.ErrorCode ?? '') }]
            : [];
        });
      },
    });
  }

  return {
    notice: (notices, delayMs) =>
      enqueue(
        addresses.inboundQueueUrl,
        notices.map((notice) => ({ body: bodyOf(notice), group: groupOf(notice.connection, workOf(notice)) })),
        delayMs,
      ),
    deliver: (due) => publish('DeliveryDue', packDeliveries(due)),
    async deliverLater(due, delayMs) {
      for (const [connection, group] of Map.groupBy(due, (each) => each.connection)) {
        const queueUrl = addresses.outboundQueueUrls[connection];
        if (queueUrl === undefined) throw new Error(`The connection ${connection} has no outbound queue.`);
        await enqueue(
          queueUrl,
          packDeliveries(group).map((each) => ({ body: bodyOf(each), group: groupOf(connection, each.work) })),
          delayMs,
        );
      }
    },
    changed: (events) => publish('RecordChanged', events),
    sweep: (requests, delayMs) =>
      enqueue(
        addresses.sweepQueueUrl,
        requests.map((request) => ({ body: bodyOf(request), group: request.connection })),
        delayMs,
      ),
  };
}

/**
 * A message as JSON in characters that a queue takes: U+FFFE and U+FFFF are refused as they are, and with them their whole
 * batch for ever. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function bodyOf(message: object): string {
  return JSON.stringify(message).replace(/[\ufffe\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16)}`);
}

function groupOf(connection: string, work: Work | undefined): string {
  return work === 'backfill' ? `${connection}#backfill` : connection;
}

interface Message {
  readonly body: string;
  readonly group?: string;
}

/** The source of all of the hub's events. */
const SOURCE = 'tributary';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html (read August 2026): 15 minutes. */
const DELAY_MS_MAX = 900_000;

/**
 * 10 messages and 1 MiB a call: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 * (read August 2026). Some room is left for what is counted beside the bodies.
 */
const QUEUE_LIMITS: BatchLimits = { entriesMax: 10, bytesMax: 1_000_000 };

/**
 * 10 entries and 256 KB a call: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html (read August
 * 2026; some accounts have more by now). Some room is left as above.
 */
const BUS_LIMITS: BatchLimits = { entriesMax: 10, bytesMax: 250_000 };

/** Refusals of an entry for what it is: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'MalformedDetail',
  'InvalidArgument',
  'NotAuthorizedForSource',
  'NotAuthorizedForDetailType',
]);
