import * as z from 'zod';
import { chunk } from '../../connectors/kit/chunk.ts';
import type { DeliveryDue, Notice, SweepRequest } from '../../domain/model/notice.ts';
import type { VendorEvent } from '../../domain/model/vendor-event.ts';

/** A message, or why it cannot be worked on as it is. Neither is lost: it goes back to its queue. */
export type Parsed<Message> =
  | { readonly ok: true; readonly message: Message }
  /** `newer-schema`: a newer version of the hub sent it; it waits for that version. `malformed`: a developer must look. */
  | { readonly ok: false; readonly reason: 'newer-schema' | 'malformed' };

/** Reads a message of the inbound queue. */
export function parseNotice(body: string): Parsed<Notice> {
  return parse(body, notice);
}

/** A message of the inbound queue: a notice, or an event as a rule of the bus put it there. */
export type InboundMessage = Notice | VendorEvent;

/** Reads a message of the inbound queue, whoever put it there. */
export function parseInbound(body: string): Parsed<InboundMessage> {
  const asEvent = parse(body, envelope);
  if (!asEvent.ok) return parseNotice(body);
  const { 'detail-type': detailType, detail, ...event } = asEvent.message;
  return { ok: true, message: { ...event, detailType, detail } };
}

/** Records that may be behind in one connection, 1 to 100, and what they have in common. */
export interface DeliveriesMessage {
  readonly due: readonly DeliveryDue[];
  /** That of all of them, if they have the same. */
  readonly correlationId?: string;
}

/** Reads a message of an outbound queue: the event's detail, or one that was put back. One record may stand alone. */
export function parseDeliveries(body: string): Parsed<DeliveriesMessage> {
  const parsed = parse(body, z.union([deliveries, deliveryDue]));
  if (!parsed.ok) return parsed;
  const { message } = parsed;
  if (!('records' in message)) return { ok: true, message: { due: [message], correlationId: message.correlationId } };
  const { records, ...common } = message;
  const due = records.map((record) => ({ ...common, ...record }));
  const [first] = due;
  const isShared = due.every((each) => each.correlationId === first?.correlationId);
  return { ok: true, message: { due, ...(isShared && first ? { correlationId: first.correlationId } : {}) } };
}

/**
 * Deliveries as messages, as few as can be: a change of many records is worked off by the hundred, without anybody waiting for
 * a batch to fill. In the order given, for each connection, object and urgency.
 */
export function packDeliveries(due: readonly DeliveryDue[]): readonly PackedDeliveries[] {
  const groups = Map.groupBy(due, ({ connection, object, work }) =>
    JSON.stringify([connection, object, work ?? 'live']),
  );
  return [...groups.values()].flatMap((group) =>
    chunk(group, RECORDS_MAX).flatMap((piece) => {
      const [first] = piece;
      if (first === undefined) return [];
      const { schema, connection, object, work } = first;
      const records = piece.map(({ kind, id, attempts, correlationId, gaveWay }) => ({
        ...{ kind, id, attempts, correlationId },
        ...(gaveWay === undefined ? {} : { gaveWay }),
      }));
      return [{ schema, connection, object, ...(work === undefined ? {} : { work }), records }];
    }),
  );
}

const RECORDS_MAX = 100;

/** The form in which deliveries travel. */
export type PackedDeliveries = Pick<DeliveryDue, 'schema' | 'connection' | 'object' | 'work'> & {
  readonly records: readonly Pick<DeliveryDue, 'kind' | 'id' | 'attempts' | 'correlationId' | 'gaveWay'>[];
};

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
  reason: z.enum([
    'webhook',
    'sweep',
    'backfill',
    'walk',
    'reference',
    'delivery',
    'retry',
    'audit',
    'event',
    'erasure',
  ]),
  attempts,
  correlationId,
  awaited: attempts.exactOptional(),
  page: z.string().min(1).max(255).exactOptional(),
  work,
  erasure: z.object({ kind: name, id: name }).exactOptional(),
}) satisfies z.ZodType<Notice>;

const delivery = { kind: name, id: name, attempts, correlationId, gaveWay: attempts.exactOptional() };
const common = { schema, connection: name, object: name, work };

const deliveryDue = z.object({ ...common, ...delivery }) satisfies z.ZodType<DeliveryDue>;

const deliveries = z.object({
  ...common,
  records: z.array(z.object(delivery)).min(1).max(RECORDS_MAX),
}) satisfies z.ZodType<PackedDeliveries>;

// https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html (read November 2026). A source that begins with `aws.` is
// AWS's alone: nobody else can put such an event on a bus.
const envelope = z.object({
  id: z.string().min(1).max(64),
  source: z
    .string()
    .regex(/^aws\./)
    .max(256),
  'detail-type': z.string().min(1).max(256),
  account: z.string().max(64).default(''),
  region: z.string().max(64).default(''),
  time: z.string().max(64).default(''),
  resources: z.array(z.string()).default([]),
  detail: z.unknown().optional(),
});

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
