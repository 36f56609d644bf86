import type { CallCounts } from './call-counter.ts';
import type { DispatcherStats } from './eventbridge/dispatcher.ts';
import type { ScheduleFields } from './eventbridge/event-bus.ts';
import { startServiceThread } from './service-thread.ts';

/** Where the embedded event bus keeps its journal, and where its targets are. */
export interface EventBridgeOptions {
  readonly directory: string;
  readonly sqsEndpoint: string;
  /** Base URL of the Lambda API that runs function targets. */
  readonly lambdaEndpoint: string;
}

/** Calls by operation since the start, and what became of events. */
export interface EventBridgeStats {
  readonly calls: CallCounts;
  readonly deliveries: DispatcherStats;
}

/** The running event bus. */
export interface EventBridge {
  readonly endpoint: string;
  /**
   * Delivers what a former run accepted and did not finish, and lets schedules fire. To be called once, when queues,
   * functions and rules are there.
   */
  resume(): Promise<void>;
  /** Takes a schedule of EventBridge Scheduler; answers why it cannot, if so. */
  putSchedule(fields: ScheduleFields): Promise<string | undefined>;
  stats(): Promise<EventBridgeStats>;
  stop(): Promise<void>;
}

const HEAP_MEGABYTES_MAX = 256;

/**
 * Starts the embedded EventBridge in a thread of its own: buses, rules with the whole pattern language, input paths and
 * transformers, retries, dead letters and schedules. Accepted events are in a journal before they are answered.
 */
export async function startEventBridge(
  options: EventBridgeOptions,
  show?: (line: string) => void,
): Promise<EventBridge> {
  const thread = await startServiceThread(new URL('./eventbridge/thread.ts', import.meta.url), {
    options,
    heapMegabytesMax: HEAP_MEGABYTES_MAX,
    show,
  });
  return {
    endpoint: thread.endpoint,
    resume: async () => void (await thread.call('resume')),
    // The thread's methods answer these types.
    putSchedule: (fields) => thread.call('putSchedule', fields) as Promise<string | undefined>,
    stats: () => thread.call('stats') as Promise<EventBridgeStats>,
    stop: () => thread.stop(),
  };
}
