import * as z from 'zod';
import type { DeliveryDue, Notice, SweepRequest } from '../../domain/model/notice.ts';

/** A message, or why it cannot be worked on as it is. Neither is lost: it goes back to its queue. */
export type Parsed<Message> =
  | { readonly ok: true; readonly message: Message }
  /** `newer-schema`: a newer version of the hub sent it; it waits for that version. `malformed`: a developer must look. */
  | { readonly ok: false; readonly reason: 'newer-schema' | 'malformed' };

/** Reads a message of the inbound queue. */
export function parseNotice(body: string): Parsed<Notice> {
  return parse(body, notice);
}

/** Reads a message of an outbound queue: the event's detail, or one that was put back. */
export function parseDeliveryDue(body: string): Parsed<DeliveryDue> {
  return parse(body, deliveryDue);
}

/** Reads a message of the sweep queue; a schedule's has no `attempts`. */
export function parseSweepRequest(body: string): Parsed<SweepRequest> {
  return parse(body, sweepRequest);
}

// Fields that are not known are dropped: newer versions add fields without a new schema number as long as old workers can do
// without them. The bounds keep every key of the table within DynamoDB's limits.
const schema = z.literal(1);
const name = z.string().min(1).max(64);
const externalId = z.string().min(1).max(255);
const correlationId = z.string().min(1).max(128);
const attempts = z.int().nonnegative();
const work = z.enum(['live', 'backfill']).exactOptional();

const notice = z.object({
  schema,
  connection: name,
  object: name,
  ids: z.array(externalId).min(1).max(100),
  reason: z.enum(['webhook', 'sweep', 'backfill', 'walk', 'reference', 'delivery', 'retry', 'audit', 'erasure']),
  attempts,
  correlationId,
  page: z.string().min(1).max(255).exactOptional(),
  work,
  erasure: z.object({ kind: name, id: name }).exactOptional(),
}) satisfies z.ZodType<Notice>;

const deliveryDue = z.object({
  schema,
  connection: name,
  object: name,
  kind: name,
  id: name,
  attempts,
  correlationId,
  work,
}) satisfies z.ZodType<DeliveryDue>;

const sweepRequest = z.object({
  schema,
  connection: name,
  object: name,
  mode: z.enum(['changes', 'deletions', 'walk', 'backfill']),
  attempts: attempts.default(0),
  askedAt: z.number().nonnegative().exactOptional(),
}) satisfies z.ZodType<SweepRequest>;

const numbered = z.object({ schema: z.int().min(2) });

function parse<Message>(body: string, shape: z.ZodType<Message>): Parsed<Message> {
  const content = json(body);
  const checked = shape.safeParse(content);
  if (checked.success) return { ok: true, message: checked.data };
  return { ok: false, reason: numbered.safeParse(content).success ? 'newer-schema' : 'malformed' };
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Not JSON is one of the ways to be malformed; `undefined` fits no shape.
    return undefined;
  }
}
