import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { FAULT_KINDS } from '../../domain/model/fault.ts';
import { PROBLEM_CAUSES, type Problem, REASON_MAX } from '../../domain/model/problem.ts';
import type { Hub } from '../../domain/pipeline/ports.ts';
import { findProblems, retryProblems, summariseProblems } from '../../domain/pipeline/problems/find-problems.ts';
import {
  attendProblem,
  type IgnoreEnd,
  ignoreProblem,
  toldApart,
} from '../../domain/pipeline/problems/ignore-problem.ts';
import { nameRecords } from '../../domain/pipeline/problems/name-records.ts';
import { retryProblem } from '../../domain/pipeline/problems/retry-problem.ts';
import { valuesOfProblems } from '../../domain/pipeline/problems/value-of-problem.ts';
import { ApiFault } from './api-fault.ts';
import { callerOf } from './caller.ts';
import type { ApiContext } from './hub-api.ts';
import { redriveDeadLetters } from './redrive-dead-letters.ts';
import { body, flawsIn, noSuchConnection } from './request-parts.ts';

const PAGE_MAX = 200;
const PAGE_DEFAULT = 50;

const causes = [...PROBLEM_CAUSES, ...FAULT_KINDS] as const;
const filterShape = {
  cause: z
    .enum(causes, {
      error: ({ input }) =>
        `there is none called ${JSON.stringify(input)}. There are ${PROBLEM_CAUSES.join(', ')}; or a kind of fault: ${FAULT_KINDS.join(', ')}.`,
    })
    .exactOptional(),
  connection: z.string().min(1).exactOptional(),
};
const listQuery = z.object({
  ...filterShape,
  state: z.enum(['open', 'ignored']).exactOptional(),
  limit: z.string().exactOptional(),
  after: z.string().exactOptional(),
});
const retryBody = z.object({
  ...filterShape,
  /** Opened before this moment, ms; now when absent. */
  before: z.number().int().positive().exactOptional(),
  after: z.string().exactOptional(),
});
const ignoreBody = z.object({ reason: z.string().trim().max(REASON_MAX).default('') });

/** Problems: listed and counted, retried one by one or by cause, ignored and taken up again; and the redrive of dead letters. */
export function problemRoutes(api: Hono, { runtime }: ApiContext): void {
  api.get('/problems', async (http) => {
    const { hub } = await runtime();
    const { limit = String(PAGE_DEFAULT), after, ...filter } = query(http, listQuery);
    if (after === undefined) await checkConnection(hub, filter.connection);
    const size = Number(limit);
    if (!Number.isInteger(size) || size < 1 || size > PAGE_MAX) {
      throw new ApiFault(400, `limit is a whole number from 1 to ${PAGE_MAX}.`);
    }
    const page = await findProblems(hub, filter, { limit: size, ...(after === undefined ? {} : { after }) });
    const [records, values] = await Promise.all([
      nameRecords(hub, page.problems),
      valuesOfProblems(hub, page.problems),
    ]);
    const problems = page.problems.map((problem) => {
      const value = values.get(problem.id);
      return { ...told(problem), ...(value === undefined ? {} : { value }), ...records.get(problem.id) };
    });
    return http.json({ problems, ...(page.next === undefined ? {} : { next: page.next }) });
  });

  api.get('/problems/summary', async (http) => {
    const { hub } = await runtime();
    const { limit: _, after: __, ...filter } = query(http, listQuery);
    await checkConnection(hub, filter.connection);
    const [summary, ignored] = await Promise.all([
      summariseProblems(hub, filter),
      summariseProblems(hub, { ...filter, state: 'ignored' }),
    ]);
    return http.json({
      groups: summary.groups.map(({ oldestAt, ...group }) => ({
        ...group,
        oldestAt: new Date(oldestAt).toISOString(),
      })),
      isMore: summary.isMore,
      ignored: ignored.groups.reduce((sum, { count }) => sum + count, 0),
    });
  });

  api.post('/problems/retry', async (http) => {
    const { hub } = await runtime();
    const { after, before = hub.now(), ...filter } = await body(http, retryBody);
    if (filter.cause === undefined && filter.connection === undefined) {
      throw new ApiFault(400, 'Say which problems: a cause, a connection, or both.');
    }
    if (after === undefined) await checkConnection(hub, filter.connection);
    return http.json({ before, ...(await retryProblems(hub, { ...filter, before }, after)) }, 202);
  });

  api.post('/problems/:id/retry', async (http) => {
    const { hub } = await runtime();
    const id = http.req.param('id');
    const end = await retryProblem(hub, id);
    if (end === 'unknown-problem') throw new ApiFault(404, `There is no problem ${id}.`);
    if (end === 'contended') throw new ApiFault(409, 'The record is being written just now; try again.');
    return http.json({ retried: id }, 202);
  });

  api.post('/problems/:id/ignore', async (http) => {
    const { hub } = await runtime();
    const id = http.req.param('id');
    const { reason } = await body(http, ignoreBody);
    const end = await ignoreProblem(hub, id, { by: callerOf(http), reason });
    refuse(end, id);
    return http.json({ ignored: id, keptApart: end === 'kept-apart' });
  });

  api.post('/problems/:id/attend', async (http) => {
    const { hub } = await runtime();
    const id = http.req.param('id');
    const end = await attendProblem(hub, id, callerOf(http));
    if (end === 'told-apart') throw await answered(hub, id);
    refuse(end, id);
    return http.json({ attended: id });
  });

  api.post('/dead-letters/redrive', async (http) => {
    const { clients, environment } = await runtime();
    return http.json(await redriveDeadLetters(clients.sqs, environment));
  });
}

