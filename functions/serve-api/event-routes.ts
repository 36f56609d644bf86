import type { Hono } from 'hono';
import type { ApiContext } from './hub-api.ts';

/** Events that the hub keeps as they came, newest first: `?before=<what the last page named>`. */
export function eventRoutes(api: Hono, { runtime }: ApiContext): void {
  api.get('/events', async (http) => {
    const { hub } = await runtime();
    const { before } = http.req.query();
    return http.json(await hub.store.listEvents({ limit: PAGE, ...(before === undefined ? {} : { before }) }));
  });
}

const PAGE = 100;
