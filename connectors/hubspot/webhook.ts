import type {
  ConnectionSettings,
  Credentials,
  WebhookReceipt,
  WebhookRefusal,
  WebhookRequest,
} from '../kit/connector.ts';
import { checkSignature } from './signature.ts';
import { digestEvents } from './webhook-events.ts';

/** Longest body accepted, bytes. HubSpot sends up to 100 events of well under 1 KB each. */
export const webhookBodyMax = 1_048_576;

/** Most events accepted in one request; HubSpot promises at most 100. */
const eventsMax = 1_000;

/**
 * Checks a webhook request and says which records it is about.
 *
 * *Shape*: a receipt with one hint per record, or a refusal. *Faults*, as refusal codes: `too-long`; `no-secret`, `unsigned`,
 * `stale`, `ahead`, `forged` (see `signature.ts`); `malformed` for a body that is no list of events; `too-many`; and
 * `wrong-account` when the connection knows its account's id and no event is of it. Bodies are never logged, nothing of them
 * but ids goes on.
 */
export function receiveWebhook(
  request: WebhookRequest,
  settings: ConnectionSettings,
  credentials: Credentials,
  now: number,
): WebhookReceipt | WebhookRefusal {
  if (request.body.length > webhookBodyMax) return { status: 413, code: 'too-long' };
  const verdict = checkSignature(request, credentials.clientSecret, now);
  if (!verdict.isGenuine) return { status: 401, code: verdict.code };

  const events = parseEvents(request.body);
  if (events === undefined) return { status: 400, code: 'malformed' };
  if (events.length > eventsMax) return { status: 413, code: 'too-many' };
  const { hints, ignored, foreign } = digestEvents(events, settings.objects, settings.accountId);
  if (events.length > 0 && foreign === events.length) return { status: 401, code: 'wrong-account' };

  return {
    hints,
    ignored,
    // The vendor's own repetitions carry a new timestamp and so a new signature: only a copy has the same.
    replayKeys: [verdict.signature],
    response: { status: 200, contentType: 'text/plain', body: '' },
  };
}

function parseEvents(body: Uint8Array): readonly unknown[] | undefined {
  try {
    const events: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return Array.isArray(events) ? events : undefined;
  } catch {
    // Neither decoder nor parser has another way to say that the bytes are not text, or the text not JSON.
    return undefined;
  }
}
