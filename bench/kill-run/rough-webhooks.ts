import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SeededRandom } from '../../local/simulators/sample-data/seeded-random.ts';

/** What became of the webhook requests so far. */
export interface WebhookCounts {
  readonly received: number;
  /** Taken by the hub with a 2xx, repetitions included. */
  readonly taken: number;
  /** Sent to the hub a second time. */
  readonly repeated: number;
  /** Held back, so that later ones overtook them. */
  readonly delayed: number;
  /** Lost because no hub was there, or it was killed before it answered. */
  readonly lost: number;
  /** Lost because the hub answered with 5xx. */
  readonly failed: number;
  /** Answered 4xx by the hub, which knows a repetition by its signature. */
  readonly refused: number;
}

/** A rough road between the systems and the hub. */
export interface RoughWebhooks {
  /** Where the systems send their webhooks. */
  readonly url: string;
  /** Where the hub is now. */
  leadTo(hubUrl: string | undefined): void;
  counts(): WebhookCounts;
  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

const REPEATED_SHARE = 0.25;
const DELAYED_SHARE = 0.3;
const DELAY_MS_MAX = 3_000;
const ANSWER_MS_MAX = 20_000;
const ACKNOWLEDGED = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>
<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>
</soapenv:Body></soapenv:Envelope>`;

/**
 * Takes webhooks in the hub's place and says at once that all is well, so that the systems never send again: what meets no hub
 * is lost. A share is repeated, to the byte, and a share is held back up to three seconds; both are seeded.
 */
export async function startRoughWebhooks(random: SeededRandom): Promise<RoughWebhooks> {
  const counts = { received: 0, taken: 0, repeated: 0, delayed: 0, lost: 0, failed: 0, refused: 0 };
  const onTheirWay = new Set<Promise<void>>();
  let target: string | undefined;

  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      counts.received += 1;
      answer.writeHead(200, { 'content-type': 'text/xml' }).end(ACKNOWLEDGED);
      const webhook = { path: incoming.url ?? '/', headers: incoming.headers, body: Buffer.concat(chunks) };
      pass(webhook, false);
      if (random.chance(REPEATED_SHARE)) pass(webhook, true);
    });
  });

  function pass(webhook: Webhook, isRepetition: boolean): void {
    const delayMs = isRepetition || random.chance(DELAYED_SHARE) ? random.below(DELAY_MS_MAX) : 0;
    if (isRepetition) counts.repeated += 1;
    else if (delayMs > 0) counts.delayed += 1;
    const passing = new Promise<void>((done) => setTimeout(done, delayMs))
      .then(() => send(target, webhook))
      .then((status) => {
        if (status === undefined) counts.lost += 1;
        else if (status >= 500) counts.failed += 1;
        else if (status >= 400) counts.refused += 1;
        else counts.taken += 1;
        onTheirWay.delete(passing);
      });
    onTheirWay.add(passing);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    leadTo(hubUrl) {
      target = hubUrl;
    },
    counts: () => ({ ...counts }),
    async idle() {
      await Promise.all(onTheirWay);
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await Promise.all(onTheirWay);
    },
  };
}

interface Webhook {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Hands a webhook on as it came, signature and host included; answers the status, or `undefined` when nobody answered. */
function send(target: string | undefined, { path, headers, body }: Webhook): Promise<number | undefined> {
  if (target === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const { connection: _connection, ...others } = headers;
    const sent = request(`${target}${path}`, { method: 'POST', headers: others, timeout: ANSWER_MS_MAX });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(undefined));
    sent.on('response', (answer) => {
      answer.on('error', () => resolve(undefined));
      answer.on('end', () => resolve(answer.statusCode));
      answer.resume();
    });
    sent.end(body);
  });
}
