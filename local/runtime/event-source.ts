import type { JsonClient } from '../aws/wire/json-client.ts';
import type { JsonObject } from '../aws/wire/wire-result.ts';
import type { FunctionPool } from './function-pool.ts';
import type { EventSourcePlan } from './hub-plan.ts';
import { lambdaRecord } from './sqs-record.ts';

/** A running event source. */
export interface EventSource {
  /** Stops receiving and waits for what is under way, as long as the function does. */
  stop(): Promise<void>;
}

/** What an event source needs. */
export interface EventSourceOptions {
  readonly plan: EventSourcePlan;
  readonly queueUrl: string;
  readonly sqs: JsonClient;
  readonly pool: FunctionPool;
  /** How long messages that failed wait before they are handed out again, ms; so much longer each time. */
  readonly retryAfterMs: number;
  readonly now: () => number;
  readonly warn: (message: string) => void;
}

const RECEIVE_MAX = 10;
const LONG_POLL_SECONDS = 20;
/** A poller that cannot reach its queue waits this long before it tries again. */
const PAUSE_MS = 1000;
/** Messages of one invocation are bounded by Lambda's payload limit of 6 MB; texts grow when they are put into JSON. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Invokes a function with the messages of a queue, as an SQS event source mapping does: batches up to the batch size,
 * waiting up to the batching window for them to fill; several at a time; successes deleted, failures left to come back.
 *
 * On AWS they come back when the queue's visibility timeout is over, six times the function's own, because Lambda goes on with messages of
 * a throttled function all the while. Here nobody is at them once the function has ended, so they come back after `retryAfterMs` for each time they were handed out, and
 * whoever looks at the terminal is told when. How often they may come back is the queue's, as on AWS.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function startEventSource(options: EventSourceOptions): EventSource {
  const stopping = new AbortController();
  const pollers = Math.max(
    1,
    Math.min(options.plan.concurrencyMax ?? options.pool.threadsMax, options.pool.threadsMax),
  );
  const running = Array.from({ length: pollers }, () => poll(options, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function poll(options: EventSourceOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const messages = await collect(options, signal);
    if (messages === 'unreachable') await pause(PAUSE_MS, signal);
    else if (messages.length > 0) await handle(options, messages, signal);
  }
}

/** A batch: what a long poll brings, and what else comes until the batch is full or the window is over. */
async function collect(
  options: EventSourceOptions,
  signal: AbortSignal,
): Promise<readonly JsonObject[] | 'unreachable'> {
  const { batchSize, windowMs } = options.plan;
  const first = await receive(options, Math.min(batchSize, RECEIVE_MAX), LONG_POLL_SECONDS, signal);
  if (first === 'unreachable' || first.length === 0) return first;
  const until = options.now() + windowMs;
  const messages = [...first];
  for (
    let isBacklog = first.length === RECEIVE_MAX;
    messages.length < batchSize && bytesOf(messages) < BATCH_BYTES_MAX;
  ) {
    if (isBacklog) {
      const more = await receiveMany(options, batchSize - messages.length, signal);
      messages.push(...more);
      isBacklog = more.length > 0 && more.length % RECEIVE_MAX === 0;
      continue;
    }
    const leftMs = until - options.now();
    if (leftMs <= 0 || signal.aborted) break;
    // Polls wait whole seconds: the last part of the window is waited for here.
    const waitSeconds = Math.min(LONG_POLL_SECONDS, Math.floor(leftMs / 1000));
    if (waitSeconds === 0) await pause(leftMs, signal);
    const more = await receive(options, Math.min(batchSize - messages.length, RECEIVE_MAX), waitSeconds, signal);
    if (more === 'unreachable') break;
    messages.push(...more);
    isBacklog = more.length === RECEIVE_MAX;
  }
  return messages;
}

/** Several receives at once: with a backlog one after another would be the bottleneck. */
async function receiveMany(
  options: EventSourceOptions,
  wanted: number,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const sizes = Array.from({ length: Math.ceil(wanted / RECEIVE_MAX) }, (_, index) =>
    Math.min(RECEIVE_MAX, wanted - index * RECEIVE_MAX),
  );
  const received = await Promise.all(sizes.map((size) => receive(options, size, 0, signal)));
  return received.flatMap((messages) => (messages === 'unreachable' ? [] : messages));
}

async function receive(
  options: EventSourceOptions,
  max: number,
  waitSeconds: number,
  signal: AbortSignal,
): Promise<readonly JsonObject[] | 'unreachable'> {
  const answer = await options.sqs.call(
    'ReceiveMessage',
    {
      QueueUrl: options.queueUrl,
      MaxNumberOfMessages: max,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    },
    { signal },
  );
  if (answer.ok) return objects(answer.body.Messages);
  if (!signal.aborted)
    options.warn(
      `Queue ${options.plan.queueName} cannot be received from: ${answer.fault.code} ${answer.fault.message}`,
    );
  return signal.aborted ? [] : 'unreachable';
}

