import { Hono } from 'hono';
import type { HubRuntime } from '../runtime/composition.ts';
import { ApiFault } from './api-fault.ts';
import { auditRoutes } from './audit-routes.ts';
import { connectionRoutes } from './connection-routes.ts';
import { erasureRoutes } from './erasure-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { problemRoutes } from './problem-routes.ts';
import { rateRoutes } from './rate-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { statusRoutes } from './status-routes.ts';

/** What every route reaches the hub by. */
export interface ApiContext {
  readonly runtime: () => Promise<HubRuntime>;
}

/** Time an answer may take; an HTTP API gives up after 30 s. */
const ANSWER_MS = 25_000;

/** The hub's HTTP API. On AWS every call is signed (IAM); on one machine it listens on the loopback address only. */
export function hubApi(runtimeOf: () => Promise<HubRuntime>): Hono {
  const api = new Hono().basePath('/api');
  const context: ApiContext = {
    runtime: async () => {
      const runtime = await runtimeOf();
      runtime.begin(ANSWER_MS);
      return runtime;
    },
  };
  statusRoutes(api, context);
  recordRoutes(api, context);
  problemRoutes(api, context);
  connectionRoutes(api, context);
  auditRoutes(api, context);
  erasureRoutes(api, context);
  rateRoutes(api, context);
  eventRoutes(api, context);
  api.notFound((http) => http.json({ error: `There is no ${http.req.method} ${http.req.path}.` }, 404));
  api.onError(async (error, http) => {
    if (error instanceof ApiFault) return http.json({ error: error.message }, error.status);
    const { log } = await runtimeOf();
    log.defect('serve-api-failed', error, { path: http.req.routePath });
    return http.json({ error: 'The hub met a defect; its log says where.' }, 500);
  });
  return api;
}
