import { Worker } from 'node:worker_threads';
import type { SimulatorAnswer, SimulatorTask } from './simulator-task.ts';

/** Simulators running in threads of their own. */
export interface RunningSimulators {
  /** Addresses by system; empty for one that does not run. */
  readonly urls: Readonly<Record<SimulatorTask['system'], string>>;
  stop(): Promise<void>;
}

const START_MS_MAX = 30_000;
const STOP_MS_MAX = 5_000;

/** Starts simulated systems. *Faults*: rejects, with none left running, when one cannot start (a port that is taken). */
export async function startSimulators(tasks: readonly SimulatorTask[]): Promise<RunningSimulators> {
  const running: Worker[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map(stopOne));
  };
  const urls: Record<string, string> = {};
  try {
    for (const task of tasks) {
      const worker = new Worker(new URL('./simulator-thread.ts', import.meta.url), { workerData: task });
      running.push(worker);
      urls[task.system] = await ready(worker, task);
    }
  } catch (error) {
    // Whatever kept one from starting, the others must not stay behind; the caller hears why.
    await stop();
    throw error;
  }
  const urlOf = (system: SimulatorTask['system']): string => urls[system] ?? '';
  return {
    urls: {
      salesforce: urlOf('salesforce'),
      hubspot: urlOf('hubspot'),
      'aws-marketplace': urlOf('aws-marketplace'),
      'aws-partner-central': urlOf('aws-partner-central'),
    },
    stop,
  };
}

function ready(worker: Worker, { system, port }: SimulatorTask): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => end(new Error(`The simulated ${system} did not start in ${START_MS_MAX} ms.`)),
      START_MS_MAX,
    );
    const end = (outcome: string | Error): void => {
      clearTimeout(timer);
      if (typeof outcome === 'string') resolve(outcome);
      else reject(outcome);
    };
    worker.once('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
    worker.once('message', (answer: SimulatorAnswer) => {
      if (answer.kind === 'ready') end(answer.url);
      else if (answer.kind === 'failed')
        end(new Error(`The simulated ${system} could not start on port ${port}: ${answer.reason}`));
    });
  });
}

async function stopOne(worker: Worker): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    worker.on('message', (answer: SimulatorAnswer) => {
      if (answer.kind === 'stopped') resolve();
    });
    worker.once('exit', () => resolve());
  });
  worker.postMessage('stop');
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, STOP_MS_MAX);
  });
  await Promise.race([stopped, overdue]);
  clearTimeout(timer);
  await worker.terminate();
}
