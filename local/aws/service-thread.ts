import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { type MessagePort, parentPort, type Worker, workerData } from 'node:worker_threads';
import { type LeanWorkerData, startLeanWorker } from './lean-worker.ts';

/** An embedded service running in a thread of its own, so that none can hold up another. */
export interface ServiceThread {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** Calls one of the methods the service offers beside its wire protocol. */
  call(method: string, input?: unknown): Promise<unknown>;
  /** Closes the service in order; a thread that has not ended after the bound is ended. */
  stop(): Promise<void>;
}

/** What runs inside the thread. */
export interface HostedService {
  readonly server: Server;
  readonly methods: Readonly<Record<string, (input: unknown) => unknown>>;
  close(): void | Promise<void>;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly input: unknown;
}
type Answer =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly reason: string };

const START_MS_MAX = 30_000;
const STOP_MS_MAX = 5_000;
const STOP_METHOD = '$stop';

/** How a service's thread is run. */
export interface ThreadSettings {
  /** What the service itself is told; must be plain data. */
  readonly options: unknown;
  readonly heapMegabytesMax: number;
  /** Takes what the service prints: warnings for the person at the console. Default: standard error. */
  readonly show?: ((line: string) => void) | undefined;
}

/** Starts the service of `entry`, a module that calls `hostService`, and waits until it listens on a loopback port. */
export async function startServiceThread(entry: URL, settings: ThreadSettings): Promise<ServiceThread> {
  const { options, heapMegabytesMax, show = (line: string) => console.error(line) } = settings;
  const worker = startLeanWorker(entry, {
    workerData: options,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax, maxYoungGenerationSizeMb: 16 },
  });
  for (const stream of [worker.stdout, worker.stderr]) createInterface({ input: stream }).on('line', show);
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const name = entry.pathname.split('/').slice(-2).join('/');
  let sequence = 0;
  let ended: Error | undefined;

  const fail = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => fail(new Error(`The embedded service ${name} has ended.`)));
  worker.on('message', (answer: Answer) => {
    if (answer.kind !== 'result' && answer.kind !== 'error') return;
    const entry = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.kind === 'result') entry?.resolve(answer.value);
    else entry?.reject(new Error(answer.reason));
  });

  const port = await started(worker, name);
  const call = (method: string, input?: unknown): Promise<unknown> => {
    if (ended !== undefined) return Promise.reject(ended);
    const id = ++sequence;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, method, input } satisfies Call);
    });
  };

  return {
    endpoint: `http://127.0.0.1:${port}`,
    call,
    async stop() {
      if (ended !== undefined) return;
      const exited = once(worker, 'exit');
      const bound = AbortSignal.timeout(STOP_MS_MAX);
      const overdue = new Promise<void>((resolve) => bound.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([call(STOP_METHOD).catch(() => undefined), overdue]);
      await worker.terminate();
      await exited;
    },
  };
}

function started(worker: Worker, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const overdue = setTimeout(
      () => finish(new Error(`The embedded service ${name} did not start in ${START_MS_MAX} ms.`)),
      START_MS_MAX,
    );
    const onMessage = (answer: Answer): void => {
      if (answer.kind === 'ready') finish(answer.port);
      if (answer.kind === 'failed') finish(new Error(`The embedded service ${name} could not start: ${answer.reason}`));
    };
    const onError = (error: unknown): void => finish(error instanceof Error ? error : new Error(String(error)));
    const finish = (outcome: number | Error): void => {
      clearTimeout(overdue);
      worker.off('message', onMessage);
      worker.off('error', onError);
      if (typeof outcome === 'number') {
        resolve(outcome);
      } else {
        void worker.terminate();
        reject(outcome);
      }
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
  });
}

/** Runs inside the thread: builds the service from the options given at the start, listens, and obeys calls until stopped. */
export async function hostService<Options>(
  build: (options: Options) => HostedService | Promise<HostedService>,
): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('A hosted service runs in a worker thread only.');
  try {
    // The options are what `startServiceThread` of the same service passed; both sides are typed by that service's module.
    const service = await build((workerData as LeanWorkerData).options as Options);
    service.server.listen(0, '127.0.0.1');
    await once(service.server, 'listening');
    port.on('message', (call: Call) => void obey(port, service, call));
    // A TCP server's address is an AddressInfo; it is a string only for pipes.
    post(port, { kind: 'ready', port: (service.server.address() as AddressInfo).port });
  } catch (error) {
    post(port, { kind: 'failed', reason: reasonOf(error) });
  }
}

async function obey(port: MessagePort, service: HostedService, call: Call): Promise<void> {
  try {
    if (call.method === STOP_METHOD) {
      service.server.closeAllConnections();
      await service.close();
      post(port, { kind: 'result', id: call.id, value: undefined });
      return;
    }
    const method = service.methods[call.method];
    if (method === undefined) throw new Error(`The service has no method ${call.method}.`);
    post(port, { kind: 'result', id: call.id, value: await method(call.input) });
  } catch (error) {
    post(port, { kind: 'error', id: call.id, reason: reasonOf(error) });
  }
}

function post(port: MessagePort, answer: Answer): void {
  port.postMessage(answer);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
