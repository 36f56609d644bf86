import type { Problem } from '../../domain/model/problem.ts';
import type { ProblemRecords } from '../../domain/pipeline/problems/name-records.ts';
import { callHub, type RemoteOptions } from './api-client.ts';
import { CliFault } from './cli-fault.ts';

interface ProblemPage {
  readonly problems: readonly (Omit<Problem, 'openedAt' | 'ignored'> &
    Partial<ProblemRecords> & {
      readonly openedAt: string;
      /** The value that no lookup lists. */
      readonly value?: string;
      readonly ignored?: { readonly at: string; readonly by: string; readonly reason: string };
    })[];
  readonly next?: string;
}

/** Which problems, as typed. */
export interface ProblemOptions extends RemoteOptions {
  readonly cause?: string;
  readonly connection?: string;
  readonly ignored?: boolean;
  readonly limit?: string;
}

interface ProblemSummary {
  readonly groups: readonly {
    readonly cause: string;
    readonly connection: string;
    readonly count: number;
    readonly oldestAt: string;
    readonly nextStep: string;
  }[];
  readonly isMore: boolean;
  readonly ignored: number;
}

/** Prints open problems: counted by cause, or one by one, oldest first, when asked for a cause, a connection, a number or those ignored. */
export async function listProblems(options: ProblemOptions): Promise<void> {
  const { cause, connection, ignored = false, limit } = options;
  const isOneByOne = cause !== undefined || connection !== undefined || ignored || limit !== undefined;
  if (!isOneByOne) return printSummary(options);
  const wanted = Number(limit ?? LIMIT_DEFAULT);
  if (!Number.isInteger(wanted) || wanted < 1) throw new CliFault('--limit is a whole number, 1 or more.');
  let after: string | undefined;
  let shown = 0;
  for (let call = 0; call < CALLS_MAX && shown < wanted; call++) {
    const size = String(Math.min(PAGE_MAX, wanted - shown));
    const query = queryOf({ limit: size, cause, connection, state: ignored ? 'ignored' : undefined, after });
    const page: ProblemPage = await callHub(options, 'GET', `/api/problems?${query}`);
    for (const problem of page.problems) printProblem(problem);
    shown += page.problems.length;
    after = page.next;
    if (after === undefined) break;
  }
  if (shown === 0 && after === undefined) console.log(ignored ? 'No ignored problems.' : 'No open problems.');
  if (shown > 0 && !ignored)
    console.log('\nAgain: npx hub retry <id>. To leave one: npx hub ignore <id> --reason "<why>".');
  if (after !== undefined) {
    const again = [`--limit ${wanted * 4}`, option('cause', cause), option('connection', connection)];
    if (ignored) again.push('--ignored');
    console.log(`There are more than these ${shown}: npx hub problems ${again.filter(Boolean).join(' ')}`);
  }
}

function option(name: string, value: string | undefined): string {
  return value === undefined ? '' : `--${name} ${value}`;
}

const LIMIT_DEFAULT = '50';
/** Problems of one call. */
const PAGE_MAX = 200;

async function printSummary(options: ProblemOptions): Promise<void> {
  const { groups, isMore, ignored } = await callHub<ProblemSummary>(options, 'GET', '/api/problems/summary');
  for (const { cause, connection, count, oldestAt, nextStep } of groups) {
    console.log(`${String(count).padStart(6)}  ${cause}  ${connection}  since ${oldestAt}`);
    console.log(`        ${count === 1 ? 'Next' : 'Next, of the oldest'}: ${nextStep}`);
  }
  if (groups.length === 0) console.log('No open problems.');
  else console.log('\nOne by one: npx hub problems --cause <cause> [--connection <connection>]');
  if (isMore) console.log('There are more than were counted.');
  if (ignored > 0) console.log(`Ignored: ${ignored} (npx hub problems --ignored)`);
}

