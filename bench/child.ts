import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a process of a bench does when asked, by name: one input, one answer, both plain data. */
export type Duties = Readonly<Record<string, (input: never) => Promise<unknown>>>;

/** A process of a bench, so that its CPU time and memory can be told from the bench's own. */
export interface Child<D extends Duties> {
  /** *Faults*: rejects with what the duty threw, or when the process has ended. */
  ask<Name extends keyof D & string>(name: Name, input: Parameters<D[Name]>[0]): Promise<Awaited<ReturnType<D[Name]>>>;
  /** Ends the process; safe to call twice. */
  stop(): Promise<void>;
  /** Ends the process with SIGKILL, in the middle of whatever it does, and resolves when it is gone. */
  kill(): Promise<void>;
}

interface Question {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });

const STOP_MS_MAX = 20_000;

/** Starts a process of a bench. `file` calls {@link serveParent}. Its standard output goes to this process's error output. */
export function startChild<D extends Duties>(file: URL, nodeOptions: readonly string[] = []): Child<D> {
  const child = fork(file, {
    execArgv: [...nodeOptions],
    stdio: ['ignore', 2, 2, 'ipc'],
    serialization: 'advanced',
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  let isOver = false;
  child.on('message', (answer: Answer) => {
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('value' in answer) asker?.resolve(answer.value);
    else asker?.reject(new Error(answer.error));
  });
  child.once('exit', (code, signal) => {
    isOver = true;
    for (const { reject } of waiting.values()) reject(new Error(`A process of the bench ended (${signal ?? code}).`));
    waiting.clear();
  });
  return {
    ask(name, input) {
      if (isOver) return Promise.reject(new Error('A process of the bench has ended.'));
      asked += 1;
      const question: Question = { id: asked, name, input };
      const answered = new Promise<unknown>((resolve, reject) => {
        waiting.set(question.id, { resolve, reject });
      });
      child.send(question);
      // The process answers with what the duty of that name answers.
      return answered as never;
    },
    stop: () => stop(child, () => isOver),
    async kill() {
      if (isOver) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Disconnecting tells the process to end in order; one that does not is killed. */
async function stop(child: ChildProcess, isOver: () => boolean): Promise<void> {
  if (isOver()) return;
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  if (child.connected) child.disconnect();
  await ended;
  clearTimeout(timer);
}

/** Answers the process that started this one, until it disconnects or dies; then `end` runs and this process ends. */
export function serveParent<D extends Duties>(duties: D, end: () => Promise<void>): void {
  process.on('message', (question: Question) => {
    const answer = (given: Answer): void => void (process.connected && process.send?.(given));
    const duty = duties[question.name];
    // The types of startChild saw to it that the name and the input are the duty's own.
    const doing = duty === undefined ? Promise.reject(new Error(`no ${question.name}`)) : duty(question.input as never);
    doing.then(
      (value) => answer({ id: question.id, value }),
      (error: unknown) => answer({ id: question.id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.once('disconnect', () => {
    end().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  // An interrupt reaches the whole group; the parent decides what follows from it.
  process.on('SIGINT', () => undefined);
}