/** A problem as a person reads it. Times are ISO 8601 in UTC. */
function told({ openedAt, raisedAt, closedAt: _, about: __, ignored, ...problem }: Problem): object {
  return {
    ...problem,
    openedAt: new Date(openedAt).toISOString(),
    ...(raisedAt === undefined ? {} : { raisedAt: new Date(raisedAt).toISOString() }),
    ...(ignored === undefined ? {} : { ignored: { ...ignored, at: new Date(ignored.at).toISOString() } }),
  };
}

/**
 * Problems are asked for by a connection that there is, by the hub itself, or by one that is configured no more and has some left.
 * *Faults*: 404 naming the connections there are.
 */
async function checkConnection(hub: Hub, connection: string | undefined): Promise<void> {
  if (connection === undefined || connection === 'hub' || hub.connections.some(({ id }) => id === connection)) return;
  for (const state of ['open', 'ignored'] as const) {
    if ((await summariseProblems(hub, { connection, state })).groups.length > 0) return;
  }
  throw noSuchConnection(hub, connection);
}

/** What a question was answered with, and how to say otherwise. */
async function answered(hub: Hub, id: string): Promise<ApiFault> {
  const problem = await hub.store.readProblem(id);
  const pairs = problem === undefined ? [] : await toldApart(hub, problem);
  const ways = pairs.map(([one, other]) => `npx hub merge ${problem?.kind} ${other} ${one}`);
  return new ApiFault(
    409,
    `The problem ${id} was answered with: they are not the same. If they are after all: ${ways.join(', or ')}`,
  );
}

function refuse(end: IgnoreEnd, id: string): void {
  if (end === 'unknown') throw new ApiFault(404, `There is no problem ${id}.`);
  if (end === 'no-reason') throw new ApiFault(400, 'Say why it may stay as it is: a reason is kept with the problem.');
  if (end === 'not-open') throw new ApiFault(409, `The problem ${id} is not open (any more).`);
  if (end === 'not-ignored') throw new ApiFault(409, `The problem ${id} is not ignored.`);
  if (end === 'contended') throw new ApiFault(409, 'One of the records is being written just now; try again.');
}

function query<T>(http: Context, shape: z.ZodType<T>): T {
  const checked = shape.safeParse(http.req.query());
  if (!checked.success) throw new ApiFault(400, flawsIn(checked.error));
  return checked.data;
}