function printProblem(problem: ProblemPage['problems'][number]): void {
  const {
    id,
    cause,
    connection,
    object,
    externalId,
    unifiedId,
    candidates,
    record,
    others = {},
    value,
    ignored,
  } = problem;
  const about = [connection, object, externalId ?? unifiedId].filter(Boolean).join(' ');
  const name = record?.name === undefined ? '' : `  “${record.name}”`;
  console.log(`${id}  ${cause}  ${about}${name}  since ${problem.openedAt}`);
  console.log(`  ${problem.message}`);
  if (value !== undefined) console.log(`  Its value: “${value}”`);
  console.log(`  Next: ${problem.nextStep}`);
  const named = (told: string): string => {
    const called = others[told]?.name;
    return called === undefined ? told : `${told} “${called}”`;
  };
  if (candidates !== undefined) console.log(`  Concerns: ${candidates.map(named).join(', ')}`);
  if (record !== undefined) console.log(`  See: npx hub record ${record.kind} ${record.id}`);
  if (ignored !== undefined) console.log(`  Ignored by ${ignored.by} since ${ignored.at}: ${ignored.reason}`);
}

function queryOf(parts: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(parts)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&');
}

/** Tries one problem again, or all of a cause, a connection, or both, page by page. */
export async function retry(problem: string | undefined, options: ProblemOptions): Promise<void> {
  const { cause, connection } = options;
  if (problem !== undefined) {
    if (cause !== undefined || connection !== undefined) {
      throw new CliFault('Say one problem, or a cause or connection, not both.');
    }
    await callHub(options, 'POST', `/api/problems/${encodeURIComponent(problem)}/retry`);
    console.log(`${problem} is tried again. If its cause is still there, it opens again.`);
    return;
  }
  if (cause === undefined && connection === undefined) {
    throw new CliFault('Say which: a problem, --cause <cause>, --connection <connection>, or the last two.');
  }
  await retryMany(options, { cause, connection });
}

interface RetryPage {
  readonly before: number;
  readonly retried: number;
  readonly busy: number;
  readonly pauses: number;
  readonly next?: string;
}

async function retryMany(
  options: ProblemOptions,
  filter: { readonly cause: string | undefined; readonly connection: string | undefined },
): Promise<void> {
  let before: number | undefined;
  let after: string | undefined;
  let retried = 0;
  let busy = 0;
  let pauses = 0;
  for (let call = 0; call < CALLS_MAX; call++) {
    // What opens again meanwhile is younger than the first call and so is not met again.
    const page: RetryPage = await callHub(options, 'POST', '/api/problems/retry', { ...filter, before, after });
    before = page.before;
    after = page.next;
    retried += page.retried;
    busy += page.busy;
    pauses += page.pauses;
    if (after === undefined) break;
  }
  console.log(`${retried} tried again. Those whose cause is still there open again.`);
  if (busy > 0) console.log(`${busy} were being written just then and stay open; run it again.`);
  if (pauses > 0)
    console.log('A paused connection stays so: npx hub resume <connection>, when what paused it is answered.');
  if (after !== undefined) console.log('There are more; run it again.');
}

/** Leaves a problem as it is, for a reason, or takes that back. */
export async function ignore(
  problem: string,
  options: RemoteOptions & { readonly reason?: string; readonly undo?: boolean },
): Promise<void> {
  const path = `/api/problems/${encodeURIComponent(problem)}`;
  if (options.undo === true) {
    await callHub(options, 'POST', `${path}/attend`);
    console.log(`${problem} is open again.`);
    return;
  }
  const reason = options.reason?.trim() ?? '';
  if (reason === '') {
    throw new CliFault(`Say why, for whoever looks at it later: npx hub ignore ${problem} --reason "<why>".`);
  }
  const { keptApart } = await callHub<{ keptApart?: boolean }>(options, 'POST', `${path}/ignore`, { reason });
  console.log(
    keptApart === true
      ? `${problem} is answered: they are kept apart, and what was withheld is created.`
      : `${problem} is ignored until its cause changes. To take that back: npx hub ignore ${problem} --undo`,
  );
}

/** Sends dead letters to their queues again, until none are left or a bound is met. */
export async function redrive(options: RemoteOptions): Promise<void> {
  let isNone = true;
  for (let call = 0; call < CALLS_MAX; call++) {
    const { moved, hasMore } = await callHub<{ moved: Record<string, number>; hasMore: boolean }>(
      options,
      'POST',
      '/api/dead-letters/redrive',
    );
    for (const [queue, count] of Object.entries(moved)) {
      if (count === 0) continue;
      isNone = false;
      console.log(`${queue}: ${count} sent again`);
    }
    if (!hasMore) break;
  }
  if (isNone) console.log('No dead letters.');
}

const CALLS_MAX = 100;
