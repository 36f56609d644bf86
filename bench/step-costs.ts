import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the invocations of one step of the hub did and cost together. */
export interface StepCost {
  readonly invocations: number;
  /** Messages of the queue, for steps that read one. */
  readonly messages: number;
  /** Time of the invocations, ms; several run at the same time. */
  readonly busyMs: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/**
 * Adds up, by step, the lines that the functions of a hub logged between two moments (ms since the epoch): each invocation says
 * how long it took and which capacity units it spent.
 *
 * *Bounds*: a function's log keeps its last 20 MB at least.
 */
export function readStepCosts(logDirectory: string, from: number, to: number): Record<string, StepCost> {
  const costs: Record<string, StepCost> = {};
  for (const file of existsSync(logDirectory) ? readdirSync(logDirectory) : []) {
    for (const line of readFileSync(join(logDirectory, file), 'utf8').split('\n')) {
      const logged = line.includes('"readUnits"') ? readLine(line) : undefined;
      if (logged === undefined || logged.at < from || logged.at > to) continue;
      costs[logged.step] = add(costs[logged.step], logged);
    }
  }
  return costs;
}

const NOTHING: StepCost = { invocations: 0, messages: 0, busyMs: 0, readUnits: 0, writeUnits: 0 };

function add(sum: StepCost = NOTHING, { messages, busyMs, readUnits, writeUnits }: LoggedStep): StepCost {
  return {
    invocations: sum.invocations + 1,
    messages: sum.messages + messages,
    busyMs: sum.busyMs + busyMs,
    readUnits: sum.readUnits + readUnits,
    writeUnits: sum.writeUnits + writeUnits,
  };
}

interface LoggedStep extends Omit<StepCost, 'invocations'> {
  readonly step: string;
  readonly at: number;
}

function readLine(line: string): LoggedStep | undefined {
  // A line of the hub's log is a JSON object; which members it has depends on the step.
  const facts = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const number = (name: string): number => (typeof facts[name] === 'number' ? facts[name] : 0);
  if (typeof facts.step !== 'string' || typeof facts.timestamp !== 'string') return undefined;
  return {
    step: facts.step,
    at: Date.parse(facts.timestamp),
    messages: number('messages'),
    busyMs: number('durationMs'),
    readUnits: number('readUnits'),
    writeUnits: number('writeUnits'),
  };
}
