import type { Hono } from 'hono';
import { keepApart } from '../../domain/pipeline/decide-likeness.ts';
import { retryProblem } from '../../domain/pipeline/retry-problem.ts';
import { ApiFault } from './api-fault.ts';
import type { ApiContext } from './hub-api.ts';
import { redriveDeadLetters } from './redrive-dead-letters.ts';

const PAGE_MAX = 200;
const PAGE_DEFAULT = 50;

/** Open problems, their retry, and the redrive of dead letters. */
export function problemRoutes(api: Hono, { runtime }: ApiContext): void {
  api.get('/problems', async (http) => {
    const { hub } = await runtime();
    const { limit = String(PAGE_DEFAULT), after } = http.req.query();
    const size = Number(limit);
    if (!Number.isInteger(size) || size < 1 || size > PAGE_MAX) {
      throw new ApiFault(400, `limit is a whole number from 1 to ${PAGE_MAX}.`);
    }
    const page = await hub.store.listProblems({ limit: size, ...(after === undefined ? {} : { after }) });
    const problems = page.problems.map(({ openedAt, ...problem }) => ({
      ...problem,
      openedAt: new Date(openedAt).toISOString(),
    }));
    return http.json({ problems, ...(page.next === undefined ? {} : { next: page.next }) });
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
    const end = await keepApart(hub, id);
    if (end === 'unknown') throw new ApiFault(404, `There is no problem ${id}.`);
    if (end === 'contended') throw new ApiFault(409, 'One of the records is being written just now; try again.');
    if (end === 'not-a-likeness') {
      throw new ApiFault(
        400,
        'Only a question whether records are the same can be ignored; any other problem closes when its cause is gone.',
      );
    }
    return http.json({ ignored: id });
  });

  api.post('/dead-letters/redrive', async (http) => {
    const { clients, environment } = await runtime();
    return http.json(await redriveDeadLetters(clients.sqs, environment));
  });
}
