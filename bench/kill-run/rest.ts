import { setTimeout as sleep } from 'node:timers/promises';
import { callHub } from '../../local/cli/api-client.ts';
import type { BenchHub } from '../bench-world.ts';

/** A problem that is open in the end. */
export interface OpenProblem {
  readonly cause: string;
  readonly connection: string;
  readonly object?: string;
  readonly externalId?: string;
  readonly message: string;
  /** Other records concerned, as `connection#object#externalId`. */
  readonly candidates?: readonly string[];
}

const POLL_MS = 1_000;
/** An empty queue must be seen so often in a row: between two queues a message is on the bus. */
const QUIET_POLLS = 5;
const PROBLEM_PAGES_MAX = 50;

/** Sweeps for changes come each minute: after two of them one began after the last change and has ended. */
const SWEPT_AFTER_MS = 130_000;

/**
 * Waits until the sweeps had time to find what was changed until `since`, and nothing is on a queue or on the bus. *Faults*: throws
 * when that takes longer than `withinMs`, with what is left.
 */
export async function waitForRest(hub: BenchHub, since: number, withinMs: number): Promise<void> {
  let quietPolls = 0;
  let left: Readonly<Record<string, number>> = {};
  for (const giveUpAt = Date.now() + withinMs; Date.now() < giveUpAt; await sleep(POLL_MS)) {
    left = await messagesLeft(hub);
    quietPolls = Object.keys(left).length === 0 ? quietPolls + 1 : 0;
    if (quietPolls >= QUIET_POLLS && Date.now() >= since + SWEPT_AFTER_MS) return;
  }
  throw new Error(`The hub did not come to rest within ${withinMs / 1_000} s; left: ${JSON.stringify(left)}.`);
}

/** Messages by queue, and events on the bus; what is empty is left out. Dead letters are not work to be done. */
async function messagesLeft(hub: BenchHub): Promise<Readonly<Record<string, number>>> {
  const { sqs, eventbridge } = await hub.stats();
  const queues = Object.entries(sqs.queues)
    .filter(([name]) => !isOfDeadLetters(name))
    .map(([name, { ready, inFlight, delayed }]) => [name, ready + inFlight + delayed] as const);
  const all = [...queues, ['events on the bus', eventbridge.deliveries.open] as const];
  return Object.fromEntries(all.filter(([, count]) => count > 0));
}

/** Messages that nobody will try again, by queue. */
export async function deadLetters(hub: BenchHub): Promise<Readonly<Record<string, number>>> {
  const { sqs } = await hub.stats();
  const dead = Object.entries(sqs.queues).filter(([name]) => isOfDeadLetters(name));
  return Object.fromEntries(
    dead
      .map(([name, { ready, inFlight, delayed }]) => [name, ready + inFlight + delayed] as const)
      .filter(([, count]) => count > 0),
  );
}

function isOfDeadLetters(queue: string): boolean {
  return /dead-letters|undelivered/.test(queue);
}

/** Everything a person is asked to look at. */
export async function openProblems(hub: BenchHub): Promise<readonly OpenProblem[]> {
  const all: OpenProblem[] = [];
  let after = '';
  for (let page = 0; page < PROBLEM_PAGES_MAX; page += 1) {
    const answer = await callHub<{ readonly problems: readonly OpenProblem[]; readonly next?: string }>(
      { url: hub.url },
      'GET',
      `/api/problems?limit=200${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`,
    );
    all.push(...answer.problems);
    if (answer.next === undefined) return all;
    after = answer.next;
  }
  return all;
}
