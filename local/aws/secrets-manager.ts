import type { CallCounts } from './call-counter.ts';
import { startServiceThread } from './service-thread.ts';

/** Where the embedded Secrets Manager keeps its file. */
export interface SecretsManagerOptions {
  readonly directory: string;
}

/** The running Secrets Manager. */
export interface SecretsManager {
  readonly endpoint: string;
  stats(): Promise<{ readonly calls: CallCounts }>;
  stop(): Promise<void>;
}

const HEAP_MEGABYTES_MAX = 64;

/** Starts the embedded Secrets Manager in a thread of its own; values lie on disk, readable by their owner only. */
export async function startSecretsManager(
  options: SecretsManagerOptions,
  show?: (line: string) => void,
): Promise<SecretsManager> {
  const thread = await startServiceThread(new URL('./secrets-manager/thread.ts', import.meta.url), {
    options,
    heapMegabytesMax: HEAP_MEGABYTES_MAX,
    show,
  });
  return {
    endpoint: thread.endpoint,
    // The thread's `stats` method answers this type.
    stats: () => thread.call('stats') as Promise<{ calls: CallCounts }>,
    stop: () => thread.stop(),
  };
}
