import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { HubRuntime } from './composition.ts';
import type { Parsed } from './messages.ts';

/** A message of a queue, read. */
export interface QueueMessage<Body> {
  readonly id: string;
  readonly body: Body;
  /** The queue has delivered it before. */
  readonly isRepeated: boolean;
  /** When it was first delivered, ms. */
  readonly firstReceivedAt: number;
}

/** What became of a batch. */
export interface WorkDone {
  /** How many of what was worked on (messages, records) ended how; a reason may follow the outcome after a colon. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Ids of the messages that must come back; none when absent. */
  readonly failed?: readonly string[];
}

/** What a step that reads a queue needs of the hub it runs in. */
export type StepRuntime = Pick<HubRuntime, 'hub' | 'limits' | 'log' | 'metrics' | 'capacity' | 'begin' | 'hasTime'>;

/** A step of the hub that reads a queue. */
export interface QueueStep<Body> {
  /** The step's name in the log. */
  readonly step: string;
  readonly parse: (body: string) => Parsed<Body>;
  /** Works on a whole batch at once: reading a hundred records is one call to their system. A rejection brings all of it back. */
  readonly work: (runtime: StepRuntime, messages: readonly QueueMessage<Body>[]) => Promise<WorkDone>;
}

/**
 * The handler of a function that reads a queue: reads the messages, hands the batch to the step, and answers which
 * messages must come back; the others are deleted.
 *
 * A message that cannot be read is not lost: it goes back and, after the queue's `maxReceiveCount`, to its dead letters, from
 * where it is sent again once a version that knows it is deployed.
 *
 * Not on Powertools' batch processor, which calls a handler for each record and so would take the batch apart.
 */
export function queueHandler<Body extends object>(
  { step, parse, work }: QueueStep<Body>,
  runtimeOf: () => Promise<StepRuntime>,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return async (event, context) => {
    const runtime = await runtimeOf();
    const { hub, log, metrics, capacity } = runtime;
    const startedAt = hub.now();
    const spentBefore = { read: capacity.readUnits, write: capacity.writeUnits };
    log.begin(context);
    runtime.begin(context.getRemainingTimeInMillis());

    const { messages, unreadable } = readAll(event.Records, parse);
    for (const { id, reason } of unreadable) log.log('message-unreadable', { in: step, messageId: id, reason });
    const done = messages.length === 0 ? NOTHING : await attempt(runtime, step, work, messages);

    const failed = [...unreadable.map(({ id }) => id), ...(done.failed ?? [])];
    for (const [outcome, count] of Object.entries(done.outcomes)) metrics.count(nameOf(outcome), count);
    if (unreadable.length > 0) metrics.count('unreadable', unreadable.length);
    if (failed.length > 0) metrics.count('returned', failed.length);
    log.log(step, {
      outcome: failed.length === 0 ? 'done' : failed.length < event.Records.length ? 'part' : 'returned',
      messages: event.Records.length,
      returned: failed.length,
      correlationId: sharedCorrelationId(messages),
      durationMs: hub.now() - startedAt,
      readUnits: capacity.readUnits - spentBefore.read,
      writeUnits: capacity.writeUnits - spentBefore.write,
      ...Object.fromEntries(Object.entries(done.outcomes).map(([outcome, count]) => [`n:${outcome}`, count])),
    });
    metrics.flush();
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

const NOTHING: WorkDone = { outcomes: {} };

/** The step's work; when it throws, that is a defect or AWS at fault, and the whole batch comes back. */
async function attempt<Body>(
  runtime: StepRuntime,
  step: string,
  work: QueueStep<Body>['work'],
  messages: readonly QueueMessage<Body>[],
): Promise<WorkDone> {
  try {
    return await work(runtime, messages);
  } catch (error) {
    // Nothing above could do better: the runtime would only return the same batch, without a line that tells why.
    runtime.log.defect(`${step}-failed`, error, { messages: messages.length });
    return { outcomes: {}, failed: messages.map(({ id }) => id) };
  }
}

function readAll<Body>(records: readonly SQSRecord[], parse: QueueStep<Body>['parse']) {
  const messages: QueueMessage<Body>[] = [];
  const unreadable: { readonly id: string; readonly reason: string }[] = [];
  for (const { messageId, body, attributes } of records) {
    const parsed = parse(body);
    if (!parsed.ok) unreadable.push({ id: messageId, reason: parsed.reason });
    else {
      const isRepeated = Number(attributes.ApproximateReceiveCount) > 1;
      const firstReceivedAt = Number(attributes.ApproximateFirstReceiveTimestamp);
      messages.push({ id: messageId, body: parsed.message, isRepeated, firstReceivedAt });
    }
  }
  return { messages, unreadable };
}

/** The part before the colon: a metric for each reason would be as many metrics as there are reasons. */
function nameOf(outcome: string): string {
  return outcome.split(':', 1)[0] ?? outcome;
}

/** The correlation id of the batch, when its messages have one and all the same. */
function sharedCorrelationId(messages: readonly QueueMessage<object>[]): string | undefined {
  const ids = new Set(messages.map(({ body }) => ('correlationId' in body ? body.correlationId : undefined)));
  const [id] = ids;
  return ids.size === 1 && typeof id === 'string' ? id : undefined;
}
