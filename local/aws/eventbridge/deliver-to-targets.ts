import type { JsonClient } from '../wire/json-client.ts';
import type { JsonObject, WireFault } from '../wire/wire-result.ts';
import type { Deliver, Delivery, DeliveryOutcome } from './delivery.ts';

/** Calls a function by name with an input; answers how it ended. */
export type InvokeFunction = (name: string, input: string) => Promise<DeliveryOutcome>;

/** SQS takes no more than this in one batch call. */
const BATCH_BYTES_MAX = 1_048_576;
/** Codes of SQS after which another try cannot help. */
const HOPELESS = new Set(['QueueDoesNotExist', 'InvalidMessageContents', 'InvalidParameterValue', 'MissingParameter']);

/** Delivers to queues by SendMessageBatch and to functions one by one. */
export function deliverToTargets(
  sqs: JsonClient,
  queueUrlOf: (arn: string) => string,
  invoke: InvokeFunction,
): Deliver {
  return async (targetArn, deliveries) => {
    if (targetArn.startsWith('arn:aws:sqs:')) return sendAll(sqs, queueUrlOf(targetArn), deliveries);
    const name = targetArn.split(':')[6] ?? '';
    return Promise.all(deliveries.map((delivery) => invoke(name, delivery.input)));
  };
}

async function sendAll(
  sqs: JsonClient,
  queueUrl: string,
  deliveries: readonly Delivery[],
): Promise<readonly DeliveryOutcome[]> {
  const outcomes: DeliveryOutcome[] = [];
  for (const batch of batchesOf(deliveries)) outcomes.push(...(await sendBatch(sqs, queueUrl, batch)));
  return outcomes;
}

async function sendBatch(
  sqs: JsonClient,
  queueUrl: string,
  deliveries: readonly Delivery[],
): Promise<readonly DeliveryOutcome[]> {
  const entries = deliveries.map(({ input, messageGroupId }, index) => ({
    Id: String(index),
    MessageBody: input,
    ...(messageGroupId === undefined ? {} : { MessageGroupId: messageGroupId }),
  }));
  const answer = await sqs.call('SendMessageBatch', { QueueUrl: queueUrl, Entries: entries });
  if (!answer.ok) return deliveries.map(() => outcomeOf(answer.fault));

  const failed = new Map(
    listOf(answer.body.Failed).map((entry) => [entry.Id, { code: String(entry.Code), message: String(entry.Message) }]),
  );
  const succeeded = new Set(listOf(answer.body.Successful).map((entry) => entry.Id));
  return deliveries.map((_, index) => {
    if (succeeded.has(String(index))) return { kind: 'delivered' };
    return outcomeOf(
      failed.get(String(index)) ?? { code: 'NO_ANSWER', message: 'The queue did not answer for this message.' },
    );
  });
}

function outcomeOf({ code, message }: WireFault): DeliveryOutcome {
  return { kind: HOPELESS.has(code) ? 'refused' : 'failed', code, message };
}

function batchesOf(deliveries: readonly Delivery[]): readonly (readonly Delivery[])[] {
  const batches: Delivery[][] = [];
  let bytes = 0;
  for (const delivery of deliveries) {
    const size = Buffer.byteLength(delivery.input, 'utf8');
    const batch = batches.at(-1);
    if (batch === undefined || bytes + size > BATCH_BYTES_MAX) {
      batches.push([delivery]);
      bytes = size;
    } else {
      batch.push(delivery);
      bytes += size;
    }
  }
  return batches;
}

function listOf(value: unknown): readonly JsonObject[] {
  // The embedded SQS answers lists of objects only.
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}
