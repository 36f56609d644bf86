import type { Hono } from 'hono';
import * as z from 'zod';
import { type AuditCursor, type AuditRequest, auditPage } from '../../domain/pipeline/audit/audit-page.ts';
import { ApiFault } from './api-fault.ts';
import type { ApiContext } from './hub-api.ts';
import { body, connectionOf } from './request-parts.ts';

const side = z.object({ count: z.int().nonnegative(), hash: z.string().regex(/^[0-9a-f]{16}$/) });
const id = z.string().min(1).max(255);

const cursor = z.object({
  phase: z.enum(['records', 'deletions']),
  position: z.unknown().optional(),
  listed: z.array(id).max(10_000),
  hasMore: z.boolean(),
  window: z
    .object({
      connection: z.string(),
      object: z.string(),
      first: id,
      last: id,
      mappingVersion: z.int(),
      there: side,
      known: side,
    })
    .exactOptional(),
}) satisfies z.ZodType<AuditCursor>;

const auditBody = z.object({
  connection: z.string(),
  object: z.string(),
  /** As the last page answered. */
  cursor: cursor.exactOptional(),
  /** Only these records, once more. */
  again: z.object({ ids: z.array(id).min(1).max(200), look: z.enum(['own', 'elsewhere']) }).exactOptional(),
  /** `connection#object` of all that this audit walks; everything when left out. */
  scope: z.array(z.string()).exactOptional(),
  /** End the page when so many records were looked at. */
  most: z.int().min(1).exactOptional(),
  repair: z.boolean().exactOptional(),
});

/** Pages of an audit. The caller keeps the place, so an audit needs nothing kept here and survives any restart of the hub. */
export function auditRoutes(api: Hono, { runtime }: ApiContext): void {
  api.post('/audit', async (http) => {
    const { hub, hasTime } = await runtime();
    const { connection, object, cursor, again, scope, most, repair } = await body(http, auditBody);
    const info = connectionOf(hub, connection);
    if (!info.objects.includes(object) || hub.mapping(connection, object) === undefined) {
      throw new ApiFault(400, `${connection} has no object ${object}.`);
    }
    const request: AuditRequest = {
      connection,
      object,
      cursor,
      ...(again === undefined ? {} : { again }),
      ...(most === undefined ? {} : { most }),
      scope: scope === undefined ? undefined : new Set(scope),
      isRepairing: repair === true,
    };
    const page = await auditPage(hub, request, hasTime);
    if (!page.ok) throw new ApiFault(502, `${connection} did not answer: ${page.fault.message}`);
    return http.json(page.value);
  });
}
