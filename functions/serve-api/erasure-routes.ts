import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { isKind, KINDS, type Kind } from '../../domain/model/kind.ts';
import { eraseByPerson, reapplyErasures } from '../../domain/pipeline/erase/erase-by-person.ts';
import { previewErasure } from '../../domain/pipeline/erase/preview-erasure.ts';
import type { Hub } from '../../domain/pipeline/ports.ts';
import { ApiFault } from './api-fault.ts';
import { callerOf } from './caller.ts';
import type { ApiContext } from './hub-api.ts';
import { body, idByRef, noSuchConnection, noSuchRecord } from './request-parts.ts';

const reapplyBody = z.object({ after: z.string().exactOptional() });

/** Erasing a record: what it would take away, doing it, what was erased, and applying the list of that again. */
export function erasureRoutes(api: Hono, { runtime }: ApiContext): void {
  api.get('/records/:kind/:id/erasure', async (http) => {
    const { hub } = await runtime();
    const { kind, id } = await recordOf(hub, http);
    const keepIn = keepInOf(http);
    const preview = await previewErasure(hub, kind, id, keepIn);
    if (preview === undefined) throw noSuchRecord(kind, id);
    // The record may lie in a connection that is configured no more, and stay there.
    const isThere = (each: string): boolean =>
      hub.connections.some(({ id }) => id === each) || preview.systems.some(({ connection }) => connection === each);
    const wrong = keepIn.find((each) => !isThere(each));
    if (wrong !== undefined) throw noSuchConnection(hub, wrong);
    return http.json(preview);
  });

  api.post('/records/:kind/:id/erasure', async (http) => {
    const { hub } = await runtime();
    const { kind, id } = await recordOf(hub, http);
    const answer = await eraseByPerson(hub, { kind, id, keepIn: keepInOf(http), by: callerOf(http) });
    if (answer.end === 'unknown') throw noSuchRecord(kind, id);
    if (answer.end === 'refused') throw new ApiFault(409, answer.reasons.join('\n'));
    const { id: erasing, ids, refs, keepIn } = answer.erasure;
    return http.json({ erasing, ids, refs, keepIn }, 202);
  });

  api.get('/erasures', async (http) => {
    const { hub } = await runtime();
    const { after } = http.req.query();
    return http.json(await hub.store.listErasures({ limit: 100, ...(after === undefined ? {} : { after }) }));
  });

  api.post('/erasures/reapply', async (http) => {
    const { hub } = await runtime();
    const { after } = await body(http, reapplyBody);
    return http.json(await reapplyErasures(hub, after), 202);
  });
}

/** The record by its id, or by `<connection>:<object>:<external id>`. */
async function recordOf(hub: Hub, http: Context): Promise<{ readonly kind: Kind; readonly id: string }> {
  const kind = http.req.param('kind') ?? '';
  const named = http.req.param('id') ?? '';
  if (!isKind(kind)) throw new ApiFault(404, `There is no kind ${kind}; the kinds are ${KINDS.join(', ')}.`);
  return { kind, id: /[:#]/.test(named) ? await idByRef(hub, kind, named, 'erase') : named };
}

/** `?keepIn=<connection>,<connection>`. */
function keepInOf(http: Context): readonly string[] {
  const text = http.req.query('keepIn') ?? '';
  return [...new Set(text.split(',').filter((id) => id !== ''))].sort();
}