async function handle(
  options: EventSourceOptions,
  messages: readonly JsonObject[],
  signal: AbortSignal,
): Promise<void> {
  const returned = await invoke(options, messages);
  // When the hub stops, its queues keep what was not done and hand it out at the next start.
  if (returned.length > 0 && !signal.aborted) await giveBack(options, returned);
}

/** Works on a batch; answers the messages that must come back. */
async function invoke(options: EventSourceOptions, messages: readonly JsonObject[]): Promise<readonly JsonObject[]> {
  const records = messages.map((message) => lambdaRecord(message, options.plan.queueArn));
  const result = await options.pool.invoke(JSON.stringify({ Records: records }));
  if (result === 'throttled' || result.error !== undefined) return messages;
  const failed = options.plan.reportsItemFailures ? failedItems(result.payload, messages) : new Set<unknown>();
  if (failed === undefined) {
    options.warn(
      `${options.plan.functionName} named a failed item that was not in its batch; the whole batch comes back.`,
    );
    return messages;
  }
  await deleteAll(
    options,
    messages.filter(({ MessageId }) => !failed.has(MessageId)),
  );
  return messages.filter(({ MessageId }) => failed.has(MessageId));
}

async function giveBack(options: EventSourceOptions, messages: readonly JsonObject[]): Promise<void> {
  const { plan, retryAfterMs, queueUrl, sqs, warn } = options;
  // A machine that is too busy now is given longer each time, so that what only failed for that is no dead letter.
  const secondsFor = (message: JsonObject): number => Math.ceil((retryAfterMs / 1000) * receivesOf(message));
  const seconds = Math.max(...messages.map(secondsFor));
  const answers = await Promise.all(
    entriesOf(messages).map((entries) =>
      sqs.call('ChangeMessageVisibilityBatch', {
        QueueUrl: queueUrl,
        Entries: entries.map(({ message, ...entry }) => ({ ...entry, VisibilityTimeout: secondsFor(message) })),
      }),
    ),
  );
  const count = messages.length === 1 ? '1 message' : `${messages.length} messages`;
  warn(
    answers.every(({ ok }) => ok)
      ? `${plan.functionName}: ${count} could not be worked off and will be tried again in ${seconds} s; nothing is lost.`
      : `${plan.functionName}: ${count} could not be worked off and will be tried again within some minutes; nothing is lost.`,
  );
}

/** How often the message was handed out, this time included; six times at most, as on AWS. */
function receivesOf({ Attributes }: JsonObject): number {
  const count = Number((Attributes as JsonObject | undefined)?.ApproximateReceiveCount ?? 1);
  return Number.isInteger(count) ? Math.min(RECEIVES_MAX, Math.max(1, count)) : 1;
}

const RECEIVES_MAX = 6;

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle: unknown;
  readonly message: JsonObject;
}

/** In the batches that a queue takes. */
function entriesOf(messages: readonly JsonObject[]): readonly (readonly Entry[])[] {
  return Array.from({ length: Math.ceil(messages.length / RECEIVE_MAX) }, (_, place) =>
    messages
      .slice(place * RECEIVE_MAX, (place + 1) * RECEIVE_MAX)
      .map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle, message })),
  );
}

/**
 * Ids of the messages that failed, or nothing when the answer is not one: then all of them did.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
function failedItems(payload: string, messages: readonly JsonObject[]): ReadonlySet<unknown> | undefined {
  const answer: unknown = JSON.parse(payload);
  const failures =
    typeof answer === 'object' && answer !== null && 'batchItemFailures' in answer ? answer.batchItemFailures : null;
  if (failures === null) return new Set();
  if (!Array.isArray(failures)) return undefined;
  const ids = failures.map((failure: unknown) =>
    typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure ? failure.itemIdentifier : undefined,
  );
  const known = new Set(messages.map(({ MessageId }) => MessageId));
  return ids.every((id) => known.has(id)) ? new Set(ids) : undefined;
}

async function deleteAll(options: EventSourceOptions, messages: readonly JsonObject[]): Promise<void> {
  await Promise.all(
    entriesOf(messages).map(async (entries) => {
      const answer = await options.sqs.call('DeleteMessageBatch', {
        QueueUrl: options.queueUrl,
        Entries: entries.map(({ message: _message, ...entry }) => entry),
      });
      // Messages that could not be deleted come back and are handled again: at least once, as on AWS.
      if (!answer.ok) options.warn(`Messages of ${options.plan.queueName} could not be deleted: ${answer.fault.code}`);
    }),
  );
}

function bytesOf(messages: readonly JsonObject[]): number {
  return messages.reduce((sum, { Body }) => sum + (typeof Body === 'string' ? Body.length : 0), 0);
}

function objects(value: unknown): readonly JsonObject[] {
  // The embedded SQS answers lists of objects only.
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
  });
}
