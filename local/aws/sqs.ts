import type { CallCounts } from './call-counter.ts';
import { type ServiceThread, startServiceThread } from './service-thread.ts';
import type { QueueCounts } from './sqs/queue.ts';

/** Where the embedded queue service keeps its journal. */
export interface SqsOptions {
  readonly directory: string;
}

/** Calls by operation since the start, and the messages of each queue now. */
export interface SqsStats {
  readonly calls: CallCounts;
  readonly queues: Readonly<Record<string, QueueCounts>>;
}

/** The running queue service. */
export interface Sqs {
  readonly endpoint: string;
  stats(): Promise<SqsStats>;
  stop(): Promise<void>;
}

const HEAP_MEGABYTES_MAX = 512;

/**
 * Starts the embedded SQS in a thread of its own: standard queues with fair message groups, delays, visibility timeouts,
 * long polling, dead-letter queues and retention, kept in a journal so that a killed process loses no message.
 *
 * It is the hub's own because of what fauxqs 2.4.1 did when it was measured (November 2026): its persistence answered
 * 1,650 messages a second sent, received and deleted, against some 5,000 here under the same load; a visibility timeout
 * changed to 0 failed with HTTP 500 once persistence was on; message groups of standard queues were dropped; a move to a
 * dead-letter queue was two writes that a kill could part; and it listened on all network interfaces.
 */
export async function startSqs(options: SqsOptions, show?: (line: string) => void): Promise<Sqs> {
  const thread: ServiceThread = await startServiceThread(new URL('./sqs/thread.ts', import.meta.url), {
    options,
    heapMegabytesMax: HEAP_MEGABYTES_MAX,
    show,
  });
  return {
    endpoint: thread.endpoint,
    // The thread's `stats` method answers this type.
    stats: () => thread.call('stats') as Promise<SqsStats>,
    stop: () => thread.stop(),
  };
}
