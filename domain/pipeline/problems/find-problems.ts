import type { Problem } from '../../model/problem.ts';
import type { Hub } from '../ports.ts';
import { isPause, retryProblem } from './retry-problem.ts';

/** Which problems; what is left out does not matter. */
export interface ProblemFilter {
  readonly state?: 'open' | 'ignored';
  /** A cause, or the kind of a fault (`rejected`). */
  readonly cause?: string;
  readonly connection?: string;
  /** Opened before this moment, ms. */
  readonly before?: number;
}

/** Problems read for one page, most of which may not be meant. */
const READ_MAX = 2_000;
const READ_PAGE = 200;

function isMeant(problem: Problem, { cause, connection, before }: ProblemFilter): boolean {
  if (cause !== undefined && problem.cause !== cause && problem.faultKind !== cause) return false;
  if (connection !== undefined && problem.connection !== connection) return false;
  return before === undefined || problem.openedAt < before;
}

/**
 * The next problems meant, oldest first. *Bounds*: `limit` at most 200; looks at 2,000 problems, so a page may be short, or empty,
 * and still have a `next`.
 */
export async function findProblems(
  hub: Hub,
  filter: ProblemFilter,
  page: { readonly limit: number; readonly after?: string },
): Promise<{ readonly problems: readonly Problem[]; readonly next?: string }> {
  const found: Problem[] = [];
  let { after } = page;
  const isPlain = filter.cause === undefined && filter.connection === undefined;
  for (let read = 0; read < READ_MAX; read += READ_PAGE) {
    // A page must end where the list's page ends: its place is the only one known.
    const limit = isPlain ? page.limit - found.length : Math.min(READ_PAGE, page.limit - found.length);
    const { state = 'open' } = filter;
    const answer = await hub.store.listProblems({ limit, state, ...(after === undefined ? {} : { after }) });
    found.push(...answer.problems.filter((problem) => isMeant(problem, filter)));
    after = answer.next;
    const isPast = answer.problems.some(({ openedAt }) => filter.before !== undefined && openedAt >= filter.before);
    if (after === undefined || isPast) return { problems: found };
    if (found.length >= page.limit) break;
  }
  return { problems: found, ...(after === undefined ? {} : { next: after }) };
}

/** Problems of one cause and connection. */
export interface ProblemGroup {
  readonly cause: string;
  readonly connection: string;
  readonly count: number;
  /** When the oldest of them opened, ms. */
  readonly oldestAt: number;
  /** The next step of the oldest of them. */
  readonly nextStep: string;
  readonly example: string;
}

const SUMMARY_PAGES_MAX = 50;

/** Counts problems by cause and connection, the largest group first. *Bounds*: 10,000 problems; `isMore` when there are others. */
export async function summariseProblems(
  hub: Hub,
  filter: ProblemFilter,
): Promise<{ readonly groups: readonly ProblemGroup[]; readonly isMore: boolean }> {
  const groups = new Map<string, ProblemGroup>();
  let after: string | undefined;
  for (let page = 0; page < SUMMARY_PAGES_MAX; page++) {
    const { state = 'open' } = filter;
    const answer = await hub.store.listProblems({ limit: READ_PAGE, state, ...(after === undefined ? {} : { after }) });
    for (const problem of answer.problems) {
      if (!isMeant(problem, filter)) continue;
      const { cause, connection, openedAt, nextStep, id } = problem;
      const key = `${cause}#${connection}`;
      const known = groups.get(key) ?? { cause, connection, count: 0, oldestAt: openedAt, nextStep, example: id };
      groups.set(key, { ...known, count: known.count + 1 });
    }
    after = answer.next;
    if (after === undefined) break;
  }
  return { groups: [...groups.values()].sort((a, b) => b.count - a.count), isMore: after !== undefined };
}

/**
 * What came of a retry of many: `busy` ones were being written and stay open, `pauses` were left because no cause was named; with
 * `next` there are more.
 */
export interface RetryReport {
  readonly retried: number;
  readonly busy: number;
  readonly pauses: number;
  readonly next?: string;
}

/** Problems retried by one call, about a second's work each at worst. */
export const RETRY_PAGE = 50;

/**
 * Retries the next problems meant, as {@link retryProblem} does one; a pause, which guards what is there, ends only when its cause is
 * named. *Bounds*: 50 a call; go on from
 * `next` with the same `before`, so that what opens again meanwhile is not met again.
 */
export async function retryProblems(hub: Hub, filter: ProblemFilter, after: string | undefined): Promise<RetryReport> {
  const page = await findProblems(hub, filter, { limit: RETRY_PAGE, ...(after === undefined ? {} : { after }) });
  let busy = 0;
  let retried = 0;
  let pauses = 0;
  for (const problem of page.problems) {
    if (filter.cause === undefined && isPause(problem)) {
      pauses += 1;
      continue;
    }
    const end = await retryProblem(hub, problem.id);
    if (end === 'queued') retried += 1;
    else if (end === 'contended') busy += 1;
  }
  return { retried, busy, pauses, ...(page.next === undefined ? {} : { next: page.next }) };
}
