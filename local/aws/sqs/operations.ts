import type { WireOperation } from '../wire/json-service.ts';
import { answered, type JsonObject, refused, type WireFault, type WireResult } from '../wire/wire-result.ts';
import { failedEntry, readBatch } from './batch.ts';
import { type Message, parseReceiptHandle, receiptHandleOf } from './message.ts';
import { attributesDigest, bodyDigest, messageBytes } from './message-digest.ts';
import type { Queue } from './queue.ts';
import { queueOperations } from './queue-operations.ts';
import type { NewMessage, QueueService } from './queue-service.ts';
import { isWholeNumber, readNewMessage } from './send-request.ts';

const VISIBILITY_SECONDS_MAX = 43_200;
const WAIT_SECONDS_MAX = 20;
const RECEIVE_MAX = 10;
/** All messages of one batch together (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html). */
const BATCH_BYTES_MAX = 1_048_576;

/**
 * The SQS operations of the hub and its tools, for standard queues.
 *
 * Not served: FIFO queues, tags, permissions and message-move tasks; a call to one is refused by name.
 */
export function sqsOperations(service: QueueService, urlOf: (name: string) => string): Record<string, WireOperation> {
  const onQueue = (
    work: (queue: Queue, input: JsonObject, signal: AbortSignal) => WireResult | Promise<WireResult>,
  ): WireOperation => {
    return (input, signal) => {
      const queue = queueOf(service, input);
      return queue === undefined
        ? refused('QueueDoesNotExist', 'The specified queue does not exist.')
        : work(queue, input, signal);
    };
  };
  return {
    ...queueOperations(service, urlOf, onQueue),
    SendMessage: onQueue((queue, input) => send(service, queue, input)),
    SendMessageBatch: onQueue((queue, input) => sendBatch(service, queue, input)),
    ReceiveMessage: onQueue((queue, input, signal) => receive(service, queue, input, signal)),
    DeleteMessage: onQueue((queue, input) => single(deleteEntries(service, queue, [{ id: 'one', fields: input }]))),
    DeleteMessageBatch: onQueue((queue, input) => batched(input, (entries) => deleteEntries(service, queue, entries))),
    ChangeMessageVisibility: onQueue((queue, input) =>
      single(changeEntries(service, queue, [{ id: 'one', fields: input }])),
    ),
    ChangeMessageVisibilityBatch: onQueue((queue, input) =>
      batched(input, (entries) => changeEntries(service, queue, entries)),
    ),
  };
}

type Entries = readonly { readonly id: string; readonly fields: JsonObject }[];
interface Outcome {
  readonly succeeded: readonly string[];
  readonly failed: readonly { readonly id: string; readonly fault: WireFault }[];
}

function queueOf(service: QueueService, input: JsonObject): Queue | undefined {
  // Queues are told apart by the last part of the URL alone: the port differs from one start of the hub to the next.
  return typeof input.QueueUrl === 'string'
    ? service.get(input.QueueUrl.slice(input.QueueUrl.lastIndexOf('/') + 1))
    : undefined;
}

function send(service: QueueService, queue: Queue, input: JsonObject): WireResult {
  const message = readNewMessage(input, queue.settings);
  if ('fault' in message) return { ok: false, fault: message.fault };
  const [sent] = service.send(queue, [message]);
  return answered(sent === undefined ? {} : sentFields(sent));
}

function sendBatch(service: QueueService, queue: Queue, input: JsonObject): WireResult {
  const batch = readBatch(input);
  if ('refusal' in batch) return batch.refusal;
  const read = batch.entries.map(({ id, fields }) => ({ id, message: readNewMessage(fields, queue.settings) }));
  const good = read.flatMap(({ id, message }) => ('fault' in message ? [] : [{ id, message }]));
  if (good.reduce((bytes, { message }) => bytes + bytesOf(message), 0) > BATCH_BYTES_MAX) {
    return refused('BatchRequestTooLong', `Batch requests cannot be longer than ${BATCH_BYTES_MAX} bytes.`);
  }

  const sent = service.send(
    queue,
    good.map(({ message }) => message),
  );
  return answered({
    Successful: sent.map((message, index) => ({ Id: good[index]?.id, ...sentFields(message) })),
    Failed: read.flatMap(({ id, message }) => ('fault' in message ? [failedEntry(id, message.fault)] : [])),
  });
}

function bytesOf(message: NewMessage): number {
  return messageBytes(message.body, message.attributes);
}

function sentFields(message: Message): JsonObject {
  return {
    MessageId: message.id,
    MD5OfMessageBody: bodyDigest(message.body),
    ...(message.attributes === undefined ? {} : { MD5OfMessageAttributes: attributesDigest(message.attributes) }),
  };
}

