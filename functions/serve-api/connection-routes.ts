import type { Hono } from 'hono';
import * as z from 'zod';
import { compileMappings } from '../../domain/mapping/compile-mappings.ts';
import type { CompiledMapping } from '../../domain/mapping/compiled-mapping.ts';
import { updateConnection } from '../../domain/pipeline/connections/pause-connection.ts';
import { previewConnection } from '../../domain/pipeline/connections/preview-connection.ts';
import { releaseConnection } from '../../domain/pipeline/connections/release-connection.ts';
import type { Hub } from '../../domain/pipeline/ports.ts';
import { resumeConnection } from '../../domain/pipeline/problems/retry-problem.ts';
import type { HubRuntime } from '../runtime/composition.ts';
import { ApiFault } from './api-fault.ts';
import type { ApiContext } from './hub-api.ts';
import { body, connectionOf, noSuchObject } from './request-parts.ts';

const backfillBody = z.object({ objects: z.array(z.string()).min(1).optional() });

const previewBody = z.object({
  /** Only what would be written to this connection. */
  target: z.string().optional(),
  connection: z.string(),
  object: z.string(),
  position: z.unknown().optional(),
  most: z.int().min(1).exactOptional(),
  /** A parsed mapping file to try, by its path under `mappings/`. */
  mapping: z.object({ path: z.string(), document: z.unknown() }).optional(),
});

/** What a person does with a connection: backfill, preview, release, pause, resume. */
export function connectionRoutes(api: Hono, { runtime }: ApiContext): void {
  api.post('/connections/:id/backfill', async (http) => {
    const { hub } = await runtime();
    const info = connectionOf(hub, http.req.param('id'));
    const { objects = info.objects } = await body(http, backfillBody);
    for (const object of objects) {
      if (!info.objects.includes(object)) throw noSuchObject(info, object, 400);
    }
    await hub.connectionState(info.id);
    // Its sweeps wait as long as it is paused, and so would whoever watches them.
    if (await isPaused(hub, info.id)) {
      throw new ApiFault(409, `${info.id} is paused; npx hub resume ${info.id} first.`);
    }
    await hub.outbox.sweep(
      objects.map((object) => ({ schema: 1, connection: info.id, object, mode: 'backfill', attempts: 0 }) as const),
      0,
    );
    return http.json({ backfilling: objects }, 202);
  });

  api.post('/connections/:id/release', async (http) => {
    const { hub } = await runtime();
    const { id } = connectionOf(hub, http.req.param('id'));
    const wasReleased = (await hub.store.readConnection(id))?.releasedAt !== undefined;
    await releaseConnection(hub, id);
    return http.json({ released: id, wasReleased, isPaused: await isPaused(hub, id) });
  });

  api.post('/connections/:id/pause', async (http) => {
    const { hub } = await runtime();
    const { id } = connectionOf(hub, http.req.param('id'));
    await hub.connectionState(id);
    await updateConnection(hub, id, (state) =>
      state.paused === undefined
        ? { ...state, paused: { at: hub.now(), reason: 'paused by a person', by: 'person' } }
        : undefined,
    );
    return http.json({ paused: id });
  });

  api.post('/connections/:id/resume', async (http) => {
    const { hub } = await runtime();
    const { id } = connectionOf(hub, http.req.param('id'));
    const wasPaused = await isPaused(hub, id);
    if (wasPaused) await resumeConnection(hub, id);
    return http.json({ resumed: id, wasPaused });
  });

  api.post('/preview', async (http) => {
    const known = await runtime();
    const { target, connection, object, position, most, mapping } = await body(http, previewBody);
    const info = connectionOf(known.hub, connection);
    if (!info.objects.includes(object)) throw noSuchObject(info, object, 400);
    if (target !== undefined) connectionOf(known.hub, target);
    const replace = mapping === undefined ? undefined : compileOne(known, mapping.path, mapping.document);
    const page = await previewConnection(known.hub, { target, connection, object, position, most, replace });
    if (!page.ok) throw new ApiFault(502, `${connection} did not answer: ${page.fault.message}`);
    return http.json(page.value);
  });
}

/** From the table: a process takes a state that it has read for granted for a while, and it may have been paused or resumed since. */
async function isPaused({ store }: Hub, id: string): Promise<boolean> {
  return (await store.readConnection(id))?.paused !== undefined;
}

/** Compiles one mapping file against the vocabularies in force. */
function compileOne({ mappingDocuments }: HubRuntime, path: string, document: unknown): CompiledMapping {
  const answer = compileMappings({ ...mappingDocuments, [path]: document });
  if (!answer.ok) {
    const reasons = answer.issues.map(({ file, reason }) => `${file}: ${reason}`);
    throw new ApiFault(400, reasons.join('\n'));
  }
  const [system = '', name = ''] = path.replace(/\.ya?ml$/, '').split('/');
  const compiled = answer.value.mappings.all().find(({ id }) => id === `${system}/${name}`);
  if (compiled === undefined)
    throw new ApiFault(400, `${path} is not a mapping: mappings lie in <system>/<object>.<kind>.yaml.`);
  return compiled;
}
