import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { LeanWorkerData } from '../aws/lean-worker.ts';
import type { FunctionPlan } from './hub-plan.ts';

/** What a function's thread is told at its start. */
export type ThreadOptions = Pick<
  FunctionPlan,
  'name' | 'arn' | 'directory' | 'module' | 'exportName' | 'memoryMegabytes'
>;

/** One call of the handler. The event is JSON text, as it reaches a Lambda. */
export interface Invocation {
  readonly requestId: string;
  readonly event: string;
  /** When the function is stopped, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** How a call ended: the handler's answer as JSON text, or its error as Lambda words it. */
export type ThreadAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'error'; readonly requestId: string; readonly payload: string };

type Handler = (event: unknown, context: object) => unknown;

const port = parentPort;
if (port === null) throw new Error('A function runs in a worker thread only.');
const post = (answer: ThreadAnswer): void => port.postMessage(answer);
// `startFunctionThread` passes these options and no others.
const options = (workerData as LeanWorkerData).options as ThreadOptions;

const handler = await loadHandler(options);
port.on('message', (invocation: Invocation) => void invoke(invocation));
post({ kind: 'ready' });

async function invoke({ requestId, event, deadline }: Invocation): Promise<void> {
  // A handler may fail in any way; the runtime turns it into the error payload that Lambda would give.
  try {
    const result = await handler(JSON.parse(event), contextOf(options, requestId, deadline));
    post({ kind: 'answer', requestId, payload: JSON.stringify(result ?? null) });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    post({
      kind: 'error',
      requestId,
      payload: JSON.stringify({ errorType: name, errorMessage: message, trace: (stack ?? '').split('\n') }),
    });
  }
}

async function loadHandler({ directory, module, exportName }: ThreadOptions): Promise<Handler> {
  const url = pathToFileURL(join(directory, `${module}.mjs`));
  const loaded = (await import(url.href)) as Readonly<Record<string, unknown>>;
  const found = loaded[exportName];
  if (typeof found !== 'function') throw new Error(`${module}.mjs exports no function ${exportName}.`);
  // A bundle's handler is called as Lambda calls it, with an event and a context.
  return found as Handler;
}

/** The context object of https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html. */
function contextOf(options: ThreadOptions, requestId: string, deadline: number): object {
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: options.name,
    functionVersion: '$LATEST',
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    invokedFunctionArn: options.arn,
    logGroupName: `/aws/lambda/${options.name}`,
    logStreamName: 'local',
    memoryLimitInMB: String(options.memoryMegabytes),
  };
}