async function receive(
  service: QueueService,
  queue: Queue,
  input: JsonObject,
  signal: AbortSignal,
): Promise<WireResult> {
  const max = input.MaxNumberOfMessages ?? 1;
  const visibility = input.VisibilityTimeout ?? queue.settings.visibilityMs / 1000;
  const wait = input.WaitTimeSeconds ?? queue.settings.waitMs / 1000;
  if (!isWholeNumber(max, RECEIVE_MAX) || max === 0)
    return refused('InvalidParameterValue', `MaxNumberOfMessages must be 1 to ${RECEIVE_MAX}.`);
  if (!isWholeNumber(visibility, VISIBILITY_SECONDS_MAX))
    return refused('InvalidParameterValue', 'VisibilityTimeout must be 0 to 43200.');
  if (!isWholeNumber(wait, WAIT_SECONDS_MAX))
    return refused('InvalidParameterValue', 'WaitTimeSeconds must be 0 to 20.');

  const messages = await service.receive(queue, { max, visibilityMs: visibility * 1000, waitMs: wait * 1000, signal });
  const system = new Set([...names(input.AttributeNames), ...names(input.MessageSystemAttributeNames)]);
  const wanted = names(input.MessageAttributeNames);
  return answered(
    messages.length === 0 ? {} : { Messages: messages.map((message) => receivedFields(message, system, wanted)) },
  );
}

function receivedFields(message: Message, system: ReadonlySet<string>, wanted: readonly string[]): JsonObject {
  const all = {
    SenderId: '000000000000',
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
  };
  const attributes = Object.fromEntries(Object.entries(all).filter(([name]) => system.has('All') || system.has(name)));
  const own = Object.fromEntries(
    Object.entries(message.attributes ?? {}).filter(([name]) => wanted.some((pattern) => isNamed(name, pattern))),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandleOf(message),
    Body: message.body,
    MD5OfBody: bodyDigest(message.body),
    ...(Object.keys(attributes).length === 0 ? {} : { Attributes: attributes }),
    ...(Object.keys(own).length === 0 ? {} : { MessageAttributes: own, MD5OfMessageAttributes: attributesDigest(own) }),
  };
}

/** `All` and `.*` ask for every attribute, `name.*` for those that begin so. */
function isNamed(name: string, pattern: string): boolean {
  if (pattern === 'All' || pattern === '.*') return true;
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -2)) : name === pattern;
}

function names(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
}

/** Deleting what is already gone succeeds, as it does at SQS: the caller only wants it gone. */
function deleteEntries(service: QueueService, queue: Queue, entries: Entries): Outcome {
  const read = entries.map(({ id, fields }) => ({ id, handle: parseReceiptHandle(fields.ReceiptHandle) }));
  const good = read.flatMap(({ id, handle }) =>
    handle === undefined ? [] : [{ id, message: queue.find(handle.sequence, handle.receives) }],
  );
  service.delete(
    queue,
    good.flatMap(({ message }) => (message === undefined ? [] : [message])),
  );
  return {
    succeeded: good.map(({ id }) => id),
    failed: read.flatMap(({ id, handle }) => (handle === undefined ? [{ id, fault: invalidHandle() }] : [])),
  };
}

function changeEntries(service: QueueService, queue: Queue, entries: Entries): Outcome {
  const faults = entries.map(({ id, fields }) => ({ id, fault: changeOne(service, queue, fields) }));
  return {
    succeeded: faults.flatMap(({ id, fault }) => (fault === undefined ? [id] : [])),
    failed: faults.flatMap(({ id, fault }) => (fault === undefined ? [] : [{ id, fault }])),
  };
}

function changeOne(service: QueueService, queue: Queue, fields: JsonObject): WireFault | undefined {
  const handle = parseReceiptHandle(fields.ReceiptHandle);
  if (handle === undefined) return invalidHandle();
  if (!isWholeNumber(fields.VisibilityTimeout, VISIBILITY_SECONDS_MAX)) {
    return { code: 'InvalidParameterValue', message: 'VisibilityTimeout must be 0 to 43200.' };
  }
  const message = queue.find(handle.sequence, handle.receives);
  const changed = message !== undefined && service.changeVisibility(queue, message, fields.VisibilityTimeout * 1000);
  return changed ? undefined : { code: 'MessageNotInflight', message: 'The message is not in flight.' };
}

function invalidHandle(): WireFault {
  return { code: 'ReceiptHandleIsInvalid', message: 'The receipt handle is not valid.' };
}

function single(outcome: Outcome): WireResult {
  const [failure] = outcome.failed;
  return failure === undefined ? answered() : { ok: false, fault: failure.fault };
}

function batched(input: JsonObject, work: (entries: Entries) => Outcome): WireResult {
  const batch = readBatch(input);
  if ('refusal' in batch) return batch.refusal;
  const { succeeded, failed } = work(batch.entries);
  return answered({
    Successful: succeeded.map((id) => ({ Id: id })),
    Failed: failed.map(({ id, fault }) => failedEntry(id, fault)),
  });
}
