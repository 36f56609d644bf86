import { chunk } from '../../connectors/kit/chunk.ts';
import type { WebhookHint, WebhookReceipt, WebhookRequest } from '../../connectors/kit/connector.ts';
import type { Result } from '../../domain/model/fault.ts';
import type { Notice } from '../../domain/model/notice.ts';
import type { WebhookDoor } from '../runtime/connected-systems.ts';
import type { ReplayGuard } from '../runtime/items/replay-items.ts';

/** What taking in a webhook needs. */
export interface ReceiveParts {
  readonly isKnown: (connection: string) => boolean;
  readonly isMapped: (connection: string, object: string) => boolean;
  readonly isPaused: (connection: string) => Promise<boolean>;
  readonly door: (connection: string) => Promise<Result<WebhookDoor>>;
  /** Puts notices on the inbound queue; rejects unless all of them are accepted. */
  readonly queue: (notices: readonly Notice[]) => Promise<void>;
  readonly replays: ReplayGuard;
  readonly now: () => number;
  /** Writes down what was thrown. */
  readonly defect: (error: unknown) => void;
}

/** A webhook, as it reached the hub. */
export interface ReceivedWebhook {
  readonly connection: string;
  readonly correlationId: string;
  readonly request: WebhookRequest;
}

/** What the vendor is answered, and what is counted and logged: no bodies, no addresses. */
export interface Received {
  readonly answer: { readonly status: number; readonly contentType: string; readonly body: string };
  readonly outcome: 'queued' | 'nothing-of-use' | 'paused' | 'refused' | 'unavailable';
  readonly facts: Readonly<Record<string, string | number>>;
}

/**
 * Takes in a webhook: checks it, and puts what it hints at on the inbound queue.
 *
 * ```
 *  known? ─▶ size ─▶ genuine? ─▶ replayed? ─▶ paused? ─▶ queue ─▶ note ─▶ answer
 *   404      413      4xx          409        answered    503 if refused
 * ```
 *
 * *Replays* are refused with 409. A vendor's own repetition, after an answer of ours that it did not get, is stamped and signed
 * anew and so is another request; what is byte for byte the same was recorded by somebody. A connector whose vendor repeats
 * requests unchanged gives no replay keys, and its repetitions are queued again, which harms nothing: a notice is a hint. A
 * request is noted only after the queue has accepted what it says, so that one which failed halfway is welcome again; two of the
 * same at the same moment may both be queued.
 *
 * *Paused*: answered as usual and dropped; resuming sweeps from the pause on.
 *
 * *Faults*: `unavailable` is a 503, after which vendors try again (HubSpot for a day, Salesforce too), and sweeps find what they
 * do not.
 */
export async function receive(
  parts: ReceiveParts,
  { connection, correlationId, request }: ReceivedWebhook,
): Promise<Received> {
  if (!parts.isKnown(connection)) return refuse(404, 'unknown-connection');
  const door = await parts.door(connection);
  if (!door.ok) return unavailable(door.fault.code);
  const { connector, settings, credentials } = door.value;
  // A system that calls nobody has no address here either.
  if (connector.webhook === undefined) return refuse(404, 'no-webhooks');
  if (request.body.byteLength > connector.webhook.bodyMax) return refuse(413, 'oversized');

  try {
    const receipt = connector.webhook.receive(request, settings, credentials, parts.now());
    if (!('hints' in receipt)) return refuse(receipt.status, receipt.code);
    const [isReplay, isPaused] = await Promise.all([
      parts.replays.isReplay(connection, receipt.replayKeys),
      parts.isPaused(connection),
    ]);
    if (isReplay) return refuse(409, 'replayed');
    const { wanted, ignored } = sort(receipt, (object) => parts.isMapped(connection, object));
    if (isPaused) return accept(receipt, 'paused', ignored);
    const notices = noticesOf(wanted, connection, correlationId);
    await parts.queue(notices);
    await note(parts, connection, receipt.replayKeys);
    return accept(receipt, notices.length === 0 ? 'nothing-of-use' : 'queued', { records: wanted.length, ...ignored });
  } catch (error) {
    // The table, the queue or the connector's code is at fault. The vendor must hear that its request was not taken in, so
    // that it comes again.
    parts.defect(error);
    return unavailable('failed');
  }
}

/** External ids of one notice, at most. */
const IDS_MAX = 100;

/** Hints without repetition, those of objects that are not kept the same counted apart. */
function sort(receipt: WebhookReceipt, isMapped: (object: string) => boolean) {
  const wanted = new Map<string, WebhookHint>();
  const ignored: Record<string, number> = {};
  const count = (reason: string, by: number): void => {
    ignored[`ignored:${reason}`] = (ignored[`ignored:${reason}`] ?? 0) + by;
  };
  for (const [reason, by] of Object.entries(receipt.ignored)) count(reason, by);
  for (const hint of receipt.hints) {
    if (isMapped(hint.object)) wanted.set(`${hint.object}#${hint.externalId}`, hint);
    else count('not-mapped', 1);
  }
  return { wanted: [...wanted.values()], ignored };
}

function noticesOf(hints: readonly WebhookHint[], connection: string, correlationId: string): readonly Notice[] {
  return [...Map.groupBy(hints, ({ object }) => object)].flatMap(([object, group]) => {
    const ids = group.map(({ externalId }) => externalId);
    return chunk(ids, IDS_MAX).map(
      (piece): Notice => ({
        schema: 1,
        connection,
        object,
        ids: piece,
        reason: 'webhook',
        attempts: 0,
        correlationId,
      }),
    );
  });
}

/** What is on the queue is taken in, noted or not: failing to note it must not make the vendor send it again. */
async function note(parts: ReceiveParts, connection: string, keys: readonly string[]): Promise<void> {
  try {
    await parts.replays.note(connection, keys, parts.now());
  } catch (error) {
    // The worst that follows is that a replay within the connector's window is queued, which harms nothing.
    parts.defect(error);
  }
}

function accept({ response }: WebhookReceipt, outcome: Received['outcome'], facts: Received['facts']): Received {
  return { answer: response, outcome, facts };
}

function refuse(status: number, code: string): Received {
  return { answer: json(status, code), outcome: 'refused', facts: { code } };
}

function unavailable(code: string): Received {
  return { answer: json(503, 'unavailable'), outcome: 'unavailable', facts: { code } };
}

function json(status: number, error: string): Received['answer'] {
  return { status, contentType: 'application/json', body: JSON.stringify({ error }) };
}
