import { startLeanWorker } from '../aws/lean-worker.ts';
import type { Invocation, ThreadAnswer, ThreadOptions } from './function-thread.ts';

/** How an invocation ended: the payload is JSON text, of the answer or of the error. */
export interface InvocationResult {
  readonly payload: string;
  /** Lambda tells an error of the handler from one of the runtime (crash, timeout). */
  readonly error: 'Handled' | 'Unhandled' | undefined;
}

/** One thread that runs one function, one invocation at a time. */
export interface FunctionThread {
  readonly isAlive: boolean;
  invoke(invocation: Invocation): Promise<InvocationResult>;
  terminate(): Promise<void>;
}

/** Where a thread's output goes, line by line. */
export type WriteOutput = (chunk: string) => void;

const HEAP_MEGABYTES_MAX = 160;

/** Starts a thread for a function. A start that fails shows as the error of its first invocation. */
export function startFunctionThread(
  options: ThreadOptions,
  environment: Readonly<Record<string, string>>,
  write: WriteOutput,
): FunctionThread {
  const worker = startLeanWorker(new URL('./function-thread.ts', import.meta.url), {
    workerData: options,
    env: { ...environment },
    stdout: true,
    stderr: true,
    // A batch of a hundred records should die young: with 8 MB a sixth of the time of a busy thread goes to collecting them.
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES_MAX, maxYoungGenerationSizeMb: 16 },
  });
  for (const stream of [worker.stdout, worker.stderr]) stream.setEncoding('utf8').on('data', write);

  let isAlive = true;
  let running: { readonly requestId: string; readonly finish: (result: InvocationResult) => void } | undefined;
  const finish = (result: InvocationResult): void => {
    const current = running;
    running = undefined;
    current?.finish(result);
  };
  const die = (reason: string): void => {
    isAlive = false;
    finish(crash(reason));
  };
  worker.on('error', (error) => die(error instanceof Error ? `${error.name}: ${error.message}` : String(error)));
  worker.on('exit', (code) => die(`Runtime exited with code ${code}`));
  worker.on('message', (answer: ThreadAnswer) => {
    if (answer.kind === 'ready' || answer.requestId !== running?.requestId) return;
    finish({ payload: answer.payload, error: answer.kind === 'error' ? 'Handled' : undefined });
  });

  return {
    get isAlive() {
      return isAlive;
    },
    async invoke(invocation) {
      if (!isAlive) return crash('Runtime has exited');
      const result = new Promise<InvocationResult>((resolve) => {
        running = { requestId: invocation.requestId, finish: resolve };
      });
      worker.postMessage(invocation);
      return result;
    },
    async terminate() {
      isAlive = false;
      await worker.terminate();
      finish(crash('Runtime was stopped'));
    },
  };
}

function crash(reason: string): InvocationResult {
  return { payload: JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage: reason }), error: 'Unhandled' };
}
